//! A sign-in under way: between the request of the relying party and the credential of the person.

use super::{Nonce, Purpose, SealError, SealingKeys, Session};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashSet, VecDeque};

/// How long a person may take.
pub const TRANSACTION_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

const ID_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Names one transaction.
pub type TransactionId = [u8; ID_BYTES];
/// Names one browser: a cookie that it got from us and brings along.
pub type BrowserId = [u8; ID_BYTES];

/// The state of a sign-in, kept by the browser under seal. A credential that comes with it was asked for by this very request,
/// so it satisfies freshness for this request and for no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its name.
    pub id: TransactionId,
    /// When it began, or went on after a credential: the state is worth something for ten minutes from then.
    pub began: Timestamp,
    /// When the request was made that it began with. A person may take longer than a message may be old.
    pub asked: Timestamp,
    /// The browser it began in. A state that was carried into another one signs nobody in there.
    browser: BrowserId,
    /// SHA-256 over the protocol's request, from which the answer is made.
    request: [u8; HASH_BYTES],
    /// What was proved already, where a second factor must follow.
    pub first: Option<Session>,
}

/// Why the state of a sign-in does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    /// Not sealed here, or altered.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The person took too long.
    #[error("the sign-in began more than {} minutes ago", TRANSACTION_LIFETIME.as_mins())]
    Expired,
    /// It belongs to another request.
    #[error("the sign-in began with another request")]
    OtherRequest,
    /// It belongs to another browser, or this one keeps no cookies.
    #[error("the sign-in began in another browser, or the browser keeps no cookies")]
    OtherBrowser,
    /// It was used before.
    #[error("the sign-in was finished before")]
    Used,
    /// More sign-ins than can be remembered.
    #[error("too many sign-ins are under way")]
    TooMany,
}

impl Transaction {
    /// Begins a sign-in for a request: the query or body as it came.
    pub fn begin(id: TransactionId, browser: BrowserId, request: &[u8], began: Timestamp) -> Self {
        Self { id, began, asked: began, browser, request: openssl::sha::sha256(request), first: None }
    }

    /// Goes on with what an earlier state of the same request says: when that was made, and what was proved already.
    #[must_use]
    pub fn going_on_from(self, earlier: &Self) -> Self {
        Self { asked: earlier.asked, first: earlier.first.clone(), ..self }
    }

    /// Goes on after the first of two factors.
    #[must_use]
    pub fn after(self, first: Session) -> Self {
        Self { first: Some(first), ..self }
    }

    /// The state for the browser to keep.
    ///
    /// # Errors
    /// When OpenSSL fails.
    pub fn seal(&self, keys: &SealingKeys, nonce: &Nonce) -> Result<String, SealError> {
        let (began, asked) = (self.began.as_millisecond().to_be_bytes(), self.asked.as_millisecond().to_be_bytes());
        let mut bytes = [&self.id[..], &began, &asked, &self.browser, &self.request].concat();
        if let Some(first) = &self.first {
            bytes.extend(first.to_bytes()?);
        }
        keys.seal(Purpose::Transaction, &bytes, nonce)
    }

    /// Reads the state that a browser brings along with a request.
    ///
    /// # Errors
    /// When it is not ours, too old, of the future, of another request or of another browser.
    pub fn open(
        keys: &SealingKeys,
        text: &str,
        browser: Option<&BrowserId>,
        request: &[u8],
        at: Timestamp,
    ) -> Result<Self, TransactionError> {
        let bytes = keys.open(Purpose::Transaction, text)?;
        let transaction = Self::read(&bytes).ok_or(SealError::Malformed)?;
        let age = at.duration_since(transaction.began);
        if age > TRANSACTION_LIFETIME || age < -SignedDuration::from_secs(1) {
            return Err(TransactionError::Expired);
        }
        if transaction.request != openssl::sha::sha256(request) {
            return Err(TransactionError::OtherRequest);
        }
        if browser != Some(&transaction.browser) {
            return Err(TransactionError::OtherBrowser);
        }
        Ok(transaction)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (began, rest) = rest.split_first_chunk::<8>()?;
        let began = Timestamp::from_millisecond(i64::from_be_bytes(*began)).ok()?;
        let (asked, rest) = rest.split_first_chunk::<8>()?;
        let asked = Timestamp::from_millisecond(i64::from_be_bytes(*asked)).ok()?;
        let (browser, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (request, rest) = rest.split_first_chunk::<HASH_BYTES>()?;
        let first = match rest {
            [] => None,
            bytes => Some(Session::from_bytes(bytes)?),
        };
        Some(Self { id: *id, began, asked, browser: *browser, request: *request, first })
    }
}

/// Which transactions were used. Holds no more than it was told to, and refuses rather than forgets: a forgotten one could be
/// used again.
#[derive(Debug)]
pub struct UsedTransactions {
    most: usize,
    known: HashSet<TransactionId>,
    by_age: VecDeque<(Timestamp, TransactionId)>,
}

impl UsedTransactions {
    /// Remembers at most so many.
    pub fn new(most: usize) -> Self {
        Self { most, known: HashSet::new(), by_age: VecDeque::new() }
    }

    /// Uses a transaction up.
    ///
    /// # Errors
    /// When it was used before, or nothing more can be remembered.
    pub fn use_up(&mut self, transaction: &Transaction, at: Timestamp) -> Result<(), TransactionError> {
        // used later than begun: twice the lifetime is more than any of them is worth
        let forgotten = TRANSACTION_LIFETIME.saturating_add(TRANSACTION_LIFETIME);
        while self.by_age.front().is_some_and(|(used, _)| at.duration_since(*used) > forgotten) {
            if let Some((_, id)) = self.by_age.pop_front() {
                self.known.remove(&id);
            }
        }
        if self.known.contains(&transaction.id) {
            return Err(TransactionError::Used);
        }
        if self.known.len() >= self.most {
            return Err(TransactionError::TooMany);
        }
        self.known.insert(transaction.id);
        self.by_age.push_back((at, transaction.id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::SealingKey;
    use super::*;

    const REQUEST: &[u8] = b"wa=wsignin1.0&wtrealm=urn:a&wfresh=0";

    fn now() -> Timestamp {
        "2026-01-10T10:00:00.123Z".parse().unwrap()
    }

    fn keys() -> SealingKeys {
        SealingKeys::new(SealingKey::new([1; 32]))
    }

    const BROWSER: BrowserId = [3; 16];

    fn begun(id: u8) -> Transaction {
        Transaction::begin([id; 16], BROWSER, REQUEST, now())
    }

    fn sealed() -> String {
        begun(5).seal(&keys(), &[9; 12]).unwrap()
    }

    #[test]
    fn it_counts_for_its_request_and_for_ten_minutes() {
        let open = |request: &[u8], seconds| {
            let at = now() + SignedDuration::from_secs(seconds);
            Transaction::open(&keys(), &sealed(), Some(&BROWSER), request, at)
        };
        assert_eq!(open(REQUEST, 0), Ok(begun(5)));
        assert!(open(REQUEST, 600).is_ok());
        assert_eq!(open(REQUEST, 601), Err(TransactionError::Expired));
        assert_eq!(open(REQUEST, -2), Err(TransactionError::Expired));
        assert_eq!(open(b"wa=wsignin1.0&wtrealm=urn:b", 0), Err(TransactionError::OtherRequest));
    }

    #[test]
    fn it_counts_in_the_browser_it_began_in() {
        for browser in [None, Some(&[4; 16])] {
            let opened = Transaction::open(&keys(), &sealed(), browser, REQUEST, now());
            assert_eq!(opened, Err(TransactionError::OtherBrowser));
        }
    }

    #[test]
    fn it_keeps_the_first_factor() {
        let first = super::super::single_sign_on::tests::session();
        let sealed = begun(5).after(first.clone()).seal(&keys(), &[9; 12]).unwrap();
        let opened = Transaction::open(&keys(), &sealed, Some(&BROWSER), REQUEST, now()).unwrap();
        assert_eq!(opened.first, Some(first));
    }

    #[test]
    fn another_try_is_of_the_same_request() {
        let first = super::super::single_sign_on::tests::session();
        let later = now() + SignedDuration::from_mins(6);
        let earlier = begun(5).after(first.clone());
        let again = Transaction::begin([6; 16], BROWSER, REQUEST, later).going_on_from(&earlier);
        let sealed = again.seal(&keys(), &[9; 12]).unwrap();
        let opened = Transaction::open(&keys(), &sealed, Some(&BROWSER), REQUEST, later).unwrap();
        assert_eq!((opened.id, opened.began, opened.asked, opened.first), ([6; 16], later, now(), Some(first)));
    }

    #[test]
    fn another_sealed_text_is_no_transaction() {
        for bytes in [&b""[..], b"short", &[0; 79], &[0; 81]] {
            let text = keys().seal(Purpose::Transaction, bytes, &[9; 12]).unwrap();
            let expected = TransactionError::Seal(SealError::Malformed);
            assert_eq!(
                Transaction::open(&keys(), &text, Some(&BROWSER), REQUEST, now()),
                Err(expected),
                "{}",
                bytes.len()
            );
        }
        let session = keys().seal(Purpose::Session, &[0; 80], &[9; 12]).unwrap();
        let expected = TransactionError::Seal(SealError::Altered);
        assert_eq!(Transaction::open(&keys(), &session, Some(&BROWSER), REQUEST, now()), Err(expected));
    }

    #[test]
    fn it_is_used_once_and_memory_is_bounded() {
        let mut used = UsedTransactions::new(2);
        assert_eq!(used.use_up(&begun(1), now()), Ok(()));
        assert_eq!(used.use_up(&begun(1), now()), Err(TransactionError::Used));
        assert_eq!(used.use_up(&begun(2), now()), Ok(()));
        assert_eq!(used.use_up(&begun(3), now()), Err(TransactionError::TooMany));
        let later = now() + SignedDuration::from_mins(21);
        assert_eq!(used.use_up(&begun(3), later), Ok(()));
        assert_eq!((used.known.len(), used.by_age.len()), (1, 1));
    }
}
