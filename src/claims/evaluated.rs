//! What an evaluation leaves behind: the output set, and what the trace is written from when somebody asks for it.

use super::language::Rule;
use super::language::program::Effect;
use super::obstacle;
use super::trace::{MadeClaim, RuleOutcome, RuleTrace, Trace, TracedFiring, TracedQuery, TracedTuple};
use super::tuples::Tuples;
use super::{Claim, Limits};
use crate::text::Text;
use std::sync::Arc;
use std::time::Duration;

/// What a rule set made of its input. The trace is written only when somebody asks for it.
#[derive(Debug)]
pub struct Evaluated {
    rules: Arc<[Rule]>,
    rows: Vec<Row>,
    claims: Vec<Claim>,
    output: Vec<usize>,
}

/// What one rule did, while claims are still indexes.
#[derive(Debug)]
pub(super) struct Row {
    /// How many claims the input set had when the rule's turn came. The set only grows, so these are still its first.
    pub(super) known: usize,
    /// `None` when no combination of claims satisfied the conditions.
    pub(super) firing: Option<Firing>,
}

#[derive(Debug)]
pub(super) struct Firing {
    pub(super) tuples: Tuples,
    /// What the action came to: once per tuple, or once per value that stores answered.
    pub(super) made: Vec<Made>,
    pub(super) asked: Vec<Asking>,
}

/// What became of one claim that an action made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Made {
    New(usize),
    Known(usize),
    Empty,
}

#[derive(Debug)]
pub(super) struct Asking {
    pub(super) store: Text,
    pub(super) query: Text,
    pub(super) params: Vec<Text>,
    pub(super) values: usize,
    pub(super) took: Duration,
}

impl Evaluated {
    pub(super) fn new(rules: Arc<[Rule]>, rows: Vec<Row>, claims: Vec<Claim>, output: Vec<usize>) -> Self {
        Self { rules, rows, claims, output }
    }

    /// The output set, first issued first.
    pub fn output(&self) -> impl Iterator<Item = &Claim> {
        self.output.iter().filter_map(|at| self.claims.get(*at))
    }

    /// What every rule did, as far as the run came.
    pub fn trace(&self) -> Trace {
        Trace::new(self.rules.iter().zip(&self.rows).map(|(rule, row)| self.traced(rule, row)).collect())
    }

    /// The first rule that issued a claim of this type: its `@RuleName`, or its number where it has none.
    pub fn rule_that_issued(&self, claim_type: &str) -> Option<&str> {
        let issued = |made: &Made| match made {
            Made::New(at) => self.claims.get(*at).is_some_and(|claim| claim.claim_type == claim_type),
            Made::Known(_) | Made::Empty => false,
        };
        let rows = self.rules.iter().zip(&self.rows).filter(|(rule, _)| rule.effect == Effect::Issue);
        let mut fired = rows.filter_map(|(rule, row)| Some((rule, row.firing.as_ref()?)));
        fired.find(|(_, firing)| firing.made.iter().any(issued)).map(|(rule, _)| &*rule.display_name)
    }

    fn traced(&self, rule: &Rule, row: &Row) -> RuleTrace {
        let outcome = match &row.firing {
            None => {
                let known = self.claims.get(..row.known).unwrap_or_default();
                RuleOutcome::DidNotFire(obstacle::of_rule(rule, known, &Limits::default()))
            }
            Some(firing) => RuleOutcome::Fired(self.traced_firing(rule, firing)),
        };
        RuleTrace { rule: rule.label.clone(), effect: rule.effect, outcome, name: rule.display_name.clone() }
    }

    fn traced_firing(&self, rule: &Rule, firing: &Firing) -> TracedFiring {
        let tuple = |index: usize| {
            let bound = rule.conditions.iter().zip(firing.tuples.get(index));
            let bound = bound.map(|(condition, at)| (condition.name(), self.claims.get(*at).cloned()));
            TracedTuple { bound: bound.filter_map(|(name, claim)| Some((name.into(), claim?))).collect() }
        };
        let query = |asked: &Asking| TracedQuery {
            store: asked.store.clone(),
            query: asked.query.clone(),
            params: asked.params.clone(),
            values: asked.values,
            took: asked.took,
        };
        TracedFiring {
            tuples: (0..firing.tuples.count()).map(tuple).collect(),
            queries: firing.asked.iter().map(query).collect(),
            made: firing.made.iter().filter_map(|made| self.made(*made)).collect(),
        }
    }

    fn made(&self, made: Made) -> Option<MadeClaim> {
        Some(match made {
            Made::New(at) => MadeClaim::New(self.claims.get(at)?.clone()),
            Made::Known(at) => MadeClaim::Known(self.claims.get(at)?.clone()),
            Made::Empty => MadeClaim::Empty,
        })
    }
}
