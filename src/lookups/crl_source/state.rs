//! What is known about one address, and what a fetch changes about it.

use super::schedule::{self, Lifetime};
use super::{SlotAnswer, later};
use crate::lookups::fetch::Validators;
use crate::revocation::{CrlAttempt, CrlFailure, VerifiedCrl};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// What a slot knows.
#[derive(Debug, Clone, Default)]
pub(super) enum State {
    /// Never fetched.
    #[default]
    Untouched,
    /// The last fetch brought a genuine CRL.
    Fetched(Held),
    /// The last fetch failed, and so did as many before it; what an earlier one brought is kept.
    Failed { failure: CrlFailure, failures: u32, retry_at: Timestamp, held: Option<Held> },
}

/// A verified CRL and when its address is asked again.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) crl: Arc<VerifiedCrl>,
    pub(super) validators: Validators,
    pub(super) again_at: Timestamp,
}

/// What a fetch brought.
#[derive(Debug)]
pub(super) enum Brought {
    Crl(Arc<VerifiedCrl>, Validators),
    /// The one held is still the right one (304).
    Unchanged,
}

/// When the fetch ended and what decides about the next one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: Timestamp,
    pub(super) retry_after: Duration,
    pub(super) jitter: u16,
}

impl Held {
    /// A CRL in force is renewed before it expires; any other is asked for again soon.
    pub(super) fn new(crl: Arc<VerifiedCrl>, validators: Validators, moment: Moment) -> Self {
        let in_force = crl.crl().next_update().filter(|_| crl.is_current(moment.now));
        let again_at = match in_force {
            Some(next_update) => {
                let (this_update, next_publish) = (crl.crl().this_update(), crl.crl().next_publish());
                schedule::renewal(Lifetime { this_update, next_update, next_publish }, moment.now, moment.jitter)
            }
            None => moment.retry_at(1),
        };
        Self { crl, validators, again_at }
    }
}

impl Moment {
    fn retry_at(self, failures: u32) -> Timestamp {
        later(self.now, schedule::back_off(self.retry_after, failures, self.jitter))
    }
}

impl State {
    pub(super) fn held(&self) -> Option<&Held> {
        match self {
            Self::Untouched => None,
            Self::Fetched(held) => Some(held),
            Self::Failed { held, .. } => held.as_ref(),
        }
    }

    /// The CRL held, if it may be judged by now.
    pub(super) fn in_force(&self, now: Timestamp) -> Option<&Arc<VerifiedCrl>> {
        self.held().map(|held| &held.crl).filter(|crl| crl.is_current(now))
    }

    /// Whether the address should be asked again.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        match self {
            Self::Untouched => true,
            Self::Fetched(held) => now >= held.again_at,
            Self::Failed { retry_at, .. } => now >= *retry_at,
        }
    }

    /// What the last fetch means. After a failure a CRL from before serves as long as it has not expired; an expired one
    /// is only mentioned, so that the failure to replace it is what is told.
    pub(super) fn outcome(&self, now: Timestamp) -> Option<SlotAnswer> {
        match self {
            Self::Untouched => None,
            Self::Fetched(held) => Some(Ok(Arc::clone(&held.crl))),
            Self::Failed { held: Some(held), .. } if !held.crl.has_expired(now) => Some(Ok(Arc::clone(&held.crl))),
            Self::Failed { failure, retry_at, held, .. } => Some(Err(Box::new(CrlAttempt {
                failure: failure.clone(),
                retry_at: Some(*retry_at),
                expired_copy: held.as_ref().and_then(|held| held.crl.crl().next_update()),
            }))),
        }
    }

    /// The state after a fetch. A CRL in force gives way only to another in force.
    pub(super) fn after(&self, fetched: Result<Brought, CrlFailure>, moment: Moment) -> Self {
        match (fetched, self.held()) {
            (Ok(Brought::Crl(crl, _)), Some(held))
                if held.crl.is_current(moment.now) && !crl.is_current(moment.now) =>
            {
                Self::Fetched(Held { again_at: moment.retry_at(1), ..held.clone() })
            }
            (Ok(Brought::Crl(crl, validators)), _) => Self::Fetched(Held::new(crl, validators, moment)),
            (Ok(Brought::Unchanged), Some(held)) => {
                Self::Fetched(Held::new(Arc::clone(&held.crl), held.validators.clone(), moment))
            }
            (Ok(Brought::Unchanged), None) => self.clone(),
            (Err(failure), held) => {
                let failures = match self {
                    Self::Failed { failures, .. } => failures.saturating_add(1),
                    _ => 1,
                };
                Self::Failed { failure, failures, retry_at: moment.retry_at(failures), held: held.cloned() }
            }
        }
    }

    /// Once per fetch, never per sign-in.
    pub(super) fn log(&self, url: &str, origin: &str) {
        match self {
            Self::Untouched => {}
            Self::Failed { failure, failures, retry_at, .. } => {
                tracing::warn!(url, %failure, failures, %retry_at, "no new CRL");
            }
            Self::Fetched(Held { crl, again_at, .. }) => {
                let crl = crl.crl();
                let number = crl.number().map(ToString::to_string);
                let entries = crl.entries();
                if crl.was_pem() {
                    tracing::warn!(url, "the CRL is PEM; RFC 5280 asks for DER, and Entra ID and AD FS refuse PEM");
                }
                tracing::info!(url, number, entries, renewal_at = %again_at, "CRL {origin}");
            }
        }
    }
}

/// A CRL that was replaced may be replayed by whoever sits on the way (http is not protected): the number must not fall.
pub(super) fn refuse_older(held: &VerifiedCrl, offered: &VerifiedCrl) -> Result<(), CrlFailure> {
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
