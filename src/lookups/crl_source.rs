//! Where CRLs come from in a running gateway: fetched once, verified once, held until `nextUpdate`.
//!
//! A CRL in hand is read without a lock. Otherwise one task per address fetches, whoever else needs it waits for that
//! task, and a failure is remembered for a while: a frozen server costs one timeout, not one per sign-in.

use super::crl_fetch::{self, FetchLimits};
use crate::certificate::Certificate;
use crate::clock::Clock;
use crate::revocation::{
    CrlAnswer, CrlAttempt, CrlFailure, CrlUnavailable, CrlWanted, FoundCrl, FoundCrls, ReasonSet, UrlSource,
    VerifiedCrl,
};
use arc_swap::ArcSwap;
use jiff::Timestamp;
use reqwest::Client;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How many (address, issuer) pairs are held at once. A farm of authorities has a few dozen; an authority that writes a
/// new address into every certificate must not fill our memory.
const MAXIMUM_SLOTS: usize = 256;

/// The limits of fetching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrlLimits {
    /// For one whole fetch, connecting included.
    pub fetch_timeout: Duration,
    /// For one CRL.
    pub maximum_bytes: usize,
    /// How long a failure is remembered before the address is tried again.
    pub retry_after: Duration,
}

/// The live source. Share one for the whole process.
#[derive(Debug)]
pub struct CrlSource {
    fetcher: Fetcher,
    clock: Clock,
    slots: ArcSwap<HashMap<SlotKey, Arc<Slot>>>,
}

type SlotKey = (String, [u8; 32]);

#[derive(Debug, Clone)]
struct Fetcher {
    client: Client,
    limits: CrlLimits,
}

/// Everything about one address and the issuer whose CRL it should have.
#[derive(Debug)]
struct Slot {
    url: String,
    source: UrlSource,
    issuer: Arc<Certificate>,
    state: ArcSwap<State>,
    fetching: Mutex<()>,
    fetches: AtomicU64,
    last_used: AtomicI64,
}

/// What a slot knows.
#[derive(Debug, Clone, Default)]
enum State {
    /// Never fetched.
    #[default]
    Untouched,
    /// The last fetch brought a genuine CRL.
    Fetched(Held),
    /// The last fetch failed; what an earlier one brought is kept.
    Failed { failure: CrlFailure, retry_at: Timestamp, held: Option<Held> },
}

/// A verified CRL and until when it is used without asking again.
#[derive(Debug, Clone)]
struct Held {
    crl: Arc<VerifiedCrl>,
    fresh_until: Timestamp,
}

type SlotAnswer = Result<Arc<VerifiedCrl>, Box<CrlAttempt>>;

impl CrlSource {
    /// A source that holds nothing yet.
    pub fn new(limits: CrlLimits, clock: Clock) -> Self {
        let fetcher = Fetcher { client: crl_fetch::client(), limits };
        Self { fetcher, clock, slots: ArcSwap::default() }
    }

    /// The CRLs in force for this certificate: from the first address that has one, or from several that together list
    /// every reason. When there is none, a genuine one that is out of date is still answered, so that the judgement can
    /// say so; otherwise every attempt is told.
    pub async fn answer(&self, wanted: &CrlWanted) -> CrlAnswer {
        self.answer_at(wanted, self.clock.now()).await
    }

    async fn answer_at(&self, wanted: &CrlWanted, now: Timestamp) -> CrlAnswer {
        let mut attempts: Vec<CrlAttempt> = Vec::new();
        let (mut found, mut covered, mut out_of_date) = (Vec::new(), ReasonSet::NONE, None);
        for url in &wanted.urls {
            match self.slot(url, wanted, now).answer(&self.fetcher, now).await {
                Ok(crl) if crl.is_delta() => attempts.push(CrlFailure::DeltaAlone { url: url.clone() }.into()),
                Ok(crl) => match crl.covers(&wanted.certificate, wanted.configured_urls()) {
                    Ok(reasons) if crl.is_current(now) && covered.union(reasons) != covered => {
                        covered = covered.union(reasons);
                        found.push(self.with_delta(crl, wanted, now).await);
                    }
                    Ok(_) => out_of_date = out_of_date.or(Some(crl)),
                    Err(failure) => attempts.push(failure.into()),
                },
                Err(attempt) => attempts.push(*attempt),
            }
            if covered == ReasonSet::ALL {
                break;
            }
        }
        found.extend(out_of_date.filter(|_| covered != ReasonSet::ALL).map(FoundCrl::from));
        FoundCrls::new(found).ok_or_else(|| unavailable(attempts, wanted))
    }

    /// The CRL, and its delta when anybody names an address of one.
    async fn with_delta(&self, complete: Arc<VerifiedCrl>, wanted: &CrlWanted, now: Timestamp) -> FoundCrl {
        let Some(wanted) = wanted.delta_of(&complete) else { return complete.into() };
        let mut attempts = Vec::new();
        for url in &wanted.urls {
            match self.slot(url, &wanted, now).answer(&self.fetcher, now).await {
                Ok(delta) => return FoundCrl { complete, delta: Some(Ok(delta)) },
                Err(attempt) => attempts.push(*attempt),
            }
        }
        FoundCrl { complete, delta: Some(Err(unavailable(attempts, &wanted))) }
    }

    /// The slot of an address; a new one pushes out the one that was used least recently when all are taken.
    fn slot(&self, url: &str, wanted: &CrlWanted, now: Timestamp) -> Arc<Slot> {
        let key = (url.to_owned(), *wanted.issuer.fingerprint());
        if let Some(slot) = self.slots.load().get(&key) {
            slot.last_used.store(now.as_second(), Ordering::Relaxed);
            return Arc::clone(slot);
        }
        let new = Arc::new(Slot::new(url, wanted, now));
        self.slots.rcu(|slots| {
            let mut slots = HashMap::clone(slots);
            if slots.len() >= MAXIMUM_SLOTS && !slots.contains_key(&key) {
                let oldest = slots.iter().min_by_key(|(_, slot)| slot.last_used.load(Ordering::Relaxed));
                if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                    slots.remove(&oldest);
                }
            }
            slots.entry(key.clone()).or_insert_with(|| Arc::clone(&new));
            slots
        });
        self.slots.load().get(&key).map_or(new, Arc::clone)
    }
}

fn unavailable(mut attempts: Vec<CrlAttempt>, wanted: &CrlWanted) -> CrlUnavailable {
    match attempts.pop() {
        Some(last) => CrlUnavailable { last: Box::new(last), earlier: attempts },
        None => CrlFailure::NoUrl { issuer: wanted.issuer.subject().dotnet().to_owned() }.into(),
    }
}

impl Slot {
    fn new(url: &str, wanted: &CrlWanted, now: Timestamp) -> Self {
        Self {
            url: url.to_owned(),
            source: wanted.source,
            issuer: Arc::clone(&wanted.issuer),
            state: ArcSwap::default(),
            fetching: Mutex::new(()),
            fetches: AtomicU64::new(0),
            last_used: AtomicI64::new(now.as_second()),
        }
    }

    /// What is known, fetched first if need be. The fetch is a task of its own: a caller that goes away does not throw away
    /// what others wait for.
    async fn answer(self: Arc<Self>, fetcher: &Fetcher, now: Timestamp) -> SlotAnswer {
        let seen = self.fetches.load(Ordering::Acquire); // before the look, or a fetch that ends now would be repeated
        if let Some(known) = self.state.load().known(now) {
            return known;
        }
        let (url, fetcher) = (self.url.clone(), fetcher.clone());
        let state = tokio::spawn(async move { self.refresh(&fetcher, now, seen).await }).await;
        state.ok().and_then(|state| state.outcome(now)).unwrap_or_else(|| {
            let failure = CrlFailure::Unreachable { url, detail: "the fetch was abandoned".to_owned() };
            Err(Box::new(failure.into()))
        })
    }

    /// Fetches, unless another task has done so since `seen`; then its outcome is ours.
    async fn refresh(&self, fetcher: &Fetcher, now: Timestamp, seen: u64) -> Arc<State> {
        let _one_at_a_time = self.fetching.lock().await;
        let before = self.state.load_full();
        if self.fetches.load(Ordering::Acquire) != seen {
            return before;
        }
        let started = Instant::now();
        let fetched = self.fetch(fetcher, before.held()).await;
        let finished = later(now, started.elapsed());
        let after = Arc::new(before.after(fetched, finished, fetcher.limits.retry_after));
        after.log(&self.url);
        self.state.store(Arc::clone(&after));
        self.fetches.fetch_add(1, Ordering::Release);
        after
    }

    async fn fetch(&self, fetcher: &Fetcher, held: Option<&Held>) -> Result<Arc<VerifiedCrl>, CrlFailure> {
        let CrlLimits { fetch_timeout: timeout, maximum_bytes, .. } = fetcher.limits;
        let limits = FetchLimits { timeout, maximum_bytes };
        let bytes = crl_fetch::fetch(&fetcher.client, &self.url, self.source, limits).await?;
        let (url, issuer) = (self.url.clone(), Arc::clone(&self.issuer));
        let verified = tokio::task::spawn_blocking(move || VerifiedCrl::verify(&url, &bytes, &issuer)).await;
        let abandoned =
            |_| CrlFailure::Unreachable { url: self.url.clone(), detail: "the check was abandoned".to_owned() };
        let crl = verified.map_err(abandoned)??;
        if let Some(held) = held {
            refuse_older(&held.crl, &crl)?;
        }
        Ok(Arc::new(crl))
    }
}

/// A CRL that was replaced may be replayed by whoever sits on the way (http is not protected): the number must not fall.
fn refuse_older(held: &VerifiedCrl, offered: &VerifiedCrl) -> Result<(), CrlFailure> {
    let rolled_back = |held: String, offered_is: String| {
        Err(CrlFailure::RolledBack { url: offered.url().to_owned(), held, offered: offered_is })
    };
    match (held.crl().number(), offered.crl().number()) {
        (Some(known), Some(new)) if new < known => rolled_back(known.to_string(), new.to_string()),
        (Some(known), None) => rolled_back(known.to_string(), "none".to_owned()),
        (None, None) if offered.crl().this_update() < held.crl().this_update() => {
            rolled_back(held.crl().this_update().to_string(), offered.crl().this_update().to_string())
        }
        _ => Ok(()),
    }
}

impl State {
    fn held(&self) -> Option<&Held> {
        match self {
            Self::Untouched => None,
            Self::Fetched(held) => Some(held),
            Self::Failed { held, .. } => held.as_ref(),
        }
    }

    /// An answer that needs no fetch: a fresh CRL, or a failure that is remembered.
    fn known(&self, now: Timestamp) -> Option<SlotAnswer> {
        match self {
            Self::Fetched(held) if now < held.fresh_until => Some(Ok(Arc::clone(&held.crl))),
            Self::Failed { retry_at, .. } if now < *retry_at => self.outcome(now),
            _ => None,
        }
    }

    /// What the last fetch means. After a failure a CRL from before serves as long as it has not expired; an expired one
    /// is only mentioned, so that the failure to replace it is what is told.
    fn outcome(&self, now: Timestamp) -> Option<SlotAnswer> {
        match self {
            Self::Untouched => None,
            Self::Fetched(held) => Some(Ok(Arc::clone(&held.crl))),
            Self::Failed { held: Some(held), .. } if !held.crl.has_expired(now) => Some(Ok(Arc::clone(&held.crl))),
            Self::Failed { failure, retry_at, held } => Some(Err(Box::new(CrlAttempt {
                failure: failure.clone(),
                retry_at: Some(*retry_at),
                expired_copy: held.as_ref().and_then(|held| held.crl.crl().next_update()),
            }))),
        }
    }

    /// The state after a fetch. A CRL in force is asked for again when it expires, any other after `retry_after`.
    fn after(&self, fetched: Result<Arc<VerifiedCrl>, CrlFailure>, finished: Timestamp, retry_after: Duration) -> Self {
        let retry_at = later(finished, retry_after);
        match fetched {
            Ok(crl) => {
                let in_force = crl.crl().next_update().filter(|_| crl.is_current(finished));
                Self::Fetched(Held { crl, fresh_until: in_force.unwrap_or(retry_at) })
            }
            Err(failure) => Self::Failed { failure, retry_at, held: self.held().cloned() },
        }
    }

    /// Once per fetch, never per sign-in.
    fn log(&self, url: &str) {
        match self {
            Self::Untouched => {}
            Self::Failed { failure, retry_at, .. } => tracing::warn!(url, %failure, %retry_at, "no new CRL"),
            Self::Fetched(Held { crl, fresh_until }) => {
                let crl = crl.crl();
                let number = crl.number().map(ToString::to_string);
                tracing::info!(url, number, entries = crl.entries(), %fresh_until, was_pem = crl.was_pem(), "CRL fetched");
            }
        }
    }
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
