//! No path to a trusted root.

use crate::chain::{CertificateRole, ChainError};
use crate::outcome::{Outcome, Refusal};

impl From<ChainError> for Refusal {
    fn from(error: ChainError) -> Self {
        let refusal = Self::because(outcome(&error), &error);
        match error {
            ChainError::UnreadableCertificate(reason) => refusal.with("reason", reason.to_string()),
            ChainError::UnknownIssuer { leaf, top } => refusal.with("subject", leaf).with("top", top),
            ChainError::MissingIntermediate { missing, below, .. } => {
                refusal.with("subject", below).with("missing_issuer", missing)
            }
            ChainError::BudgetExhausted { limit, unit } => refusal.with("limit", format!("{limit} {unit}")),
            ChainError::DepthExceeded { maximum } => refusal.with("maximum", maximum.to_string()),
            ChainError::SignatureInvalid { subject, issuer, .. } => {
                refusal.with("subject", subject).with("issuer", issuer)
            }
            ChainError::NotACertificateAuthority { subject, defect, .. } => {
                refusal.with("subject", subject).with("reason", defect.to_string())
            }
            ChainError::PathTooLong { subject, allowed, found } => {
                refusal.with("subject", subject).with("reason", format!("{found} below, {allowed} allowed"))
            }
            ChainError::UnhandledCriticalExtension { subject, oid, .. } => {
                refusal.with("subject", subject).with("oid", oid)
            }
            ChainError::NameConstraints { subject, detail }
            | ChainError::NameConstraintsUnsupported { subject, detail }
            | ChainError::CertificatePolicies { subject, detail } => {
                refusal.with("subject", subject).with("reason", detail)
            }
            ChainError::Profile { subject, defect, .. } => {
                refusal.with("subject", subject).with("reason", defect.to_string())
            }
            ChainError::WrongKeyUsage { subject } => refusal.with("subject", subject),
            ChainError::RefusedByOpenssl { code, text, subject } => {
                refusal.with("subject", subject).with("reason", format!("{code} {text}"))
            }
            ChainError::WeakKey { subject, bits, minimum, .. } => {
                refusal.with("subject", subject).with("bits", bits.to_string()).with("minimum", minimum.to_string())
            }
            ChainError::UnsupportedKey { subject, algorithm, .. }
            | ChainError::WeakSignature { subject, algorithm, .. } => {
                refusal.with("subject", subject).with("algorithm", algorithm)
            }
            ChainError::NotYetValid { subject, from, .. } => {
                refusal.with("subject", subject).with("not_before", from.to_string())
            }
            ChainError::Expired { subject, until, .. } => {
                refusal.with("subject", subject).with("not_after", until.to_string())
            }
            ChainError::WrongExtendedKeyUsage { subject, found, .. } => {
                refusal.with("subject", subject).with("found", found.join(" "))
            }
        }
    }
}

fn outcome(error: &ChainError) -> Outcome {
    match error {
        ChainError::UnreadableCertificate(_) => Outcome::CertificateUnreadable,
        ChainError::UnknownIssuer { .. } => Outcome::UnknownIssuer,
        ChainError::MissingIntermediate { .. } => Outcome::MissingIntermediate,
        ChainError::BudgetExhausted { .. } => Outcome::PathBudgetExhausted,
        ChainError::DepthExceeded { .. } => Outcome::DepthExceeded,
        ChainError::SignatureInvalid { .. } => Outcome::SignatureInvalid,
        ChainError::NotACertificateAuthority { .. } => Outcome::NotACertificateAuthority,
        ChainError::PathTooLong { .. } => Outcome::PathTooLong,
        ChainError::UnhandledCriticalExtension { .. } => Outcome::UnhandledCriticalExtension,
        ChainError::NameConstraints { .. } => Outcome::NameConstraintViolated,
        ChainError::NameConstraintsUnsupported { .. } => Outcome::NameConstraintsUnsupported,
        ChainError::CertificatePolicies { .. } => Outcome::CertificatePoliciesUnacceptable,
        ChainError::Profile { .. } => Outcome::CertificateProfileViolated,
        ChainError::WrongKeyUsage { .. } => Outcome::WrongKeyUsage,
        ChainError::RefusedByOpenssl { .. } => Outcome::PathRefused,
        ChainError::WeakKey { .. } => Outcome::WeakKey,
        ChainError::UnsupportedKey { .. } => Outcome::UnsupportedKey,
        ChainError::WeakSignature { .. } => Outcome::WeakSignature,
        ChainError::NotYetValid { role: CertificateRole::Leaf, .. } => Outcome::CertificateNotYetValid,
        ChainError::NotYetValid { .. } => Outcome::AuthorityNotYetValid,
        ChainError::Expired { role: CertificateRole::Leaf, .. } => Outcome::CertificateExpired,
        ChainError::Expired { .. } => Outcome::AuthorityExpired,
        ChainError::WrongExtendedKeyUsage { .. } => Outcome::WrongExtendedKeyUsage,
    }
}
