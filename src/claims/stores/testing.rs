//! Questions for the tests of stores.

use super::StoreQuestion;
use crate::claims::StoreQuery;
use crate::claims::language::{Position, RuleLabel};

/// Asks at 2026-01-10T10:00:00Z for the relying party `urn:party`.
pub(super) fn question<T>(query: &str, params: &[&str], ask: impl FnOnce(StoreQuestion<'_>) -> T) -> T {
    let query = StoreQuery {
        store: "store".into(),
        query: query.to_owned().into(),
        template: None,
        params: params.iter().map(|param| (*param).to_owned().into()).collect(),
        types: params.len(),
        rule: RuleLabel { number: 1, name: None, position: Position { line: 1, column: 0 } },
    };
    ask(StoreQuestion { query: &query, at: "2026-01-10T10:00:00Z".parse().unwrap(), relying_party: "urn:party" })
}
