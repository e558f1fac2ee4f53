//! The revoked serial numbers of one CRL, packed and sorted: 500,000 entries cost 12.5 MB.

use super::der::{
    self, DerError, ENUMERATED, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, context_constructed,
};
use super::serial_index::{Gathered, SERIAL_OCTETS, SerialIndex};
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
    /// In the order of the variants, the gravest first.
    pub(super) const ALL: [Self; 10] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
        Self::CertificateHold,
        Self::RemoveFromCrl,
    ];

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

/// The serial numbers of one issuer and what is said of them. What does not fit the index (a negative serial number, which
/// RFC 5280 forbids and some authorities wrote; a date before 1970 or after 2106) is kept aside, in the order of the list.
#[derive(Debug)]
struct IssuerEntries {
    /// The issuer's name in DER; the CRL's own issuer when absent.
    issuer: Option<Vec<u8>>,
    index: SerialIndex,
    aside: Vec<Aside>,
}

type Aside = (Vec<u8>, RevocationReason, i64);

/// A serial number in the form that fits; negative ones and those of more than 20 octets do not.
fn packed_serial(octets: &[u8]) -> Option<[u8; SERIAL_OCTETS]> {
    let significant = significant(octets)?;
    if octets[0] & 0x80 != 0 {
        return None;
    }
    let mut serial = [0; SERIAL_OCTETS];
    serial.get_mut(SERIAL_OCTETS.checked_sub(significant.len())?..)?.copy_from_slice(significant);
    Some(serial)
}

/// Without redundant leading octets: `00 80` (128) becomes `80`, `ff 80` (-128) stays apart by its sign.
fn significant(octets: &[u8]) -> Option<&[u8]> {
    let redundant = if octets.first()? & 0x80 != 0 { 0xff } else { 0x00 };
    let start = octets.iter().position(|&octet| octet != redundant).unwrap_or(octets.len());
    Some(&octets[start..])
}

/// All entries of a CRL, by the issuer of the certificates (one, unless the CRL is indirect).
#[derive(Debug)]
pub(super) struct EntryIndex {
    issuers: Vec<IssuerEntries>,
    entries: usize,
    unsupported: Option<&'static str>,
}

impl EntryIndex {
    /// An index of nothing, for a CRL without `revokedCertificates`.
    pub(super) fn empty() -> Self {
        Self { issuers: Vec::new(), entries: 0, unsupported: None }
    }

    /// Walks the content of `revokedCertificates` once.
    pub(super) fn read(content: &[u8]) -> Result<Self, DerError> {
        const USUAL_ENTRY_OCTETS: usize = 36;
        let mut issuers = vec![Entries::new(None, content.len() / USUAL_ENTRY_OCTETS)];
        let (mut current, mut entries, mut unsupported) = (0, 0, None);
        let mut list = Reader::new(content);
        while !list.is_empty() {
            let entry = read_entry(list.sequence("a revoked certificate")?)?;
            unsupported = unsupported.or(entry.unsupported);
            if let Some(issuer) = entry.issuer {
                current = gathered_for(&mut issuers, issuer);
            }
            unsupported = unsupported.or(issuers[current].add(&entry).err());
            entries += 1;
        }
        let issuers = issuers.into_iter().map(Entries::into_entries).collect();
        Ok(Self { issuers, entries, unsupported })
    }

    /// How many certificates are listed.
    pub(super) fn len(&self) -> usize {
        self.entries
    }

    /// What the entries occupy, in bytes.
    pub(super) fn bytes_held(&self) -> usize {
        let of_issuer = |issuer: &IssuerEntries| {
            let aside = issuer.aside.iter().map(|(serial, ..)| size_of::<Aside>() + serial.capacity()).sum::<usize>();
            issuer.index.bytes_held() + aside
        };
        self.issuers.iter().map(of_issuer).sum()
    }

    /// Something in an entry that must keep the whole CRL from being used.
    pub(super) fn unsupported(&self) -> Option<&'static str> {
        self.unsupported
    }

    /// Some entries speak of other issuers' certificates (RFC 5280 section 5.3.3).
    pub(super) fn names_issuers(&self) -> bool {
        self.issuers.iter().any(|issuer| issuer.issuer.is_some())
    }

    /// The listing of a serial number, given as DER content octets, among the entries whose issuer `is_meant` (`None` is
    /// the CRL's own). A serial number of more than 20 octets cannot be listed: a CRL with such an entry is `unsupported`.
    pub(super) fn find(&self, serial: &[u8], is_meant: impl Fn(Option<&[u8]>) -> bool) -> Option<Listing> {
        let meant = self.issuers.iter().filter(|issuer| is_meant(issuer.issuer.as_deref()));
        let (reason, second) = meant.filter_map(|issuer| issuer.find(serial)).min()?;
        Some(Listing { reason, revoked_at: Timestamp::from_second(second).unwrap_or(Timestamp::MAX) })
    }
}

impl IssuerEntries {
    fn find(&self, serial: &[u8]) -> Option<(RevocationReason, i64)> {
        let packed = packed_serial(serial).and_then(|serial| self.index.find(&serial));
        let aside = self.aside.iter().filter(|(listed, ..)| {
            significant(listed) == significant(serial) && (listed[0] ^ serial.first().unwrap_or(&0)) & 0x80 == 0
        });
        aside.map(|(_, reason, second)| (*reason, *second)).chain(packed).min()
    }
}

/// The entries of one issuer while the list is read.
struct Entries<'a> {
    issuer: Option<&'a [u8]>,
    packed: Vec<Gathered>,
    aside: Vec<Aside>,
}

fn gathered_for<'a>(issuers: &mut Vec<Entries<'a>>, issuer: &'a [u8]) -> usize {
    issuers.iter().position(|known| known.issuer == Some(issuer)).unwrap_or_else(|| {
        issuers.push(Entries::new(Some(issuer), 0));
        issuers.len() - 1
    })
}

impl<'a> Entries<'a> {
    fn new(issuer: Option<&'a [u8]>, capacity: usize) -> Self {
        Self { issuer, packed: Vec::with_capacity(capacity), aside: Vec::new() }
    }

    fn add(&mut self, entry: &ReadEntry<'_>) -> Result<(), &'static str> {
        let ReadEntry { serial, reason, second, .. } = *entry;
        match (packed_serial(serial), u32::try_from(second)) {
            (Some(serial), Ok(second)) => {
                let mut packed = [0; SERIAL_OCTETS + 5];
                packed[..SERIAL_OCTETS].copy_from_slice(&serial);
                packed[SERIAL_OCTETS] = reason as u8;
                packed[SERIAL_OCTETS + 1..].copy_from_slice(&second.to_be_bytes());
                self.packed.push(packed);
            }
            _ if significant(serial).is_none_or(|octets| octets.len() > SERIAL_OCTETS) => {
                return Err("an entry with a serial number of more than 20 octets");
            }
            _ if self.aside.len() == MAXIMUM_ASIDE => return Err("too many entries of unusual form"),
            _ => self.aside.push((serial.to_vec(), reason, second)),
        }
        Ok(())
    }

    fn into_entries(self) -> IssuerEntries {
        let issuer = self.issuer.map(<[u8]>::to_vec);
        IssuerEntries { issuer, index: SerialIndex::new(self.packed), aside: self.aside }
    }
}

/// They are looked through one by one; no authority that still signs has so many.
const MAXIMUM_ASIDE: usize = 4096;

/// One entry, and what in it we do not handle.
struct ReadEntry<'a> {
    serial: &'a [u8],
    second: i64,
    reason: RevocationReason,
    issuer: Option<&'a [u8]>,
    unsupported: Option<&'static str>,
}

fn read_entry(mut entry: Reader<'_>) -> Result<ReadEntry<'_>, DerError> {
    let serial = entry.expect(INTEGER, "a revoked certificate's serial number")?.content;
    let second = entry.seconds("a revocation date")?;
    let extensions = entry.optional(SEQUENCE, "the extensions of an entry")?;
    entry.end("an entry")?;
    if serial.is_empty() {
        return Err(DerError::Value("a revoked certificate's serial number"));
    }
    let reason = RevocationReason::Unspecified;
    let mut read = ReadEntry { serial, second, reason, issuer: None, unsupported: None };
    if let Some(extensions) = extensions {
        read_entry_extensions(extensions.content, &mut read)?;
    }
    Ok(read)
}

const REASON_CODE: &[u8] = &[0x55, 0x1d, 0x15];
const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 0x18];

/// RFC 5280 section 5.3: a CRL with a critical entry extension that is not understood must not be used at all, because the
/// entry may speak of another issuer's certificate.
fn read_entry_extensions<'a>(content: &'a [u8], entry: &mut ReadEntry<'a>) -> Result<(), DerError> {
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
            REASON_CODE => entry.reason = read_reason(value)?,
            INVALIDITY_DATE => {}
            CERTIFICATE_ISSUER => entry.issuer = Some(read_certificate_issuer(value)?),
            _ if critical => entry.unsupported = Some("an unknown critical extension in an entry"),
            _ => {}
        }
    }
    Ok(())
}

/// The one directory name among the general names (section 5.3.3), in DER.
fn read_certificate_issuer(value: &[u8]) -> Result<&[u8], DerError> {
    const WHAT: &str = "an entry's certificate issuer";
    let mut outer = Reader::new(value);
    let mut names = outer.sequence(WHAT)?;
    outer.end(WHAT)?;
    while !names.is_empty() {
        let name = names.any(WHAT)?;
        if name.tag == context_constructed(4) {
            return Ok(Reader::new(name.content).expect(SEQUENCE, WHAT)?.whole);
        }
    }
    Err(DerError::Value(WHAT))
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

    /// Among the entries of the CRL's own issuer.
    fn find(index: &EntryIndex, serial: &[u8]) -> Option<Listing> {
        index.find(serial, |issuer| issuer.is_none())
    }

    #[test]
    fn redundant_leading_octets_do_not_matter_and_the_sign_does() {
        let longest = [[0x00].as_slice(), &[0xff; 20]].concat();
        let cases: [(&[u8], &[u8], bool); 10] = [
            (&[0x00, 0x05], &[0x05], true),
            (&[0x00, 0x80], &[0x00, 0x00, 0x80], true),
            (&[0x00, 0x80], &[0x80], false),
            (&[0xff, 0x80], &[0x80], true),
            (&[0x00], &[0x00, 0x00], true),
            (&[0x00], &[0xff], false),
            (&[0x01, 0x00], &[0x01], false),
            (&longest, &longest, true),
            (&longest, &[], false),
            (&longest, &[0x7f; 21], false),
        ];
        for (listed, asked, found) in cases {
            let index = EntryIndex::read(&entry(listed, "2026-01-01T00:00:00Z", None)).unwrap();
            assert_eq!(index.unsupported(), None);
            assert_eq!(find(&index, asked).is_some(), found, "{listed:02x?} {asked:02x?}");
        }
        let index = EntryIndex::read(&entry(&[0x7f; 21], "2026-01-01T00:00:00Z", None)).unwrap();
        assert!(index.unsupported().is_some());
    }

    #[test]
    fn a_date_that_does_not_fit_is_kept_too() {
        let index = EntryIndex::read(&entry(&[7], "1960-01-01T00:00:00Z", Some(1))).unwrap();
        let listing = find(&index, &[7]).unwrap();
        assert_eq!(listing.reason, RevocationReason::KeyCompromise);
        assert_eq!(listing.revoked_at, "1960-01-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn every_reason_comes_back_from_its_place() {
        for (place, reason) in RevocationReason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
        for code in [0, 1, 2, 3, 4, 5, 6, 8, 9, 10] {
            let index = EntryIndex::read(&entry(&[7], "2026-01-01T00:00:00Z", Some(code))).unwrap();
            assert_eq!(Some(find(&index, &[7]).unwrap().reason), RevocationReason::from_code(code));
        }
    }

    #[test]
    fn an_entry_is_held_in_25_octets() {
        let entries: Vec<u8> = (1_u8..=100)
            .flat_map(|last| entry(&[0x11; 19].map(|o| o ^ last), "2026-01-01T00:00:00Z", Some(1)))
            .collect();
        let index = EntryIndex::read(&entries).unwrap();
        assert_eq!(index.len(), 100);
        assert!(index.bytes_held() <= 2500, "{}", index.bytes_held());
    }

    #[test]
    fn of_two_entries_for_one_serial_the_graver_and_older_counts() {
        let held = entry(&[7], "2026-01-01T00:00:00Z", Some(6));
        let late = entry(&[7], "2026-03-01T00:00:00Z", Some(1));
        let early = entry(&[7], "2026-02-01T00:00:00Z", Some(1));
        let index = EntryIndex::read(&[held, late, early].concat()).unwrap();
        let listing = find(&index, &[7]).unwrap();
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
                let found = find(&index, serial)
                    .map(|listing| (listing.reason == RevocationReason::CertificateHold, listing.revoked_at.as_second()));
                prop_assert_eq!(found, scanned);
            }
        }
    }
}
