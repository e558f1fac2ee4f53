//! One address asked once, with what it cost: for `fedgate verify` and `fedgate trust lint`, which report every address. A
//! running gateway asks through [`super::CrlSource`] instead.

use super::fetch::Fetcher;
use crate::clock::Clock;
use crate::revocation::{CrlFailure, UrlSource};
use std::time::Duration;

/// What came of asking one address.
#[derive(Debug)]
pub struct Probe {
    /// The address.
    pub url: String,
    /// Who named it.
    pub source: UrlSource,
    /// From the first packet to the last byte, or to the failure.
    pub took: Duration,
    /// What was answered.
    pub answer: Result<Vec<u8>, CrlFailure>,
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
    pub async fn ask(&self, url: &str, source: UrlSource) -> Probe {
        let stopwatch = self.clock.stopwatch();
        let answer = self.fetcher.get(url, source, None).await;
        let answer = answer.map(|fetched| fetched.body.unwrap_or_default()).map_err(|failure| failure.of_crl(url));
        Probe { url: url.to_owned(), source, took: stopwatch.elapsed(), answer }
    }
}
