//! Where CRLs come from in a running gateway: fetched once, verified once, held until `nextUpdate` and renewed before.
//!
//! A CRL in force is answered without a lock and without waiting, whatever its renewal is doing. Otherwise one task per
//! address fetches, whoever else needs it waits for that task, and a failure is remembered for a while: a frozen server
//! costs one timeout, not one per sign-in.

mod disk;
mod downloads;
mod history;
mod schedule;
mod slot;
mod state;
mod view;

pub use history::{CrlArrival, CrlOrigin, CrlSummary, FetchOutcome, FetchRecord};
pub use view::CrlView;

use super::fetch::Fetcher;
use crate::certificate::Certificate;
use crate::clock::Clock;
use crate::revocation::{
    CrlAnswer, CrlAttempt, CrlFailure, CrlUnavailable, CrlWanted, FoundCrl, FoundCrls, ReasonSet, UrlSource,
    VerifiedCrl,
};
use arc_swap::ArcSwap;
use disk::DiskCache;
use downloads::Downloads;
use jiff::{SignedDuration, Timestamp};
use slot::Slot;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How many (address, issuer) pairs are held at once. A farm of authorities has a few dozen; an authority that writes a
/// new address into every certificate must not fill our memory.
const MAXIMUM_SLOTS: usize = 256;

/// A CRL that no sign-in has needed for so long is no longer renewed, and forgotten.
const LONGEST_UNUSED: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How often it is looked whether a CRL is due for renewal.
const TICK: Duration = Duration::from_secs(10);

/// How CRLs are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlSettings {
    /// How long a first failure is remembered before the address is tried again; later ones are remembered longer.
    pub retry_after: Duration,
    /// Where CRLs are kept across restarts.
    pub cache_folder: Option<PathBuf>,
}

/// The live source. Share one for the whole process: a clone is the same one.
#[derive(Debug, Clone)]
pub struct CrlSource {
    world: Arc<World>,
}

/// What slots need, and the slots.
#[derive(Debug)]
struct World {
    fetcher: Fetcher,
    retry_after: Duration,
    disk: Option<DiskCache>,
    downloads: Downloads,
    clock: Clock,
    slots: ArcSwap<HashMap<SlotKey, Arc<Slot>>>,
    ticking: AtomicBool,
}

/// Who named an address decides what may be done with it, so the operator's is another than a certificate's.
type SlotKey = (String, [u8; 32], UrlSource);

/// The CRL at one address, or why there is none.
type SlotAnswer = Result<Arc<VerifiedCrl>, Box<CrlAttempt>>;

impl CrlSource {
    /// A source that holds nothing yet; what the cache folder has is read when it is first needed.
    pub fn new(fetcher: Fetcher, settings: CrlSettings, clock: Clock) -> Self {
        let CrlSettings { retry_after, cache_folder } = settings;
        let disk = cache_folder.map(|folder| DiskCache::new(folder, fetcher.limits().maximum_bytes));
        let (slots, ticking) = (ArcSwap::default(), AtomicBool::new(false));
        let downloads = Downloads::new(fetcher.limits().maximum_bytes);
        Self { world: Arc::new(World { fetcher, retry_after, disk, downloads, clock, slots, ticking }) }
    }

    /// The CRLs in force for this certificate: from the first address that has one, or from several that together list
    /// every reason. When there is none, a genuine one that is out of date is still answered, so that the judgement can
    /// say so; otherwise every attempt is told.
    pub async fn answer(&self, wanted: &CrlWanted) -> CrlAnswer {
        self.answer_at(wanted, self.world.clock.now()).await
    }

    async fn answer_at(&self, wanted: &CrlWanted, now: Timestamp) -> CrlAnswer {
        let mut attempts: Vec<CrlAttempt> = Vec::new();
        let (mut found, mut covered, mut out_of_date) = (Vec::new(), ReasonSet::NONE, None);
        for url in &wanted.urls {
            match self.signed_by_any(url, wanted, now).await {
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
            match self.signed_by_any(url, &wanted, now).await {
                Ok(delta) => return FoundCrl { complete, delta: Some(Ok(delta)) },
                Err(attempt) => attempts.push(*attempt),
            }
        }
        FoundCrl { complete, delta: Some(Err(unavailable(attempts, &wanted))) }
    }

    /// The CRL at this address by whoever may sign it; the usual one, the issuer, is tried first. Nobody waits for the
    /// address to be asked for one signer while the CRL of another is in force.
    async fn signed_by_any(&self, url: &str, wanted: &CrlWanted, now: Timestamp) -> SlotAnswer {
        if let Some(known) = self.world.in_force_by_another(url, wanted, now) {
            return known;
        }
        let mut told = self.crl_at(url, wanted, &wanted.issuer, now).await;
        for signer in wanted.signers.iter().filter(|signer| **signer != wanted.issuer) {
            let Err(attempt) = &told else { break };
            if !attempt.failure.may_be_anothers() {
                break;
            }
            // That the name is another's says nothing once somebody of that name was tried.
            let vague = matches!(attempt.failure, CrlFailure::WrongIssuer { .. });
            match self.crl_at(url, wanted, signer, now).await {
                Err(next) if !vague || matches!(next.failure, CrlFailure::WrongIssuer { .. }) => {}
                next => told = next,
            }
        }
        told
    }

    /// The verified CRL of `issuer` at `url`, or why there is none. It need not be in force.
    async fn crl_at(&self, url: &str, wanted: &CrlWanted, issuer: &Arc<Certificate>, now: Timestamp) -> SlotAnswer {
        World::keep_ticking(&self.world);
        self.world.slot(url, wanted, issuer, now).answer(&self.world, now).await
    }
}

impl World {
    /// The slot of an address; a new one pushes out the one that was used least recently when all are taken.
    fn slot(&self, url: &str, wanted: &CrlWanted, issuer: &Arc<Certificate>, now: Timestamp) -> Arc<Slot> {
        let key = (url.to_owned(), *issuer.fingerprint(), wanted.source);
        if let Some(slot) = self.slots.load().get(&key) {
            slot.used(now);
            return Arc::clone(slot);
        }
        let new = Arc::new(Slot::new(url, wanted, issuer, now));
        self.slots.rcu(|slots| {
            let mut slots = HashMap::clone(slots);
            if slots.len() >= MAXIMUM_SLOTS && !slots.contains_key(&key) {
                let oldest = slots.iter().min_by_key(|(_, slot)| slot.last_used());
                if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                    slots.remove(&oldest);
                }
            }
            slots.entry(key.clone()).or_insert_with(|| Arc::clone(&new));
            slots
        });
        self.slots.load().get(&key).map_or(new, Arc::clone)
    }

    /// The CRL in force at this address, where the first of those who may sign that has one is not the issuer.
    fn in_force_by_another(self: &Arc<Self>, url: &str, wanted: &CrlWanted, now: Timestamp) -> Option<SlotAnswer> {
        if wanted.signers.len() < 2 {
            return None;
        }
        let slots = self.slots.load();
        let slot = |signer: &Arc<Certificate>| slots.get(&(url.to_owned(), *signer.fingerprint(), wanted.source));
        let slot = wanted.signers.iter().filter_map(slot).find(|slot| slot.is_in_force(now))?;
        slot.used(now);
        slot.known(self, now)
    }

    /// Starts the renewals with the first question: only then is there surely a runtime to run them. They end with the source.
    fn keep_ticking(world: &Arc<Self>) {
        if !world.ticking.load(Ordering::Relaxed) && !world.ticking.swap(true, Ordering::Relaxed) {
            tokio::spawn(tick(Arc::downgrade(world), TICK));
        }
    }

    /// Renews what is due, one task per address, and forgets what nobody uses.
    fn renew(self: &Arc<Self>, now: Timestamp) {
        self.downloads.forget(now);
        let slots = self.slots.load_full();
        for slot in slots.values().filter(|slot| slot.is_due(now)) {
            Slot::renew_behind(slot, self, now);
        }
        let longest = LONGEST_UNUSED.as_secs();
        let unused = |slot: &Slot| now.as_second().saturating_sub(slot.last_used()) > longest;
        if slots.values().any(|slot| unused(slot)) {
            self.slots.rcu(|slots| {
                let mut slots = HashMap::clone(slots);
                slots.retain(|_, slot| !unused(slot));
                slots
            });
        }
    }
}

fn unavailable(mut attempts: Vec<CrlAttempt>, wanted: &CrlWanted) -> CrlUnavailable {
    match attempts.pop() {
        Some(last) => CrlUnavailable { last: Box::new(last), earlier: attempts },
        None => CrlFailure::NoUrl { issuer: wanted.issuer.subject().dotnet().to_owned() }.into(),
    }
}

async fn tick(world: Weak<World>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(world) = world.upgrade() else { return };
        world.renew(world.clock.now());
    }
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
