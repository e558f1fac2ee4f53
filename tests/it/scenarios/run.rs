//! One scenario played, and everything that is not as it must be.

use super::lookups::Prepared;
use super::pki::Pki;
use super::recipe::Scenario;
use super::{Mistake, answer, farm, message};
use fedgate::clock::Clock;
use fedgate::http::render::{self, Answer};
use fedgate::outcome::{Disposition, Outcome};
use fedgate::sign_in::{Evidence, SignInRecord, Verdict, federated};
use std::path::Path;

/// What a scenario led to.
pub(super) struct Run {
    pub(super) scenario: Scenario,
    pub(super) evidence: Evidence,
    pub(super) verdict: Verdict,
    pub(super) answer: Answer,
    pub(super) record: SignInRecord,
}

impl Run {
    pub(super) fn of(file: &Path) -> Result<Self, Mistake> {
        let scenario = Scenario::read(file)?;
        let pki = Pki::make(&scenario)?;
        let evidence = message::evidence(&scenario, &pki)?;
        let farm = farm::build(&scenario, &pki)?;
        let lookups = Prepared::new(&scenario, &pki)?;
        let stopwatch = Clock::Fixed(evidence.at).stopwatch();
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        for _ in 0..scenario.request.came_before {
            let _ = runtime.block_on(federated::sign_in(&evidence, &farm, &lookups, stopwatch));
        }
        let verdict = runtime.block_on(federated::sign_in(&evidence, &farm, &lookups, stopwatch));
        let answer = render::answer(&verdict, &evidence);
        let record = SignInRecord::new(&evidence, &verdict);
        Ok(Self { scenario, evidence, verdict, answer, record })
    }

    /// In words, for the report.
    pub(super) fn complaints(&self, name: &str) -> Vec<String> {
        let expected = &self.scenario.expect.outcome;
        let Some(outcome) = Outcome::with_name(expected) else {
            return vec![format!("{expected:?} is no outcome")];
        };
        if self.verdict.outcome != outcome {
            return vec![format!(
                "{expected} was expected, {} came: {}",
                self.verdict.outcome.name(),
                self.verdict.finding
            )];
        }
        let mut complaints = self.steps(name);
        if self.scenario.title.is_empty() || self.scenario.why.is_empty() {
            complaints.push("a scenario has a title and says why".to_owned());
        }
        complaints.extend(self.details());
        complaints.extend(self.claims());
        complaints.extend(self.promised_fields());
        complaints.extend(answer::complaints(self));
        complaints
    }

    /// The stages were taken in order, and the last one is that of the file's folder.
    fn steps(&self, name: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        let issued = self.verdict.outcome.entry().disposition == Disposition::Issue;
        // A password has neither a chain nor a revocation.
        let stages = if self.scenario.request.path.ends_with("usernamemixed") { 6 } else { 8 };
        let steps = &self.verdict.steps;
        let (Some(last), true) = (steps.last(), steps.is_sorted_by_key(|step| step.stage)) else {
            return vec!["the stages are not in their order".to_owned()];
        };
        let ended = if issued { "signed-in" } else { last.stage.name() };
        if name.split('/').next() != Some(ended) {
            complaints.push(format!("it ends in {ended} and lies in another folder"));
        }
        let passed = steps.iter().filter(|step| step.passed).count();
        if last.passed != issued || passed + usize::from(!issued) != steps.len() || (issued && passed != stages) {
            complaints.push(format!("{passed} of {} stages passed", steps.len()));
        }
        if steps.iter().any(|step| step.finding.is_empty()) {
            complaints.push("a stage found nothing to say".to_owned());
        }
        complaints
    }

    fn details(&self) -> Vec<String> {
        let wrong = self.scenario.expect.details.iter().filter_map(|(field, expected)| match self.field(field) {
            Some(found) if found == *expected => None,
            found => Some(format!("{field} is {found:?}, not {expected:?}")),
        });
        wrong.collect()
    }

    /// A field of the record, wherever it stands there.
    fn field(&self, name: &str) -> Option<String> {
        let record = &self.record;
        let mut fields = record.details.iter().chain(&record.identifiers).chain(&record.circumstances);
        let found = fields.find(|(field, _)| *field == name).map(|(_, value)| value.clone());
        found.or_else(|| record.relying_party.clone().filter(|_| name == "relying_party"))
    }

    /// What the catalogue promises of this outcome's record.
    fn promised_fields(&self) -> Vec<String> {
        let promised = self.verdict.outcome.entry().fields.iter();
        let missing = promised.filter(|field| self.field(field).is_none_or(|value| value.is_empty()));
        missing.map(|field| format!("the catalogue promises the field {field}, and the record lacks it")).collect()
    }

    fn claims(&self) -> Vec<String> {
        let values = |wanted: &str| {
            let claims = self.record.claims.iter().filter(|(claim_type, _)| claim_type == wanted);
            claims.map(|(_, value)| value.to_string()).collect::<Vec<_>>()
        };
        let expect = &self.scenario.expect;
        let wrong = expect.claims.iter().filter(|(wanted, expected)| values(wanted) != expected.as_slice());
        let present = expect.absent_claims.iter().filter(|unwanted| !values(unwanted).is_empty());
        let wrong = wrong.map(|(wanted, _)| format!("the claim {wanted} is {:?}", values(wanted)));
        wrong.chain(present.map(|unwanted| format!("the claim {unwanted} is there"))).collect()
    }
}
