//! The attribute store "Active Directory": `filter;attributes;domain\user` (CLAIM-RULES section 5.1), made into a typed
//! search and its answer into columns.
//!
//! The filter is parsed before parameters go in, and parameters go into parsed values only: a name with `*` or `)` in it
//! stays a name.

mod column;
mod template;
mod values;

pub use column::{Column, GroupForm};
pub use template::{QueryTemplate, StoreQueryError};
pub(in crate::claims) use template::{attribute_name, fill_filter};

use super::StoreQuery;
use crate::directory::{DirectoryQuery, Entry};
use std::sync::Arc;

/// How rules name this store.
pub const NAME: &str = "Active Directory";

/// A store query made into one directory search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryQuestion {
    search: DirectoryQuery,
    columns: Arc<[Column]>,
    domain: Option<Domain>,
}

/// The domain of `DOMAIN\user`, by its short or its DNS name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(String);

impl Domain {
    /// As the query has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a query of the "Active Directory" store with its parameters.
pub fn read_query(query: &StoreQuery) -> Result<DirectoryQuestion, StoreQueryError> {
    match &query.template {
        Some(template) => template.fill(&query.params),
        None => {
            let template = QueryTemplate::parse(&query.query)?;
            template.check(query.types, query.params.len())?;
            template.fill(&query.params)
        }
    }
}

impl DirectoryQuestion {
    /// The search to make.
    pub fn search(&self) -> &DirectoryQuery {
        &self.search
    }

    /// The same as a search of its own.
    pub fn into_search(self) -> DirectoryQuery {
        self.search
    }

    /// What the columns are made of.
    pub fn columns(&self) -> &Arc<[Column]> {
        &self.columns
    }

    /// The domain that is meant, if the query names one.
    pub fn domain(&self) -> Option<&Domain> {
        self.domain.as_ref()
    }
}

/// Every value of an attribute of every entry found, as claim text. A directory other than Active Directory does not keep
/// the name of an entry as an attribute too.
pub fn texts(attribute: &str, entries: &[Entry]) -> Vec<String> {
    let of_entry = |entry: &Entry| -> Vec<String> {
        match entry.values(attribute) {
            [] if attribute.eq_ignore_ascii_case("distinguishedName") => vec![entry.dn.clone()],
            values => values.iter().map(|value| values::text(attribute, value)).collect(),
        }
    };
    entries.iter().flat_map(of_entry).collect()
}

#[cfg(test)]
mod tests;
