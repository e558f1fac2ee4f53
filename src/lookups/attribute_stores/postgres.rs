//! A PostgreSQL database, read and never written: a bounded pool of connections whose transactions are read-only.

use super::AttributeStore;
use super::postgres_connection::{Connector, Link};
use crate::claims::stores::{SqlDialect, SqlQuery, StoreFailure, StoreQuestion};
use async_trait::async_trait;
use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts,
};
use std::path::PathBuf;
use std::time::Duration;

/// How to reach and use a database.
#[derive(Clone)]
pub struct PostgresSettings {
    /// A name, an address, or the folder of a Unix socket.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The database.
    pub database: String,
    /// Who logs in.
    pub user: String,
    /// The password, where one is asked for.
    pub password: Option<String>,
    /// Whether the connection is TLS; without it only this machine is asked.
    pub tls: bool,
    /// PEM of the only authorities believed for the server's certificate; `None` means the machine's.
    pub ca_certificate: Option<Vec<u8>>,
    /// Connections, and so questions at once.
    pub connections: usize,
    /// For connecting, TLS and login together.
    pub connect_timeout: Duration,
    /// For one question, waiting for a connection included.
    pub query_timeout: Duration,
    /// Most rows of one answer.
    pub maximum_rows: u32,
}

/// Without the password.
impl std::fmt::Debug for PostgresSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresSettings").field("server", &self.server()).finish_non_exhaustive()
    }
}

impl PostgresSettings {
    pub(super) fn server(&self) -> String {
        let path = PathBuf::from(&self.host);
        if path.is_absolute() {
            format!("postgresql://{}/{}", self.host.replace('/', "%2F"), self.database)
        } else {
            format!("postgresql://{}:{}/{}", self.host, self.port, self.database)
        }
    }

    /// Whether what is said stays on this machine.
    fn is_local(&self) -> bool {
        let bare = self.host.trim_matches(['[', ']']);
        PathBuf::from(&self.host).is_absolute()
            || bare == "localhost"
            || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostgresSettingsError {
    /// Passwords and answers would cross a network in the clear.
    #[error("the database is on another machine and tls is false")]
    Plain,
    /// The authority's certificate cannot be used.
    #[error("the database's authority certificate cannot be used: {0}")]
    Authority(String),
}

/// Answers SQL.
pub struct PostgresStore {
    pool: Pool<Links>,
    settings: PostgresSettings,
}

impl PostgresStore {
    /// Checks the settings and prepares the pool. Nothing is connected yet.
    ///
    /// # Errors
    /// When the settings are unsafe or unusable.
    pub fn new(settings: PostgresSettings) -> Result<Self, PostgresSettingsError> {
        if !settings.tls && !settings.is_local() {
            return Err(PostgresSettingsError::Plain);
        }
        let links = Links { connector: Connector::new(settings.clone())? };
        let pool = Pool::builder(links)
            .max_size(settings.connections.max(1))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| PostgresSettingsError::Authority(error.to_string()))?;
        Ok(Self { pool, settings })
    }

    async fn link(&self) -> Result<Object<Links>, StoreFailure> {
        let (server, limit) = (self.settings.server(), self.settings.query_timeout);
        let seconds = limit.as_secs();
        let timeouts = Timeouts { wait: Some(limit), create: None, recycle: None };
        self.pool.timeout_get(&timeouts).await.map_err(|error| match error {
            PoolError::Backend(failure) => failure,
            PoolError::Timeout(TimeoutType::Wait) => StoreFailure::Busy { server, seconds },
            other => StoreFailure::Unreachable { server, detail: other.to_string() },
        })
    }

    /// One question on one connection, and whether the connection was used before. One that broke or timed out does not
    /// go back into the pool.
    async fn ask_once(&self, query: &SqlQuery, bound: &[&str]) -> (bool, Result<Vec<Vec<String>>, StoreFailure>) {
        let link = match self.link().await {
            Ok(link) => link,
            Err(failure) => return (false, Err(failure)),
        };
        let reused = Object::metrics(&link).recycle_count > 0;
        let answer = link.ask(&query.statement, bound, &self.settings).await;
        if matches!(answer, Err(StoreFailure::Unreachable { .. } | StoreFailure::TimedOut { .. })) {
            drop(Object::take(link));
        }
        (reused, answer)
    }
}

#[async_trait]
impl AttributeStore for PostgresStore {
    fn check(&self, query: &str, _: usize, params: usize) -> Result<(), String> {
        SqlQuery::parse(query, params, SqlDialect::PostgreSql).map(|_| ()).map_err(|error| error.to_string())
    }

    async fn answer(&self, question: StoreQuestion<'_>) -> Result<Vec<Vec<String>>, StoreFailure> {
        let asked = question.query;
        let query = SqlQuery::parse(&asked.query, asked.params.len(), SqlDialect::PostgreSql);
        let query = query.map_err(|error| StoreFailure::Query { reason: error.to_string() })?;
        let bound = query.bound(&asked.params)?;
        let asking = async {
            // Each pooled connection may have died unnoticed with the server: try as many as there are, then a fresh one.
            for _ in 0..self.settings.connections {
                match self.ask_once(&query, &bound).await {
                    (true, Err(StoreFailure::Unreachable { .. })) => {}
                    (_, answer) => return answer,
                }
            }
            self.ask_once(&query, &bound).await.1
        };
        let limit = self.settings.query_timeout;
        // The server's own limit comes first where it can; this one is for a server that says nothing at all.
        match tokio::time::timeout(limit + Duration::from_millis(250), asking).await {
            Ok(answer) => answer,
            Err(_) => Err(StoreFailure::TimedOut { server: self.settings.server(), seconds: limit.as_secs() }),
        }
    }
}

/// Makes connections for the pool and sorts out dead ones.
struct Links {
    connector: Connector,
}

impl Manager for Links {
    type Type = Link;
    type Error = StoreFailure;

    async fn create(&self) -> Result<Link, StoreFailure> {
        self.connector.connect().await
    }

    async fn recycle(&self, link: &mut Link, metrics: &Metrics) -> RecycleResult<StoreFailure> {
        if link.is_usable() && metrics.last_used() < LONGEST_REST {
            Ok(())
        } else {
            Err(RecycleError::message("the connection is worn out"))
        }
    }
}

/// A firewall forgets an idle connection without telling either side.
const LONGEST_REST: Duration = Duration::from_secs(60);
