//! The condition part: which combinations of claims a rule runs for (CLAIM-RULES section 4.2).

use super::expression::Scope;
use super::language::program::{AggregateTest, Condition, Rule};
use super::{Claim, EvaluationError, Limits};

/// The combinations a rule runs for, all found before its action runs.
#[derive(Debug)]
pub(super) struct Tuples {
    width: usize,
    count: usize,
    bound: Vec<usize>,
}

impl Tuples {
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Per condition, the claim it is bound to.
    pub(super) fn get(&self, index: usize) -> &[usize] {
        self.bound.get(index * self.width..(index + 1) * self.width).unwrap_or_default()
    }
}

/// Nested loops from left to right, so that a later condition may read an earlier one's claim.
pub(super) fn of_rule(rule: &Rule, claims: &[Claim], limits: &Limits) -> Result<Tuples, EvaluationError> {
    let tuples = Tuples { width: rule.conditions.len(), count: 0, bound: Vec::new() };
    let mut search = Search { rule, claims, limits, comparisons: 0, bound: Vec::new(), tuples };
    search.extend()?;
    Ok(search.tuples)
}

/// Stands for the claim of a condition that binds none.
pub(super) const UNBOUND: usize = usize::MAX;

struct Search<'a> {
    rule: &'a Rule,
    claims: &'a [Claim],
    limits: &'a Limits,
    comparisons: usize,
    bound: Vec<usize>,
    tuples: Tuples,
}

impl<'a> Search<'a> {
    fn extend(&mut self) -> Result<(), EvaluationError> {
        let depth = self.bound.len();
        let rule = self.rule;
        let Some(condition) = rule.conditions.get(depth) else { return self.found() };
        if let Some(test) = condition.aggregate {
            return self.guard(condition, test);
        }
        for at in 0..self.claims.len() {
            if self.matches(condition, at)? {
                self.bound.push(at);
                self.extend()?;
                self.bound.pop();
            }
        }
        Ok(())
    }

    fn guard(&mut self, condition: &'a Condition, test: AggregateTest) -> Result<(), EvaluationError> {
        let (mut count, mut first) = (0, UNBOUND);
        for at in 0..self.claims.len() {
            if self.matches(condition, at)? {
                if count == 0 {
                    first = at;
                }
                count += 1;
                if test.first_match_decides() {
                    break;
                }
            }
        }
        if !test.holds(count) || (condition.tagged && count == 0) {
            return Ok(());
        }
        self.bound.push(first);
        self.extend()?;
        self.bound.pop();
        Ok(())
    }

    fn matches(&mut self, condition: &'a Condition, at: usize) -> Result<bool, EvaluationError> {
        self.comparisons += 1;
        if self.comparisons > self.limits.comparisons {
            let (rule, limit) = (self.rule.label.clone(), self.limits.comparisons);
            return Err(EvaluationError::TooManyComparisons { rule, limit });
        }
        let Some(claim) = self.claims.get(at) else { return Ok(false) };
        let scope = Scope { rule: &self.rule.label, limits: self.limits, claims: self.claims, bound: &self.bound };
        for constraint in &condition.constraints {
            if !scope.holds(constraint, claim)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn found(&mut self) -> Result<(), EvaluationError> {
        if self.tuples.count >= self.limits.tuples {
            let (rule, limit) = (self.rule.label.clone(), self.limits.tuples);
            return Err(EvaluationError::TooManyTuples { rule, limit });
        }
        self.tuples.count += 1;
        self.tuples.bound.extend_from_slice(&self.bound);
        Ok(())
    }
}
