//! What the parser read, names not yet resolved.

use super::lexer::Token;
use super::program::{AggregateTest, Comparison, Effect, Property, RuleLabel};

pub(super) struct RuleSyntax<'t> {
    pub(super) label: RuleLabel,
    pub(super) annotations: Vec<(Token<'t>, Token<'t>)>,
    pub(super) conditions: Vec<ConditionSyntax<'t>>,
    pub(super) effect: Effect,
    pub(super) action: ActionSyntax<'t>,
}

pub(super) struct ConditionSyntax<'t> {
    pub(super) first: Token<'t>,
    /// The condition as written, for explaining why a rule did not fire.
    pub(super) text: &'t str,
    pub(super) tag: Option<Token<'t>>,
    /// `None` for a selector.
    pub(super) aggregate: Option<AggregateTest>,
    pub(super) constraints: Vec<ConstraintSyntax<'t>>,
}

pub(super) struct ConstraintSyntax<'t> {
    pub(super) property: Property,
    pub(super) comparison: Comparison,
    pub(super) value: ExpressionSyntax<'t>,
}

pub(super) enum ExpressionSyntax<'t> {
    Text(Token<'t>),
    Property(Token<'t>, Property),
    Call(Token<'t>, Vec<ExpressionSyntax<'t>>),
    Concat(Vec<ExpressionSyntax<'t>>),
}

impl<'t> ExpressionSyntax<'t> {
    pub(super) fn literal(&self) -> Option<Token<'t>> {
        match self {
            Self::Text(token) => Some(*token),
            _ => None,
        }
    }
}

pub(super) enum ActionSyntax<'t> {
    Copy { verb: Token<'t>, tag: Token<'t> },
    New { verb: Token<'t>, assignments: Vec<AssignmentSyntax<'t>> },
    Query(QuerySyntax<'t>),
}

pub(super) struct AssignmentSyntax<'t> {
    pub(super) at: Token<'t>,
    pub(super) property: Property,
    pub(super) value: ExpressionSyntax<'t>,
}

pub(super) struct QuerySyntax<'t> {
    pub(super) store: ExpressionSyntax<'t>,
    pub(super) types: Vec<Token<'t>>,
    pub(super) query: ExpressionSyntax<'t>,
    pub(super) params: Vec<ExpressionSyntax<'t>>,
}
