//! Who may sign the CRL that speaks of a certificate: its issuer; the issuer under another key (RFC 5280 section 6.3.3 (f));
//! or the CRL issuer that the certificate names (section 4.2.1.13). Whoever it is must lead to the same root.

use super::RevocationPolicy;
use super::crl::is_name;
use super::distribution_point::read_distribution_points;
use crate::certificate::Certificate;
use crate::chain::SignatureMemory;
use std::cmp::Reverse;
use std::sync::Arc;

/// A candidate costs a signature check, and a container may hold several certificates of one name.
const MAXIMUM_SIGNERS: usize = 8;

/// Most authorities between a signer and the path of the certificate.
const MAXIMUM_BETWEEN: usize = 3;

/// Most authorities tried for a place between them, in one search.
const MAXIMUM_TRIES: usize = 32;

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
    let directly = |signer: &Arc<Certificate>| issuer_on(path, signer, &policy.signatures).is_some();
    let issued = elsewhere.filter(|signer| directly(signer) || path_of(signer, path, policy).is_some());
    for signer in on_path.chain(named_on_path).chain(issued).take(MAXIMUM_SIGNERS) {
        if !signers.contains(signer) {
            signers.push(Arc::clone(signer));
        }
    }
    signers
}

/// The path of a signer that is not on the certificate's own path: itself, authorities between if need be, then the part of
/// that path above them. So it ends at the same trust anchor (section 6.3.3 (f)); whether it is valid is judged at its time.
pub(super) fn path_of(
    signer: &Arc<Certificate>,
    path: &[Arc<Certificate>],
    policy: &RevocationPolicy,
) -> Option<Vec<Arc<Certificate>>> {
    let mut climb = Climb { path, policy, trail: vec![Arc::clone(signer)], tries: MAXIMUM_TRIES };
    let position = climb.reach(signer)?;
    climb.trail.extend_from_slice(&path[position..]);
    Some(climb.trail)
}

/// The search for the way from a signer up to the certificate's path.
struct Climb<'a> {
    path: &'a [Arc<Certificate>],
    policy: &'a RevocationPolicy,
    trail: Vec<Arc<Certificate>>,
    tries: usize,
}

impl Climb<'_> {
    /// Lengthens the trail, whose end is `top`, until somebody on the path issued its end; says where on the path that is.
    fn reach(&mut self, top: &Arc<Certificate>) -> Option<usize> {
        let signatures = &self.policy.signatures;
        if let Some(position) = issuer_on(self.path, top, signatures) {
            return Some(position);
        }
        if self.trail.len() > MAXIMUM_BETWEEN {
            return None;
        }
        for between in self.between(top) {
            self.tries = self.tries.checked_sub(1)?;
            if issued_by(top, &between, signatures) {
                self.trail.push(Arc::clone(&between));
                if let Some(position) = self.reach(&between) {
                    return Some(position);
                }
                self.trail.pop();
            }
        }
        None
    }

    /// Who may have issued `top`; of a renewed authority's certificates the one that lasts longest comes first.
    fn between(&self, top: &Certificate) -> Vec<Arc<Certificate>> {
        let known = self.policy.crl_signers.iter().filter(|other| {
            top.issuer().matches(other.subject()) && !self.trail.contains(other) && !self.path.contains(other)
        });
        let mut between: Vec<_> = known.cloned().collect();
        between.sort_by_key(|authority| Reverse(authority.not_after()));
        between
    }
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

/// Where on the path, above its first certificate, the issuer of this one stands.
fn issuer_on(path: &[Arc<Certificate>], certificate: &Certificate, signatures: &SignatureMemory) -> Option<usize> {
    let above = path.iter().skip(1).position(|authority| issued_by(certificate, authority, signatures));
    above.map(|position| position + 1)
}

fn issued_by(certificate: &Certificate, authority: &Certificate, signatures: &SignatureMemory) -> bool {
    if !certificate.issuer().matches(authority.subject()) {
        return false;
    }
    match (certificate.authority_key_identifier(), authority.subject_key_identifier()) {
        (Some(named), Some(own)) if named != own => false,
        _ => signatures.is_signed_by(certificate, authority),
    }
}
