//! SAML 2.0 messages that are not believed or not answered with a token.

use crate::federation::saml_request::SamlRequestFault;
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::{BindingError, MessageError, ResponseError};
use crate::xml::reader::XmlError;
use crate::xml_signature::SignatureFault;

impl From<BindingError> for Refusal {
    fn from(error: BindingError) -> Self {
        Self::because(Outcome::SamlMessageUnreadable, &error).with("reason", error.to_string())
    }
}

impl From<MessageError> for Refusal {
    fn from(error: MessageError) -> Self {
        Self::because(Outcome::SamlMessageMalformed, &error).with("reason", error.to_string())
    }
}

impl From<SamlRequestFault> for Refusal {
    fn from(fault: SamlRequestFault) -> Self {
        let outcome = match fault {
            SamlRequestFault::Destination(_) => Outcome::SamlDestinationOfAnother,
            SamlRequestFault::OutsideWindow { .. } => Outcome::SamlOutsideWindow,
            SamlRequestFault::Binding(_) | SamlRequestFault::UnknownAddress(_) | SamlRequestFault::UnknownIndex(_) => {
                Outcome::SamlConsumerRefused
            }
            SamlRequestFault::NoConsumer => return Self::because(Outcome::NoSamlEndpoint, &fault),
        };
        Self::because(outcome, &fault).with("reason", fault.to_string())
    }
}

impl From<ResponseError> for Refusal {
    fn from(error: ResponseError) -> Self {
        match error {
            ResponseError::Signing(error) => error.into(),
            ResponseError::Encryption(error) => {
                Self::because(Outcome::AssertionNotEncrypted, &error).with("reason", error.to_string())
            }
        }
    }
}

/// XML that is not read.
pub(in crate::sign_in) fn saml_xml(error: &XmlError) -> Refusal {
    Refusal::because(Outcome::SamlMessageUnreadable, error).with("reason", error.to_string())
}

/// A signature that is not believed; `issuer` is who the message says it is of.
pub(in crate::sign_in) fn saml_signature(fault: &SignatureFault, issuer: &str) -> Refusal {
    Refusal::because(Outcome::SamlSignatureRefused, fault)
        .with("reason", fault.to_string())
        .with("issuer", issuer.chars().take(256).collect::<String>())
}
