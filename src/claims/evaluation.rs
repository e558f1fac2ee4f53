//! The engine: rules over claims, once each, top to bottom. It asks attribute stores by stopping and saying what it wants.

use super::active_directory_store::QueryTemplate;
use super::claim_set::ClaimSet;
use super::evaluated::{Asking, Evaluated, Firing, Made, Row};
use super::expression::Scope;
use super::language::program::{Action, Effect, Expression, NewClaim, Rule, StoreAction};
use super::language::{RuleLabel, RuleSet};
use super::tuples::{self, Tuples};
use super::{Claim, EvaluationError, LOCAL_AUTHORITY, Limits, STRING, claim_types};
use crate::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What the engine needs to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Answers to these queries, in this order, through [`Evaluation::supply`].
    Wants(Vec<StoreQuery>),
    /// Nothing: every rule has run.
    Finished,
}

/// A question to an attribute store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreQuery {
    /// The store's name as the rule writes it; blanks count.
    pub store: Text,
    /// The query text with `{n}` placeholders unfilled.
    pub query: Text,
    /// The query as the built-in store reads it, where the rules could read it beforehand.
    pub template: Option<Arc<QueryTemplate>>,
    /// What fills the placeholders.
    pub params: Vec<Text>,
    /// How many columns the answer must have.
    pub types: usize,
    /// The rule that asks.
    pub rule: RuleLabel,
}

/// The answer of an attribute store: `columns[i]` feeds the rule's `types[i]`; columns may differ in length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreRows {
    /// Values per column.
    pub columns: Arc<[Vec<String>]>,
    /// How long the store took; zero for an answer that was known already.
    pub took: Duration,
}

impl StoreRows {
    /// An answer that took no time.
    pub fn new(columns: Vec<Vec<String>>) -> Self {
        Self { columns: columns.into(), took: Duration::ZERO }
    }
}

/// One run of a rule set. Any error ends it, and an ended run has no output.
#[derive(Debug)]
pub struct Evaluation<'r> {
    rules: &'r RuleSet,
    limits: Limits,
    set: ClaimSet,
    next: usize,
    asked: Option<Asked<'r>>,
    queries: usize,
    failed: bool,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Asked<'r> {
    rule: &'r Rule,
    action: &'r StoreAction,
    known: usize,
    tuples: Tuples,
    queries: Vec<StoreQuery>,
    answers: Option<Vec<StoreRows>>,
}

impl<'r> Evaluation<'r> {
    /// A run over the incoming claims.
    pub fn start(rules: &'r RuleSet, input: Vec<Claim>, limits: &Limits) -> Self {
        Self {
            rules,
            limits: *limits,
            set: ClaimSet::new(input),
            next: 0,
            asked: None,
            queries: 0,
            failed: false,
            rows: Vec::with_capacity(rules.rules().len()),
        }
    }

    /// Runs until a rule asks an attribute store or all rules have run.
    pub fn advance(&mut self) -> Result<Progress, EvaluationError> {
        let progress = self.run();
        self.failed |= progress.is_err();
        progress
    }

    /// Answers the queries of the last [`Progress::Wants`], in their order. Wrong counts are found by the next `advance`.
    pub fn supply(&mut self, answers: Vec<StoreRows>) {
        if let Some(asked) = &mut self.asked {
            asked.answers = Some(answers);
        }
    }

    /// The output set and the trace. A run that failed or was not finished has an empty output set: half a rule set could
    /// lack the rule that denies.
    pub fn finish(self) -> Evaluated {
        let complete = !self.failed && self.asked.is_none() && self.next == self.rules.rules().len();
        let (claims, output) = self.set.into_parts();
        let output = if complete { output } else { Vec::new() };
        Evaluated::new(self.rules.shared(), self.rows, claims, output)
    }

    fn run(&mut self) -> Result<Progress, EvaluationError> {
        if let Some(asked) = self.asked.take_if(|asked| asked.answers.is_some()) {
            self.take_answers(asked)?;
        }
        if let Some(asked) = &self.asked {
            return Ok(Progress::Wants(asked.queries.clone()));
        }
        while let Some(rule) = self.rules.rules().get(self.next) {
            self.next += 1;
            let tuples = tuples::of_rule(rule, self.set.claims(), &self.limits)?;
            if tuples.count() == 0 {
                self.rows.push(Row { known: self.set.claims().len(), firing: None });
                continue;
            }
            match &rule.action {
                Action::Copy { slot } => self.copy(rule, *slot, tuples),
                Action::New(new) => self.make(rule, new, tuples)?,
                Action::Query(action) => return self.ask(rule, action, tuples),
            }
        }
        Ok(Progress::Finished)
    }

    /// Adding a claim that is there changes nothing; issuing one sends it out.
    fn copy(&mut self, rule: &Rule, slot: usize, tuples: Tuples) {
        let mut made = Vec::with_capacity(tuples.count());
        for index in 0..tuples.count() {
            let Some(at) = tuples.get(index).get(slot).copied() else { continue };
            let new = rule.effect == Effect::Issue && self.set.issue(at);
            made.push(if new { Made::New(at) } else { Made::Known(at) });
        }
        self.fired(self.set.claims().len(), Firing { tuples, made, asked: Vec::new() });
    }

    /// Builds every claim before the first joins the set: a rule does not see its own output.
    fn make(&mut self, rule: &Rule, new: &NewClaim, tuples: Tuples) -> Result<(), EvaluationError> {
        let known = self.set.claims().len();
        let mut claims = Vec::with_capacity(tuples.count());
        for index in 0..tuples.count() {
            let scope = self.scope(rule, tuples.get(index));
            claims.push(new_claim(&scope, new)?);
        }
        let mut made = Vec::with_capacity(claims.len());
        for claim in claims {
            made.push(self.put(rule, claim)?);
        }
        self.fired(known, Firing { tuples, made, asked: Vec::new() });
        Ok(())
    }

    fn fired(&mut self, known: usize, firing: Firing) {
        self.rows.push(Row { known, firing: Some(firing) });
    }

    fn ask(&mut self, rule: &'r Rule, action: &'r StoreAction, tuples: Tuples) -> Result<Progress, EvaluationError> {
        let mut queries: Vec<StoreQuery> = Vec::new();
        for index in 0..tuples.count() {
            let query = store_query(&self.scope(rule, tuples.get(index)), action)?;
            if queries.contains(&query) {
                continue;
            }
            self.queries += 1;
            if self.queries > self.limits.store_queries {
                let (rule, limit) = (rule.label.clone(), self.limits.store_queries);
                return Err(EvaluationError::TooManyQueries { rule, limit });
            }
            queries.push(query);
        }
        let known = self.set.claims().len();
        self.asked = Some(Asked { rule, action, known, tuples, queries: queries.clone(), answers: None });
        Ok(Progress::Wants(queries))
    }

    fn take_answers(&mut self, asked: Asked<'r>) -> Result<(), EvaluationError> {
        let answers = asked.answers.unwrap_or_default();
        if answers.len() != asked.queries.len() {
            let (expected, found) = (asked.queries.len(), answers.len());
            return Err(EvaluationError::AnswerCount { rule: asked.rule.label.clone(), expected, found });
        }
        let (mut made, mut asking) = (Vec::new(), Vec::with_capacity(answers.len()));
        for (query, rows) in asked.queries.into_iter().zip(answers) {
            if rows.columns.len() != asked.action.types.len() {
                let (expected, found) = (asked.action.types.len(), rows.columns.len());
                let (rule, store) = (asked.rule.label.clone(), query.store);
                return Err(EvaluationError::ColumnCount { rule, store, expected, found });
            }
            let StoreQuery { store, query, params, .. } = query;
            let values = rows.columns.iter().map(Vec::len).sum();
            asking.push(Asking { store, query, params, values, took: rows.took });
            for (claim_type, column) in asked.action.types.iter().zip(&*rows.columns) {
                for value in column {
                    let value: Arc<str> = value.as_str().into();
                    made.push(self.put(asked.rule, Claim::new(Arc::clone(claim_type), value, LOCAL_AUTHORITY))?);
                }
            }
        }
        self.fired(asked.known, Firing { tuples: asked.tuples, made, asked: asking });
        Ok(())
    }

    fn put(&mut self, rule: &Rule, claim: Claim) -> Result<Made, EvaluationError> {
        // AD FS drops claims without a value (CLAIM-RULES section 3). A deny is kept: dropping it would open access.
        if claim.value.is_empty() && claim.claim_type != claim_types::DENY {
            return Ok(Made::Empty);
        }
        let (at, added) = self.set.add(claim);
        if self.set.claims().len() > self.limits.claims {
            let (rule, limit) = (rule.label.clone(), self.limits.claims);
            return Err(EvaluationError::TooManyClaims { rule, limit });
        }
        let new = match rule.effect {
            Effect::Issue => self.set.issue(at),
            Effect::Add => added,
        };
        Ok(if new { Made::New(at) } else { Made::Known(at) })
    }

    fn scope<'a>(&'a self, rule: &'a Rule, bound: &'a [usize]) -> Scope<'a> {
        Scope { rule: &rule.label, limits: &self.limits, claims: self.set.claims(), bound }
    }
}

/// Without an assignment the value type is text, the issuer the local authority, and the original issuer the issuer.
fn new_claim<'a>(scope: &Scope<'a>, new: &'a NewClaim) -> Result<Claim, EvaluationError> {
    let text = |expression: &'a Option<Expression>, default: &'static str| match expression {
        Some(expression) => scope.kept(expression),
        None => Ok(default.into()),
    };
    let issuer = text(&new.issuer, LOCAL_AUTHORITY)?;
    let original_issuer = match &new.original_issuer {
        Some(expression) => scope.kept(expression)?,
        None => issuer.clone(),
    };
    let mut properties = BTreeMap::new();
    for (name, expression) in &new.properties {
        properties.insert(Arc::clone(name).into(), scope.kept(expression)?);
    }
    Ok(Claim {
        claim_type: scope.kept(&new.claim_type)?,
        value: text(&new.value, "")?,
        value_type: text(&new.value_type, STRING)?,
        issuer,
        original_issuer,
        properties,
    })
}

fn store_query<'a>(scope: &Scope<'a>, action: &'a StoreAction) -> Result<StoreQuery, EvaluationError> {
    let params: Result<_, _> = action.params.iter().map(|param| scope.kept(param)).collect();
    Ok(StoreQuery {
        store: scope.kept(&action.store)?,
        query: scope.kept(&action.query)?,
        template: action.template.clone(),
        params: params?,
        types: action.types.len(),
        rule: scope.rule.clone(),
    })
}

#[cfg(test)]
mod tests;
