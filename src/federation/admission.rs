//! Admission: may this request be served here at all.

use super::{Farm, RelyingPartyTrust};
use crate::outcome::{Outcome, Refusal, sentence};
use std::sync::Arc;

/// A request for a known, enabled relying party. Only [`admit`] makes one.
#[derive(Debug, Clone)]
pub struct AdmittedRequest {
    trust: Arc<RelyingPartyTrust>,
    applies_to: String,
}

impl AdmittedRequest {
    /// The trust the token is for.
    pub fn trust(&self) -> &RelyingPartyTrust {
        &self.trust
    }

    /// The identifier as the request spelled it; it becomes the token's audience.
    pub fn applies_to(&self) -> &str {
        &self.applies_to
    }
}

/// Why a request is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// No AppliesTo.
    #[error("the request does not say which relying party it is for")]
    MissingAppliesTo,
    /// No trust of that identifier.
    #[error("no relying party trust has the identifier {0:?}")]
    UnknownRelyingParty(String),
    /// The trust is switched off.
    #[error("the relying party trust {0:?} is disabled")]
    Disabled(String),
}

/// Finds the trust a request is for.
///
/// # Errors
/// When the request names no trust, an unknown one or a disabled one.
pub fn admit(applies_to: Option<&str>, farm: &Farm) -> Result<AdmittedRequest, AdmissionError> {
    let applies_to = applies_to.ok_or(AdmissionError::MissingAppliesTo)?.to_owned();
    match farm.relying_parties.find(&applies_to) {
        None => Err(AdmissionError::UnknownRelyingParty(applies_to)),
        Some(trust) if !trust.enabled => Err(AdmissionError::Disabled(trust.name.clone())),
        Some(trust) => Ok(AdmittedRequest { trust: Arc::clone(trust), applies_to }),
    }
}

impl From<AdmissionError> for Refusal {
    fn from(error: AdmissionError) -> Self {
        let sentence = sentence(&error);
        match error {
            AdmissionError::MissingAppliesTo => Self::new(Outcome::MissingAppliesTo, sentence),
            AdmissionError::UnknownRelyingParty(applies_to) => {
                Self::new(Outcome::UnknownRelyingParty, sentence).with("applies_to", applies_to)
            }
            AdmissionError::Disabled(name) => {
                Self::new(Outcome::RelyingPartyDisabled, sentence).with("relying_party", name)
            }
        }
    }
}
