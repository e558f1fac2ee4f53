//! From DER to [`Certificate`]: one pass, extensions read only where somebody asks for them.

use super::extensions::Extensions;
use super::{Certificate, CertificateError, DistinguishedName, SerialNumber, public_key, signature};
use jiff::Timestamp;
use std::borrow::Cow;
use x509_parser::certificate::{X509Certificate, X509CertificateParser};
use x509_parser::nom::Parser;
use x509_parser::time::ASN1Time;

pub(super) fn certificate(der: &[u8]) -> Result<Certificate, CertificateError> {
    let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
    let (rest, parsed) = parser.parse(der).map_err(|_| CertificateError::NotACertificate)?;
    refuse_trailing(der, rest, &parsed)?;
    let algorithm = parsed.signature_algorithm.algorithm.to_id_string();
    if parsed.signature_algorithm != parsed.tbs_certificate.signature {
        let inner = parsed.tbs_certificate.signature.algorithm.to_id_string();
        return Err(CertificateError::SignatureAlgorithmMismatch { outer: algorithm, inner });
    }
    Ok(Certificate {
        version: parsed.tbs_certificate.version().0.saturating_add(1),
        fingerprint: openssl::sha::sha256(der),
        sha1_thumbprint: openssl::sha::sha1(der),
        der: der.into(),
        subject: DistinguishedName::from_parsed(&parsed.tbs_certificate.subject),
        issuer: DistinguishedName::from_parsed(&parsed.tbs_certificate.issuer),
        serial: SerialNumber::from_octets(parsed.tbs_certificate.raw_serial()),
        not_before: timestamp(&parsed.tbs_certificate.validity.not_before),
        not_after: timestamp(&parsed.tbs_certificate.validity.not_after),
        public_key: public_key::read(&parsed.tbs_certificate.subject_pki)?,
        signature_digest: signature::digest(&parsed.signature_algorithm, &algorithm),
        signature_algorithm: algorithm,
        extensions: Extensions::read(parsed.tbs_certificate.extensions())?,
    })
}

/// Nothing after the certificate, and nothing after the signature inside it: neither is covered by the signature.
fn refuse_trailing(der: &[u8], rest: &[u8], parsed: &X509Certificate<'_>) -> Result<(), CertificateError> {
    if !rest.is_empty() {
        return Err(CertificateError::TrailingBytes { count: rest.len() });
    }
    match &parsed.signature_value.data {
        Cow::Borrowed(signature) => {
            let count = der.as_ptr_range().end as usize - signature.as_ptr_range().end as usize;
            if count == 0 { Ok(()) } else { Err(CertificateError::TrailingBytes { count }) }
        }
        Cow::Owned(_) => Ok(()),
    }
}

/// `99991231235959Z` ("no end", RFC 5280 section 4.1.2.5) lies a day past what a timestamp holds.
fn timestamp(time: &ASN1Time) -> Timestamp {
    let seconds = time.timestamp();
    let limit = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(limit)
}
