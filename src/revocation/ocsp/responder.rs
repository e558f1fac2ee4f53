//! Who may answer for an authority (RFC 6960 section 4.2.2.2): the authority itself, or a responder with a certificate that
//! the same authority issued for OCSP signing. A locally configured responder of a third party is not supported.
//!
//! The responder's own revocation (section 4.2.2.2.1): with `id-pkix-ocsp-nocheck` its issuer vouches for it until it
//! expires. Without it, and without an address where it could be asked, the issuer left the choice to us, and it is believed.
//! Without it but with an address the issuer wants it asked, which this release does not do, and it is refused.

use super::super::crl_extensions::read_signature;
use super::super::crl_signature::{self, Sha1, SignatureProblem};
use super::super::der::{Reader, SEQUENCE};
use super::certificate_id::key_hash;
use super::response::{BasicResponse, ResponderId};
use crate::certificate::{Certificate, DistinguishedName, KeyKind, hexadecimal};
use jiff::Timestamp;
use std::sync::Arc;

/// `id-kp-OCSPSigning`; `anyExtendedKeyUsage` does not stand for it.
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
/// NIST SP 800-57 at 112 bits, as the default of the chain's policy.
const MINIMUM_RSA_BITS: u32 = 2048;
const MINIMUM_OTHER_BITS: u32 = 256;

/// Who signed, accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Responder {
    /// The authority itself.
    Authority,
    /// By a certificate the authority issued for the purpose.
    Delegated(Arc<Certificate>),
}

/// Finds whom the response names, among the authority and the certificates sent along. The error says why nobody fits.
pub(super) fn find(
    response: &BasicResponse<'_>,
    issuer: &Certificate,
    at: Timestamp,
    sha1: Sha1,
) -> Result<Responder, String> {
    if is_named(response.responder, issuer) {
        return Ok(Responder::Authority);
    }
    let mut named = response.certificates.iter().filter_map(|der| Certificate::read_der(der).ok());
    match named.find(|certificate| is_named(response.responder, certificate)) {
        Some(certificate) => match delegation_defect(&certificate, issuer, at, sha1) {
            None => Ok(Responder::Delegated(Arc::new(certificate))),
            Some(defect) => Err(defect),
        },
        None => Err("it is neither the authority nor is its certificate in the response".to_owned()),
    }
}

fn is_named(id: ResponderId<'_>, certificate: &Certificate) -> bool {
    match id {
        ResponderId::Name(name) => {
            certificate.subject().der() == name
                || DistinguishedName::read_der(name).is_ok_and(|name| name.matches(certificate.subject()))
        }
        ResponderId::KeyHash(hash) => key_hash(certificate).is_some_and(|own| own == hash),
    }
}

/// The responder as an operator recognises it.
pub(super) fn describe(id: ResponderId<'_>) -> String {
    match id {
        ResponderId::Name(name) => DistinguishedName::read_der(name)
            .map_or_else(|_| "(a name that cannot be read)".to_owned(), |name| name.dotnet().to_owned()),
        ResponderId::KeyHash(hash) => format!("key {}", hexadecimal::upper(hash.iter().copied().take(20))),
    }
}

/// What keeps the certificate from speaking for this authority at this moment.
fn delegation_defect(certificate: &Certificate, issuer: &Certificate, at: Timestamp, sha1: Sha1) -> Option<String> {
    let named = certificate.issuer().matches(issuer.subject());
    match if named { signature_problem(certificate, issuer, sha1) } else { Some(SignatureProblem::Wrong) } {
        None => {}
        Some(SignatureProblem::Sha1(_)) => {
            return Some("its certificate is signed with SHA-1, which [trust] allow_sha1 does not allow".to_owned());
        }
        Some(SignatureProblem::Algorithm(_) | SignatureProblem::Wrong) => {
            return Some("its certificate was not issued by the authority whose certificate is asked about".to_owned());
        }
    }
    if !certificate.extended_key_usage().is_some_and(|usages| usages.iter().any(|usage| usage == OCSP_SIGNING)) {
        return Some(format!("its certificate lacks the extended key usage OCSP signing ({OCSP_SIGNING})"));
    }
    if certificate.key_usage().is_some_and(|usage| !usage.digital_signature()) {
        return Some("the key usage of its certificate lacks digitalSignature".to_owned());
    }
    if let Some(oid) = certificate.unhandled_critical_extensions().first() {
        return Some(format!("its certificate has the critical extension {oid}, which is not known here"));
    }
    if has_weak_key(certificate) {
        return Some(format!("the key of its certificate is too weak ({} bits)", certificate.public_key().bits));
    }
    if at < certificate.not_before() {
        return Some(format!("its certificate counts only from {}", certificate.not_before()));
    }
    if at.as_second() > certificate.not_after().as_second() {
        return Some(format!("its certificate expired at {}", certificate.not_after()));
    }
    let could_be_asked = !certificate.crl_distribution_points().is_empty() || !certificate.ocsp_urls().is_empty();
    if !certificate.has_ocsp_no_check() && could_be_asked {
        return Some("its own revocation would have to be asked, for its certificate lacks ocsp-nocheck".to_owned());
    }
    None
}

fn has_weak_key(certificate: &Certificate) -> bool {
    let key = certificate.public_key();
    key.bits < if key.kind == KeyKind::Rsa { MINIMUM_RSA_BITS } else { MINIMUM_OTHER_BITS }
}

/// The rules of a CRL's signature hold here too.
fn signature_problem(certificate: &Certificate, issuer: &Certificate, sha1: Sha1) -> Option<SignatureProblem> {
    let parts = || {
        let mut fields = Reader::new(certificate.der()).sequence("a certificate")?;
        let signed = fields.expect(SEQUENCE, "a certificate")?.whole;
        let algorithm = fields.expect(SEQUENCE, "a certificate")?.whole;
        Ok::<_, super::super::DerError>((signed, algorithm, read_signature(&mut fields)?))
    };
    let Ok((signed, algorithm, signature)) = parts() else { return Some(SignatureProblem::Wrong) };
    crl_signature::verify(&issuer.public_key().spki_der, algorithm, signed, signature, sha1).err()
}
