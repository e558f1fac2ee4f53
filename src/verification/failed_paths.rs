//! The paths that were tried and refused, each with its own reason.

use super::certificate_facts::name;
use super::visible_chain::{Origin, place};
use crate::certificate::Certificate;
use crate::chain::{CertificateRole, ChainError, TriedPath, TrustStore};
use crate::outcome::Refusal;
use serde::Serialize;
use std::cmp::Reverse;
use std::sync::Arc;

/// Most that are reported.
const MOST: usize = 16;

/// One path that was tried and refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedPath {
    /// Its certificates, leaf first; the last is a root, unless the path breaks off.
    pub certificates: Vec<PathStep>,
    /// Which of them it failed at, from 0; `null` when the path as a whole is at fault.
    pub broke_at: Option<usize>,
    /// Code of the outcome that a sign-in would end with if this were the only path.
    pub code: &'static str,
    /// Its name.
    pub outcome: &'static str,
    /// One sentence with the particulars.
    pub finding: String,
}

/// One certificate of such a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathStep {
    /// Whom it is for.
    pub subject: String,
    /// Serial number.
    pub serial: String,
    /// Where it came from.
    pub origin: Origin,
    /// The container's file; `null` for a sent one.
    pub file: Option<String>,
}

/// The refused paths, most telling first; those that came equally far in the order in which they were tried.
pub(super) fn by_what_they_tell(tried: Vec<TriedPath>) -> Vec<(Vec<Arc<Certificate>>, ChainError)> {
    let mut failed: Vec<(Vec<Arc<Certificate>>, ChainError)> = Vec::new();
    for TriedPath { path, refusal } in tried {
        let Some(refusal) = refusal.map(|refusal| (path, refusal)) else { continue };
        if !failed.contains(&refusal) {
            failed.push(refusal);
        }
    }
    failed.sort_by_key(|(_, error)| Reverse(error.rank()));
    failed
}

/// The first of them as they are reported, and how many more there are.
pub(super) fn reported(
    failed: Vec<(Vec<Arc<Certificate>>, ChainError)>,
    trust: &TrustStore,
) -> (Vec<FailedPath>, usize) {
    let more = failed.len().saturating_sub(MOST);
    (failed.into_iter().take(MOST).map(|(path, error)| one(&path, error, trust)).collect(), more)
}

fn one(path: &[Arc<Certificate>], error: ChainError, trust: &TrustStore) -> FailedPath {
    let broke_at = broke_at(path, &error);
    let Refusal { outcome, finding, .. } = error.into();
    FailedPath {
        certificates: path.iter().map(|certificate| step(certificate, trust)).collect(),
        broke_at,
        code: outcome.code(),
        outcome: outcome.name(),
        finding,
    }
}

fn step(certificate: &Certificate, trust: &TrustStore) -> PathStep {
    let (origin, file) = place(certificate, trust);
    let (subject, serial) = (name(certificate.subject().dotnet()), certificate.serial().to_string());
    PathStep { subject, serial, origin, file }
}

/// The certificate that an error speaks of: by its part in the path, or where it has none, by its name.
fn broke_at(path: &[Arc<Certificate>], error: &ChainError) -> Option<usize> {
    let last = path.len().checked_sub(1)?;
    let named = |subject: &str| path.iter().rposition(|certificate| certificate.subject().dotnet() == subject);
    match error {
        ChainError::SignatureInvalid { role, .. }
        | ChainError::NotACertificateAuthority { role, .. }
        | ChainError::UnhandledCriticalExtension { role, .. }
        | ChainError::Profile { role, .. }
        | ChainError::WeakKey { role, .. }
        | ChainError::UnsupportedKey { role, .. }
        | ChainError::WeakSignature { role, .. }
        | ChainError::NotYetValid { role, .. }
        | ChainError::Expired { role, .. }
        | ChainError::WrongExtendedKeyUsage { role, .. } => match role {
            CertificateRole::Leaf => Some(0),
            CertificateRole::Intermediate { position } => Some(*position).filter(|position| *position <= last),
            CertificateRole::Root => Some(last),
        },
        ChainError::PathTooLong { subject, .. }
        | ChainError::NameConstraints { subject, .. }
        | ChainError::NameConstraintsUnsupported { subject, .. }
        | ChainError::CertificatePolicies { subject, .. }
        | ChainError::RefusedByOpenssl { subject, .. } => named(subject),
        ChainError::WrongKeyUsage { .. } | ChainError::UnreadableCertificate(_) => Some(0),
        ChainError::UnknownIssuer { .. } | ChainError::MissingIntermediate { .. } => Some(last),
        ChainError::BudgetExhausted { .. } | ChainError::DepthExceeded { .. } => None,
    }
}
