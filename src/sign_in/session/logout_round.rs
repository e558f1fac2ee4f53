//! Single logout under way: the browser goes from one relying party to the next with a request, and back with a response, and
//! at last to the one that asked. It keeps the state under seal; nobody else is told who is being signed out of what.

use super::parts::{Reader, Writer};
use super::{Nonce, Participant, Purpose, SealError, SealingKeys};
use jiff::{SignedDuration, Timestamp};

/// How long the round may take.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// The cookie stays below 4 KiB.
const MOST_BYTES: usize = 2800;

/// The relying party that asked for the logout, and is answered at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Its identifier.
    pub relying_party: String,
    /// The request that is answered.
    pub request_id: String,
    /// Echoed.
    pub relay_state: Option<String>,
}

/// A logout that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRound {
    /// When it began.
    pub began: Timestamp,
    /// Who is answered at the end; nobody when the person asked here.
    pub asker: Option<Asker>,
    /// Where the person goes at the end, when they asked here and an address was named that a trust has.
    pub next: Option<String>,
    /// Whether somebody was not told, or did not end the session.
    pub incomplete: bool,
    /// Our request that must be answered next, and the relying party it went to.
    awaited: Option<(String, String)>,
    /// Who is still to be told, the last first.
    pending: Vec<Participant>,
}

impl LogoutRound {
    /// Begins one. Those that the state cannot hold are not told, and the asker learns that the logout is partial.
    pub fn begin(asker: Option<Asker>, next: Option<String>, participants: Vec<Participant>, began: Timestamp) -> Self {
        let mut round = Self { began, asker, next, incomplete: false, awaited: None, pending: participants };
        while !round.pending.is_empty() && round.to_bytes().len() > MOST_BYTES {
            round.pending.remove(0);
            round.incomplete = true;
        }
        round
    }

    /// Takes the next relying party that is to be told. It is sent `request_id`, and nothing else is taken for its answer.
    pub fn take_next(&mut self) -> Option<Participant> {
        self.awaited = None;
        self.pending.pop()
    }

    /// Says which request went to the relying party that was taken.
    pub fn sent(&mut self, request_id: &str, relying_party: &str) {
        self.awaited = Some((request_id.to_owned(), relying_party.to_owned()));
    }

    /// Takes an answer; whether it is one to the request that was sent.
    pub fn answered(&mut self, in_response_to: &str, identifiers: &[String], success: bool) -> bool {
        let expected = |(request, relying_party): &(String, String)| {
            request == in_response_to && identifiers.contains(relying_party)
        };
        let meant = self.awaited.take_if(|awaited| expected(awaited)).is_some();
        self.incomplete |= meant && !success;
        meant
    }

    /// Reads the cookie.
    ///
    /// # Errors
    /// When it is not ours, or older than five minutes.
    pub fn open(keys: &SealingKeys, text: &str, at: Timestamp) -> Result<Self, SealError> {
        let bytes = keys.open(Purpose::LogoutRound, text)?;
        let round = Self::from_bytes(&bytes).ok_or(SealError::Malformed)?;
        let age = at.duration_since(round.began);
        if age > LIFETIME || age < -SignedDuration::from_secs(1) { Err(SealError::Malformed) } else { Ok(round) }
    }

    /// The cookie's text.
    ///
    /// # Errors
    /// When OpenSSL fails.
    pub fn seal(&self, keys: &SealingKeys, nonce: &Nonce) -> Result<String, SealError> {
        keys.seal(Purpose::LogoutRound, &self.to_bytes(), nonce)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Writer(self.began.as_millisecond().to_be_bytes().to_vec());
        bytes.0.push(u8::from(self.incomplete));
        let (asker, awaited) = (self.asker.as_ref(), self.awaited.as_ref());
        bytes.text(asker.map(|asker| asker.relying_party.as_str()));
        bytes.text(asker.map(|asker| asker.request_id.as_str()));
        bytes.text(asker.and_then(|asker| asker.relay_state.as_deref()));
        bytes.text(self.next.as_deref());
        bytes.text(awaited.map(|(request, _)| request.as_str()));
        bytes.text(awaited.map(|(_, relying_party)| relying_party.as_str()));
        self.pending.iter().for_each(|participant| participant.write(&mut bytes));
        bytes.0
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (began, rest) = bytes.split_first_chunk()?;
        let (incomplete, rest) = rest.split_first()?;
        let mut reader = Reader(rest);
        let asker = (reader.optional()?, reader.optional()?, reader.optional()?);
        let next = reader.optional()?;
        let awaited = (reader.optional()?, reader.optional()?);
        let mut pending = Vec::new();
        while !reader.0.is_empty() {
            pending.push(Participant::read(&mut reader)?);
        }
        Some(Self {
            began: Timestamp::from_millisecond(i64::from_be_bytes(*began)).ok()?,
            asker: match asker {
                (Some(relying_party), Some(request_id), relay_state) => {
                    Some(Asker { relying_party, request_id, relay_state })
                }
                (None, None, None) => None,
                _ => return None,
            },
            next,
            incomplete: match incomplete {
                0 => false,
                1 => true,
                _ => return None,
            },
            awaited: match awaited {
                (Some(request), Some(relying_party)) => Some((request, relying_party)),
                (None, None) => None,
                _ => return None,
            },
            pending,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::participants::tests::{keys, participant};
    use super::*;
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-01-10T10:00:00.123Z".parse().unwrap()
    }

    fn asker() -> Option<Asker> {
        let relay_state = Some("a&b".to_owned());
        Some(Asker { relying_party: "urn:asker".to_owned(), request_id: "_asked".to_owned(), relay_state })
    }

    fn reopened(round: &LogoutRound) -> LogoutRound {
        LogoutRound::open(&keys(), &round.seal(&keys(), &[9; 12]).unwrap(), now()).unwrap()
    }

    #[test]
    fn everybody_is_told_once_and_only_the_right_answers_count() {
        let mut round = LogoutRound::begin(asker(), None, vec![participant(1), participant(2)], now());
        for number in [2, 1] {
            let told = round.take_next().unwrap();
            assert_eq!(told, participant(number));
            round.sent("_ours", &told.relying_party);
            round = reopened(&round);
            assert_eq!(round.awaited.as_ref().map(|(_, party)| party), Some(&told.relying_party));
            let identifiers = [told.relying_party.clone()];
            assert!(!round.answered("_other", &identifiers, false), "an answer to another request");
            assert!(!round.answered("_ours", &["urn:other".to_owned()], false), "an answer of another");
            assert!(!round.incomplete);
            assert!(round.answered("_ours", &identifiers, number == 2));
            assert!(!round.answered("_ours", &identifiers, false), "the same answer again");
        }
        assert_eq!(round.take_next(), None);
        assert!(round.incomplete, "the second one did not end its session");
        assert_eq!(reopened(&round).asker, asker());
    }

    #[test]
    fn it_lasts_five_minutes_and_never_outgrows_a_cookie() {
        let round =
            LogoutRound::begin(None, Some("https://next.test/".to_owned()), (0..100).map(participant).collect(), now());
        assert!(round.incomplete);
        let text = round.seal(&keys(), &[9; 12]).unwrap();
        assert!(text.len() < 4000);
        let open = |seconds| LogoutRound::open(&keys(), &text, now() + SignedDuration::from_secs(seconds));
        assert_eq!(open(300), Ok(round.clone()));
        assert_eq!(open(301), Err(SealError::Malformed));
        assert_eq!(open(-2), Err(SealError::Malformed));
    }

    proptest! {
        #[test]
        fn no_bytes_are_read_in_two_ways(bytes in proptest::collection::vec(0u8..3, 0..80)) {
            if let Some(round) = LogoutRound::from_bytes(&bytes) {
                prop_assert_eq!(round.to_bytes(), bytes);
            }
        }
    }
}
