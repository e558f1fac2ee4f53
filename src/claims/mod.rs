//! Claims and the AD FS claim rule language: read ([`language`]), run ([`Evaluation`]), explained ([`Trace`]).
//!
//! The engine does no I/O. A rule that asks an attribute store stops the run with [`Progress::Wants`]; the shell fetches and
//! goes on with [`Evaluation::supply`].

pub mod active_directory_store;
pub mod authorization;
mod certificate_context;
mod claim;
mod claim_set;
pub mod claim_types;
mod evaluation;
mod evaluation_error;
mod expression;
pub mod language;
mod limits;
mod passing_on;
pub mod stores;
mod trace;
mod tuples;

pub use authorization::AuthorizationDecision;
pub use certificate_context::certificate_claims;
pub use claim::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, STRING};
pub use evaluation::{Evaluated, Evaluation, Progress, StoreQuery, StoreRows};
pub use evaluation_error::EvaluationError;
pub use limits::Limits;
pub use passing_on::only_passes_on;
pub use trace::{RuleOutcome, RuleTrace, Trace, TracedClaim, TracedQuery};

#[cfg(test)]
mod conformance;
