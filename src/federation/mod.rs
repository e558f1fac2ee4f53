//! AD FS vocabulary: the farm, its trusts, and admission.

mod admission;
mod claims_provider;
mod farm;
mod group_claims;
mod trusts;

pub use admission::{AdmissionError, AdmittedRequest, admit};
pub(crate) use claims_provider::complete_authentication;
pub use claims_provider::{incoming_claims, request_context};
pub use farm::Farm;
pub use group_claims::{group_claims, wants_groups};
pub use trusts::{ClaimsProviderTrust, DuplicateIdentifier, RelyingPartyTrust, RelyingPartyTrusts};
