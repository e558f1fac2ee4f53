//! The built-in attribute store "Active Directory": `filter;attributes;domain\user` (CLAIM-RULES section 5.1), made into a
//! typed search and its answer into columns.
//!
//! The filter is parsed before parameters go in, and parameters go into parsed values only: a name with `*` or `)` in it
//! stays a name.

mod template;
mod values;

pub use template::{QueryTemplate, StoreQueryError};

use super::{StoreQuery, StoreRows};
use crate::directory::{DirectoryQuery, Entry};
use crate::text::Text;

/// How rules name this store.
pub const NAME: &str = "Active Directory";

/// A store query made into one directory search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryQuestion {
    search: DirectoryQuery,
}

/// Reads a query of the "Active Directory" store with its parameters.
pub fn read_query(query: &StoreQuery) -> Result<DirectoryQuestion, StoreQueryError> {
    let read;
    let template = match &query.template {
        Some(template) => template.as_ref(),
        None => {
            read = QueryTemplate::parse(&query.query)?;
            read.check(query.types, query.params.len())?;
            &read
        }
    };
    if let Some(attribute) = template.unsupported_attribute() {
        return Err(StoreQueryError::UnsupportedAttribute { attribute: attribute.to_owned() });
    }
    Ok(DirectoryQuestion { search: template.fill(&query.params)? })
}

impl DirectoryQuestion {
    /// The search to make.
    pub fn search(&self) -> &DirectoryQuery {
        &self.search
    }

    /// One column per attribute, every value of every entry found. Columns are independent.
    pub fn columns(&self, entries: &[Entry]) -> StoreRows {
        let column = |attribute: &Text| {
            let texts = entries.iter().flat_map(|entry| entry.values(attribute));
            texts.map(|value| values::text(attribute, value)).collect()
        };
        StoreRows::new(self.search.attributes.iter().map(column).collect())
    }
}

#[cfg(test)]
mod tests;
