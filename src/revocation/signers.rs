//! Who may sign the CRL that speaks of a certificate: its issuer; the issuer under another key (RFC 5280 section 6.3.3 (f));
//! or the CRL issuer that the certificate names (section 4.2.1.13). Whoever it is must lead to the same root.

use super::RevocationPolicy;
use super::crl::is_name;
use super::crl_signature::{self, Sha1};
use super::der::{Reader, SEQUENCE};
use super::distribution_point::read_distribution_points;
use crate::certificate::Certificate;
use std::sync::Arc;

/// A candidate costs a signature check, and a container may hold several certificates of one name.
const MAXIMUM_SIGNERS: usize = 8;

/// Everybody whose CRL would count for the first certificate of the path; its issuer comes first.
pub(super) fn signers(path: &[Arc<Certificate>], policy: &RevocationPolicy) -> Vec<Arc<Certificate>> {
    let [certificate, issuer, ..] = path else { return Vec::new() };
    let mut signers = vec![Arc::clone(issuer)];
    let named_issuers = crl_issuers(certificate);
    let is_named = |signer: &Certificate| named_issuers.iter().any(|name| is_name(name, signer.subject()));
    let on_path = path.iter().skip(2).filter(|other| other.subject().matches(issuer.subject()));
    let elsewhere = policy.crl_signers.iter().filter(|signer| {
        let named = signer.subject().matches(issuer.subject()) || is_named(signer);
        named && may_sign(signer) && !path[1..].contains(signer)
    });
    let named_on_path = path.iter().skip(2).filter(|other| is_named(other));
    let issued = elsewhere.filter(|signer| path[1..].iter().any(|authority| issued_by(signer, authority)));
    for signer in on_path.chain(named_on_path).chain(issued).take(MAXIMUM_SIGNERS) {
        if !signers.contains(signer) {
            signers.push(Arc::clone(signer));
        }
    }
    signers
}

/// The path of a signer that is not on the certificate's own path: itself, then the part of that path above it.
pub(super) fn path_of(signer: &Arc<Certificate>, path: &[Arc<Certificate>]) -> Option<Vec<Arc<Certificate>>> {
    let position = path.iter().skip(1).position(|authority| issued_by(signer, authority))? + 1;
    Some(std::iter::once(signer).chain(&path[position..]).cloned().collect())
}

/// The CRL issuers that the certificate's distribution points name.
fn crl_issuers(certificate: &Certificate) -> Vec<Vec<u8>> {
    // cRLIssuer is tagged [2]: where that octet is nowhere, nobody is named, and most certificates name nobody.
    const TAG: u8 = 0xa2;
    let points = certificate.crl_distribution_points_der().filter(|der| der.contains(&TAG));
    let points = points.map(read_distribution_points);
    let points = points.and_then(Result::ok).unwrap_or_default();
    points.into_iter().flat_map(|point| point.crl_issuers).collect()
}

/// Unlike an authority on the path it must say so: nobody else has looked at this certificate.
fn may_sign(signer: &Certificate) -> bool {
    signer.key_usage().is_some_and(|usage| usage.crl_sign()) && signer.unhandled_critical_extensions().is_empty()
}

fn issued_by(certificate: &Certificate, authority: &Certificate) -> bool {
    if !certificate.issuer().matches(authority.subject()) {
        return false;
    }
    match (certificate.authority_key_identifier(), authority.subject_key_identifier()) {
        (Some(named), Some(own)) if named != own => false,
        _ => is_signed_by(certificate, authority).unwrap_or(false),
    }
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }` (RFC 5280 section 4.1).
fn is_signed_by(certificate: &Certificate, authority: &Certificate) -> Option<bool> {
    let mut fields = Reader::new(certificate.der()).sequence("a certificate").ok()?;
    let tbs = fields.expect(SEQUENCE, "a certificate").ok()?.whole;
    let algorithm = fields.expect(SEQUENCE, "a certificate").ok()?.whole;
    let signature = super::crl_extensions::read_signature(&mut fields).ok()?;
    Some(crl_signature::verify(&authority.public_key().spki_der, algorithm, tbs, signature, Sha1::Refused).is_ok())
}
