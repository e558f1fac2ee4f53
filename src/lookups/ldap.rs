//! A directory server over LDAP: a bounded pool of bound connections that survives whatever the server does.
//!
//! ldap3 has no pool, no reconnect and no default timeout; a frozen server would hang a sign-in for ever. Here every step
//! has a limit, a connection that failed is thrown away, and a connection found dead is replaced once before the search
//! is given up, so that a restarted server costs nobody a sign-in.

use super::Directory;
use super::ldap_connection::{Connector, Link};
use crate::directory::{Dialect, DirectoryFailure, DirectoryQuery, Entry};
use async_trait::async_trait;
use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, TimeoutType};
use std::time::Duration;
use url::Url;

/// How to reach and use a server.
#[derive(Clone)]
pub struct LdapSettings {
    /// `ldaps://…` or `ldap://…`.
    pub url: String,
    /// Upgrade an `ldap://` connection before anything else is said.
    pub start_tls: bool,
    /// PEM of the only authorities believed for the server's certificate; `None` means the machine's.
    pub ca_certificate: Option<Vec<u8>>,
    /// Who binds, and the password; anonymous without.
    pub bind: Option<(String, String)>,
    /// Below which entry to search.
    pub base_dn: String,
    /// Which kind of server.
    pub dialect: Dialect,
    /// Connections, and so searches at once.
    pub connections: usize,
    /// For connecting, TLS and bind together.
    pub connect_timeout: Duration,
    /// For one search, and for waiting until a connection is free.
    pub operation_timeout: Duration,
    /// Most entries one search may return.
    pub maximum_entries: u32,
}

/// Without the password.
impl std::fmt::Debug for LdapSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LdapSettings").field("url", &self.url).field("base_dn", &self.base_dn).finish_non_exhaustive()
    }
}

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LdapSettingsError {
    /// Not an LDAP URL.
    #[error("the directory URL {0:?} is not ldap:// or ldaps://")]
    Url(String),
    /// Passwords and entries would cross a network in the clear.
    #[error("the directory URL {0:?} is plain LDAP to another machine; use ldaps:// or StartTLS")]
    Plain(String),
    /// RFC 4513 section 5.1.2: a server takes a bind with a name and no password for anonymous and says yes.
    #[error("the bind password is empty")]
    EmptyPassword,
    /// The authority's certificate cannot be used.
    #[error("the directory's authority certificate cannot be used: {0}")]
    Authority(String),
}

/// A pooled LDAP directory. Connections are made when first needed, so that the gateway starts while the server is down.
pub struct LdapDirectory {
    pool: Pool<Links>,
    settings: LdapSettings,
}

impl LdapDirectory {
    /// Checks the settings and prepares the pool. Nothing is connected yet.
    ///
    /// # Errors
    /// When the settings are unsafe or unusable.
    pub fn new(settings: LdapSettings) -> Result<Self, LdapSettingsError> {
        check(&settings)?;
        let links = Links { connector: Connector::new(settings.clone())? };
        let pool = Pool::builder(links)
            .max_size(settings.connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(settings.operation_timeout))
            .build()
            .map_err(|error| LdapSettingsError::Authority(error.to_string()))?;
        Ok(Self { pool, settings })
    }

    async fn link(&self) -> Result<Object<Links>, DirectoryFailure> {
        let busy = || DirectoryFailure::Busy {
            server: self.settings.url.clone(),
            seconds: self.settings.operation_timeout.as_secs(),
        };
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(failure) => failure,
            PoolError::Timeout(TimeoutType::Wait) => busy(),
            other => DirectoryFailure::Unreachable { server: self.settings.url.clone(), detail: other.to_string() },
        })
    }

    /// One search on one connection. A connection that broke or timed out does not go back into the pool.
    async fn search_once(&self, query: &DirectoryQuery) -> (bool, Result<Vec<Entry>, DirectoryFailure>) {
        let mut link = match self.link().await {
            Ok(link) => link,
            Err(failure) => return (false, Err(failure)),
        };
        let reused = Object::metrics(&link).recycle_count > 0;
        let answer = link.search(query, &self.settings).await;
        if matches!(answer, Err(DirectoryFailure::Unreachable { .. } | DirectoryFailure::TimedOut { .. })) {
            drop(Object::take(link));
        }
        (reused, answer)
    }
}

#[async_trait]
impl Directory for LdapDirectory {
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure> {
        // Each pooled connection may have died unnoticed with the server: try as many as there are, then a fresh one.
        for _ in 0..=self.settings.connections {
            match self.search_once(query).await {
                (true, Err(DirectoryFailure::Unreachable { .. })) => {}
                (_, answer) => return answer,
            }
        }
        self.search_once(query).await.1
    }

    fn describe(&self) -> String {
        format!("{} below {}", self.settings.url, self.settings.base_dn)
    }
}

fn check(settings: &LdapSettings) -> Result<(), LdapSettingsError> {
    let url = Url::parse(&settings.url).map_err(|_| LdapSettingsError::Url(settings.url.clone()))?;
    match url.scheme() {
        "ldaps" => {}
        "ldap" if settings.start_tls || is_loopback(&url) => {}
        "ldap" => return Err(LdapSettingsError::Plain(settings.url.clone())),
        _ => return Err(LdapSettingsError::Url(settings.url.clone())),
    }
    match &settings.bind {
        Some((_, password)) if password.is_empty() => Err(LdapSettingsError::EmptyPassword),
        _ => Ok(()),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Makes connections for the pool and sorts out dead ones.
struct Links {
    connector: Connector,
}

impl Manager for Links {
    type Type = Link;
    type Error = DirectoryFailure;

    async fn create(&self) -> Result<Link, DirectoryFailure> {
        self.connector.connect().await
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<DirectoryFailure> {
        if link.is_closed() { Err(RecycleError::message("the server closed the connection")) } else { Ok(()) }
    }
}
