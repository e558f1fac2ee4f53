//! What a browser brings, and what it is judged with.

use crate::federation::Farm;
use crate::lookups::Lookups;
use crate::sign_in::session::{
    BrowserId, EndedSessions, Nonce, SealingKeys, Session, SessionId, Transaction, TransactionError, TransactionId,
    UsedTransactions,
};
use crate::xml_encryption::ContentKey;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// How many sign-ins within twenty minutes can be told from replays: 64 MiB at most.
const USED_TRANSACTIONS: usize = 1 << 20;

/// One request of a browser, beside what the evidence says of it.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The query as it came, without its question mark.
    pub query: &'a str,
    /// Whether it came by POST, so that the body counts.
    pub posted: bool,
    /// The cookies of ours among those it brought.
    pub cookies: Cookies<'a>,
    /// Whether the browser says that another site's page sent it here (`Sec-Fetch-Site`).
    pub cross_site: bool,
    /// Random octets for what is made on the way.
    pub random: Randomness,
}

/// Cookies, read and not believed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cookies<'a> {
    /// `MSISAuth`, whole.
    pub session: Option<&'a str>,
    /// `MSISContext`.
    pub browser: Option<BrowserId>,
    /// `MSISLoopDetectionCookie`, decoded.
    pub visits: Option<&'a str>,
    /// `MSISSignOut`, decoded.
    pub relying_parties: Option<&'a str>,
    /// `SamlSession`.
    pub participants: Option<&'a str>,
    /// `SamlLogout`.
    pub logout_round: Option<&'a str>,
}

/// Fresh random octets.
#[derive(Debug, Clone, Copy)]
pub struct Randomness {
    /// For a sign-in that begins.
    pub transaction: TransactionId,
    /// For a browser that is new.
    pub browser: BrowserId,
    /// For a session that begins.
    pub session: SessionId,
    /// For the state of a sign-in.
    pub state_nonce: Nonce,
    /// For the session cookie.
    pub session_nonce: Nonce,
    /// For the list of relying parties that speak SAML 2.0, or for a logout among them.
    pub participants_nonce: Nonce,
    /// For the identifier of a SAML 2.0 message.
    pub message: Uuid,
    /// For an assertion that is encrypted.
    pub content_key: ContentKey,
}

/// What every visit is judged with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The farm.
    pub farm: &'a Farm,
    /// The outside world.
    pub lookups: &'a dyn Lookups,
    /// What cookies and states are sealed with.
    pub keys: &'a SealingKeys,
    /// The host names by which we are reached.
    pub hosts: &'a [&'a str],
    /// What must be remembered.
    pub memory: &'a BrowserMemory,
}

impl Desk<'_> {
    /// The session that a browser brought, unless it was ended. One that cannot be read is no session, and no fault.
    pub(super) fn session(&self, visit: &Visit<'_>, at: Timestamp) -> Option<Session> {
        let session = Session::open(self.keys, visit.cookies.session?, self.farm.sessions.lifetime, at).ok()?;
        (!self.memory.was_ended(&session.id)).then_some(session)
    }
}

/// What the gateway remembers of browsers; everything else they carry themselves.
#[derive(Debug)]
pub struct BrowserMemory {
    used: Mutex<UsedTransactions>,
    ended: EndedSessions,
}

impl BrowserMemory {
    /// Nothing remembered yet. `lifetime` is that of sessions.
    pub fn new(lifetime: SignedDuration) -> Self {
        Self::with_room(lifetime, USED_TRANSACTIONS)
    }

    /// The same with room for so many sign-ins.
    pub fn with_room(lifetime: SignedDuration, sign_ins: usize) -> Self {
        let lifetime = Duration::try_from(lifetime).unwrap_or(Duration::ZERO);
        Self { used: Mutex::new(UsedTransactions::new(sign_ins)), ended: EndedSessions::new(lifetime) }
    }

    pub(super) fn use_up(&self, transaction: &Transaction, at: Timestamp) -> Result<(), TransactionError> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).use_up(transaction, at)
    }

    pub(super) fn end(&self, session: SessionId) {
        self.ended.end(session);
    }

    fn was_ended(&self, session: &SessionId) -> bool {
        self.ended.contains(session)
    }
}
