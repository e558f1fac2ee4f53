//! What a sign-in leaves behind, however it ends.

use super::{Found, Issued, Stage, Steps, Verdict};
use crate::clock::Stopwatch;
use crate::outcome::{Detail, Outcome, Refusal};
use crate::subject::Binding;

/// Steps and facts, as far as the sign-in came.
pub(super) struct Trail {
    steps: Steps,
    pub(super) relates_to: Option<String>,
    pub(super) relying_party: Option<String>,
    pub(super) identifiers: Vec<Detail>,
}

impl Trail {
    pub(super) fn new(stopwatch: Stopwatch) -> Self {
        let identifiers = Vec::with_capacity(8);
        Self { steps: Steps::new(stopwatch), relates_to: None, relying_party: None, identifiers }
    }

    /// Records how a stage ended and hands its result on.
    pub(super) fn step<T>(
        &mut self,
        stage: Stage,
        result: Result<T, impl Into<Refusal>>,
        finding: impl FnOnce(&T) -> String,
    ) -> Result<T, Refusal> {
        self.steps.take(stage, result, finding)
    }

    pub(super) fn end(self, ended: Result<Issued, Refusal>) -> Verdict {
        let (outcome, finding, details, issued) = match ended {
            Ok(issued) => {
                let to = self.relying_party.as_deref().unwrap_or(&issued.applies_to);
                let finding = format!("A token was issued for {to}.");
                (signed_in(issued.found), finding, Vec::new(), Some(issued))
            }
            Err(refusal) => (refusal.outcome, refusal.finding, refusal.details, None),
        };
        Verdict {
            outcome,
            finding,
            details,
            steps: self.steps.into_taken(),
            relates_to: self.relates_to,
            relying_party: self.relying_party,
            identifiers: self.identifiers,
            issued,
        }
    }
}

/// Who was found how firmly is worth a code of its own: directories are being moved to strong mappings (KB5014754).
fn signed_in(found: Found) -> Outcome {
    match found {
        Found::ByCertificate(Binding::AltSecurityIdentities | Binding::UserCertificate) => {
            Outcome::SignedInByStrongMapping
        }
        Found::ByCertificate(Binding::Rfc822) => Outcome::SignedInByMailAddress,
        Found::ByCertificate(Binding::UserPrincipalName) | Found::ByName => Outcome::SignedIn,
    }
}
