//! One scenario played, and everything that is not as it must be.

use super::gets::Gets;
use super::lookups::Prepared;
use super::pki::Pki;
use super::recipe::Scenario;
use super::{Mistake, answer, farm, message, visit};
use fedgate::clock::Clock;
use fedgate::http::render::{self, Answer};
use fedgate::outcome::{Disposition, Outcome};
use fedgate::sign_in::{Evidence, SignInRecord, Stage, Verdict, federated};
use std::collections::HashSet;
use std::path::Path;

/// What a scenario led to.
pub(super) struct Run {
    pub(super) scenario: Scenario,
    pub(super) evidence: Evidence,
    /// How it ended, unless a person is asked something or signed out.
    pub(super) ending: Option<Ending>,
    /// What a browser gets.
    pub(super) gets: Option<Gets>,
    passwords_tried: usize,
}

/// The end of a sign-in.
pub(super) struct Ending {
    pub(super) verdict: Verdict,
    pub(super) record: SignInRecord,
    /// What a WS-Trust client gets.
    pub(super) answer: Option<Answer>,
}

impl Run {
    pub(super) fn of(file: &Path) -> Result<Self, Mistake> {
        let scenario = Scenario::read(file)?;
        let pki = Pki::make(&scenario)?;
        let mut evidence = message::evidence(&scenario, &pki)?;
        let farm = farm::build(&scenario, &pki)?;
        let lookups = Prepared::new(&scenario, &pki)?;
        let stopwatch = Clock::Fixed(evidence.at).stopwatch();
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let (gets, verdict) = match &scenario.browser {
            None => {
                for _ in 0..scenario.request.came_before {
                    let _ = runtime.block_on(federated::sign_in(&evidence, &farm, &lookups, stopwatch));
                }
                (None, Some(runtime.block_on(federated::sign_in(&evidence, &farm, &lookups, stopwatch))))
            }
            Some(browser) => {
                let played = visit::play(browser, &mut evidence, &pki, &farm, &lookups);
                let (gets, verdict) = Gets::of(runtime.block_on(played)?);
                (Some(gets), verdict)
            }
        };
        let ending = verdict.map(|verdict| Ending {
            answer: gets.is_none().then(|| render::answer(&verdict, &evidence)),
            record: SignInRecord::new(&evidence, &verdict),
            verdict,
        });
        let passwords_tried = lookups.passwords_tried();
        Ok(Self { scenario, evidence, ending, gets, passwords_tried })
    }

    /// The outcome, if it is the one that was expected.
    pub(super) fn reached(&self) -> Option<Outcome> {
        let outcome = self.ending.as_ref()?.verdict.outcome;
        (self.scenario.expect.outcome.as_deref() == Some(outcome.name())).then_some(outcome)
    }

    /// In words, for the report.
    pub(super) fn complaints(&self, name: &str) -> Vec<String> {
        let mut complaints = match (&self.scenario.expect.outcome, &self.scenario.expect.asks) {
            (Some(outcome), None) => self.ending_complaints(outcome, name),
            (None, Some(question)) => self.question_complaints(question, name),
            _ => vec!["a scenario expects either an outcome or a question".to_owned()],
        };
        if self.scenario.title.is_empty() || self.scenario.why.is_empty() {
            complaints.push("a scenario has a title and says why".to_owned());
        }
        if let Some(gets) = &self.gets {
            let verdict = self.ending.as_ref().map(|ending| &ending.verdict);
            complaints.extend(gets.complaints(&self.scenario, verdict));
        }
        complaints
    }

    fn question_complaints(&self, question: &str, name: &str) -> Vec<String> {
        let asks = self.gets.as_ref().and_then(|gets| gets.asks.as_deref());
        let mut complaints = Vec::new();
        match (asks, &self.ending) {
            (_, Some(Ending { verdict, .. })) => {
                complaints.push(format!("it ended in {}: {}", verdict.outcome.name(), verdict.finding));
            }
            (asks, _) if asks != Some(question) => complaints.push(format!("what is asked is {asks:?}")),
            _ => {}
        }
        let folder = if question == "nothing" { "signed-out" } else { "asked" };
        if name.split('/').next() != Some(folder) {
            complaints.push(format!("it belongs into the folder {folder}"));
        }
        complaints
    }

    fn ending_complaints(&self, expected: &str, name: &str) -> Vec<String> {
        let Some(ending) = &self.ending else {
            let asks = self.gets.as_ref().and_then(|gets| gets.asks.as_deref());
            return vec![format!("{expected} was expected, and {} is asked", asks.unwrap_or_default())];
        };
        let verdict = &ending.verdict;
        let Some(outcome) = Outcome::with_name(expected) else {
            return vec![format!("{expected:?} is no outcome")];
        };
        if verdict.outcome != outcome {
            return vec![format!("{expected} was expected, {} came: {}", verdict.outcome.name(), verdict.finding)];
        }
        let mut complaints = steps(verdict, name, ending.had_certificate());
        complaints.extend(self.details(ending));
        complaints.extend(self.passwords(ending));
        complaints.extend(self.claims(ending));
        complaints.extend(promised_fields(ending));
        if let Some(answer) = &ending.answer {
            complaints.extend(answer::complaints(&answer::Answered { run: self, ending, answer }));
        }
        complaints
    }

    /// Every password that got so far is tried once, of a name that nobody has and of a locked one too: the time an answer
    /// takes tells no more than the answer does.
    fn passwords(&self, ending: &Ending) -> Option<String> {
        let scenario = &self.scenario;
        if self.gets.is_some() {
            return None;
        }
        let judged = scenario.request.path.ends_with("usernamemixed")
            && ending.verdict.steps.iter().any(|step| step.stage == Stage::Subject)
            && scenario.directory.failure.is_none();
        let expected = if judged { scenario.request.came_before + 1 } else { 0 };
        (self.passwords_tried != expected).then(|| format!("{} passwords were tried", self.passwords_tried))
    }

    fn details(&self, ending: &Ending) -> Vec<String> {
        let wrong = self.scenario.expect.details.iter().filter_map(|(field, expected)| match ending.field(field) {
            Some(found) if found == *expected => None,
            found => Some(format!("{field} is {found:?}, not {expected:?}")),
        });
        wrong.collect()
    }

    fn claims(&self, ending: &Ending) -> Vec<String> {
        let values = |wanted: &str| {
            let claims = ending.record.claims.iter().filter(|(claim_type, _)| claim_type == wanted);
            claims.map(|(_, value)| value.to_string()).collect::<Vec<_>>()
        };
        let expect = &self.scenario.expect;
        let wrong = expect.claims.iter().filter(|(wanted, expected)| values(wanted) != expected.as_slice());
        let present = expect.absent_claims.iter().filter(|unwanted| !values(unwanted).is_empty());
        let wrong = wrong.map(|(wanted, _)| format!("the claim {wanted} is {:?}", values(wanted)));
        wrong.chain(present.map(|unwanted| format!("the claim {unwanted} is there"))).collect()
    }
}

impl Ending {
    /// Whether a certificate was presented, now or when the session began.
    fn had_certificate(&self) -> bool {
        self.field("certificate_serial").is_some()
    }

    /// A field of the record, wherever it stands there.
    fn field(&self, name: &str) -> Option<String> {
        let record = &self.record;
        let mut fields = record.details.iter().chain(&record.identifiers).chain(&record.circumstances);
        let found = fields.find(|(field, _)| *field == name).map(|(_, value)| value.clone());
        found.or_else(|| record.relying_party.clone().filter(|_| name == "relying_party"))
    }
}

/// The stages were taken in order, and the last one is that of the file's folder.
fn steps(verdict: &Verdict, name: &str, with_certificate: bool) -> Vec<String> {
    let mut complaints = Vec::new();
    let issued = verdict.outcome.entry().disposition == Disposition::Issue;
    let steps = &verdict.steps;
    let (Some(last), true) = (steps.last(), steps.is_sorted_by_key(|step| step.stage)) else {
        return vec!["the stages are not in their order".to_owned()];
    };
    let ended = if issued { "signed-in" } else { last.stage.name() };
    if name.split('/').next() != Some(ended) {
        complaints.push(format!("it ends in {ended} and lies in another folder"));
    }
    // a password has neither a chain nor a revocation
    let stages = if with_certificate { 8 } else { 6 };
    let passed = steps.iter().filter(|step| step.passed).count();
    let taken: HashSet<Stage> = steps.iter().map(|step| step.stage).collect();
    if last.passed != issued || passed + usize::from(!issued) != steps.len() || (issued && taken.len() != stages) {
        complaints.push(format!("{passed} of {} stages passed", steps.len()));
    }
    if steps.iter().any(|step| step.finding.is_empty()) {
        complaints.push("a stage found nothing to say".to_owned());
    }
    complaints
}

/// What the catalogue promises of this outcome's record.
fn promised_fields(ending: &Ending) -> Vec<String> {
    let promised = ending.verdict.outcome.entry().fields.iter();
    let missing = promised.filter(|field| ending.field(field).is_none_or(|value| value.is_empty()));
    missing.map(|field| format!("the catalogue promises the field {field}, and the record lacks it")).collect()
}
