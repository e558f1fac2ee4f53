//! Worked cases: claims in, what attribute stores answer, and what must come out. An administrator keeps them beside the
//! rules; `docs/claim-rules-testing.md` explains the keys.

mod captured_token;
mod comparison;
mod computed;
mod page;
mod report;
mod run;
mod written;

pub use captured_token::{CapturedToken, CapturedTokenError};
pub use comparison::{ClaimDifference, Comparison, Side};
pub use page::{comparison_page, difference_page, run_page};
pub use report::{comparison_json, run_json};
pub use run::{CaseFailure, CaseRun};
pub use written::{Case, CaseError, SignInFacts, WrittenAnswer, WrittenClaim};

#[cfg(test)]
mod tests;
