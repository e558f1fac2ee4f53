//! The extensions of a CRL (RFC 5280 section 5.2).

use super::der::{
    self, BIT_STRING, BOOLEAN, DerError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, context, context_constructed,
};
use super::distribution_point::{DistributionPointNames, ReasonSet, read_distribution_points, urls};
use openssl::bn::BigNum;

const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1d, 0x1b];
const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 0x1c];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 0x23];
const FRESHEST_CRL: &[u8] = &[0x55, 0x1d, 0x2e];

/// No published profile has a tenth of this; more is an attempt to make us work.
const MAXIMUM_ITEMS: usize = 64;

/// A CRL number (section 5.2.3): a non-negative integer of up to 20 octets that rises with every CRL of its scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlNumber(Vec<u8>);

impl CrlNumber {
    fn read(content: &[u8]) -> Result<Self, DerError> {
        let what = "the CRL number";
        let start = content.iter().position(|&octet| octet != 0).unwrap_or(content.len());
        let negative = content.first().ok_or(DerError::Value(what))? & 0x80 != 0;
        if negative || content.len() - start > 20 {
            return Err(DerError::Value(what));
        }
        Ok(Self(content[start..].to_vec()))
    }
}

impl Ord for CrlNumber {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for CrlNumber {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for CrlNumber {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match BigNum::from_slice(&self.0).and_then(|number| number.to_dec_str()) {
            Ok(decimal) => formatter.write_str(&decimal),
            Err(_) => Err(std::fmt::Error),
        }
    }
}

/// Which certificates a CRL speaks of when it does not speak of all its issuer's (section 5.2.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// The distribution point this CRL belongs to, when it names one.
    pub distribution_point: Option<DistributionPointNames>,
    /// Only certificates that are not a CA's.
    pub only_user_certificates: bool,
    /// Only CA certificates.
    pub only_ca_certificates: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
    /// Only these reasons for revocation.
    pub only_some_reasons: Option<ReasonSet>,
    /// Entries may speak of other issuers' certificates.
    pub indirect: bool,
}

/// What the extensions say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CrlExtensions {
    pub(super) number: Option<CrlNumber>,
    pub(super) delta_of: Option<CrlNumber>,
    pub(super) issuing_distribution_point: Option<IssuingDistributionPoint>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    /// The URLs of delta CRLs.
    pub(super) freshest_crl: Option<Vec<String>>,
    pub(super) unknown_critical: Vec<String>,
}

impl CrlExtensions {
    /// Reads the content of `crlExtensions [0]`.
    pub(super) fn read(content: &[u8]) -> Result<Self, DerError> {
        const WHAT: &str = "the CRL's extensions";
        let mut tagged = Reader::new(content);
        let mut extensions = tagged.sequence(WHAT)?;
        tagged.end(WHAT)?;
        let mut read = Self::default();
        let mut seen = Vec::new();
        while !extensions.is_empty() {
            let mut extension = extensions.sequence("a CRL extension")?;
            let identifier = extension.expect(OBJECT_IDENTIFIER, "a CRL extension's identifier")?.content;
            if seen.contains(&identifier) || seen.len() == MAXIMUM_ITEMS {
                return Err(DerError::Value(WHAT));
            }
            seen.push(identifier);
            let critical = match extension.optional(BOOLEAN, "a CRL extension's criticality")? {
                Some(value) => der::boolean(value.content, "a CRL extension's criticality")?,
                None => false,
            };
            let value = extension.expect(OCTET_STRING, "a CRL extension's value")?.content;
            extension.end("a CRL extension")?;
            read.take(identifier, critical, value)?;
        }
        Ok(read)
    }

    fn take(&mut self, identifier: &[u8], critical: bool, value: &[u8]) -> Result<(), DerError> {
        match identifier {
            CRL_NUMBER => self.number = Some(read_number(value)?),
            DELTA_CRL_INDICATOR => self.delta_of = Some(read_number(value)?),
            ISSUING_DISTRIBUTION_POINT => {
                self.issuing_distribution_point = Some(read_issuing_distribution_point(value)?);
            }
            AUTHORITY_KEY_IDENTIFIER => self.authority_key_identifier = read_authority_key_identifier(value)?,
            FRESHEST_CRL => self.freshest_crl = Some(urls(&read_distribution_points(value)?)),
            unknown if critical => {
                self.unknown_critical.push(der::dotted(unknown).unwrap_or_else(|| "(malformed identifier)".to_owned()));
            }
            _ => {}
        }
        Ok(())
    }
}

fn read_number(value: &[u8]) -> Result<CrlNumber, DerError> {
    const WHAT: &str = "the CRL number";
    let mut reader = Reader::new(value);
    let content = reader.expect(INTEGER, WHAT)?.content;
    reader.end(WHAT)?;
    CrlNumber::read(content)
}

fn read_authority_key_identifier(value: &[u8]) -> Result<Option<Vec<u8>>, DerError> {
    const WHAT: &str = "the authority key identifier";
    let mut outer = Reader::new(value);
    let mut fields = outer.sequence(WHAT)?;
    outer.end(WHAT)?;
    Ok(fields.optional(context(0), WHAT)?.map(|identifier| identifier.content.to_vec()))
}

fn read_issuing_distribution_point(value: &[u8]) -> Result<IssuingDistributionPoint, DerError> {
    const WHAT: &str = "the issuing distribution point";
    let mut outer = Reader::new(value);
    let mut fields = outer.sequence(WHAT)?;
    outer.end(WHAT)?;
    let flag = |number: u8, fields: &mut Reader<'_>| match fields.optional(context(number), WHAT)? {
        Some(value) => der::boolean(value.content, WHAT),
        None => Ok(false),
    };
    let distribution_point = fields
        .optional(context_constructed(0), WHAT)?
        .map(|name| DistributionPointNames::read(name.content))
        .transpose()?;
    let read = IssuingDistributionPoint {
        distribution_point,
        only_user_certificates: flag(1, &mut fields)?,
        only_ca_certificates: flag(2, &mut fields)?,
        only_some_reasons: fields.optional(context(3), WHAT)?.map(|set| ReasonSet::read(set.content)).transpose()?,
        indirect: flag(4, &mut fields)?,
        only_attribute_certificates: flag(5, &mut fields)?,
    };
    fields.end(WHAT)?;
    Ok(read)
}

/// The contents of a BIT STRING that must consist of whole octets, as every signature does.
pub(super) fn read_signature<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], DerError> {
    const WHAT: &str = "the signature value";
    match reader.expect(BIT_STRING, WHAT)?.content.split_first() {
        Some((0, octets)) => Ok(octets),
        _ => Err(DerError::Value(WHAT)),
    }
}
