//! Revocation: what must be asked ([`required`]), what was answered ([`VerifiedCrl`] or [`CrlUnavailable`]) and what it
//! means ([`judge`]). Nothing here fetches; the edge is [`crate::lookups`].

mod crl;
mod crl_entries;
mod crl_extensions;
mod crl_signature;
mod delta;
mod der;
mod distribution_point;
mod failure;
mod found;
mod judgement;
pub mod ocsp;
mod ocsp_judgement;
mod policy;
mod required;
mod revocation_error;
mod serial_index;
mod signers;
mod verified_crl;

pub use crl::{Crl, CrlReadError};
pub use crl_entries::{Listing, RevocationReason};
pub use crl_extensions::{CrlNumber, IssuingDistributionPoint};
pub use crl_signature::Sha1;
pub use delta::{DeltaProblem, DeltaUse};
pub use der::DerError;
pub use distribution_point::{DistributionPointNames, ReasonSet};
pub use failure::{CrlAttempt, CrlFailure, CrlUnavailable};
pub use found::{CrlAnswer, FoundCrl, FoundCrls};
pub use judgement::{AcceptedChain, Answers, NotCheckedReason, Revocation, judge};
pub use ocsp_judgement::{OcspAnswered, every_responder, required_ocsp};
pub use policy::{AuthoritySettings, Exemption, RevocationPolicy};
pub use required::{CrlWanted, UrlSource, required};
pub use revocation_error::{JudgedCertificate, RevocationError};
pub use verified_crl::VerifiedCrl;

#[cfg(test)]
pub(crate) mod laboratory;
#[cfg(test)]
mod signers_tests;
#[cfg(test)]
mod verified_crl_tests;
