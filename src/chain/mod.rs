//! From a presented chain to a validated one: our own containers, our own clock, OpenSSL for the
//! signatures and as the second judge of what it can express.
//!
//! The system's roots never count. A path is found by [`validate`] (RFC 5280 section 6 at an explicit time), and every
//! way it can fail is its own [`ChainError`].

mod checks;
mod container;
mod error;
mod name_constraints;
mod name_forms;
mod path;
mod policy;
mod policy_graph;
mod presented;
mod profile;
mod second_judge;
mod signature_memory;
mod trust_store;
mod trust_store_problem;
mod validation;

pub use error::{AuthorityDefect, CertificateRole, ChainError};
pub use path::TriedPath;
pub use policy::ChainPolicy;
pub use presented::PresentedChain;
pub use profile::ProfileDefect;
pub use signature_memory::SignatureMemory;
pub use trust_store::{StoredCertificate, TrustStore};
pub use trust_store_problem::{ContainerDefect, TrustContainer, TrustStoreProblem};
pub use validation::{ValidatedChain, explore, judge_path_of_signer, validate};

#[cfg(test)]
pub(crate) mod test_pki;
#[cfg(test)]
mod tests;
