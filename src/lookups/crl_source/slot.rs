//! One address and the issuer whose CRL it should have: its state, and the one task that changes it.

use super::disk::{DiskCache, Kept};
use super::downloads::Download;
use super::history::{CrlArrival, FetchRecord, History};
use super::state::{Brought, Held, Moment, State, refuse_older};
use super::{SlotAnswer, World, later};
use crate::certificate::Certificate;
use crate::entropy;
use crate::lookups::fetch::{FetchFacts, FetchFailure, Validators};
use crate::revocation::{CrlFailure, CrlWanted, Sha1, UrlSource, VerifiedCrl};
use arc_swap::ArcSwap;
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use tokio::sync::Mutex;
use tokio::time::Instant;

#[derive(Debug)]
pub(super) struct Slot {
    url: String,
    source: UrlSource,
    issuer: Arc<Certificate>,
    sha1: Sha1,
    /// The last of the shared downloads that was tried here.
    tried: AtomicU64,
    state: ArcSwap<State>,
    /// Locked once per fetch and when an operator looks, never by a sign-in.
    history: std::sync::Mutex<History>,
    fetching: Mutex<()>,
    fetches: AtomicU64,
    renewing: AtomicBool,
    last_used: AtomicI64,
}

impl Slot {
    pub(super) fn new(url: &str, wanted: &CrlWanted, issuer: &Arc<Certificate>, now: Timestamp) -> Self {
        Self {
            url: url.to_owned(),
            source: wanted.source,
            issuer: Arc::clone(issuer),
            sha1: wanted.sha1,
            tried: AtomicU64::new(0),
            state: ArcSwap::default(),
            history: std::sync::Mutex::default(),
            fetching: Mutex::new(()),
            fetches: AtomicU64::new(0),
            renewing: AtomicBool::new(false),
            last_used: AtomicI64::new(now.as_second()),
        }
    }

    pub(super) fn used(&self, now: Timestamp) {
        self.last_used.store(now.as_second(), Ordering::Relaxed);
    }

    /// In seconds since 1970.
    pub(super) fn last_used(&self) -> i64 {
        self.last_used.load(Ordering::Relaxed)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The address, who named it, and whose CRL it should have.
    pub(super) fn identity(&self) -> (&str, UrlSource, &Arc<Certificate>) {
        (&self.url, self.source, &self.issuer)
    }

    pub(super) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// When the CRL held came, the last success, and the last fetches.
    pub(super) fn past(&self) -> (Option<CrlArrival>, Option<Timestamp>, Vec<FetchRecord>) {
        let history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        (history.arrival, history.last_success, history.fetches.iter().cloned().collect())
    }

    /// Whether a CRL is held and should be renewed. An address that never had one is asked only when somebody needs it.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let state = self.state.load();
        state.held().is_some() && state.is_due(now)
    }

    /// What is known, fetched first only if nothing in force is held. The fetch is a task of its own: a caller that goes away
    /// does not throw away what others wait for.
    pub(super) async fn answer(self: Arc<Self>, world: &Arc<World>, now: Timestamp) -> SlotAnswer {
        let seen = self.fetches.load(Ordering::Acquire); // before the look, or a fetch that ends now would be repeated
        if let Some(known) = self.known(world, now) {
            return known;
        }
        let (url, world) = (self.url.clone(), Arc::clone(world));
        let state = tokio::spawn(async move { self.refresh(&world, now, seen).await }).await;
        state.ok().and_then(|state| state.outcome(now)).unwrap_or_else(|| {
            let failure = CrlFailure::Unreachable { url, detail: "the fetch was abandoned".to_owned() };
            Err(Box::new(failure.into()))
        })
    }

    /// An answer that needs no waiting: a CRL in force, or what the last fetch brought while it is remembered.
    pub(super) fn known(self: &Arc<Self>, world: &Arc<World>, now: Timestamp) -> Option<SlotAnswer> {
        let state = self.state.load();
        let due = state.is_due(now);
        if let Some(crl) = state.in_force(now) {
            if due {
                Self::renew_behind(self, world, now);
            }
            return Some(Ok(Arc::clone(crl)));
        }
        if due { None } else { state.outcome(now) }
    }

    /// Whether what is known by now is a CRL in force.
    pub(super) fn is_in_force(&self, now: Timestamp) -> bool {
        self.state.load().in_force(now).is_some()
    }

    /// Asks the address while the CRL held goes on serving; one task at a time.
    pub(super) fn renew_behind(slot: &Arc<Self>, world: &Arc<World>, now: Timestamp) {
        if slot.renewing.swap(true, Ordering::AcqRel) {
            return;
        }
        let (slot, world) = (Arc::clone(slot), Arc::clone(world));
        tokio::spawn(async move {
            let _running = Running(&slot.renewing);
            let seen = slot.fetches.load(Ordering::Acquire);
            if slot.is_due(now) {
                slot.refresh(&world, now, seen).await;
            }
        });
    }

    /// Fetches once, whatever is known; a fetch that is under way will do.
    pub(super) async fn fetch_once(&self, world: &World, now: Timestamp) {
        let seen = self.fetches.load(Ordering::Acquire);
        self.refresh(world, now, seen).await;
    }

    /// Fetches, unless another task has done so since `seen`; then its outcome is ours.
    async fn refresh(&self, world: &World, now: Timestamp, seen: u64) -> Arc<State> {
        let _one_at_a_time = self.fetching.lock().await;
        let mut before = self.state.load_full();
        if self.fetches.load(Ordering::Acquire) != seen {
            return before;
        }
        let started = Instant::now();
        let jitter = u16::from_ne_bytes(entropy::random_bytes());
        let moment = |now| Moment { now, retry_after: world.retry_after, jitter };
        if let (State::Untouched, Some((held, bytes))) = (&*before, self.kept(world, moment(now)).await) {
            let record = FetchRecord::of_cache(&held, bytes, now, started.elapsed());
            before = Arc::new(State::Fetched(held));
            if before.in_force(now).is_some() {
                return self.becomes(before, record, "read from the cache folder");
            }
        }
        let mut facts = FetchFacts::default();
        let fetched = self.fetch(world, before.held(), now, &mut facts).await;
        let (ended, took) = (later(now, started.elapsed()), started.elapsed());
        let record = FetchRecord::of_fetch(facts, &fetched, before.held(), ended, took);
        self.becomes(Arc::new(before.after(fetched, moment(ended))), record, "fetched")
    }

    fn becomes(&self, state: Arc<State>, record: FetchRecord, origin: &str) -> Arc<State> {
        state.log(&self.url, origin);
        self.history.lock().unwrap_or_else(PoisonError::into_inner).add(record, state.held());
        self.state.store(Arc::clone(&state));
        self.fetches.fetch_add(1, Ordering::Release);
        state
    }

    /// Where the CRL is kept across restarts. A file of this machine need not be, and whoever replaces it and restarts
    /// the gateway wants the new one.
    fn disk(&self, world: &World) -> Option<DiskCache> {
        world.disk.clone().filter(|_| !self.url.starts_with("file:"))
    }

    /// What an earlier run of the gateway kept, verified like what comes from the network.
    async fn kept(&self, world: &World, moment: Moment) -> Option<(Held, usize)> {
        let (disk, url, issuer) = (self.disk(world)?, self.url.clone(), Arc::clone(&self.issuer));
        let sha1 = self.sha1;
        let read = tokio::task::spawn_blocking(move || disk.read(&url, &issuer, sha1)).await.ok()?;
        read.map(|(crl, validators, bytes)| (Held::new(Arc::new(crl), validators, moment), bytes))
    }

    async fn fetch(
        &self,
        world: &World,
        held: Option<&Held>,
        now: Timestamp,
        facts: &mut FetchFacts,
    ) -> Result<Brought, CrlFailure> {
        // What was fetched for another signer a moment ago is tried first, once; who holds a CRL asks for a newer one.
        let tried = self.tried.load(Ordering::Relaxed);
        let shared = world.downloads.newer_than(tried, &self.url, self.source, now).filter(|_| held.is_none());
        if let Some((number, download)) = shared {
            self.tried.store(number, Ordering::Relaxed);
            facts.clone_from(&download.facts);
            return self.verify(world, download, held, now).await;
        }
        let known = held.map(|held| &held.validators).filter(|known| **known != Validators::default());
        let fetched = world.fetcher.get(&self.url, self.source, known).await;
        match &fetched {
            Ok(fetched) => facts.clone_from(&fetched.facts),
            Err(FetchFailure::HttpStatus(status)) => facts.status = Some(*status),
            Err(_) => {}
        }
        let fetched = fetched.map_err(|failure| failure.of_crl(&self.url))?;
        let Some(bytes) = fetched.body else { return Ok(Brought::Unchanged) };
        let download = Download { bytes: Arc::new(bytes), facts: fetched.facts };
        let brought = self.verify(world, download.clone(), held, now).await;
        if brought.as_ref().is_err_and(CrlFailure::may_be_anothers) {
            let until = later(now, world.retry_after);
            self.tried.store(world.downloads.keep(&self.url, self.source, download, until), Ordering::Relaxed);
        }
        brought
    }

    async fn verify(
        &self,
        world: &World,
        download: Download,
        held: Option<&Held>,
        now: Timestamp,
    ) -> Result<Brought, CrlFailure> {
        let Download { bytes, facts: FetchFacts { validators, .. } } = download;
        let (url, issuer, disk, sha1) = (self.url.clone(), Arc::clone(&self.issuer), self.disk(world), self.sha1);
        let (held, kept_validators) = (held.map(|held| Arc::clone(&held.crl)), validators.clone());
        let verified = tokio::task::spawn_blocking(move || {
            let crl = VerifiedCrl::verify_with(&url, &bytes, &issuer, sha1)?;
            if let Some(held) = held {
                refuse_older(&held, &crl)?;
            }
            if let Some(disk) = disk.filter(|_| crl.is_current(now)) {
                let issuer = *issuer.fingerprint();
                disk.write(&Kept { url: &url, issuer, fetched_at: now, validators: &kept_validators, bytes: &bytes });
            }
            Ok(crl)
        });
        let abandoned =
            |_| CrlFailure::Unreachable { url: self.url.clone(), detail: "the check was abandoned".to_owned() };
        let crl = verified.await.map_err(abandoned)??;
        Ok(Brought::Crl(Arc::new(crl), validators))
    }
}

/// Says that the renewal is over, however it ends.
struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
