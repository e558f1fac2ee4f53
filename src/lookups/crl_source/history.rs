//! What came of the last fetches of one address, for the operator: whether the publisher is on time shows only over several.

use super::state::{Brought, Held};
use crate::lookups::fetch::FetchFacts;
use crate::revocation::{CrlFailure, VerifiedCrl};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// How many fetches are remembered for each address.
const REMEMBERED: usize = 16;

/// Where a CRL was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrlOrigin {
    /// Its address.
    Address,
    /// The cache folder, where an earlier run of the gateway put it.
    CacheFolder,
}

/// What a fetch was good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchOutcome {
    /// A CRL in force that was not held before.
    New,
    /// The CRL held, which is in force, is still the one published.
    Unchanged,
    /// A genuine CRL that is not in force: expired, or not yet. It replaces none that is.
    NotInForce,
    /// No CRL.
    Failed(CrlFailure),
}

/// One fetch, as it is remembered.
#[derive(Debug, Clone)]
pub struct FetchRecord {
    /// When it ended.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Where from.
    pub origin: CrlOrigin,
    /// The HTTP status, when there was one.
    pub status: Option<u16>,
    /// Bytes that arrived.
    pub bytes: usize,
    /// Where the address redirected to, in order.
    pub redirects: Vec<String>,
    /// The CRL it brought or confirmed.
    pub crl: Option<CrlSummary>,
    /// What it was good for.
    pub outcome: FetchOutcome,
}

/// As much of a CRL as is remembered when another has replaced it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlSummary {
    /// Its number in decimal.
    pub number: Option<String>,
    /// When it was issued.
    pub this_update: Timestamp,
    /// By when the next one will be.
    pub next_update: Option<Timestamp>,
}

/// When the CRL held came, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrlArrival {
    /// When.
    pub at: Timestamp,
    /// From where.
    pub origin: CrlOrigin,
    /// Its size as it came.
    pub bytes: usize,
}

/// The last fetches, and what must be known beyond them.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) fetches: VecDeque<FetchRecord>,
    pub(super) arrival: Option<CrlArrival>,
    /// The last fetch from the address that brought or confirmed a CRL in force.
    pub(super) last_success: Option<Timestamp>,
}

impl History {
    /// Remembers a fetch; `held` is the CRL that is held after it.
    pub(super) fn add(&mut self, record: FetchRecord, held: Option<&Held>) {
        let (at, origin, bytes) = (record.at, record.origin, record.bytes);
        let brought = held.map(|held| CrlSummary::of(&held.crl)) == record.crl && record.crl.is_some();
        if bytes > 0 && brought && record.outcome != FetchOutcome::Unchanged {
            self.arrival = Some(CrlArrival { at, origin, bytes });
        }
        if origin == CrlOrigin::Address && matches!(record.outcome, FetchOutcome::New | FetchOutcome::Unchanged) {
            self.last_success = Some(at);
        }
        if self.fetches.len() == REMEMBERED {
            self.fetches.pop_front();
        }
        self.fetches.push_back(record);
    }
}

impl CrlSummary {
    fn of(crl: &VerifiedCrl) -> Self {
        let crl = crl.crl();
        let number = crl.number().map(ToString::to_string);
        Self { number, this_update: crl.this_update(), next_update: crl.next_update() }
    }
}

impl FetchRecord {
    /// The record of what an address answered while `held` was held.
    pub(super) fn of_fetch(
        facts: FetchFacts,
        fetched: &Result<Brought, CrlFailure>,
        held: Option<&Held>,
        at: Timestamp,
        took: Duration,
    ) -> Self {
        let before = held.map(|held| &held.crl);
        let crl = match fetched {
            Ok(Brought::Crl(crl, _)) => Some(crl),
            Ok(Brought::Unchanged) => before,
            Err(_) => None,
        };
        let outcome = match (fetched, crl) {
            (Err(failure), _) => FetchOutcome::Failed(failure.clone()),
            (Ok(_), Some(crl)) if !crl.is_current(at) => FetchOutcome::NotInForce,
            (Ok(_), crl) if crl.map(summary) == before.map(summary) => FetchOutcome::Unchanged,
            (Ok(_), _) => FetchOutcome::New,
        };
        let FetchFacts { status, bytes, redirects, .. } = facts;
        Self { at, took, origin: CrlOrigin::Address, status, bytes, redirects, crl: crl.map(summary), outcome }
    }

    /// The record of a CRL in force that the cache folder had.
    pub(super) fn of_cache(held: &Held, bytes: usize, at: Timestamp, took: Duration) -> Self {
        let crl = Some(CrlSummary::of(&held.crl));
        let (status, redirects, outcome) = (None, Vec::new(), FetchOutcome::New);
        Self { at, took, origin: CrlOrigin::CacheFolder, status, bytes, redirects, crl, outcome }
    }
}

fn summary(crl: &Arc<VerifiedCrl>) -> CrlSummary {
    CrlSummary::of(crl)
}
