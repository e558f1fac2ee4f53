//! Distribution points as certificates (RFC 5280 sections 4.2.1.13 and 4.2.1.15) and CRLs (section 5.2.5) name them, and
//! the reasons for revocation they divide among themselves.

use super::der::{DerError, Reader, SEQUENCE, SET, context, context_constructed, write};

/// No published profile has a tenth of this; more is an attempt to make us work.
const MAXIMUM_ITEMS: usize = 64;

/// Some of the reasons for revocation, as `ReasonFlags` counts them (section 4.2.1.13): bits 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonSet(u16);

impl ReasonSet {
    /// No reason.
    pub const NONE: Self = Self(0);
    /// Every reason.
    pub const ALL: Self = Self(0b1_1111_1110);

    /// Reads the content of the BIT STRING, whose first octet counts the unused bits.
    pub(super) fn read(content: &[u8]) -> Result<Self, DerError> {
        const WHAT: &str = "the reasons of a distribution point";
        match *content {
            [0..=7] => Ok(Self::NONE),
            [0..=7, ref flags @ ..] if flags.len() <= 2 => {
                let bit =
                    |number: usize| flags.get(number / 8).is_some_and(|octet| octet & (0x80 >> (number % 8)) != 0);
                Ok(Self((1..=8).filter(|number| bit(*number)).fold(0, |set, number| set | 1 << number)))
            }
            _ => Err(DerError::Value(WHAT)),
        }
    }

    /// In either.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// In both.
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl std::fmt::Display for ReasonSet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 8] = [
            "keyCompromise",
            "cACompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "privilegeWithdrawn",
            "aACompromise",
        ];
        let named: Vec<&str> = (0..8).filter(|place| self.0 & (2 << place) != 0).map(|place| NAMES[place]).collect();
        formatter.write_str(&named.join(", "))
    }
}

/// The names of a distribution point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DistributionPointNames {
    /// URIs, in order.
    pub uris: Vec<String>,
    /// Every name in DER, as a general name.
    names: Vec<Vec<u8>>,
    /// The relative distinguished name of `nameRelativeToCRLIssuer`, in DER.
    relative: Option<Vec<u8>>,
}

impl DistributionPointNames {
    /// One URI.
    pub(super) fn uri(uri: &str) -> Self {
        Self { uris: vec![uri.to_owned()], names: vec![write(context(6), uri.as_bytes())], relative: None }
    }

    /// One directory name, in DER.
    pub(super) fn directory_name(name: &[u8]) -> Self {
        Self { uris: Vec::new(), names: vec![write(context_constructed(4), name)], relative: None }
    }

    /// `DistributionPointName`: `fullName [0]` or `nameRelativeToCRLIssuer [1]`.
    pub(super) fn read(content: &[u8]) -> Result<Self, DerError> {
        const WHAT: &str = "the distribution point's name";
        let mut choice = Reader::new(content);
        let Some(full_name) = choice.optional(context_constructed(0), WHAT)? else {
            let relative = write(SET, choice.expect(context_constructed(1), WHAT)?.content);
            choice.end(WHAT)?;
            return Ok(Self { relative: Some(relative), ..Self::default() });
        };
        choice.end(WHAT)?;
        let mut read = Self::default();
        let mut list = Reader::new(full_name.content);
        while !list.is_empty() {
            let name = list.any(WHAT)?;
            if read.names.len() == MAXIMUM_ITEMS {
                return Err(DerError::Value(WHAT));
            }
            read.names.push(name.whole.to_vec());
            if let (Ok(uri), true) = (str::from_utf8(name.content), name.tag == context(6)) {
                read.uris.push(uri.to_owned());
            }
        }
        Ok(read)
    }

    /// Every name as a general name in DER; a relative one is completed by the CRL issuer's name.
    fn complete(&self, crl_issuer: &[u8]) -> Vec<Vec<u8>> {
        let Some(relative) = &self.relative else { return self.names.clone() };
        match Reader::new(crl_issuer).expect(SEQUENCE, "the CRL's issuer") {
            Ok(issuer) => vec![write(context_constructed(4), &write(SEQUENCE, &[issuer.content, relative].concat()))],
            Err(_) => Vec::new(),
        }
    }

    /// Whether one of the names is the same (section 6.3.3 (b)(2)(i)); both belong to CRLs of this issuer.
    pub(super) fn shares_a_name(&self, other: &Self, crl_issuer: &[u8]) -> bool {
        let others = other.complete(crl_issuer);
        self.complete(crl_issuer).iter().any(|name| others.contains(name))
    }
}

/// A distribution point in a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DistributionPoint {
    pub(super) names: Option<DistributionPointNames>,
    pub(super) reasons: Option<ReasonSet>,
    /// Directory names in DER of who issues the CRL, when that is not the certificate's issuer.
    pub(super) crl_issuers: Vec<Vec<u8>>,
}

impl DistributionPoint {
    pub(super) fn for_all_reasons(url: &str) -> Self {
        Self { names: Some(DistributionPointNames::uri(url)), ..Self::default() }
    }
}

/// The value of the extensions `cRLDistributionPoints` and `freshestCRL`.
pub(super) fn read_distribution_points(value: &[u8]) -> Result<Vec<DistributionPoint>, DerError> {
    const WHAT: &str = "the CRL distribution points";
    let mut outer = Reader::new(value);
    let mut list = outer.sequence(WHAT)?;
    outer.end(WHAT)?;
    let mut points = Vec::new();
    while !list.is_empty() {
        if points.len() == MAXIMUM_ITEMS {
            return Err(DerError::Value(WHAT));
        }
        points.push(read_distribution_point(list.sequence(WHAT)?)?);
    }
    Ok(points)
}

fn read_distribution_point(mut fields: Reader<'_>) -> Result<DistributionPoint, DerError> {
    const WHAT: &str = "a CRL distribution point";
    let names = fields.optional(context_constructed(0), WHAT)?;
    let reasons = fields.optional(context(1), WHAT)?;
    let crl_issuer = fields.optional(context_constructed(2), WHAT)?;
    fields.end(WHAT)?;
    let mut crl_issuers = Vec::new();
    let mut list = Reader::new(crl_issuer.map_or(&[][..], |names| names.content));
    while !list.is_empty() && crl_issuers.len() < MAXIMUM_ITEMS {
        let name = list.any(WHAT)?;
        if name.tag == context_constructed(4) {
            crl_issuers.push(name.content.to_vec());
        }
    }
    Ok(DistributionPoint {
        names: names.map(|names| DistributionPointNames::read(names.content)).transpose()?,
        reasons: reasons.map(|reasons| ReasonSet::read(reasons.content)).transpose()?,
        crl_issuers,
    })
}

/// The URIs of all points, in order.
pub(super) fn urls(points: &[DistributionPoint]) -> Vec<String> {
    points.iter().filter_map(|point| point.names.as_ref()).flat_map(|names| names.uris.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::laboratory::tlv;

    #[test]
    fn reasons_are_read_by_their_bits() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (&[6, 0x40], Some("keyCompromise")),
            (
                &[1, 0x7e],
                Some(
                    "keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold",
                ),
            ),
            (&[7, 0x80, 0x80], Some("aACompromise")),
            (&[0], Some("")),
            (&[8, 0x40], None),
            (&[], None),
        ];
        for (content, expected) in cases {
            let read = ReasonSet::read(content).ok().map(|set| set.to_string());
            assert_eq!(read.as_deref(), expected, "{content:02x?}");
        }
        assert_eq!(ReasonSet::read(&[7, 0x7f, 0x80]), Ok(ReasonSet::ALL));
    }

    #[test]
    fn a_relative_name_is_completed_by_the_crl_issuers() {
        let part = |text: &str| tlv(0x30, &[tlv(6, &[0x55, 4, 3]), tlv(0x0c, text.as_bytes())].concat());
        let issuer = tlv(0x30, &tlv(0x31, &part("CA")));
        let whole = tlv(0x30, &[tlv(0x31, &part("CA")), tlv(0x31, &part("1"))].concat());
        let relative = DistributionPointNames::read(&tlv(0xa1, &part("1"))).unwrap();
        let full = DistributionPointNames::read(&tlv(0xa0, &tlv(0xa4, &whole))).unwrap();
        assert!(relative.shares_a_name(&full, &issuer) && full.shares_a_name(&relative, &issuer));
        assert!(!relative.shares_a_name(&full, &whole));
        assert!(!DistributionPointNames::uri("http://a/").shares_a_name(&full, &issuer));
        assert_eq!(full, DistributionPointNames::directory_name(&whole));
    }
}
