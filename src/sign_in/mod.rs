//! A sign-in: its evidence, its stages, the federated flow, its verdict and its one record.

mod caller;
mod certificate_proof;
pub mod evidence;
pub mod federated;
mod findings;
mod issuance;
pub mod lockout;
mod occasion;
pub mod passive;
mod password_proof;
mod record;
mod refusals;
mod request;
mod saml_response;
mod saml_status;
pub mod seen_messages;
pub mod session;
mod stage;
mod steps;
mod trail;
mod verdict;

pub use caller::{Caller, Found};
pub use evidence::Evidence;
pub use issuance::IssuedClaims;
pub use record::{Recorder, SignInRecord};
pub use request::{MessageCredential, RequestPolicy, SignInRequest};
pub use saml_status::{is_told_to_relying_party, saml_status};
pub use stage::Stage;
pub use steps::{Step, Steps};
pub use verdict::{Issued, Verdict};
