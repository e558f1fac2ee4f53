//! One address asked once, with what it cost: for `fedgate verify` and `fedgate trust lint`, which report every address. A
//! running gateway asks through [`super::CrlSource`] instead.

use super::CrlLimits;
use super::crl_fetch::{self, FetchLimits};
use crate::clock::Clock;
use crate::revocation::{CrlFailure, UrlSource};
use reqwest::Client;
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
    client: Client,
    limits: FetchLimits,
    clock: Clock,
}

impl Prober {
    /// With these limits; the clock only measures.
    pub fn new(limits: CrlLimits, clock: Clock) -> Self {
        let CrlLimits { fetch_timeout: timeout, maximum_bytes, .. } = limits;
        Self { client: crl_fetch::client(), limits: FetchLimits { timeout, maximum_bytes }, clock }
    }

    /// Asks one address once.
    pub async fn ask(&self, url: &str, source: UrlSource) -> Probe {
        let stopwatch = self.clock.stopwatch();
        let answer = crl_fetch::fetch(&self.client, url, source, self.limits).await;
        Probe { url: url.to_owned(), source, took: stopwatch.elapsed(), answer }
    }
}
