//! One address asked once, with what it cost: for `fedgate verify` and `fedgate trust lint`, which report every address. A
//! running gateway asks through [`super::CrlSource`] and [`super::OcspSource`] instead.

use super::fetch::{FetchFacts, FetchFailure, Fetched, Fetcher};
use super::ocsp_post::{OcspPost, of_ocsp};
use crate::clock::Clock;
use crate::revocation::ocsp::OcspFailure;
use crate::revocation::{CrlFailure, UrlSource};
use std::time::Duration;

/// What came of asking one address.
#[derive(Debug)]
pub struct Probe<F> {
    /// The address.
    pub url: String,
    /// Who named it.
    pub source: UrlSource,
    /// From the first packet to the last byte, or to the failure.
    pub took: Duration,
    /// The status of the last answer, if there was one over HTTP.
    pub http_status: Option<u16>,
    /// The addresses it redirected to, in order.
    pub redirects: Vec<String>,
    /// How the body came; absent when none did.
    pub facts: Option<FetchFacts>,
    /// What was answered.
    pub answer: Result<Vec<u8>, F>,
}

/// Asks, within the limits and by the rules that sign-ins are under.
#[derive(Debug)]
pub struct Prober {
    fetcher: Fetcher,
    clock: Clock,
}

impl Prober {
    /// With this fetcher; the clock only measures.
    pub fn new(fetcher: Fetcher, clock: Clock) -> Self {
        Self { fetcher, clock }
    }

    /// Asks one address once.
    pub async fn ask(&self, url: &str, source: UrlSource) -> Probe<CrlFailure> {
        let (stopwatch, mut redirects) = (self.clock.stopwatch(), Vec::new());
        let answer = self.fetcher.get_noting(url, source, None, &mut redirects).await;
        let probe = Probe::of(url, source, stopwatch.elapsed(), answer, |failure| failure.of_crl(url));
        Probe { redirects, ..probe }
    }

    /// Posts one OCSP request.
    pub async fn ask_responder(&self, url: &str, source: UrlSource, request: &[u8]) -> Probe<OcspFailure> {
        let stopwatch = self.clock.stopwatch();
        let answer = OcspPost::new(&self.fetcher).post(url, source, request).await;
        Probe::of(url, source, stopwatch.elapsed(), answer, |failure| of_ocsp(failure, url.to_owned()))
    }
}

impl<F> Probe<F> {
    fn of(
        url: &str,
        source: UrlSource,
        took: Duration,
        answer: Result<Fetched, FetchFailure>,
        said: impl FnOnce(FetchFailure) -> F,
    ) -> Self {
        let http_status = match &answer {
            Ok(fetched) => fetched.facts.status,
            Err(FetchFailure::HttpStatus(status)) => Some(*status),
            Err(_) => None,
        };
        let (facts, answer) = match answer {
            Ok(Fetched { body, facts }) => (Some(facts), Ok(body.unwrap_or_default())),
            Err(failure) => (None, Err(said(failure))),
        };
        Self { url: url.to_owned(), source, took, http_status, redirects: Vec::new(), facts, answer }
    }
}
