//! What `fedgate verify` and `fedgate trust` report: data first, then the same data as text for people. The judgement is that
//! of a sign-in, made by [`crate::chain`] and [`crate::revocation`]; here it is laid out with its evidence.

mod addresses;
mod authority_information;
mod certificate_facts;
mod chain_tree;
mod containers;
mod crl_evidence;
mod failed_paths;
mod identifiers;
mod json;
mod layout;
mod lint;
mod page;
mod remarks;
mod report;
mod responders;
mod stored_certificates;
mod visible_chain;

pub use addresses::{AddressFacts, Arrival, CrlFacts, Fetched};
pub use authority_information::AuthorityInformation;
pub use certificate_facts::CertificateFacts;
pub use containers::{ContainerFile, Containers, Member};
pub use crl_evidence::{Evidence, GivenCrl, RevocationFacts};
pub use failed_paths::{FailedPath, PathStep};
pub use json::to_json;
pub(crate) use layout::{Colour, Mark};
pub use layout::{Layout, shown};
pub use lint::{Finding, HINT_BUDGET, Severity, findings, hint_bytes};
pub use page::{finding_text, page, stored_text};
pub use report::{Judged, Report, Settings, Verdict, judge_chain};
pub use responders::{OcspFacts, OcspFetched};
pub use stored_certificates::{StoredFacts, stored};
pub use visible_chain::{Link, Origin};
