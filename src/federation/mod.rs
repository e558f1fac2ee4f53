//! AD FS vocabulary: the farm, its trusts, and admission.

mod admission;
mod authentication;
mod claims_provider;
mod endpoints;
mod farm;
mod group_claims;
pub mod import;
pub mod metadata;
pub mod office_365;
pub mod prompt;
mod reply_address;
mod request_context;
pub mod saml_request;
mod saml_trust;
mod token_address;
mod trusts;

pub use admission::{AdmissionError, AdmittedRequest, admit};
pub use authentication::{Authentication, Credential};
pub use claims_provider::incoming_claims;
pub(crate) use claims_provider::{complete_authentication, multiple_authentication};
pub use endpoints::{Endpoint, Endpoints};
pub use farm::Farm;
pub use group_claims::{group_claims, wants_groups};
pub use reply_address::{ReplyAddressError, ReplyAddresses};
pub use request_context::{ContextPolicy, RequestContext};
pub use saml_trust::{LogoutBinding, LogoutService, SamlResponseSignature, SamlTrust};
pub use token_address::token_address;
pub use trusts::{
    AdditionalAuthentication, ClaimsProviderTrust, DuplicateIdentifier, RelyingPartyTrust, RelyingPartyTrusts,
    TokenForm,
};
