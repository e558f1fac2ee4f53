//! Why an attribute store gave no answer. Every one of these ends the sign-in: a rule that asks may be the one that denies.

use crate::directory::DirectoryFailure;

/// A question without an answer. `server` is what the operator configured, never a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreFailure {
    /// No store of this name is configured.
    #[error("no attribute store has this name")]
    Unknown,
    /// The query cannot be asked.
    #[error("{reason}")]
    Query {
        /// Why.
        reason: String,
    },
    /// No connection, or it broke.
    #[error("{server} cannot be reached: {detail}")]
    Unreachable {
        /// The configured server or file.
        server: String,
        /// What the attempt said.
        detail: String,
    },
    /// Connected, but no answer within the configured time.
    #[error("{server} did not answer within {seconds} s")]
    TimedOut {
        /// The configured server or file.
        server: String,
        /// The limit that ran out.
        seconds: u64,
    },
    /// The gateway's own login was refused.
    #[error("{server} refused the gateway's login: {detail}")]
    LoginRefused {
        /// The configured server.
        server: String,
        /// What it said.
        detail: String,
    },
    /// The store refused this query.
    #[error("{server} refused the query: {detail}")]
    Rejected {
        /// The configured server or file.
        server: String,
        /// What it said.
        detail: String,
    },
    /// More rows, entries or groups than one question may bring.
    #[error("{server} has more than {limit} answers")]
    TooMany {
        /// The configured server or file.
        server: String,
        /// The limit.
        limit: u32,
    },
    /// Every connection is in use and none came free in time.
    #[error("no connection to {server} came free within {seconds} s")]
    Busy {
        /// The configured server or file.
        server: String,
        /// The limit that ran out.
        seconds: u64,
    },
    /// There was an answer, and no claim can be made of it.
    #[error("{reason}")]
    Unusable {
        /// Why.
        reason: String,
    },
}

impl From<DirectoryFailure> for StoreFailure {
    fn from(failure: DirectoryFailure) -> Self {
        match failure {
            DirectoryFailure::Unreachable { server, detail } => Self::Unreachable { server, detail },
            DirectoryFailure::TimedOut { server, seconds } => Self::TimedOut { server, seconds },
            DirectoryFailure::BindRefused { server, detail } => Self::LoginRefused { server, detail },
            DirectoryFailure::Rejected { server, code, detail } => {
                Self::Rejected { server, detail: format!("result code {code}: {detail}") }
            }
            DirectoryFailure::TooManyEntries { server, limit } => Self::TooMany { server, limit },
            DirectoryFailure::Busy { server, seconds } => Self::Busy { server, seconds },
        }
    }
}

impl From<super::placeholders::PlaceholderError> for StoreFailure {
    fn from(error: super::placeholders::PlaceholderError) -> Self {
        Self::Query { reason: error.to_string() }
    }
}
