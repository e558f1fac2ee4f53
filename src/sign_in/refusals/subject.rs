//! A certificate that stands for no usable account.

use crate::outcome::{Outcome, Refusal};
use crate::subject::{CertificateField, SubjectError};

impl From<SubjectError> for Refusal {
    fn from(error: SubjectError) -> Self {
        let refusal = Self::because(outcome(&error), &error);
        match error {
            SubjectError::NothingToMap { subject, bindings } => {
                refusal.with("subject", subject).with("bindings", join(&bindings))
            }
            SubjectError::NoAccount { tried, .. } => refusal.with("tried", join(&tried)),
            SubjectError::Ambiguous { binding, dns } => {
                refusal.with("binding", binding.to_string()).with("accounts", dns.join("; "))
            }
            SubjectError::Disabled { dn } | SubjectError::LockedOut { dn } => refusal.with("account", dn),
            SubjectError::AccountExpired { dn, expired_at } => {
                refusal.with("account", dn).with("expired_at", expired_at.to_string())
            }
            SubjectError::CertificateAttributeMismatch { dn, directory, certificate, .. } => {
                refusal.with("account", dn).with("directory", directory).with("certificate", certificate)
            }
            SubjectError::CertificateAttributeMissing { dn, attribute, .. } => {
                refusal.with("account", dn).with("attribute", attribute)
            }
            SubjectError::AccountUnusable { dn, attribute, .. } => {
                refusal.with("account", dn).with("attribute", attribute)
            }
        }
    }
}

fn outcome(error: &SubjectError) -> Outcome {
    match error {
        SubjectError::NothingToMap { .. } => Outcome::NothingToMap,
        SubjectError::NoAccount { .. } => Outcome::NoAccount,
        SubjectError::Ambiguous { .. } => Outcome::AmbiguousAccount,
        SubjectError::Disabled { .. } => Outcome::AccountDisabled,
        SubjectError::AccountExpired { .. } => Outcome::AccountExpired,
        SubjectError::LockedOut { .. } => Outcome::AccountLockedOut,
        SubjectError::CertificateAttributeMismatch { which: CertificateField::SerialNumber, .. } => {
            Outcome::DirectorySerialMismatch
        }
        SubjectError::CertificateAttributeMismatch { which: CertificateField::Issuer, .. } => {
            Outcome::DirectoryIssuerMismatch
        }
        SubjectError::CertificateAttributeMissing { .. } => Outcome::DirectoryAttributeMissing,
        SubjectError::AccountUnusable { .. } => Outcome::AccountUnusable,
    }
}

fn join(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
