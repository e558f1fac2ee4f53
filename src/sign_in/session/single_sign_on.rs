//! The session: that somebody proved who they are, by what and when. It vouches for nothing else. Chain, revocation, account
//! and claims are judged again for every token, with the certificate that the session brings.

use super::{Nonce, Purpose, SealError, SealingKeys};
use crate::federation::prompt::{Method, Proof};
use jiff::{SignedDuration, Timestamp};

const ID_BYTES: usize = 16;

/// Names one session.
pub type SessionId = [u8; ID_BYTES];

/// A session, as the cookie carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name, by which it can be ended before its time.
    pub id: SessionId,
    /// By what, and when. The instant is that of the sign-in, however often the session is used.
    pub proof: Proof,
    /// The account, `CONTOSO\alice`. A certificate that stands for another one now begins another session.
    pub account: String,
    /// The certificate and those sent with it, in DER; empty when only a password was given.
    pub certificates: Vec<Vec<u8>>,
}

/// Why a session does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Not sealed here, or altered.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Older than `SsoLifetime`.
    #[error("the session has ended")]
    Ended,
}

impl Session {
    /// The cookie's text.
    ///
    /// # Errors
    /// When OpenSSL fails, or a part is longer than 65535 bytes.
    pub fn seal(&self, keys: &SealingKeys, nonce: &Nonce) -> Result<String, SealError> {
        keys.seal(Purpose::Session, &self.to_bytes()?, nonce)
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, SealError> {
        let mut bytes = Vec::with_capacity(4096);
        bytes.extend_from_slice(&self.id);
        bytes.extend_from_slice(&self.proof.at.as_millisecond().to_be_bytes());
        bytes.push(written(Some(self.proof.primary)));
        bytes.push(written(self.proof.additional));
        for part in std::iter::once(self.account.as_bytes()).chain(self.certificates.iter().map(Vec::as_slice)) {
            let length = u16::try_from(part.len()).map_err(|_| SealError::Failed)?;
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(part);
        }
        Ok(bytes)
    }

    /// Reads the cookie. `lifetime` is `SsoLifetime`, counted from the sign-in.
    ///
    /// # Errors
    /// When it is not ours, or the session has ended.
    pub fn open(keys: &SealingKeys, text: &str, lifetime: SignedDuration, at: Timestamp) -> Result<Self, SessionError> {
        let bytes = keys.open(Purpose::Session, text)?;
        let session = Self::from_bytes(&bytes).ok_or(SealError::Malformed)?;
        let age = at.duration_since(session.proof.at);
        if age > lifetime || age < -SignedDuration::from_secs(1) {
            return Err(SessionError::Ended);
        }
        Ok(session)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let at = Timestamp::from_millisecond(i64::from_be_bytes(*at)).ok()?;
        let ([primary, additional], mut rest) = rest.split_first_chunk::<2>()?;
        let proof = Proof { primary: method(*primary)??, additional: method(*additional)?, at };
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (length, after) = rest.split_first_chunk::<2>()?;
            let (part, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            parts.push(part.to_vec());
            rest = after;
        }
        let certificates = parts.split_off(parts.len().min(1));
        let account = String::from_utf8(parts.pop()?).ok()?;
        Some(Self { id: *id, proof, account, certificates })
    }
}

fn written(method: Option<Method>) -> u8 {
    match method {
        None => b'-',
        Some(Method::Password) => b'p',
        Some(Method::Certificate) => b'c',
        Some(Method::Windows) => b'w',
    }
}

fn method(byte: u8) -> Option<Option<Method>> {
    [None, Some(Method::Password), Some(Method::Certificate), Some(Method::Windows)]
        .into_iter()
        .find(|method| written(*method) == byte)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::SealingKey;
    use super::*;
    use proptest::prelude::*;

    const LIFETIME: SignedDuration = SignedDuration::from_mins(480);

    fn keys() -> SealingKeys {
        SealingKeys::new(SealingKey::new([1; 32]))
    }

    pub(in super::super) fn session() -> Session {
        let at = "2026-01-10T10:00:00.123Z".parse().unwrap();
        Session {
            id: [6; ID_BYTES],
            proof: Proof { primary: Method::Certificate, additional: None, at },
            account: "CONTOSO\\alice".to_owned(),
            certificates: vec![vec![0x30; 1200], vec![0x31; 900]],
        }
    }

    #[test]
    fn it_comes_back_whole_while_it_lasts() {
        let text = session().seal(&keys(), &[9; 12]).unwrap();
        let open = |minutes: i64| {
            Session::open(&keys(), &text, LIFETIME, session().proof.at + SignedDuration::from_mins(minutes))
        };
        assert_eq!(open(0), Ok(session()));
        assert_eq!(open(480), Ok(session()));
        assert_eq!(open(481), Err(SessionError::Ended));
        assert_eq!(open(-1), Err(SessionError::Ended));
        // a certificate of the usual size fits into a cookie
        let alone = Session { certificates: vec![vec![0; 2000]], ..session() };
        assert!(alone.seal(&keys(), &[9; 12]).unwrap().len() < 4000);
    }

    #[test]
    fn every_method_is_kept() {
        for primary in Method::ALL {
            for additional in [None, Some(Method::Password), Some(Method::Certificate)] {
                let proof = Proof { primary, additional, ..session().proof };
                let session = Session { proof, certificates: Vec::new(), ..session() };
                let text = session.seal(&keys(), &[9; 12]).unwrap();
                assert_eq!(Session::open(&keys(), &text, LIFETIME, proof.at), Ok(session));
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_read_in_two_ways(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Some(session) = Session::from_bytes(&bytes) {
                let text = session.seal(&keys(), &[9; 12]).unwrap();
                prop_assert_eq!(keys().open(Purpose::Session, &text).unwrap(), bytes);
            }
        }
    }
}
