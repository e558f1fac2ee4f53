//! Why no trust is made of a document.

use crate::xml::reader::XmlError;
use crate::xml_signature::SignatureFault;
use jiff::Timestamp;

/// Why no trust is made of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// It cannot be read, or has a document type declaration.
    #[error(transparent)]
    Unreadable(#[from] XmlError),
    /// It is not signed by whom the operator named.
    #[error("its signature cannot be accepted: {0}")]
    Signature(SignatureFault),
    /// It is signed by somebody else.
    #[error("its signature was made by none of the certificates that were named")]
    Stranger,
    /// Longer than metadata of one entity.
    #[error("it has more than {} bytes", super::LARGEST)]
    TooLarge,
    /// Another document.
    #[error("it is no metadata of an entity, but {0:?}")]
    NotMetadata(String),
    /// A whole federation.
    #[error("it has several entities; take out the EntityDescriptor of one and import that")]
    SeveralEntities,
    /// No name.
    #[error("it has no entityID, or one that is no identifier")]
    NoEntity,
    /// It ended.
    #[error("it was valid until {0} only; ask the application for its present metadata")]
    Expired(Timestamp),
    /// When it ends cannot be read.
    #[error("its validUntil is {0:?}, which is no time")]
    ValidUntil(String),
    /// Somebody who issues tokens.
    #[error(
        "it is metadata of a claims provider: it issues tokens and takes none. The directory is the only claims provider here"
    )]
    ClaimsProvider,
    /// Nobody who takes tokens.
    #[error("it has neither a SAML 2.0 service provider nor a WS-Federation application in it")]
    NoRelyingParty,
    /// Nowhere to send a token.
    #[error("it has no address that a token can be sent to{}", reasons(.0))]
    NoAddress(Vec<String>),
    /// A certificate that is none.
    #[error("a key in it has an X509Certificate that is no certificate")]
    Certificate,
}

impl From<SignatureFault> for MetadataError {
    fn from(fault: SignatureFault) -> Self {
        match fault {
            SignatureFault::Unreadable(error) => Self::Unreadable(error),
            SignatureFault::NoCertificateMatches { .. } => Self::Stranger,
            fault => Self::Signature(fault),
        }
    }
}

fn reasons(left_out: &[String]) -> String {
    left_out.iter().map(|reason| format!("\n  {reason}")).collect()
}
