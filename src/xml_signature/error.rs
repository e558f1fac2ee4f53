//! Why a signature is not accepted. Each variant is one thing to look at, at the relying party or in its trust.

use crate::xml::exclusive::NotCanonical;
use crate::xml::reader::XmlError;

/// Why a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// The message is not read at all.
    #[error(transparent)]
    Unreadable(#[from] XmlError),
    /// The message holds a construct that is not accepted under a signature.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// There is no signature where the schema puts one.
    #[error("the message is not signed")]
    Missing,
    /// More than one, or one that is not a child of the document element.
    #[error("the message holds a signature in another place than its one signature")]
    Misplaced,
    /// The signature is there, and not of the one form that is accepted (SAML core section 5.4).
    #[error("the signature is not of the form that is accepted: {0}")]
    Form(&'static str),
    /// The one reference is to something else than the document element.
    #[error("the signature does not cover the message: it refers to {reference:?}, and the message is {id:?}")]
    CoversSomethingElse {
        /// The reference's URI.
        reference: String,
        /// The document element's `ID`.
        id: String,
    },
    /// An identifier that occurs twice.
    #[error("the identifier {0:?} occurs twice in the message")]
    DuplicateId(String),
    /// An algorithm outside the list (AD FS: MSIS7093).
    #[error("the signature uses {0:?}, which is not accepted")]
    Algorithm(String),
    /// The digest is another: the message was changed after it was signed.
    #[error("the message was changed after it was signed: its digest is another")]
    Digest,
    /// No certificate that counts made the signature: those of the trust, or the one that the message carries.
    #[error("none of the {certificates} certificates that count made the signature")]
    NoCertificateMatches {
        /// How many were tried.
        certificates: usize,
    },
    /// The query of a redirected message lacks a parameter, or has it twice.
    #[error("the signed query has {0}")]
    Query(&'static str),
}
