//! The response to a SAML 2.0 request: the name that was asked for, and what is signed and encrypted of it.

use crate::federation::{Farm, SamlTrust};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::{EncryptFor, Envelope, NameId, Protection, write_success};
use crate::token::SignedToken;
use crate::token::saml20::{Delivery, Saml20Description};
use crate::xml_encryption::ContentKey;
use jiff::Timestamp;
use uuid::Uuid;

/// What a name is of that says nothing about it (SAML core section 2.2.2).
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/// What the response says besides the token.
#[derive(Debug, Clone, Copy)]
pub(super) struct SamlResponse<'a> {
    /// The assertion consumer it goes to.
    pub(super) consumer: &'a str,
    /// The request.
    pub(super) in_response_to: &'a str,
    /// `NameIDPolicy/@Format`.
    pub(super) name_format: Option<&'a str>,
    /// For its identifier.
    pub(super) message: Uuid,
    /// For an assertion that is encrypted.
    pub(super) content_key: &'a ContentKey,
}

impl SamlResponse<'_> {
    pub(super) fn delivery(&self) -> Delivery<'_> {
        Delivery { recipient: Some(self.consumer), in_response_to: Some(self.in_response_to) }
    }

    /// The format must be that of the name that the rules issue; nothing is converted, as in AD FS (ADFS-PROTOCOLS section 7).
    pub(super) fn accepts(&self, name: Option<&NameId>) -> Result<(), Refusal> {
        let Some(wanted) = self.name_format else { return Ok(()) };
        let issued = name.map(|name| name.format.as_deref().unwrap_or(UNSPECIFIED));
        if issued == Some(wanted) {
            return Ok(());
        }
        let issued = issued.unwrap_or("no name at all");
        let finding =
            format!("The request wants a name identifier of the format {wanted:?}, and the rules issue {issued:?}.");
        Err(Refusal::new(Outcome::NameFormatNotIssued, finding).with("wanted", wanted).with("issued", issued))
    }

    pub(super) fn write(
        &self,
        token: &Saml20Description,
        trust: &SamlTrust,
        farm: &Farm,
        at: Timestamp,
    ) -> Result<SignedToken, Refusal> {
        let id = format!("_{}", self.message);
        let envelope = Envelope {
            id: &id,
            in_response_to: Some(self.in_response_to),
            destination: self.consumer,
            // both must name one identity provider (SAML profiles section 4.1.4.2)
            issuer: token.issuer(),
            at,
        };
        let encryption = trust.encryption_certificate.as_ref().map(|certificate| EncryptFor {
            certificate,
            algorithm: trust.encryption_algorithm,
            content_key: self.content_key,
        });
        let protection = Protection { signature: trust.response_signature, encryption };
        Ok(write_success(envelope, token, protection, farm.signer.as_ref())?)
    }
}
