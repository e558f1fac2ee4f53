//! What came of asking for the CRLs of one certificate.

use super::{Crl, CrlUnavailable, VerifiedCrl};
use std::sync::Arc;

/// What came of asking.
pub type CrlAnswer = Result<FoundCrls, CrlUnavailable>;

/// The complete CRLs for one certificate, at least one: several when each lists some reasons for revocation only.
#[derive(Debug, Clone)]
pub struct FoundCrls {
    first: FoundCrl,
    further: Vec<FoundCrl>,
}

/// A complete CRL and what came of asking for its delta.
#[derive(Debug, Clone)]
pub struct FoundCrl {
    /// The CRL itself.
    pub complete: Arc<VerifiedCrl>,
    /// Its delta CRL, when somebody names an address of one.
    pub delta: Option<Result<Arc<VerifiedCrl>, CrlUnavailable>>,
}

impl FoundCrls {
    /// These, unless there is none.
    pub fn new(found: Vec<FoundCrl>) -> Option<Self> {
        let mut found = found.into_iter();
        let first = found.next()?;
        Some(Self { first, further: found.collect() })
    }

    /// What was read of the first.
    pub fn crl(&self) -> &Crl {
        self.first.complete.crl()
    }

    /// Where the first came from.
    pub fn url(&self) -> &str {
        self.first.complete.url()
    }

    /// Every CRL in the order it was found.
    pub fn iter(&self) -> impl Iterator<Item = &FoundCrl> {
        std::iter::once(&self.first).chain(&self.further)
    }
}

impl From<Arc<VerifiedCrl>> for FoundCrl {
    fn from(complete: Arc<VerifiedCrl>) -> Self {
        Self { complete, delta: None }
    }
}

impl From<FoundCrl> for FoundCrls {
    fn from(first: FoundCrl) -> Self {
        Self { first, further: Vec::new() }
    }
}

impl From<Arc<VerifiedCrl>> for FoundCrls {
    fn from(complete: Arc<VerifiedCrl>) -> Self {
        FoundCrl::from(complete).into()
    }
}
