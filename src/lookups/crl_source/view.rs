//! What is known about every address, for an operator to look at; and asking one now because an operator says so.

use super::history::{CrlArrival, CrlOrigin, FetchRecord};
use super::slot::Slot;
use super::state::State;
use super::{CrlSource, World};
use crate::certificate::Certificate;
use crate::lookups::fetch::Validators;
use crate::revocation::{CrlFailure, UrlSource, VerifiedCrl};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use std::sync::Arc;

/// How many addresses are asked at once for an operator. Each may bring as many bytes as a CRL may have.
const ASKED_AT_ONCE: usize = 8;

/// What is known about one address and the authority whose CRL it should have.
#[derive(Debug, Clone)]
pub struct CrlView {
    /// The address.
    pub url: String,
    /// Who named it.
    pub source: UrlSource,
    /// Whose CRL is expected there.
    pub signer: Arc<Certificate>,
    /// The CRL held, in force or not.
    pub crl: Option<Arc<VerifiedCrl>>,
    /// When and from where it came.
    pub arrival: Option<CrlArrival>,
    /// What the server said of it.
    pub validators: Validators,
    /// When the address is asked next: at once, for one that was never asked.
    pub again_at: Option<Timestamp>,
    /// Why the last fetch brought nothing, and how many before it did neither.
    pub failure: Option<(CrlFailure, u32)>,
    /// The last fetch that brought or confirmed a CRL in force.
    pub last_success: Option<Timestamp>,
    /// When a sign-in last needed it.
    pub last_used: Timestamp,
    /// The last fetches, the oldest first.
    pub history: Vec<FetchRecord>,
}

impl CrlSource {
    /// Every address, in alphabetical order.
    pub fn views(&self) -> Vec<CrlView> {
        let slots = self.world.slots.load_full();
        let mut views: Vec<CrlView> = slots.values().map(|slot| slot.view()).collect();
        let key =
            |view: &CrlView| (view.url.clone(), *view.signer.fingerprint(), view.source == UrlSource::Certificate);
        views.sort_by_cached_key(key);
        views
    }

    /// Asks the chosen addresses now, whatever their back-off says, and tells what is known then, with the fetch. One that is
    /// being asked already is waited for. What is allowed to be asked, and that a CRL in force gives way only to a better
    /// one, is as always.
    pub async fn refresh(&self, chosen: impl Fn(&str) -> bool) -> Vec<(CrlView, Option<FetchRecord>)> {
        let slots = self.world.slots.load_full();
        let chosen: Vec<_> = slots.values().filter(|slot| chosen(slot.url())).map(Arc::clone).collect();
        let asked = chosen.into_iter().map(|slot| ask(slot, Arc::clone(&self.world)));
        let mut views: Vec<_> = stream::iter(asked).buffer_unordered(ASKED_AT_ONCE).collect().await;
        views.sort_by_cached_key(|(view, _): &(CrlView, _)| (view.url.clone(), *view.signer.fingerprint()));
        views
    }
}

/// The fetch is a task of its own: an operator who goes away does not throw away what sign-ins wait for.
async fn ask(slot: Arc<Slot>, world: Arc<World>) -> (CrlView, Option<FetchRecord>) {
    let asking = Arc::clone(&slot);
    let asked = tokio::spawn(async move { asking.ask_now(&world).await }).await;
    let view = slot.view();
    let record = asked.ok().and_then(|()| view.history.last().cloned());
    (view, record)
}

impl Slot {
    fn view(&self) -> CrlView {
        let (url, source, signer) = self.identity();
        let (state, (arrival, last_success, history)) = (self.state(), self.past());
        let (again_at, failure) = match &*state {
            State::Untouched => (None, None),
            State::Fetched(held) => (Some(held.again_at), None),
            State::Failed { failure, failures, retry_at, .. } => (Some(*retry_at), Some((failure.clone(), *failures))),
        };
        let held = state.held();
        CrlView {
            url: url.to_owned(),
            source,
            signer: Arc::clone(signer),
            crl: held.map(|held| Arc::clone(&held.crl)),
            arrival,
            validators: held.map(|held| held.validators.clone()).unwrap_or_default(),
            again_at,
            failure,
            last_success,
            last_used: Timestamp::from_second(self.last_used()).unwrap_or(Timestamp::MIN),
            history,
        }
    }

    /// One fetch from the address: whoever asks for it does not want to hear what the cache folder has.
    async fn ask_now(&self, world: &World) {
        for _ in 0..2 {
            self.fetch_once(world, world.clock.now()).await;
            let (_, _, history) = self.past();
            if history.last().is_none_or(|last| last.origin == CrlOrigin::Address) {
                return;
            }
        }
    }
}
