//! Why a rule did not fire: the first condition that nothing satisfies, and the claim that came closest to it.
//!
//! Nothing of this is kept while rules run. It is found by looking again, at the claims that were there.

use super::expression::Scope;
use super::language::Rule;
use super::language::program::{Condition, Constraint, Expression, PatternSource, Test};
use super::tuples::UNBOUND;
use super::{Claim, Limits};
use std::fmt::{self, Display};
use std::sync::Arc;

/// What kept a rule from firing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The first condition that nothing satisfied, as written.
    pub condition: Arc<str>,
    /// How many claims its brackets matched, where the condition counts claims or wants none.
    pub matched: Option<usize>,
    /// The claim that came closest: the one that satisfies most of the condition, or one of those counted.
    pub closest: Option<ClosestClaim>,
}

/// A claim that nearly satisfies a condition, or that should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosestClaim {
    /// The claim.
    pub claim: Claim,
    /// What in the condition it does not satisfy, as text; empty when it satisfies all of it.
    pub fails: Vec<String>,
}

/// The obstacle of a rule that did not fire over these claims.
pub(super) fn of_rule(rule: &Rule, claims: &[Claim], limits: &Limits) -> Obstacle {
    let mut look = Look { rule, claims, limits, left: LOOKS, bound: Vec::new(), deepest: None };
    look.descend();
    look.deepest
        .map_or_else(|| Obstacle { condition: "".into(), matched: None, closest: None }, |(_, obstacle)| obstacle)
}

/// Claims looked at before the explanation is as good as it gets.
const LOOKS: usize = 100_000;

struct Look<'a> {
    rule: &'a Rule,
    claims: &'a [Claim],
    limits: &'a Limits,
    left: usize,
    bound: Vec<usize>,
    /// How deep it stands.
    deepest: Option<(usize, Obstacle)>,
}

impl<'a> Look<'a> {
    /// The same nested loops that found no combination; the deepest dead end is the obstacle.
    fn descend(&mut self) {
        let (depth, rule) = (self.bound.len(), self.rule);
        let Some(condition) = rule.conditions.get(depth) else { return };
        let matching = self.matching(condition);
        let ahead: Vec<usize> = match condition.aggregate {
            Some(test) if test.holds(matching.len() as u64) && !(condition.tagged && matching.is_empty()) => {
                vec![matching.first().copied().unwrap_or(UNBOUND)]
            }
            Some(_) => Vec::new(),
            None => matching.clone(),
        };
        if ahead.is_empty() && self.deepest.as_ref().is_none_or(|(known, _)| *known < depth) {
            self.deepest = Some((depth, self.obstacle(condition, &matching)));
        }
        for at in ahead {
            self.bound.push(at);
            self.descend();
            self.bound.pop();
        }
    }

    fn matching(&mut self, condition: &'a Condition) -> Vec<usize> {
        let claims = self.claims.len().min(self.left);
        self.left -= claims;
        (0..claims).filter(|at| self.fails(condition, *at).is_empty()).collect()
    }

    /// What in the condition this claim does not satisfy. A constraint that cannot be computed is not satisfied.
    fn fails(&self, condition: &'a Condition, at: usize) -> Vec<&'a Constraint> {
        let scope = Scope { rule: &self.rule.label, limits: self.limits, claims: self.claims, bound: &self.bound };
        let Some(claim) = self.claims.get(at) else { return condition.constraints.iter().collect() };
        let fails = |constraint: &&Constraint| !scope.holds(constraint, claim).unwrap_or(false);
        condition.constraints.iter().filter(fails).collect()
    }

    fn obstacle(&self, condition: &'a Condition, matching: &[usize]) -> Obstacle {
        let candidates = (0..self.claims.len().min(LOOKS)).map(|at| (at, self.fails(condition, at)));
        let near = || {
            let near = candidates.filter(|(at, fails)| self.is_near(condition, *at, fails));
            near.min_by_key(|(_, fails)| fails.len()).map(|(at, _)| at)
        };
        let closest = matching.first().copied().or_else(near).and_then(|at| {
            let fails = self.fails(condition, at).into_iter().map(|constraint| written(constraint, self.rule));
            Some(ClosestClaim { claim: self.claims.get(at)?.clone(), fails: fails.collect() })
        });
        let matched = condition.aggregate.map(|_| matching.len());
        Obstacle { condition: Arc::clone(&condition.text), matched, closest }
    }

    /// Of another type than the one that is named, no claim comes close, unless the spelling is all that differs.
    fn is_near(&self, condition: &Condition, at: usize, fails: &[&Constraint]) -> bool {
        match (condition.named_type(), self.claims.get(at)) {
            (Some(named), Some(claim)) => same_but_for_spelling(named, &claim.claim_type),
            _ => fails.len() < condition.constraints.len(),
        }
    }
}

/// `https` for `http`, upper for lower case, a blank or a slash at the end: what happens to types that are copied.
fn same_but_for_spelling(one: &str, other: &str) -> bool {
    let plain = |text: &'_ str| {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        text.strip_prefix("https:").map_or(text.clone(), |rest| format!("http:{rest}"))
    };
    one == other || plain(one) == plain(other)
}

impl Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.matched {
            None => write!(f, "no claim satisfies {}", self.condition)?,
            Some(count) => write!(f, "{} does not hold: {count} claim(s) match", self.condition)?,
        }
        let Some(ClosestClaim { claim, fails }) = &self.closest else { return Ok(()) };
        match fails.as_slice() {
            [] => write!(f, ", the first is {} = {}", claim.claim_type, claim.value),
            fails => {
                write!(f, "; {} = {} came closest, but not {}", claim.claim_type, claim.value, fails.join(", not "))
            }
        }
    }
}

fn written(constraint: &Constraint, rule: &Rule) -> String {
    let (operator, value) = match (&constraint.test, constraint.wanted) {
        (Test::Equal(expression), true) => ("==", text(expression, rule)),
        (Test::Equal(expression), false) => ("!=", text(expression, rule)),
        (Test::Matches(pattern), true) => ("=~", pattern_text(pattern, rule)),
        (Test::Matches(pattern), false) => ("!~", pattern_text(pattern, rule)),
    };
    format!("{} {operator} {value}", constraint.property)
}

fn pattern_text(pattern: &PatternSource, rule: &Rule) -> String {
    match pattern {
        PatternSource::Compiled(pattern) => format!("\"{}\"", pattern.source()),
        PatternSource::Computed(expression) => text(expression, rule),
    }
}

fn text(expression: &Expression, rule: &Rule) -> String {
    match expression {
        Expression::Text(text) => format!("\"{text}\""),
        Expression::Property { slot, property } => {
            format!("{}.{property}", rule.conditions.get(*slot).map_or("", Condition::name))
        }
        Expression::Concat(terms) => terms.iter().map(|term| text(term, rule)).collect::<Vec<_>>().join(" + "),
        Expression::Replace(_) => "RegExReplace(…)".to_owned(),
    }
}
