//! Attribute stores: what a rule's `store = "…"` stands for. A store that gives no answer ends the sign-in, each reason with
//! an outcome of its own.

mod active_directory;
mod computed;
mod ldap;
mod postgres;
mod postgres_connection;
mod sqlite;

pub use active_directory::{ActiveDirectoryStore, WindowsDomain};
pub use computed::ComputedStore;
pub use ldap::LdapStore;
pub use postgres::{PostgresSettings, PostgresSettingsError, PostgresStore};
pub use sqlite::{SqliteSettings, SqliteStore};

use crate::claims::StoreRows;
use crate::claims::stores::{StoreFailure, StoreQuestion, StoreUse, opaque_id, password_expiry, proxy_credential};
use crate::clock::Clock;
use async_trait::async_trait;
use std::sync::Arc;

/// Something rules can ask.
#[async_trait]
pub trait AttributeStore: Send + Sync {
    /// Whether a query that a rule writes out can be asked at all. Touches nothing.
    ///
    /// # Errors
    /// What is wrong, as a clause.
    fn check(&self, query: &str, types: usize, params: usize) -> Result<(), String>;

    /// One column for each claim type.
    ///
    /// # Errors
    /// When there is no answer.
    async fn answer(&self, question: StoreQuestion<'_>) -> Result<Vec<Vec<String>>, StoreFailure>;
}

/// Every store by its name.
pub struct AttributeStores {
    stores: Vec<(String, Arc<dyn AttributeStore>)>,
}

impl AttributeStores {
    /// The stores that need no configuration. `_OpaqueIdStore` is not among them: it needs a secret.
    pub fn built_in() -> Self {
        let mut stores = Self { stores: Vec::new() };
        stores.put(password_expiry::NAME, Arc::new(ComputedStore::PasswordExpiry { change_url: None }));
        stores.put(proxy_credential::NAME, Arc::new(ComputedStore::ProxyCredential));
        stores
    }

    /// Adds a store. One that has the name already is replaced.
    pub fn put(&mut self, name: impl Into<String>, store: Arc<dyn AttributeStore>) {
        let name = name.into();
        self.stores.retain(|(known, _)| *known != name);
        // The one most rules ask is found first.
        self.stores.insert(0, (name, store));
    }

    fn named(&self, name: &str) -> Option<&Arc<dyn AttributeStore>> {
        self.stores.iter().find(|(known, _)| known == name).map(|(_, store)| store)
    }

    /// Whether what a rule writes can be asked.
    ///
    /// # Errors
    /// What is wrong, as a sentence, and the cure.
    pub fn check(&self, asked: &StoreUse<'_>) -> Result<(), (String, String)> {
        let Some(name) = asked.store else { return Ok(()) };
        let rule = asked.rule;
        let Some(store) = self.named(name) else {
            return Err((
                format!("{rule} asks the attribute store {name:?}, which is not configured"),
                self.cure(name),
            ));
        };
        let Some(query) = asked.query else { return Ok(()) };
        store.check(query, asked.types, asked.params).map_err(|reason| {
            (format!("{rule} asks {name:?} for {query:?}, which cannot be asked: {reason}"), "Correct the rule.".into())
        })
    }

    fn cure(&self, name: &str) -> String {
        if name == opaque_id::NAME {
            let section = "[[attribute_store]] section with name = \"_OpaqueIdStore\", kind = \"opaque-id\"";
            return format!("It needs a secret of the farm: add an {section} and secret_file.");
        }
        let meant = self.stores.iter().find(|(known, _)| known.trim().eq_ignore_ascii_case(name.trim()));
        match meant {
            Some((known, _)) => format!("Write {known:?} as it is configured: case and blanks count."),
            None => "Add an [[attribute_store]] section of this name, or correct the rule.".to_owned(),
        }
    }

    /// Asks, and measures.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask(&self, question: StoreQuestion<'_>) -> Result<StoreRows, StoreFailure> {
        let store = self.named(&question.query.store).ok_or(StoreFailure::Unknown)?;
        let stopwatch = Clock::System.stopwatch();
        let columns = store.answer(question).await?;
        if columns.len() != question.query.types {
            let (found, types) = (columns.len(), question.query.types);
            let reason = format!("the answer has {found} columns for {types} claim types");
            return Err(StoreFailure::Unusable { reason });
        }
        Ok(StoreRows { columns: columns.into(), took: stopwatch.elapsed() })
    }
}
