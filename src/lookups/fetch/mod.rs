//! Fetches bytes for a sign-in: `http`, `https`, `ldap`, `ldaps` and, for the operator, `file`; bounded in time, size and
//! redirects, and only from where the address policy allows. What is in the bytes is not looked at here.

mod address_policy;
mod address_range;
mod failure;
mod file;
mod ldap;
mod place;
mod resolver;
mod web;

pub use address_policy::{AddressPolicy, Forbidden, HostRule};
pub use address_range::AddressRange;
pub use failure::FetchFailure;

use crate::clock::{Clock, Stopwatch};
use crate::revocation::UrlSource;
use place::Place;
use std::sync::Arc;
use std::time::Duration;
use web::Web;

/// The limits of one fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// For the whole, connecting and redirects included.
    pub timeout: Duration,
    /// Largest body.
    pub maximum_bytes: usize,
}

/// Why a fetcher cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetcherError {
    /// The file of authorities for web servers cannot be used.
    #[error("it cannot be used: {0}")]
    Authorities(String),
    /// TLS does not work on this machine.
    #[error("TLS cannot be used: {0}")]
    Tls(String),
}

/// Fetches. Cheap to clone; share one for the whole process.
#[derive(Debug, Clone)]
pub struct Fetcher {
    web: Arc<Web>,
    limits: FetchLimits,
}

/// What a server said of a body, so that it need not send the same one again (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The entity tag as sent.
    pub etag: Option<String>,
    /// `Last-Modified` as sent.
    pub last_modified: Option<String>,
}

/// A question to a web server.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// Media type of the body.
    pub content_type: &'a str,
    /// Media type of the answer.
    pub accept: &'a str,
    /// What is sent.
    pub body: &'a [u8],
}

/// What a fetch brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The body; `None` when the server says that the one known is still right (304).
    pub body: Option<Vec<u8>>,
    /// How it came.
    pub facts: FetchFacts,
}

/// How a body came; evidence for the operator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FetchFacts {
    /// The HTTP status; `None` for files and directories.
    pub status: Option<u16>,
    /// Bytes of the body.
    pub bytes: usize,
    /// From the question to the last byte.
    pub took: Duration,
    /// Media type as the server calls it.
    pub content_type: Option<String>,
    /// The addresses that the first one redirected to, in order.
    pub redirects: Vec<String>,
    /// The address connected to.
    pub server: Option<std::net::SocketAddr>,
    /// For the next question.
    pub validators: Validators,
}

impl Fetcher {
    /// A fetcher. `authorities` is PEM of the only authorities believed for a web server's certificate; `None` means the
    /// machine's. They authenticate servers and never a user.
    ///
    /// # Errors
    /// When the authorities or TLS cannot be used.
    pub fn new(limits: FetchLimits, policy: AddressPolicy, authorities: Option<&[u8]>) -> Result<Self, FetcherError> {
        Ok(Self { web: Arc::new(Web::new(policy, authorities)?), limits })
    }

    /// The same for bodies of at most this many bytes.
    pub fn limited_to(&self, maximum_bytes: usize) -> Self {
        Self { web: Arc::clone(&self.web), limits: FetchLimits { maximum_bytes, ..self.limits } }
    }

    /// The limits.
    pub fn limits(&self) -> FetchLimits {
        self.limits
    }

    /// The bytes at `url`. With `known` the server may answer that nothing has changed.
    ///
    /// # Errors
    /// Why there are none.
    pub async fn get(&self, url: &str, source: UrlSource, known: Option<&Validators>) -> Result<Fetched, FetchFailure> {
        self.get_noting(url, source, known, &mut Vec::new()).await
    }

    /// As [`Self::get`]; the addresses it is redirected to are noted even when nothing comes of them.
    ///
    /// # Errors
    /// Why there are no bytes.
    pub async fn get_noting(
        &self,
        url: &str,
        source: UrlSource,
        known: Option<&Validators>,
        redirects: &mut Vec<String>,
    ) -> Result<Fetched, FetchFailure> {
        let place = Place::recognise(url, source)?;
        let watch = Clock::System.stopwatch();
        let maximum = self.limits.maximum_bytes;
        let whole = async {
            match place {
                Place::Web(url) => self.web.get(url, source, known, maximum, redirects).await,
                Place::File(path) => file::read(&path, maximum).await.map(plain),
                Place::Directory(at) => ldap::read(&at, &self.web, source, maximum).await.map(plain),
            }
        };
        self.in_time(watch, whole).await
    }

    /// The answer of the web server at `url` to `post`. It is not redirected.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn post(&self, url: &str, source: UrlSource, post: Post<'_>) -> Result<Fetched, FetchFailure> {
        let Place::Web(url) = Place::recognise(url, source)? else {
            return Err(FetchFailure::UnsupportedScheme("only http:// and https:// servers are asked"));
        };
        let watch = Clock::System.stopwatch();
        self.in_time(watch, self.web.post(url, source, post, self.limits.maximum_bytes)).await
    }

    async fn in_time(
        &self,
        watch: Stopwatch,
        whole: impl Future<Output = Result<Fetched, FetchFailure>>,
    ) -> Result<Fetched, FetchFailure> {
        match tokio::time::timeout(self.limits.timeout, whole).await {
            Ok(outcome) => outcome.map(|mut fetched| {
                fetched.facts.took = watch.elapsed();
                fetched
            }),
            Err(_) => Err(FetchFailure::TimedOut(self.limits.timeout.as_secs())),
        }
    }
}

fn plain(body: Vec<u8>) -> Fetched {
    Fetched { facts: FetchFacts { bytes: body.len(), ..FetchFacts::default() }, body: Some(body) }
}

#[cfg(test)]
mod tests;
