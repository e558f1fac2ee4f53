//! A directory that is not the domain's own, such as AD LDS or OpenLDAP.

use super::AttributeStore;
use crate::claims::active_directory_store::texts;
use crate::claims::stores::{LdapQuery, StoreFailure, StoreQuestion};
use crate::lookups::Directory;
use async_trait::async_trait;
use std::sync::Arc;

/// Answers `filter;attribute,…`.
pub struct LdapStore {
    directory: Arc<dyn Directory>,
}

impl LdapStore {
    /// Asks this directory.
    pub fn new(directory: Arc<dyn Directory>) -> Self {
        Self { directory }
    }
}

#[async_trait]
impl AttributeStore for LdapStore {
    fn check(&self, query: &str, types: usize, params: usize) -> Result<(), String> {
        LdapQuery::parse(query, types, params).map(|_| ()).map_err(|error| error.to_string())
    }

    async fn answer(&self, question: StoreQuestion<'_>) -> Result<Vec<Vec<String>>, StoreFailure> {
        let asked = question.query;
        let unreadable = |reason: String| StoreFailure::Query { reason };
        let query = LdapQuery::parse(&asked.query, asked.types, asked.params.len());
        let query = query.map_err(|error| unreadable(error.to_string()))?;
        let search = query.fill(&asked.params).map_err(|error| unreadable(error.to_string()))?;
        let entries = self.directory.search(&search).await?;
        Ok(query.attributes().iter().map(|attribute| texts(attribute, &entries)).collect())
    }
}
