//! Reads a certificate revocation list (RFC 5280 section 5) in one pass. Nothing read here may be believed before the
//! signature is checked: see [`super::VerifiedCrl`].

use super::crl_entries::{EntryIndex, Listing};
use super::crl_extensions::{CrlExtensions, CrlNumber, IssuingDistributionPoint, read_signature};
use super::der::{DerError, INTEGER, Reader, SEQUENCE, context_constructed};
use crate::certificate::DistinguishedName;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::borrow::Cow;

/// Why bytes are not a CRL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlReadError {
    /// A page or a message of a web server, most likely.
    #[error("it starts like a text (“{start}”), not like a CRL")]
    Text {
        /// The first characters.
        start: String,
    },
    /// PEM armour without a CRL inside, or with a damaged one.
    #[error("its PEM armour does not hold one intact “X509 CRL” block")]
    Pem,
    /// Not the structure of a CRL.
    #[error("it is not a well-formed CRL: {0}")]
    Der(#[from] DerError),
}

/// A CRL as read, not verified.
#[derive(Debug)]
pub struct Crl {
    pub(super) issuer: Vec<u8>,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
    pub(super) was_pem: bool,
    pub(super) entries: EntryIndex,
    pub(super) extensions: CrlExtensions,
}

/// What the signature covers and how it was made.
#[derive(Debug)]
pub(super) struct Signed<'a> {
    pub(super) tbs: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

impl Crl {
    /// Reads DER, or PEM, which some publishers serve although RFC 5280 section 4.2.1.13 asks for DER.
    pub fn read(bytes: &[u8]) -> Result<Self, CrlReadError> {
        let encoded = Encoded::recognise(bytes)?;
        Ok(read_signed(&encoded)?.0)
    }

    /// The issuer's name in DER.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// When the CRL was issued.
    pub fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// By when the next one will be issued; its absence is a fact of its own.
    pub fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// The CRL's number.
    pub fn number(&self) -> Option<&CrlNumber> {
        self.extensions.number.as_ref()
    }

    /// For a delta CRL, the number of the base it amends.
    pub fn delta_of(&self) -> Option<&CrlNumber> {
        self.extensions.delta_of.as_ref()
    }

    /// The issuer's key identifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.authority_key_identifier.as_deref()
    }

    /// The scope, when it is not everything the issuer issued.
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.extensions.issuing_distribution_point.as_ref()
    }

    /// Where the CRL says that deltas to it are published.
    pub fn freshest_crl(&self) -> &[String] {
        self.extensions.freshest_crl.as_deref().unwrap_or_default()
    }

    /// How many certificates are listed.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// Whether it came in PEM armour, which Entra ID and AD FS refuse.
    pub fn was_pem(&self) -> bool {
        self.was_pem
    }

    /// What the index of the entries occupies, in bytes.
    pub fn bytes_held(&self) -> usize {
        self.entries.bytes_held()
    }

    /// What the CRL says of a serial number of its own issuer, given as DER content octets.
    pub fn listing(&self, serial: &[u8]) -> Option<Listing> {
        self.entries.find(serial, |issuer| issuer.is_none_or(|issuer| issuer == self.issuer))
    }

    /// What the CRL says of a serial number of this issuer; only an indirect CRL speaks of others than its own.
    pub fn listing_of(&self, issuer: &DistinguishedName, serial: &[u8]) -> Option<Listing> {
        self.entries.find(serial, |named| is_name(named.unwrap_or(&self.issuer), issuer))
    }
}

/// Names are equal by RFC 5280 section 7.1, which almost always means octet by octet.
pub(super) fn is_name(der: &[u8], name: &DistinguishedName) -> bool {
    der == name.der() || DistinguishedName::read_der(der).is_ok_and(|read| read.matches(name))
}

/// The DER of a CRL, and whether it had to be taken out of PEM.
#[derive(Debug)]
pub(super) struct Encoded<'a> {
    der: Cow<'a, [u8]>,
    was_pem: bool,
}

impl<'a> Encoded<'a> {
    pub(super) fn recognise(bytes: &'a [u8]) -> Result<Self, CrlReadError> {
        match text_start(bytes) {
            None => Ok(Self { der: Cow::Borrowed(bytes), was_pem: false }),
            Some(_) if contains(bytes, b"-----BEGIN") => Ok(Self { der: Cow::Owned(unarmour(bytes)?), was_pem: true }),
            Some(start) => Err(CrlReadError::Text { start }),
        }
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// The one CRL in PEM armour (RFC 7468 section 6).
fn unarmour(bytes: &[u8]) -> Result<Vec<u8>, CrlReadError> {
    let text = str::from_utf8(bytes).map_err(|_| CrlReadError::Pem)?;
    let (_, from_begin) = text.split_once("-----BEGIN X509 CRL-----").ok_or(CrlReadError::Pem)?;
    let (body, rest) = from_begin.split_once("-----END X509 CRL-----").ok_or(CrlReadError::Pem)?;
    if rest.contains("-----BEGIN") {
        return Err(CrlReadError::Pem);
    }
    let digits: Vec<u8> = body.bytes().filter(|octet| !octet.is_ascii_whitespace()).collect();
    STANDARD.decode(digits).map_err(|_| CrlReadError::Pem)
}

/// The beginning of what is plainly text, for the operator to recognise; printable characters only.
fn text_start(bytes: &[u8]) -> Option<String> {
    const SHOWN: usize = 40;
    let start = &bytes[..bytes.len().min(SHOWN)];
    let printable = |octet: &u8| octet.is_ascii_graphic() || octet.is_ascii_whitespace();
    if start.is_empty() || !start.iter().all(printable) {
        return None;
    }
    Some(start.iter().map(|&octet| if octet.is_ascii_whitespace() { ' ' } else { char::from(octet) }).collect())
}

/// Reads a CRL and what its signature covers.
pub(super) fn read_signed<'a>(encoded: &'a Encoded<'_>) -> Result<(Crl, Signed<'a>), DerError> {
    let mut input = Reader::new(&encoded.der);
    let mut list = input.sequence("the CRL")?;
    input.end("the CRL")?;
    let tbs = list.expect(SEQUENCE, "the signed part of the CRL")?;
    let algorithm = list.expect(SEQUENCE, "the signature algorithm")?.whole;
    let signature = read_signature(&mut list)?;
    list.end("the CRL")?;
    let (crl, inner_algorithm) = read_signed_part(tbs.content, encoded.was_pem)?;
    if inner_algorithm != algorithm {
        return Err(DerError::Value("the signature algorithm")); // section 5.1.1.2: both must be the same
    }
    Ok((crl, Signed { tbs: tbs.whole, algorithm, signature }))
}

/// `TBSCertList` and the algorithm inside it.
fn read_signed_part(content: &[u8], was_pem: bool) -> Result<(Crl, &[u8]), DerError> {
    let mut fields = Reader::new(content);
    let version_2 = match fields.optional(INTEGER, "the CRL's version")?.map(|version| version.content) {
        None => false,
        Some([1]) => true,
        Some(_) => return Err(DerError::Value("the CRL's version")),
    };
    let algorithm = fields.expect(SEQUENCE, "the inner signature algorithm")?.whole;
    let issuer = fields.expect(SEQUENCE, "the CRL's issuer")?.whole.to_vec();
    let this_update = fields.time("thisUpdate")?;
    let next_update = fields.optional_time("nextUpdate")?;
    let entries = match fields.optional(SEQUENCE, "the revoked certificates")? {
        Some(revoked) => EntryIndex::read(revoked.content)?,
        None => EntryIndex::empty(),
    };
    let extensions = match fields.optional(context_constructed(0), "the CRL's extensions")? {
        Some(tagged) if version_2 => CrlExtensions::read(tagged.content)?,
        Some(_) => return Err(DerError::Value("the CRL's version")),
        None => CrlExtensions::default(),
    };
    fields.end("the signed part of the CRL")?;
    Ok((Crl { issuer, this_update, next_update, was_pem, entries, extensions }, algorithm))
}
