//! Which relying parties got a SAML 2.0 assertion in a session, and under which name they know the person: whom single logout
//! must tell, and who may ask for it. The browser keeps the list under seal.

use super::parts::{Reader, Writer};
use super::{Nonce, Purpose, SealError, SealingKeys, SessionId};
use crate::protocol::samlp::{LogoutRequest, NameId};

/// The cookie stays below 4 KiB.
const MOST_BYTES: usize = 2800;

/// A relying party in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Its identifier, as its requests spell it.
    pub relying_party: String,
    /// The name in the assertion it got.
    pub name: NameId,
    /// `SessionIndex` of the assertion.
    pub session_index: String,
}

/// The relying parties of one session, the latest last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participants {
    /// Those of another session do not count.
    session: SessionId,
    known: Vec<Participant>,
}

impl Participants {
    /// Nobody yet.
    pub fn none(session: SessionId) -> Self {
        Self { session, known: Vec::new() }
    }

    /// Reads the cookie of a session.
    ///
    /// # Errors
    /// When it is not ours, or of another session.
    pub fn open(keys: &SealingKeys, text: &str, session: SessionId) -> Result<Self, SealError> {
        let bytes = keys.open(Purpose::Participants, text)?;
        let read = Self::from_bytes(&bytes).ok_or(SealError::Malformed)?;
        if read.session == session { Ok(read) } else { Err(SealError::Altered) }
    }

    /// The cookie's text.
    ///
    /// # Errors
    /// When OpenSSL fails.
    pub fn seal(&self, keys: &SealingKeys, nonce: &Nonce) -> Result<String, SealError> {
        keys.seal(Purpose::Participants, &self.to_bytes(), nonce)
    }

    /// Adds one. A relying party that asks again in the same session gets another assertion and keeps both sessions; when
    /// there are too many the oldest is forgotten, and is not told of the sign-out.
    #[must_use]
    pub fn with(mut self, participant: Participant) -> Self {
        let alone = Self { session: self.session, known: vec![participant.clone()] }.to_bytes();
        if alone.len() <= MOST_BYTES && Self::from_bytes(&alone).is_some() {
            self.known.push(participant);
        }
        while self.to_bytes().len() > MOST_BYTES {
            self.known.remove(0);
        }
        self
    }

    /// The same in another session, which took the place of the first.
    #[must_use]
    pub fn in_session(self, session: SessionId) -> Self {
        Self { session, ..self }
    }

    /// The entries that a request means: of that relying party, of that name, with one of those indexes if it names any
    /// (SAML core section 3.7.3.1). `identifiers` are those of the trust that the request was believed to come from.
    pub fn meant(&self, identifiers: &[String], request: &LogoutRequest) -> impl Iterator<Item = &Participant> {
        self.known.iter().filter(move |known| {
            let indexes = &request.session_indexes;
            identifiers.contains(&known.relying_party)
                && same_name(&known.name, &request.name)
                && (indexes.is_empty() || indexes.contains(&known.session_index))
        })
    }

    /// All of them.
    pub fn into_all(self) -> Vec<Participant> {
        self.known
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Writer(self.session.to_vec());
        self.known.iter().for_each(|participant| participant.write(&mut bytes));
        bytes.0
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (session, rest) = bytes.split_first_chunk()?;
        let (mut reader, mut known) = (Reader(rest), Vec::new());
        while !reader.0.is_empty() {
            known.push(Participant::read(&mut reader)?);
        }
        Some(Self { session: *session, known })
    }
}

/// What a request leaves out it does not contradict: many relying parties keep the name alone.
fn same_name(known: &NameId, asked: &NameId) -> bool {
    let agrees = |known: &Option<String>, asked: &Option<String>| asked.is_none() || known == asked;
    known.value == asked.value
        && agrees(&known.format, &asked.format)
        && agrees(&known.name_qualifier, &asked.name_qualifier)
        && agrees(&known.sp_name_qualifier, &asked.sp_name_qualifier)
}

impl Participant {
    pub(super) fn write(&self, bytes: &mut Writer) {
        let NameId { value, format, name_qualifier, sp_name_qualifier } = &self.name;
        bytes.text(Some(&self.relying_party)).text(Some(value)).text(format.as_deref());
        bytes.text(name_qualifier.as_deref()).text(sp_name_qualifier.as_deref()).text(Some(&self.session_index));
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let relying_party = reader.owned()?;
        let name = NameId {
            value: reader.owned()?,
            format: reader.optional()?,
            name_qualifier: reader.optional()?,
            sp_name_qualifier: reader.optional()?,
        };
        Some(Self { relying_party, name, session_index: reader.owned()? })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::SealingKey;
    use super::*;
    use proptest::prelude::*;

    pub(in crate::sign_in::session) fn keys() -> SealingKeys {
        SealingKeys::new(SealingKey::new([1; 32]))
    }

    pub(in crate::sign_in::session) fn participant(number: usize) -> Participant {
        Participant {
            relying_party: format!("https://sp{number}.test/metadata"),
            name: NameId {
                value: "alice@contoso.test".to_owned(),
                format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
                name_qualifier: None,
                sp_name_qualifier: Some(String::new()),
            },
            session_index: format!("_index{number}"),
        }
    }

    fn request(name: NameId, session_indexes: &[&str]) -> LogoutRequest {
        LogoutRequest {
            id: "_1".to_owned(),
            issuer: "https://sp1.test/metadata".to_owned(),
            issue_instant: "2026-01-10T10:00:00Z".parse().unwrap(),
            destination: None,
            not_on_or_after: None,
            name,
            session_indexes: session_indexes.iter().map(|index| (*index).to_owned()).collect(),
        }
    }

    #[test]
    fn the_list_comes_back_to_its_session_only() {
        let list = Participants::none([7; 16]).with(participant(1)).with(participant(2));
        let text = list.seal(&keys(), &[9; 12]).unwrap();
        assert_eq!(Participants::open(&keys(), &text, [7; 16]), Ok(list));
        assert_eq!(Participants::open(&keys(), &text, [8; 16]), Err(SealError::Altered));
        let other = keys().seal(Purpose::Session, &[7; 16], &[9; 12]).unwrap();
        assert_eq!(Participants::open(&keys(), &other, [7; 16]), Err(SealError::Altered));
    }

    #[test]
    fn the_latest_are_kept_when_there_are_too_many() {
        let list = (0..100).fold(Participants::none([7; 16]), |list, number| list.with(participant(number)));
        assert!(list.seal(&keys(), &[9; 12]).unwrap().len() < 4000);
        let all = list.into_all();
        assert!(all.len() >= 12, "{}", all.len());
        assert_eq!(all.last(), Some(&participant(99)));
        let long = Participant { session_index: "x".repeat(3000), ..participant(3) };
        let list = Participants::none([7; 16]).with(participant(1)).with(long);
        assert_eq!(list.into_all(), [participant(1)], "what cannot be kept leaves the others alone");
    }

    #[test]
    fn a_request_means_the_sessions_of_its_own_name() {
        let list = Participants::none([7; 16]).with(participant(1)).with(participant(2));
        let identifiers = ["urn:other".to_owned(), participant(1).relying_party];
        let meant = |request: LogoutRequest| list.meant(&identifiers, &request).cloned().collect::<Vec<_>>();
        let named = participant(1).name;
        let value = NameId { value: named.value.clone(), ..NameId::default() };
        let with = |value: &str| NameId { value: value.to_owned(), ..named.clone() };
        for (name, indexes, expected) in [
            (named.clone(), &["_index1"][..], true),
            (named.clone(), &["_x", "_index1"], true),
            (named.clone(), &[], true),
            (value, &["_index1"], true),
            (named.clone(), &["_index2"], false),
            (with("bob@contoso.test"), &["_index1"], false),
            (with("alice@contoso.test.evil.test"), &["_index1"], false),
            (NameId { format: Some("urn:other".to_owned()), ..named.clone() }, &["_index1"], false),
            (NameId { name_qualifier: Some("urn:other".to_owned()), ..named.clone() }, &["_index1"], false),
        ] {
            let expected = if expected { vec![participant(1)] } else { Vec::new() };
            assert_eq!(meant(request(name.clone(), indexes)), expected, "{name:?} {indexes:?}");
        }
        assert_eq!(list.meant(&["urn:other".to_owned()], &request(named, &["_index1"])).count(), 0);
    }

    proptest! {
        #[test]
        fn no_bytes_are_read_in_two_ways(bytes in proptest::collection::vec(0u8..4, 0..80)) {
            if let Some(list) = Participants::from_bytes(&bytes) {
                prop_assert_eq!(list.to_bytes(), bytes);
            }
        }
    }
}
