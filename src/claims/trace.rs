//! What every rule did, so that an operator can be told why a claim is in the token, or why it is not.

use super::language::{Effect, RuleLabel};
use super::{Claim, Obstacle};
use crate::text::Text;
use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

/// What the rules of one set did, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    rules: Vec<RuleTrace>,
}

impl Trace {
    pub(super) fn new(rules: Vec<RuleTrace>) -> Self {
        Self { rules }
    }

    /// One entry per rule that was reached and did not fail.
    pub fn rules(&self) -> &[RuleTrace] {
        &self.rules
    }
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTrace {
    /// Which rule.
    pub rule: RuleLabel,
    /// Whether it issues or only adds.
    pub effect: Effect,
    /// What became of it.
    pub outcome: RuleOutcome,
    pub(super) name: Arc<str>,
}

impl RuleTrace {
    /// The rule's `@RuleName`, or `rule 3` where it has none.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Whether a rule fired, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleOutcome {
    /// No combination of claims satisfied the conditions.
    DidNotFire(Obstacle),
    /// The action ran.
    Fired(TracedFiring),
}

/// What a rule's action did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedFiring {
    /// The combinations of claims it ran for, in order.
    pub tuples: Vec<TracedTuple>,
    /// What it asked attribute stores; the same question is asked once.
    pub queries: Vec<TracedQuery>,
    /// What it made: one claim for each combination, or for each value that stores answered.
    pub made: Vec<MadeClaim>,
}

/// The claims that satisfied the conditions together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedTuple {
    /// The variable, empty where the condition has none, and the claim. A guard without a match binds nothing.
    pub bound: Vec<(Arc<str>, Claim)>,
}

/// What became of a claim that a rule made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeClaim {
    /// It joined the set.
    New(Claim),
    /// The same claim was there already.
    Known(Claim),
    /// It had no value, so there is none.
    Empty,
}

/// A question to an attribute store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedQuery {
    /// The store.
    pub store: Text,
    /// The query, placeholders unfilled.
    pub query: Text,
    /// What fills them.
    pub params: Vec<Text>,
    /// How many values came back.
    pub values: usize,
    /// How long it took; zero for what was known already.
    pub took: Duration,
}

impl Display for RuleTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            RuleOutcome::DidNotFire(obstacle) => write!(f, "{} did not fire: {obstacle}", self.rule),
            RuleOutcome::Fired(firing) => {
                write!(f, "{} fired {} time(s)", self.rule, firing.tuples.len())?;
                for query in &firing.queries {
                    let TracedQuery { store, query, params, values, .. } = query;
                    write!(f, "; asked {store} for '{query}' {params:?}: {values} value(s)")?;
                }
                let verb = if self.effect == Effect::Issue { "issued" } else { "added" };
                for made in &firing.made {
                    match made {
                        MadeClaim::New(claim) => write!(f, "; {verb} {} = {}", claim.claim_type, claim.value)?,
                        MadeClaim::Known(claim) => {
                            write!(f, "; {} = {} was there already", claim.claim_type, claim.value)?;
                        }
                        MadeClaim::Empty => f.write_str("; a claim without a value was dropped")?,
                    }
                }
                Ok(())
            }
        }
    }
}
