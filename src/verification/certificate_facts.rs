//! What a report says of one certificate.

use super::{AuthorityInformation, identifiers};
use crate::certificate::{Certificate, KeyKind, hexadecimal};
use jiff::Timestamp;
use serde::Serialize;

/// The facts of one certificate. Names are in .NET's spelling, octets in upper-case hexadecimal, times in RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateFacts {
    /// Whom it is for.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Serial number.
    pub serial: String,
    /// SHA-256 of the DER.
    pub sha256: String,
    /// First moment of validity.
    pub not_before: String,
    /// Last moment of validity.
    pub not_after: String,
    /// Whole days from the moment of judgement to the end of validity; negative once it is over.
    pub days_left: i64,
    /// Kind of key: `RSA`, `DSA`, a curve's name, or an object identifier.
    pub key: String,
    /// Length of the key in bits; 0 when unknown.
    pub key_bits: u32,
    /// Name of the algorithm that signed it, or its object identifier.
    pub signature_algorithm: String,
    /// Extended key usages, named where they have a name; `null` without the extension (any use).
    pub extended_key_usages: Option<Vec<String>>,
    /// Certificate policies.
    pub policies: Vec<String>,
    /// Subject key identifier.
    pub subject_key_identifier: Option<String>,
    /// Authority key identifier.
    pub authority_key_identifier: Option<String>,
    /// URLs of its CRL distribution points.
    pub crl_urls: Vec<String>,
    /// URLs of its issuer's certificate.
    pub issuer_urls: Vec<String>,
    /// URLs of OCSP responders.
    pub ocsp_urls: Vec<String>,
}

impl CertificateFacts {
    /// The facts, with the days counted from `at`.
    pub fn of(certificate: &Certificate, at: Timestamp) -> Self {
        let AuthorityInformation { issuers, ocsp } = AuthorityInformation::of(certificate);
        let named = |oids: &[String]| oids.iter().map(|oid| identifiers::named(oid)).collect::<Vec<_>>();
        Self {
            subject: name(certificate.subject().dotnet()),
            issuer: name(certificate.issuer().dotnet()),
            serial: certificate.serial().to_string(),
            sha256: octets(certificate.fingerprint()),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
            days_left: days_left(certificate, at),
            key: match &certificate.public_key().kind {
                KeyKind::Rsa => "RSA".to_owned(),
                KeyKind::Dsa => "DSA".to_owned(),
                KeyKind::Ec(oid) | KeyKind::Other(oid) => identifiers::short(oid).to_owned(),
            },
            key_bits: certificate.public_key().bits,
            signature_algorithm: identifiers::short(certificate.signature_algorithm()).to_owned(),
            extended_key_usages: certificate.extended_key_usage().map(named),
            policies: named(certificate.certificate_policies()),
            subject_key_identifier: certificate.subject_key_identifier().map(octets),
            authority_key_identifier: certificate.authority_key_identifier().map(octets),
            crl_urls: certificate.crl_distribution_points().to_vec(),
            issuer_urls: issuers,
            ocsp_urls: ocsp,
        }
    }
}

/// Whole days of validity that are left; an expired certificate has less than none.
pub(super) fn days_left(certificate: &Certificate, at: Timestamp) -> i64 {
    (certificate.not_after().as_second() - at.as_second()).div_euclid(86_400)
}

pub(super) fn octets(octets: impl AsRef<[u8]>) -> String {
    hexadecimal::upper(octets.as_ref().iter().copied())
}

/// An empty name is a name too, and has to be seen.
pub(super) fn name(dotnet: &str) -> String {
    if dotnet.is_empty() { "(no name)".to_owned() } else { dotnet.to_owned() }
}
