//! A token that is ready to be sent.

use super::TokenDescription;
use crate::xml::canonical::CanonicalWriter;
use jiff::Timestamp;

/// A signed token: the bytes to send, and what the record says about them. Made only by the writers, [`saml11`](super::saml11)
/// and [`saml20`](super::saml20), and by that of [SAML 2.0 responses](crate::protocol::samlp::write_success), which are
/// sent as a whole.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedToken {
    document: CanonicalWriter,
    assertion_id: String,
    not_before: Timestamp,
    not_on_or_after: Timestamp,
}

impl SignedToken {
    pub(super) fn new(document: CanonicalWriter, description: &TokenDescription) -> Self {
        Self {
            document,
            assertion_id: description.assertion_id.clone(),
            not_before: description.not_before,
            not_on_or_after: description.not_on_or_after,
        }
    }

    /// The assertion or the response around it, to be embedded byte for byte: any change breaks the signature.
    pub fn as_str(&self) -> &str {
        self.document.as_str()
    }

    /// The assertion as it was written, to be embedded in what is signed in its turn.
    pub(crate) fn document(&self) -> &CanonicalWriter {
        &self.document
    }

    /// The assertion's identifier.
    pub fn assertion_id(&self) -> &str {
        &self.assertion_id
    }

    /// Valid from this moment on.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// No longer valid at this moment.
    pub fn not_on_or_after(&self) -> Timestamp {
        self.not_on_or_after
    }
}

/// A token is a bearer credential: a log line must not carry it.
impl std::fmt::Debug for SignedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedToken").field("assertion_id", &self.assertion_id).finish_non_exhaustive()
    }
}
