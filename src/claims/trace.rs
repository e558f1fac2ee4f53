//! What every rule did, so that an operator can be told why a claim is in the token, or why it is not.

use super::language::{Effect, RuleLabel};
use crate::text::Text;
use std::fmt::{self, Display};
use std::sync::Arc;

/// What the rules of one set did, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    rules: Vec<RuleTrace>,
}

impl Trace {
    pub(super) fn new(rules: Vec<RuleTrace>) -> Self {
        Self { rules }
    }

    /// One entry per rule that was reached.
    pub fn rules(&self) -> &[RuleTrace] {
        &self.rules
    }

    /// The first rule that issued a claim of this type: its `@RuleName`, or its number where it has none.
    pub fn rule_that_issued(&self, claim_type: &str) -> Option<&str> {
        self.rules.iter().find(|rule| rule.issued().any(|claim| claim.claim_type == claim_type)).map(RuleTrace::name)
    }
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTrace {
    /// Which rule.
    pub rule: RuleLabel,
    /// What became of it.
    pub outcome: RuleOutcome,
    pub(super) name: Arc<str>,
}

impl RuleTrace {
    /// The rule's `@RuleName`, or `rule 3` where it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The claims this rule sent out first.
    pub fn issued(&self) -> impl Iterator<Item = &TracedClaim> {
        let claims = match &self.outcome {
            RuleOutcome::Fired { claims, .. } => claims.as_slice(),
            RuleOutcome::DidNotFire { .. } => &[],
        };
        claims.iter().filter(|claim| claim.effect == Effect::Issue)
    }
}

/// Whether a rule fired, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleOutcome {
    /// No combination of claims satisfied the conditions.
    DidNotFire {
        /// The first condition that nothing satisfied, as written.
        condition: Arc<str>,
    },
    /// The action ran.
    Fired {
        /// How often: once per combination of claims.
        times: usize,
        /// The claims that were new.
        claims: Vec<TracedClaim>,
        /// Claims that were there already.
        repeated: usize,
        /// Claims dropped because their value is empty.
        empty: usize,
        /// What it asked attribute stores.
        queries: Vec<TracedQuery>,
    },
}

/// A claim a rule made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedClaim {
    /// Issued, or only added to the input set.
    pub effect: Effect,
    /// Its type.
    pub claim_type: Text,
    /// Its value.
    pub value: Text,
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
}

impl Display for RuleTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            RuleOutcome::DidNotFire { condition } => {
                write!(f, "{} did not fire: no claim satisfies {condition}", self.rule)
            }
            RuleOutcome::Fired { times, claims, repeated, empty, queries } => {
                write!(f, "{} fired {times} time(s)", self.rule)?;
                for query in queries {
                    write!(
                        f,
                        "; asked {} for '{}' {:?}: {} value(s)",
                        query.store, query.query, query.params, query.values
                    )?;
                }
                for claim in claims {
                    let verb = if claim.effect == Effect::Issue { "issued" } else { "added" };
                    write!(f, "; {verb} {} = {}", claim.claim_type, claim.value)?;
                }
                if *repeated > 0 {
                    write!(f, "; {repeated} claim(s) were there already")?;
                }
                if *empty > 0 {
                    write!(f, "; {empty} claim(s) dropped for an empty value")?;
                }
                Ok(())
            }
        }
    }
}
