//! Where OCSP answers come from in a running gateway: asked once, verified once, held until `nextUpdate`.
//!
//! An answer in hand is read without a lock. Otherwise one task per certificate asks, and whoever else needs the answer
//! waits for that task. A failure is remembered for a while; one that is the server's and not the certificate's is
//! remembered for everybody whose certificate names that server, so that a frozen one costs one timeout and not one per
//! sign-in.

use crate::clock::Clock;
use crate::revocation::UrlSource;
use crate::revocation::ocsp::{
    CertificateStatus, NONCE_OCTETS, OcspAnswer, OcspAttempt, OcspFailure, OcspRequest, OcspUnavailable, OcspWanted,
    VerifiedOcsp,
};
use arc_swap::ArcSwap;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Most answers held; one is one or two kilobytes.
const MAXIMUM_ANSWERS: u64 = 10_000;
/// Most servers remembered as failing.
const MAXIMUM_SERVERS: u64 = 1_000;

/// Carries a request to a responder.
#[async_trait]
pub trait OcspTransport: Send + Sync {
    /// What the responder at `url` answers to the DER of a request, complete and within the limits of time and size.
    ///
    /// # Errors
    /// Why there is no answer.
    async fn ask(&self, url: &str, source: UrlSource, request: &[u8]) -> Result<Vec<u8>, OcspFailure>;
}

/// The live source. Share one for the whole process.
pub struct OcspSource {
    asking: Arc<Asking>,
    clock: Clock,
    slots: Cache<SlotKey, Arc<Slot>>,
}

/// Address, issuer and certificate; the last two by fingerprint.
type SlotKey = (String, [u8; 32], [u8; 32]);

/// What it takes to ask.
struct Asking {
    transport: Arc<dyn OcspTransport>,
    retry_after: Duration,
    nonces: fn() -> [u8; NONCE_OCTETS],
    failing: Cache<String, OcspAttempt>,
}

/// What is known of one certificate by one responder.
#[derive(Default)]
struct Slot {
    state: ArcSwap<State>,
    asking: Mutex<()>,
}

#[derive(Default)]
enum State {
    #[default]
    Untouched,
    Answered {
        answer: Arc<VerifiedOcsp>,
        fresh_until: Timestamp,
    },
    Failed(OcspAttempt),
}

type SlotAnswer = Result<Arc<VerifiedOcsp>, OcspAttempt>;

impl OcspSource {
    /// A source that holds nothing yet. A failure is remembered for `retry_after`; `nonces` makes a fresh nonce.
    pub fn new(
        transport: Arc<dyn OcspTransport>,
        retry_after: Duration,
        nonces: fn() -> [u8; NONCE_OCTETS],
        clock: Clock,
    ) -> Self {
        let asking = Arc::new(Asking { transport, retry_after, nonces, failing: Cache::new(MAXIMUM_SERVERS) });
        Self { asking, clock, slots: Cache::new(MAXIMUM_ANSWERS) }
    }

    /// The answer of the first responder that knows the certificate and whose answer is in force. When none has one, a
    /// genuine one that says nothing is still answered, so that the judgement can say so.
    pub async fn answer(&self, wanted: &OcspWanted) -> OcspAnswer {
        self.answer_at(wanted, self.clock.now()).await
    }

    async fn answer_at(&self, wanted: &OcspWanted, now: Timestamp) -> OcspAnswer {
        let mut attempts: Vec<OcspAttempt> = Vec::new();
        let mut inconclusive = None;
        for url in &wanted.urls {
            let key = (url.clone(), *wanted.issuer.fingerprint(), *wanted.certificate.fingerprint());
            let slot = self.slots.get_with(key, Arc::default);
            match slot.answer(&self.asking, url, wanted, now).await {
                Ok(answer) if is_conclusive(&answer, now) => return Ok(answer),
                Ok(answer) => inconclusive = inconclusive.or(Some(answer)),
                Err(attempt) => attempts.push(attempt),
            }
        }
        match (inconclusive, attempts.pop()) {
            (Some(answer), _) => Ok(answer),
            (None, Some(last)) => Err(OcspUnavailable { last: Box::new(last), earlier: attempts }),
            (None, None) => {
                let issuer = wanted.issuer.subject().dotnet().to_owned();
                Err(OcspFailure::NoUrl { issuer }.into())
            }
        }
    }
}

fn is_conclusive(answer: &VerifiedOcsp, now: Timestamp) -> bool {
    answer.status() != CertificateStatus::Unknown && answer.judge_time(now, SignedDuration::ZERO).is_ok()
}

impl Slot {
    /// What is known, asked first if need be. Asking is a task of its own: a caller that goes away does not throw away what
    /// others wait for.
    async fn answer(
        self: Arc<Self>,
        asking: &Arc<Asking>,
        url: &str,
        wanted: &OcspWanted,
        now: Timestamp,
    ) -> SlotAnswer {
        if let Some(known) = self.state.load().known(now) {
            return known;
        }
        let (asking, url, wanted) = (Arc::clone(asking), url.to_owned(), wanted.clone());
        let abandoned = OcspFailure::Unreachable { url: url.clone(), detail: "the question was abandoned".to_owned() };
        let asked = tokio::spawn(async move {
            let _one_at_a_time = self.asking.lock().await;
            if let Some(known) = self.state.load().known(now) {
                return known;
            }
            let answer = asking.ask(&url, &wanted, now).await;
            self.state.store(Arc::new(State::of(&answer, asking.retry_at(now))));
            answer
        });
        asked.await.unwrap_or_else(|_| Err(abandoned.into()))
    }
}

impl State {
    fn of(answer: &SlotAnswer, retry_at: Timestamp) -> Self {
        match answer {
            // One that is not in force is asked for again after a while, as a failure is.
            Ok(answer) => Self::Answered {
                answer: Arc::clone(answer),
                fresh_until: answer.keep_until().filter(|until| *until > retry_at).unwrap_or(retry_at),
            },
            Err(attempt) => Self::Failed(attempt.clone()),
        }
    }

    fn known(&self, now: Timestamp) -> Option<SlotAnswer> {
        match self {
            Self::Answered { answer, fresh_until } if now < *fresh_until => Some(Ok(Arc::clone(answer))),
            Self::Failed(attempt) if attempt.retry_at.is_some_and(|retry_at| now < retry_at) => {
                Some(Err(attempt.clone()))
            }
            _ => None,
        }
    }
}

impl Asking {
    fn retry_at(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.retry_after).unwrap_or(Timestamp::MAX)
    }

    async fn ask(&self, url: &str, wanted: &OcspWanted, now: Timestamp) -> SlotAnswer {
        if let Some(attempt) = self.failing.get(url).filter(|attempt| attempt.retry_at.is_some_and(|at| now < at)) {
            return Err(attempt);
        }
        match self.ask_now(url, wanted, now).await {
            Ok(answer) => {
                tracing::debug!(url, status = ?answer.status(), "OCSP answered");
                Ok(Arc::new(answer))
            }
            Err(failure) => {
                let retry_at = self.retry_at(now);
                tracing::warn!(url, %failure, %retry_at, "no OCSP answer");
                let of_the_server = is_of_the_server(&failure);
                let attempt = OcspAttempt { failure, retry_at: Some(retry_at) };
                if of_the_server {
                    self.failing.insert(url.to_owned(), attempt.clone());
                }
                Err(attempt)
            }
        }
    }

    async fn ask_now(&self, url: &str, wanted: &OcspWanted, now: Timestamp) -> Result<VerifiedOcsp, OcspFailure> {
        let nonce = wanted.nonce.then(|| (self.nonces)());
        let request = OcspRequest::new(&wanted.certificate, &wanted.issuer, nonce).ok_or_else(|| {
            let detail = "the issuer's key cannot be hashed for a request".to_owned();
            OcspFailure::UnsupportedAddress { url: url.to_owned(), detail }
        })?;
        let bytes = self.transport.ask(url, wanted.source, request.der()).await?;
        VerifiedOcsp::verify_with(url, &bytes, &request, &wanted.certificate, &wanted.issuer, now, wanted.sha1)
    }
}

/// Whether another certificate would fare no better.
fn is_of_the_server(failure: &OcspFailure) -> bool {
    matches!(
        failure,
        OcspFailure::Unreachable { .. }
            | OcspFailure::TimedOut { .. }
            | OcspFailure::HttpStatus { .. }
            | OcspFailure::TryLater { .. }
            | OcspFailure::UnsupportedAddress { .. }
    )
}

#[cfg(test)]
mod tests;
