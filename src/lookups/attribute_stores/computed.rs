//! Stores that ask nobody.

use super::AttributeStore;
use crate::claims::stores::opaque_id::{self, FarmSecret};
use crate::claims::stores::{StoreFailure, StoreQuestion, password_expiry, proxy_credential, string_processing};
use async_trait::async_trait;

/// A store whose answer is computed from the question.
#[derive(Debug, Clone)]
pub enum ComputedStore {
    /// `_OpaqueIdStore`.
    OpaqueId(FarmSecret),
    /// `_PasswordExpiryStore`.
    PasswordExpiry {
        /// Where people change their password.
        change_url: Option<String>,
    },
    /// `_ProxyCredentialStore`.
    ProxyCredential,
    /// Upper and lower case, base64.
    StringProcessing,
}

impl ComputedStore {
    fn types(&self) -> Option<usize> {
        match self {
            Self::OpaqueId(_) | Self::ProxyCredential => Some(1),
            Self::PasswordExpiry { .. } => Some(3),
            Self::StringProcessing => None,
        }
    }
}

#[async_trait]
impl AttributeStore for ComputedStore {
    fn check(&self, query: &str, types: usize, params: usize) -> Result<(), String> {
        match self {
            Self::StringProcessing => return string_processing::check(query, types, params).map(|_| ()),
            Self::ProxyCredential if !proxy_credential::is_known(query) => {
                return Err("it is none of this store's questions".to_owned());
            }
            _ => {}
        }
        match self.types() {
            Some(expected) if expected != types => {
                Err(format!("the store answers {expected} values for {types} claim types"))
            }
            _ => Ok(()),
        }
    }

    async fn answer(&self, question: StoreQuestion<'_>) -> Result<Vec<Vec<String>>, StoreFailure> {
        match self {
            Self::OpaqueId(secret) => Ok(vec![vec![opaque_id::answer(&question, secret)?]]),
            Self::PasswordExpiry { change_url } => {
                let columns = password_expiry::answer(&question, change_url.as_deref())?;
                Ok(columns.into_iter().map(|value| value.into_iter().collect()).collect())
            }
            Self::ProxyCredential => match proxy_credential::is_known(&question.query.query) {
                true => Ok(vec![Vec::new()]),
                false => Err(StoreFailure::Query { reason: "it is none of this store's questions".to_owned() }),
            },
            Self::StringProcessing => {
                Ok(string_processing::answer(&question)?.into_iter().map(|value| vec![value]).collect())
            }
        }
    }
}
