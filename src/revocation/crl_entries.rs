//! The revoked serial numbers of one CRL, packed and sorted: 500,000 entries cost 16 MB and a look-up 20 comparisons.

use super::der::{self, DerError, ENUMERATED, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE};
use jiff::Timestamp;

/// Why a certificate was revoked (RFC 5280 section 5.3.1). An entry without a reason is `Unspecified`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevocationReason {
    /// 0, or no reason given.
    Unspecified,
    /// 1
    KeyCompromise,
    /// 2
    CaCompromise,
    /// 3
    AffiliationChanged,
    /// 4
    Superseded,
    /// 5
    CessationOfOperation,
    /// 9
    PrivilegeWithdrawn,
    /// 10
    AaCompromise,
    /// 6: suspended, may come back.
    CertificateHold,
    /// 8: taken off the list again; has a meaning in a delta CRL only.
    RemoveFromCrl,
}

impl RevocationReason {
    pub(super) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    /// The name RFC 5280 gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

impl std::fmt::Display for RevocationReason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What a CRL says of one serial number that it lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// Why.
    pub reason: RevocationReason,
    /// Since when.
    pub revoked_at: Timestamp,
}

/// A serial number in fixed space: sign and octet count, then the content octets without redundant leading ones.
/// `00 80` (128) and `80` (-128) must not meet, so the sign is part of the first octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SerialKey([u8; 21]);

impl SerialKey {
    /// `None` for more than the 20 octets that RFC 5280 section 4.1.2.2 allows, and for no octets at all.
    fn from_content(octets: &[u8]) -> Option<Self> {
        let negative = octets.first()? & 0x80 != 0;
        let redundant = if negative { 0xff } else { 0x00 };
        let start = octets.iter().position(|&octet| octet != redundant).unwrap_or(octets.len());
        let significant = &octets[start..];
        let mut key = [0; 21];
        key.get_mut(1..=significant.len())?.copy_from_slice(significant);
        key[0] = significant.len() as u8 | if negative { 0x80 } else { 0 };
        Some(Self(key))
    }
}

/// Ordered by serial number; of two entries for one serial the graver and older comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    serial: SerialKey,
    reason: RevocationReason,
    revoked_at: i64,
}

/// All entries of a CRL.
#[derive(Debug)]
pub(super) struct EntryIndex {
    entries: Box<[Entry]>,
    unsupported: Option<&'static str>,
}

impl EntryIndex {
    /// An index of nothing, for a CRL without `revokedCertificates`.
    pub(super) fn empty() -> Self {
        Self { entries: Box::new([]), unsupported: None }
    }

    /// Walks the content of `revokedCertificates` once.
    pub(super) fn read(content: &[u8]) -> Result<Self, DerError> {
        const USUAL_ENTRY_OCTETS: usize = 36;
        let mut entries = Vec::with_capacity(content.len() / USUAL_ENTRY_OCTETS);
        let mut unsupported = None;
        let mut list = Reader::new(content);
        while !list.is_empty() {
            match read_entry(list.sequence("a revoked certificate")?)? {
                Ok(entry) => entries.push(entry),
                Err(what) => unsupported = Some(what),
            }
        }
        if !entries.is_sorted() {
            entries.sort_unstable();
        }
        Ok(Self { entries: entries.into_boxed_slice(), unsupported })
    }

    /// How many certificates are listed.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Something in an entry that must keep the whole CRL from being used.
    pub(super) fn unsupported(&self) -> Option<&'static str> {
        self.unsupported
    }

    /// The listing of a serial number, given as DER content octets. A serial that has no key cannot be listed: a CRL
    /// with such an entry is `unsupported`.
    pub(super) fn find(&self, serial: &[u8]) -> Option<Listing> {
        let key = SerialKey::from_content(serial)?;
        let first = self.entries.partition_point(|entry| entry.serial < key);
        let entry = self.entries.get(first).filter(|entry| entry.serial == key)?;
        let revoked_at = Timestamp::from_second(entry.revoked_at).ok()?;
        Some(Listing { reason: entry.reason, revoked_at })
    }
}

/// One entry, or what in it we do not handle.
fn read_entry(mut entry: Reader<'_>) -> Result<Result<Entry, &'static str>, DerError> {
    let serial = entry.expect(INTEGER, "a revoked certificate's serial number")?.content;
    let revoked_at = entry.time("a revocation date")?.as_second();
    let extensions = entry.optional(SEQUENCE, "the extensions of an entry")?;
    entry.end("an entry")?;
    let reason = match extensions.map(|extensions| read_entry_extensions(extensions.content)).transpose()? {
        None => RevocationReason::Unspecified,
        Some(Ok(reason)) => reason,
        Some(Err(unsupported)) => return Ok(Err(unsupported)),
    };
    if serial.is_empty() {
        return Err(DerError::Value("a revoked certificate's serial number"));
    }
    Ok(match SerialKey::from_content(serial) {
        Some(serial) => Ok(Entry { serial, reason, revoked_at }),
        None => Err("an entry with a serial number of more than 20 octets"),
    })
}

const REASON_CODE: &[u8] = &[0x55, 0x1d, 0x15];
const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 0x18];

/// The reason, or what we do not handle. RFC 5280 section 5.3: a CRL with a critical entry extension that is not
/// understood must not be used at all, because the entry may speak of another issuer's certificate.
fn read_entry_extensions(content: &[u8]) -> Result<Result<RevocationReason, &'static str>, DerError> {
    let mut reason = RevocationReason::Unspecified;
    let mut extensions = Reader::new(content);
    while !extensions.is_empty() {
        let mut extension = extensions.sequence("an entry extension")?;
        let identifier = extension.expect(OBJECT_IDENTIFIER, "an entry extension's identifier")?.content;
        let critical = match extension.optional(der::BOOLEAN, "an entry extension's criticality")? {
            Some(value) => der::boolean(value.content, "an entry extension's criticality")?,
            None => false,
        };
        let value = extension.expect(OCTET_STRING, "an entry extension's value")?.content;
        extension.end("an entry extension")?;
        match identifier {
            REASON_CODE => reason = read_reason(value)?,
            INVALIDITY_DATE => {}
            CERTIFICATE_ISSUER => return Ok(Err("an entry of another issuer (indirect CRL)")),
            _ if critical => return Ok(Err("an unknown critical extension in an entry")),
            _ => {}
        }
    }
    Ok(Ok(reason))
}

fn read_reason(value: &[u8]) -> Result<RevocationReason, DerError> {
    const WHAT: &str = "a revocation reason";
    let mut reader = Reader::new(value);
    let code = reader.expect(ENUMERATED, WHAT)?.content;
    reader.end(WHAT)?;
    match code {
        [code] => RevocationReason::from_code(*code).ok_or(DerError::Value(WHAT)),
        _ => Err(DerError::Value(WHAT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::laboratory::entry;
    use proptest::prelude::*;

    #[test]
    fn redundant_leading_octets_do_not_matter_and_the_sign_does() {
        let key = |octets: &[u8]| SerialKey::from_content(octets);
        assert_eq!(key(&[0x00, 0x05]), key(&[0x05]));
        assert_eq!(key(&[0x00, 0x80]), key(&[0x00, 0x00, 0x80]));
        assert_ne!(key(&[0x00, 0x80]), key(&[0x80]));
        assert_eq!(key(&[0xff, 0x80]), key(&[0x80]));
        assert_ne!(key(&[0x00]), None);
        assert_ne!(key(&[0x00]), key(&[0xff]));
        assert_ne!(key(&[0x01, 0x00]), key(&[0x01]));
        assert!(key(&[[0x00].as_slice(), &[0xff; 20]].concat()).is_some());
        assert_eq!(key(&[0x7f; 21]), None);
        assert_eq!(key(&[]), None);
    }

    #[test]
    fn of_two_entries_for_one_serial_the_graver_and_older_counts() {
        let held = entry(&[7], "2026-01-01T00:00:00Z", Some(6));
        let late = entry(&[7], "2026-03-01T00:00:00Z", Some(1));
        let early = entry(&[7], "2026-02-01T00:00:00Z", Some(1));
        let index = EntryIndex::read(&[held, late, early].concat()).unwrap();
        let listing = index.find(&[7]).unwrap();
        assert_eq!(listing.reason, RevocationReason::KeyCompromise);
        assert_eq!(listing.revoked_at, "2026-02-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn an_unknown_reason_code_is_not_read_as_another() {
        for code in [7, 11, 0xff] {
            assert!(EntryIndex::read(&entry(&[7], "2026-01-01T00:00:00Z", Some(code))).is_err(), "{code}");
        }
    }

    fn octets() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![proptest::collection::vec(0_u8..3, 1..4), proptest::collection::vec(any::<u8>(), 1..=20)]
    }

    proptest! {
        #[test]
        fn the_index_finds_what_a_linear_scan_finds(
            listed in proptest::collection::vec((octets(), 0_i64..4_000_000_000, prop_oneof![Just(1), Just(6)]), 0..60),
            asked in proptest::collection::vec(octets(), 0..20),
        ) {
            let signed = |octets: &[u8]| {
                // as a 192-bit two's complement number, sign-extended
                let fill = if octets[0] & 0x80 != 0 { 0xff } else { 0 };
                [vec![fill; 24 - octets.len()], octets.to_vec()].concat()
            };
            let encoded: Vec<u8> = listed
                .iter()
                .flat_map(|(serial, second, code)| {
                    entry(serial, &Timestamp::from_second(second % 700_000_000 + 1_000_000_000).unwrap().to_string(), Some(*code))
                })
                .collect();
            let index = EntryIndex::read(&encoded).unwrap();
            prop_assert_eq!(index.len(), listed.len());
            for serial in asked.iter().chain(listed.iter().map(|(serial, ..)| serial)) {
                let scanned = listed
                    .iter()
                    .filter(|(candidate, ..)| signed(candidate) == signed(serial))
                    .map(|(_, second, code)| (*code == 6, second % 700_000_000 + 1_000_000_000))
                    .min();
                let found = index
                    .find(serial)
                    .map(|listing| (listing.reason == RevocationReason::CertificateHold, listing.revoked_at.as_second()));
                prop_assert_eq!(found, scanned);
            }
        }
    }
}
