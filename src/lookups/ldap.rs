//! A directory server over LDAP: a bounded pool of bound connections that survives whatever the server does.
//!
//! ldap3 has no pool, no reconnect and no default timeout; a frozen server would hang a sign-in for ever. Here one limit
//! holds for a search as a whole (waiting for a connection, making it, asking, asking again), a connection that failed is
//! thrown away, and connections found dead are replaced before the search is given up, so that a restarted server costs
//! nobody a sign-in.

use super::Directory;
use super::ldap_connection::{Connector, Link};
use crate::clock::{Clock, Stopwatch};
use crate::directory::{Dialect, DirectoryFailure, DirectoryQuery, Entry, Password, PasswordAnswer};
use async_trait::async_trait;
use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts,
};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
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
    /// For one search as a whole: waiting for a connection and making one count.
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
    /// As many as the pool has. Waiting for one is done here and not in the pool, which would count the time for a connection
    /// anew when the waiting is over.
    places: Semaphore,
    /// As many again for passwords: each is tried on a connection of its own, and people who wait for a slow bind do not keep
    /// those waiting who sign in with a certificate.
    bindings: Semaphore,
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
        let places = settings.connections.max(1);
        let pool = Pool::builder(links)
            .max_size(places)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| LdapSettingsError::Authority(error.to_string()))?;
        Ok(Self { pool, places: Semaphore::new(places), bindings: Semaphore::new(places), settings })
    }

    /// A place among the connections. It is the holder's turn to ask.
    async fn place<'a>(
        &self,
        places: &'a Semaphore,
        deadline: Deadline,
    ) -> Result<SemaphorePermit<'a>, DirectoryFailure> {
        match tokio::time::timeout(deadline.left(), places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => {
                let (server, seconds) = (self.settings.url.clone(), self.settings.operation_timeout.as_secs());
                Err(DirectoryFailure::Busy { server, seconds })
            }
        }
    }

    async fn link(&self, deadline: Deadline) -> Result<Object<Links>, DirectoryFailure> {
        let (server, seconds) = (self.settings.url.clone(), self.settings.operation_timeout.as_secs());
        let left = Some(deadline.left());
        self.pool.timeout_get(&Timeouts { wait: left, create: left, recycle: left }).await.map_err(
            |error| match error {
                PoolError::Backend(failure) => failure,
                PoolError::Timeout(TimeoutType::Wait) => DirectoryFailure::Busy { server, seconds },
                PoolError::Timeout(_) => DirectoryFailure::TimedOut { server, seconds },
                other => DirectoryFailure::Unreachable { server, detail: other.to_string() },
            },
        )
    }

    /// One search on one connection, and whether the connection was used before. One that broke or timed out does not go
    /// back into the pool: its server may be gone without a word, and every later search on it would wait in vain.
    async fn search_once(
        &self,
        query: &DirectoryQuery,
        deadline: Deadline,
    ) -> (bool, Result<Vec<Entry>, DirectoryFailure>) {
        let _place = match self.place(&self.places, deadline).await {
            Ok(place) => place,
            Err(failure) => return (false, Err(failure)),
        };
        let mut link = match self.link(deadline).await {
            Ok(link) => link,
            Err(failure) => return (false, Err(failure)),
        };
        let reused = Object::metrics(&link).recycle_count > 0;
        let answer = link.search(query, &self.settings, deadline.left()).await;
        if matches!(answer, Err(DirectoryFailure::Unreachable { .. } | DirectoryFailure::TimedOut { .. })) {
            // Closed first, so that its place in the pool is free only when its socket is.
            link.close().await;
            drop(Object::take(link));
        }
        (reused, answer)
    }
}

/// When a search must have ended.
#[derive(Clone, Copy)]
struct Deadline {
    stopwatch: Stopwatch,
    limit: Duration,
}

impl Deadline {
    fn after(limit: Duration) -> Self {
        Self { stopwatch: Clock::System.stopwatch(), limit }
    }

    fn left(&self) -> Duration {
        self.limit.saturating_sub(self.stopwatch.elapsed())
    }
}

#[async_trait]
impl Directory for LdapDirectory {
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure> {
        let deadline = Deadline::after(self.settings.operation_timeout);
        // Each pooled connection may have died unnoticed with the server: try as many as there are, then a fresh one.
        for _ in 0..self.settings.connections {
            match self.search_once(query, deadline).await {
                (true, Err(DirectoryFailure::Unreachable { .. })) => {}
                (_, answer) => return answer,
            }
        }
        self.search_once(query, deadline).await.1
    }

    async fn check_password(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure> {
        let deadline = Deadline::after(self.settings.operation_timeout);
        let _place = self.place(&self.bindings, deadline).await?;
        let nobody = format!("CN=no account of this name,{}", self.settings.base_dn);
        let check = self.pool.manager().connector.check_password(account.unwrap_or(&nobody), password);
        match tokio::time::timeout(deadline.left(), check).await {
            Ok(answer) => answer,
            Err(_) => {
                let (server, seconds) = (self.settings.url.clone(), self.settings.operation_timeout.as_secs());
                Err(DirectoryFailure::TimedOut { server, seconds })
            }
        }
    }

    fn computes_token_groups(&self) -> bool {
        self.settings.dialect == Dialect::ActiveDirectory
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

    async fn recycle(&self, link: &mut Link, metrics: &Metrics) -> RecycleResult<DirectoryFailure> {
        if link.is_usable() && metrics.recycle_count < MOST_SEARCHES && metrics.last_used() < LONGEST_REST {
            return Ok(());
        }
        link.close().await;
        Err(RecycleError::message("the connection is worn out"))
    }
}

/// Searches on one connection. ldap3 0.12 remembers the number of every search for as long as the connection lives.
const MOST_SEARCHES: usize = 10_000;

/// How long a connection may lie unused. A firewall forgets an idle connection without telling either side, and the next
/// search on it would wait until its time is up.
const LONGEST_REST: Duration = Duration::from_secs(60);
