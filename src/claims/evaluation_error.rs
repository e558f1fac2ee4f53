//! Why a rule set gave no answer. Every one of these fails the token.

use super::language::RuleLabel;
use crate::text::Text;

/// A failed evaluation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// A regular expression gave up.
    #[error("{rule}: the regular expression '{pattern}' failed: {reason}")]
    Pattern {
        /// The rule.
        rule: RuleLabel,
        /// The pattern as written.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// A regular expression built from claim values is none.
    #[error("{rule}: the computed regular expression '{pattern}' cannot be used: {reason}")]
    ComputedPattern {
        /// The rule.
        rule: RuleLabel,
        /// The pattern as computed.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// The conditions match too many combinations.
    #[error("{rule}: its conditions match more than {limit} combinations of claims")]
    TooManyTuples {
        /// The rule.
        rule: RuleLabel,
        /// The limit.
        limit: usize,
    },
    /// The conditions need too much work.
    #[error("{rule}: its conditions need more than {limit} comparisons")]
    TooManyComparisons {
        /// The rule.
        rule: RuleLabel,
        /// The limit.
        limit: usize,
    },
    /// Too many claims.
    #[error("{rule}: there are more than {limit} claims")]
    TooManyClaims {
        /// The rule.
        rule: RuleLabel,
        /// The limit.
        limit: usize,
    },
    /// Too many questions to attribute stores.
    #[error("{rule}: the rule set asks attribute stores more than {limit} questions")]
    TooManyQueries {
        /// The rule.
        rule: RuleLabel,
        /// The limit.
        limit: usize,
    },
    /// A computed text is too long.
    #[error("{rule}: a computed text is longer than {limit} bytes")]
    TextTooLong {
        /// The rule.
        rule: RuleLabel,
        /// The limit.
        limit: usize,
    },
    /// A store answered with another number of columns than the rule has claim types.
    #[error("{rule}: the attribute store '{store}' answered {found} columns for {expected} claim types")]
    ColumnCount {
        /// The rule.
        rule: RuleLabel,
        /// The store.
        store: Text,
        /// How many types the rule names.
        expected: usize,
        /// How many columns came.
        found: usize,
    },
    /// The shell supplied another number of answers than there were questions.
    #[error("{rule}: {expected} attribute store queries got {found} answers")]
    AnswerCount {
        /// The rule.
        rule: RuleLabel,
        /// Questions.
        expected: usize,
        /// Answers.
        found: usize,
    },
}

impl EvaluationError {
    /// Whether the rules were stopped because they would have done too much.
    pub fn is_limit(&self) -> bool {
        match self {
            Self::Pattern { .. }
            | Self::TooManyTuples { .. }
            | Self::TooManyComparisons { .. }
            | Self::TooManyClaims { .. }
            | Self::TooManyQueries { .. }
            | Self::TextTooLong { .. } => true,
            Self::ComputedPattern { .. } | Self::ColumnCount { .. } | Self::AnswerCount { .. } => false,
        }
    }

    /// The rule that could not be evaluated.
    pub fn rule(&self) -> &RuleLabel {
        match self {
            Self::Pattern { rule, .. }
            | Self::ComputedPattern { rule, .. }
            | Self::TooManyTuples { rule, .. }
            | Self::TooManyComparisons { rule, .. }
            | Self::TooManyClaims { rule, .. }
            | Self::TooManyQueries { rule, .. }
            | Self::TextTooLong { rule, .. }
            | Self::ColumnCount { rule, .. }
            | Self::AnswerCount { rule, .. } => rule,
        }
    }
}
