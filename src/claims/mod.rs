//! Claims and the AD FS claim rule language: read ([`language`]), run ([`Evaluation`]), explained ([`Trace`]).
//!
//! The engine does no I/O. A rule that asks an attribute store stops the run with [`Progress::Wants`]; the shell fetches and
//! goes on with [`Evaluation::supply`].

pub mod access_control;
pub mod active_directory_store;
pub mod authorization;
pub mod cases;
mod certificate_context;
mod claim;
mod claim_set;
pub mod claim_types;
mod evaluated;
mod evaluation;
mod evaluation_error;
mod expression;
pub mod language;
mod limits;
mod obstacle;
mod passing_on;
mod rule_stage;
pub mod stores;
mod trace;
mod tuples;

pub use authorization::AuthorizationDecision;
pub use certificate_context::certificate_claims;
pub use claim::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, STRING};
pub use evaluated::Evaluated;
pub use evaluation::{Evaluation, Progress, StoreQuery, StoreRows};
pub use evaluation_error::EvaluationError;
pub use limits::Limits;
pub use obstacle::{ClosestClaim, Obstacle};
use passing_on::only_passes_on;
pub use rule_stage::{RuleStage, StageDecision, demands_second_factor};
pub use trace::{MadeClaim, RuleOutcome, RuleTrace, Trace, TracedFiring, TracedQuery, TracedTuple};

#[cfg(test)]
mod conformance;
