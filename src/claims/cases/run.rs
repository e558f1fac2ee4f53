//! A rule set run over a case.

use super::comparison::ClaimDifference;
use super::computed;
use super::written::Case;
use crate::claims::language::RuleSet;
use crate::claims::stores::StoreFailure;
use crate::claims::{
    Claim, Evaluated, Evaluation, EvaluationError, Limits, Progress, RuleStage, StageDecision, StoreQuery, StoreRows,
    claim_types,
};

/// What a rule set made of a case.
#[derive(Debug)]
pub struct CaseRun {
    /// The kind of rules.
    pub stage: RuleStage,
    /// The output set; empty when the run failed.
    pub output: Vec<Claim>,
    /// What the output decides, if this kind of rules decides anything. A failure opens nothing.
    pub decision: Option<StageDecision>,
    /// Why the run failed, if it did.
    pub failure: Option<CaseFailure>,
    evaluated: Evaluated,
}

/// Why there is no output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseFailure {
    /// A rule could not be evaluated.
    #[error("{0}")]
    Evaluation(EvaluationError),
    /// A rule asked what the case does not answer.
    #[error("{} asks the attribute store {:?} for {:?} with {:?}, which the case does not answer", .0.rule, .0.store, .0.query, .0.params)]
    Unanswered(Box<StoreQuery>),
    /// A store that only computes cannot.
    #[error("{} asks the attribute store {:?} for {:?} with {:?}: {failure}", .query.rule, .query.store, .query.query, .query.params)]
    Store {
        /// The question.
        query: Box<StoreQuery>,
        /// Why there is no answer.
        failure: StoreFailure,
    },
}

impl CaseRun {
    /// Runs the rules over the case's claims.
    pub fn new(case: &Case, rules: &RuleSet, stage: RuleStage, limits: &Limits) -> Self {
        let mut evaluation = Evaluation::start(rules, case.input(), limits);
        let failure = advance(&mut evaluation, case).err();
        let evaluated = evaluation.finish();
        let output: Vec<Claim> = match failure {
            None => evaluated.output().cloned().collect(),
            Some(_) => Vec::new(),
        };
        let decision = if failure.is_none() { stage.decide(&output) } else { stage.decision_on_failure() };
        Self { stage, output, decision, failure, evaluated }
    }

    /// What the rules did, as far as the run came.
    pub fn evaluated(&self) -> &Evaluated {
        &self.evaluated
    }

    /// Every way in which the run ended otherwise than the case expects, as sentences; empty when it did not.
    pub fn differences(&self, case: &Case) -> Vec<String> {
        let mut differences = Vec::new();
        match (&self.failure, &case.expected_failure) {
            (None, None) => {}
            (Some(failure), Some(words)) if failure.to_string().contains(words.as_str()) => {}
            (Some(failure), _) => differences.push(format!("failed: {failure}")),
            (None, Some(words)) => differences.push(format!("did not fail; expected a failure about {words:?}")),
        }
        if let Some(found) = self.decision.map(StageDecision::keyword)
            && let Some(expected) = case.expected_decision.as_deref().filter(|expected| *expected != found)
        {
            differences.push(format!("decided {found}, expected {expected}"));
        }
        if self.failure.is_none()
            && let Some(difference) = self.claim_difference(case)
        {
            differences.extend(difference.lines());
        }
        differences
    }

    /// The output against what the case expects; `None` when the case leaves it open.
    pub fn claim_difference(&self, case: &Case) -> Option<ClaimDifference> {
        let expected: Vec<Claim> = case.expected_output.as_ref()?.iter().map(|claim| claim.claim()).collect();
        Some(ClaimDifference::between(&expected, &self.output))
    }

    /// What the token writer would refuse, although the rules ran: a token has one subject.
    pub fn warnings(&self) -> Vec<String> {
        if self.stage != RuleStage::Transform {
            return Vec::new();
        }
        let mut subjects = self.output.iter().filter(|claim| claim.claim_type == claim_types::NAME_IDENTIFIER);
        let format = |claim: &Claim| claim.properties.get(claim_types::PROPERTY_FORMAT).cloned();
        let Some(first) = subjects.next() else { return Vec::new() };
        let other = subjects.find(|other| other.value != first.value || format(other) != format(first));
        other.map_or_else(Vec::new, |other| {
            let (one, other) = (&first.value, &other.value);
            vec![format!("a token has one name identifier, and there are {one:?} and {other:?}: no token is issued")]
        })
    }
}

fn advance(evaluation: &mut Evaluation<'_>, case: &Case) -> Result<(), CaseFailure> {
    loop {
        match evaluation.advance().map_err(CaseFailure::Evaluation)? {
            Progress::Finished => return Ok(()),
            Progress::Wants(queries) => {
                evaluation.supply(queries.into_iter().map(|query| answer(case, query)).collect::<Result<_, _>>()?);
            }
        }
    }
}

/// What the case says counts before what a store would compute.
fn answer(case: &Case, query: StoreQuery) -> Result<StoreRows, CaseFailure> {
    if let Some(rows) = case.answer(&query) {
        return Ok(rows);
    }
    match computed::answer(case, &query) {
        Some(computed) => computed.map_err(|failure| CaseFailure::Store { query: Box::new(query), failure }),
        None => Err(CaseFailure::Unanswered(Box::new(query))),
    }
}
