//! The checks that cost nothing and run every time, also on a path whose signatures are remembered.

use super::{AuthorityDefect, CertificateRole, ChainError, ChainPolicy};
use crate::certificate::{Certificate, KeyKind, SignatureDigest};
use jiff::Timestamp;
use std::sync::Arc;

type Path = [Arc<Certificate>];

const ANY_EXTENDED_KEY_USAGE: &str = "2.5.29.37.0";

/// What keeps a certificate from issuing others (RFC 5280 section 6.1.4 (k) and (n)).
pub(super) fn authority_defect(certificate: &Certificate) -> Option<AuthorityDefect> {
    match certificate.basic_constraints() {
        None => Some(AuthorityDefect::NoBasicConstraints),
        Some(constraints) if !constraints.ca => Some(AuthorityDefect::NotAnAuthority),
        Some(_) if certificate.key_usage().is_some_and(|usage| !usage.key_cert_sign()) => {
            Some(AuthorityDefect::MayNotSignCertificates)
        }
        Some(_) => None,
    }
}

pub(super) fn role(path: &Path, position: usize) -> CertificateRole {
    match position {
        0 => CertificateRole::Leaf,
        last if last + 1 == path.len() => CertificateRole::Root,
        position => CertificateRole::Intermediate { position },
    }
}

pub(super) fn subject(certificate: &Certificate) -> String {
    certificate.subject().dotnet().to_owned()
}

/// What the certificates say about themselves and each other, whatever the time and the policy.
pub(super) fn structure(path: &Path) -> Result<(), ChainError> {
    let mut authorities_below = 0;
    for (position, certificate) in path.iter().enumerate() {
        let role = role(path, position);
        if let Some(oid) = certificate.unhandled_critical_extensions().first() {
            let (subject, oid) = (subject(certificate), oid.clone());
            return Err(ChainError::UnhandledCriticalExtension { role, subject, oid });
        }
        if position == 0 {
            continue;
        }
        if let Some(defect) = authority_defect(certificate) {
            return Err(ChainError::NotACertificateAuthority { role, subject: subject(certificate), defect });
        }
        path_length(certificate, authorities_below)?;
        authorities_below += usize::from(!certificate.is_self_issued());
    }
    Ok(())
}

fn path_length(authority: &Certificate, found: usize) -> Result<(), ChainError> {
    let allowed = authority.basic_constraints().and_then(|constraints| constraints.path_length);
    match allowed {
        Some(allowed) if u32::try_from(found).map_or(true, |found| found > allowed) => {
            Err(ChainError::PathTooLong { subject: subject(authority), allowed, found })
        }
        _ => Ok(()),
    }
}

/// Time and policy.
pub(super) fn policy(path: &Path, policy: &ChainPolicy, at: Timestamp) -> Result<(), ChainError> {
    for (position, certificate) in path.iter().enumerate() {
        let role = role(path, position);
        if role != CertificateRole::Root {
            signature_strength(certificate, role, policy)?;
            key_strength(certificate, role, policy)?;
        }
    }
    for (position, certificate) in path.iter().enumerate() {
        validity(certificate, role(path, position), at)?;
    }
    extended_key_usage(path, policy)
}

fn signature_strength(
    certificate: &Certificate,
    role: CertificateRole,
    policy: &ChainPolicy,
) -> Result<(), ChainError> {
    match certificate.signature_digest() {
        SignatureDigest::Strong => Ok(()),
        SignatureDigest::Sha1 if policy.allow_sha1 => Ok(()),
        SignatureDigest::Sha1 | SignatureDigest::Md5OrOlder | SignatureDigest::Unknown => {
            let algorithm = certificate.signature_algorithm().to_owned();
            Err(ChainError::WeakSignature { role, subject: subject(certificate), algorithm })
        }
    }
}

fn key_strength(certificate: &Certificate, role: CertificateRole, policy: &ChainPolicy) -> Result<(), ChainError> {
    let key = certificate.public_key();
    let minimum = match &key.kind {
        KeyKind::Rsa => policy.minimum_rsa_bits,
        KeyKind::Ec(_) => policy.minimum_ec_bits,
        KeyKind::Dsa => match policy.minimum_dsa_bits {
            // Parameters that are the issuer's (RFC 3279 section 2.3.2) are measured there.
            Some(minimum) if key.bits > 0 => minimum,
            Some(_) => return Ok(()),
            None => return Err(unsupported_key(certificate, role, "1.2.840.10040.4.1")),
        },
        // RFC 8410: Ed25519 and Ed448 are curves too, and the only other keys that are measured.
        KeyKind::Other(_) if key.bits > 0 => policy.minimum_ec_bits,
        KeyKind::Other(algorithm) => return Err(unsupported_key(certificate, role, algorithm)),
    };
    if key.bits < minimum {
        return Err(ChainError::WeakKey { role, subject: subject(certificate), bits: key.bits, minimum });
    }
    Ok(())
}

fn unsupported_key(certificate: &Certificate, role: CertificateRole, algorithm: &str) -> ChainError {
    ChainError::UnsupportedKey { role, subject: subject(certificate), algorithm: algorithm.to_owned() }
}

fn validity(certificate: &Certificate, role: CertificateRole, at: Timestamp) -> Result<(), ChainError> {
    if at < certificate.not_before() {
        let from = certificate.not_before();
        return Err(ChainError::NotYetValid { role, subject: subject(certificate), from });
    }
    if has_expired(certificate, at) {
        let until = certificate.not_after();
        return Err(ChainError::Expired { role, subject: subject(certificate), until });
    }
    Ok(())
}

/// The last second belongs to the validity, all of it.
fn has_expired(certificate: &Certificate, at: Timestamp) -> bool {
    at.as_second() > certificate.not_after().as_second()
}

pub(super) fn is_valid_at(certificate: &Certificate, at: Timestamp) -> bool {
    at >= certificate.not_before() && !has_expired(certificate, at)
}

/// At least one use of the policy must be open to the leaf and to every intermediate above it; a certificate without the
/// extension leaves all uses open. The root is an anchor and not asked.
fn extended_key_usage(path: &Path, policy: &ChainPolicy) -> Result<(), ChainError> {
    if policy.extended_key_usages.is_empty() {
        return Ok(());
    }
    let signs = |leaf: &Arc<Certificate>| leaf.key_usage().is_none_or(|usage| usage.digital_signature());
    let signs_nothing = path.first().filter(|leaf| !signs(leaf));
    let mut open: Vec<&String> = policy.extended_key_usages.iter().collect();
    for (position, certificate) in path.iter().enumerate() {
        let role = role(path, position);
        let Some(found) = certificate.extended_key_usage().filter(|_| role != CertificateRole::Root) else { continue };
        if found.iter().any(|usage| usage == ANY_EXTENDED_KEY_USAGE) {
            continue;
        }
        open.retain(|usage| found.contains(usage));
        if open.is_empty() {
            let found = found.to_vec();
            return Err(ChainError::WrongExtendedKeyUsage { role, subject: subject(certificate), found });
        }
    }
    signs_nothing.map_or(Ok(()), |leaf| Err(ChainError::WrongKeyUsage { subject: subject(leaf) }))
}
