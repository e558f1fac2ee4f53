//! Attribute stores against the servers they are for.

mod active_directory;
mod office_365;
mod postgresql;
mod sqlite;

use fedgate::claims::StoreQuery;
use fedgate::claims::language::{Position, RuleLabel};
use fedgate::claims::stores::{StoreFailure, StoreQuestion};
use fedgate::lookups::AttributeStore;
use tokio::runtime::Runtime;

/// What a store answers to a rule.
pub fn asked(
    runtime: &Runtime,
    store: &dyn AttributeStore,
    query: &str,
    params: &[&str],
) -> Result<Vec<Vec<String>>, StoreFailure> {
    let query = StoreQuery {
        store: "store".into(),
        query: query.to_owned().into(),
        template: None,
        params: params.iter().map(|param| (*param).to_owned().into()).collect(),
        types: types(query),
        rule: RuleLabel { number: 1, name: None, position: Position { line: 1, column: 0 } },
    };
    let at = "2026-01-10T10:00:00Z".parse().unwrap();
    runtime.block_on(store.answer(StoreQuestion { query: &query, at, relying_party: "urn:party" }))
}

/// As many claim types as a query of a directory has attributes. SQL does not say.
fn types(query: &str) -> usize {
    query.rsplit(';').nth(1).map_or(1, |attributes| attributes.split(',').count())
}

/// What is in a text that may not be: everything that ends a value in one language or another.
pub const HOSTILE: [&str; 10] = [
    "*",
    "*)(objectClass=*",
    "alice)(|(cn=*",
    "alice\\2a",
    "alice\0",
    "' OR '1'='1",
    "'; DROP TABLE people; --",
    "$1",
    "?1",
    "{0}",
];
