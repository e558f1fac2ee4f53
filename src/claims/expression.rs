//! Expressions and constraints over the claims of one tuple.

use super::language::RuleLabel;
use super::language::pattern::{Pattern, PatternFailure};
use super::language::program::{Constraint, Expression, PatternSource, Property, Replace, ReplacementSource, Test};
use super::language::replacement::Replacement;
use super::{Claim, EvaluationError, Limits};
use crate::text::Text;
use std::borrow::Cow;
use std::sync::Arc;

/// What an expression may look at: the claims and, per condition of the rule, which one is bound.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) rule: &'a RuleLabel,
    pub(super) limits: &'a Limits,
    pub(super) claims: &'a [Claim],
    pub(super) bound: &'a [usize],
}

impl<'a> Scope<'a> {
    pub(super) fn text(&self, expression: &'a Expression) -> Result<Cow<'a, str>, EvaluationError> {
        match expression {
            Expression::Text(text) => Ok(Cow::Borrowed(text)),
            Expression::Property { slot, property } => Ok(Cow::Borrowed(self.property(*slot, property).as_str())),
            Expression::Concat(terms) => {
                let mut joined = String::new();
                for term in terms {
                    joined.push_str(&self.text(term)?);
                    if joined.len() > self.limits.text_bytes {
                        return Err(self.too_long());
                    }
                }
                Ok(Cow::Owned(joined))
            }
            Expression::Replace(replace) => self.replace(replace),
        }
    }

    /// The same, to be kept: what a rule writes or a claim holds is shared, not copied.
    pub(super) fn kept(&self, expression: &'a Expression) -> Result<Text, EvaluationError> {
        match expression {
            Expression::Text(text) => Ok(Arc::clone(text).into()),
            Expression::Property { slot, property } => Ok(self.property(*slot, property).clone()),
            Expression::Concat(_) | Expression::Replace(_) => Ok(self.text(expression)?.into_owned().into()),
        }
    }

    fn property(&self, slot: usize, property: &Property) -> &'a Text {
        const NOTHING: &Text = &Text::constant("");
        let claim = self.bound.get(slot).and_then(|at| self.claims.get(*at));
        claim.map_or(NOTHING, |claim| property.of(claim))
    }

    fn replace(&self, replace: &'a Replace) -> Result<Cow<'a, str>, EvaluationError> {
        let input = self.text(&replace.input)?;
        self.with_pattern(&replace.pattern, |pattern| {
            let computed;
            let replacement = match &replace.replacement {
                ReplacementSource::Compiled(replacement) => replacement,
                ReplacementSource::Computed(expression) => {
                    computed = Replacement::parse(&self.text(expression)?, pattern.groups());
                    &computed
                }
            };
            let replaced = pattern.replace(&input, replacement, self.limits.text_bytes);
            match replaced.map_err(|failure| self.failed(pattern, failure))? {
                Cow::Borrowed(_) => Ok(None),
                Cow::Owned(text) => Ok(Some(text)),
            }
        })
        .map(|changed| changed.map_or(input, Cow::Owned))
    }

    /// Whether `claim` satisfies the constraint.
    pub(super) fn holds(&self, constraint: &'a Constraint, claim: &Claim) -> Result<bool, EvaluationError> {
        let found = constraint.property.of(claim);
        let agrees = match &constraint.test {
            Test::Equal(Expression::Text(text)) => *found == **text,
            Test::Equal(expression) => *found == *self.text(expression)?,
            Test::Matches(source) => self.with_pattern(source, |pattern| {
                pattern.is_match(found).map_err(|failure| self.failed(pattern, failure))
            })?,
        };
        Ok(agrees == constraint.wanted)
    }

    fn with_pattern<T>(
        &self,
        source: &'a PatternSource,
        run: impl FnOnce(&Pattern) -> Result<T, EvaluationError>,
    ) -> Result<T, EvaluationError> {
        match source {
            PatternSource::Compiled(pattern) => run(pattern),
            PatternSource::Computed(expression) => {
                let text = self.text(expression)?;
                let pattern = Pattern::compile(&text, self.limits.regex_backtracks).map_err(|reason| {
                    EvaluationError::ComputedPattern {
                        rule: self.rule.clone(),
                        pattern: text.clone().into_owned(),
                        reason: reason.to_string(),
                    }
                })?;
                run(&pattern)
            }
        }
    }

    fn failed(&self, pattern: &Pattern, failure: PatternFailure) -> EvaluationError {
        match failure {
            PatternFailure::TooLong(_) => self.too_long(),
            PatternFailure::Backtracking(_) => EvaluationError::Pattern {
                rule: self.rule.clone(),
                pattern: pattern.source().to_owned(),
                reason: failure.to_string(),
            },
        }
    }

    fn too_long(&self) -> EvaluationError {
        EvaluationError::TextTooLong { rule: self.rule.clone(), limit: self.limits.text_bytes }
    }
}
