//! Which stores a rule set asks, as far as its text says, so that a store that is missing is found before a sign-in needs it.

use crate::claims::language::program::{Action, Expression};
use crate::claims::language::{RuleLabel, RuleSet};

/// A store query as the rule is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUse<'r> {
    /// The rule.
    pub rule: &'r RuleLabel,
    /// The store's name, unless the rule computes it.
    pub store: Option<&'r str>,
    /// The query, unless the rule computes it.
    pub query: Option<&'r str>,
    /// How many claim types the answer fills.
    pub types: usize,
    /// How many parameters there are.
    pub params: usize,
}

/// Every store query of a rule set.
pub fn uses(rules: &RuleSet) -> impl Iterator<Item = StoreUse<'_>> {
    rules.rules().iter().filter_map(|rule| {
        let Action::Query(action) = &rule.action else { return None };
        let (store, query) = (written(&action.store), written(&action.query));
        Some(StoreUse { rule: rule.label(), store, query, types: action.types.len(), params: action.params.len() })
    })
}

fn written(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Text(text) => Some(text),
        _ => None,
    }
}
