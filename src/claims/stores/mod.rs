//! Attribute stores, as far as they need no connection: what questions and answers look like, how queries are read, and
//! the stores that only compute.

mod failure;
mod ldap_query;
pub mod opaque_id;
pub mod password_expiry;
pub mod placeholders;
pub mod proxy_credential;
mod sql_query;
pub mod string_processing;
#[cfg(test)]
mod testing;
mod used;

pub use failure::StoreFailure;
pub use ldap_query::{LdapQuery, LdapQueryError};
pub use sql_query::{SqlDialect, SqlQuery, SqlQueryError};
pub use used::{StoreUse, uses};

use super::StoreQuery;
use jiff::Timestamp;

/// A question of a rule, and what the sign-in it belongs to is about.
#[derive(Debug, Clone, Copy)]
pub struct StoreQuestion<'q> {
    /// What the rule asks.
    pub query: &'q StoreQuery,
    /// The moment of the sign-in.
    pub at: Timestamp,
    /// The first identifier of the relying party trust that the sign-in is for.
    pub relying_party: &'q str,
}

impl StoreQuestion<'_> {
    /// The parameters put into the parts of a query like `{0};{1}`, which only lists what it is about.
    pub(in crate::claims) fn listed(&self) -> Result<Vec<String>, StoreFailure> {
        let parts = self.query.query.split(';').map(str::trim).filter(|part| !part.is_empty());
        let fill = |part: &str| placeholders::fill(part.as_bytes(), &self.query.params);
        let filled: Result<Vec<Vec<u8>>, _> = parts.map(fill).collect();
        Ok(filled?.into_iter().map(|part| String::from_utf8_lossy(&part).into_owned()).collect())
    }
}
