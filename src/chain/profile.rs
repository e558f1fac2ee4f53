//! What RFC 5280 section 4 forbids an authority to write into a certificate, beyond what the path algorithm asks about.

use super::{ChainError, ChainPolicy, name_forms};
use crate::certificate::{Certificate, GeneralName};
use crate::chain::{CertificateRole, checks};
use std::sync::Arc;

/// How a certificate breaks the profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileDefect {
    /// Section 4.1.2.6.
    #[error("it is an authority without a name")]
    AuthorityWithoutName,
    /// Section 4.1.2.4.
    #[error("the name of its issuer is empty")]
    EmptyIssuer,
    /// Section 4.2.1.10.
    #[error("its name constraints constrain nothing")]
    EmptyNameConstraints,
    /// Sections 4.2.1.1, 4.2.1.2.
    #[error("its {0} is critical, which it must not be")]
    MustNotBeCritical(&'static str),
    /// Section 4.1.2.6; for sections 4.2.1.9 and 4.2.1.11 asked for by [`ChainPolicy::strict_profile`].
    #[error("its {0} is not critical, which it must be")]
    MustBeCritical(&'static str),
    /// Section 4.2.1.10: an unreadable constraint could mean anything.
    #[error("one of its name constraints is not written as its form demands")]
    MalformedNameConstraint,
    /// Sections 4.2.1.1, 4.2.1.2; asked for by [`ChainPolicy::strict_profile`].
    #[error("it has no {0}")]
    MissingKeyIdentifier(&'static str),
    /// Section 4.2.1.10.
    #[error("it is no authority and has name constraints")]
    NameConstraintsWithoutAuthority,
    /// Section 4.1.2.6.
    #[error("it has neither a subject nor an alternative name")]
    Nameless,
    /// Section 4.2.1.9; asked for by [`ChainPolicy::strict_profile`].
    #[error("its keyUsage lets it sign certificates, and its basicConstraints do not")]
    SignsWithoutAuthority,
    /// Section 4.2.1.6; asked for by [`ChainPolicy::strict_profile`].
    #[error("its alternative name {0:?} is not a host name")]
    UnusualHostName(String),
}

/// Judges every certificate of the path, the root too.
pub(super) fn check(path: &[Arc<Certificate>], policy: &ChainPolicy) -> Result<(), ChainError> {
    for (position, certificate) in path.iter().enumerate() {
        let role = checks::role(path, position);
        let strictly = || if policy.strict_profile { strict_defect(certificate, role) } else { None };
        if let Some(defect) = defect(certificate).or_else(strictly) {
            return Err(ChainError::Profile { role, subject: checks::subject(certificate), defect });
        }
    }
    Ok(())
}

fn is_authority(certificate: &Certificate) -> bool {
    certificate.basic_constraints().is_some_and(|constraints| constraints.ca)
}

/// What could deceive somebody.
fn defect(certificate: &Certificate) -> Option<ProfileDefect> {
    let authority = is_authority(certificate);
    let (subject, alternatives) = (certificate.subject(), certificate.subject_alternative_names());
    if certificate.issuer().is_empty() {
        return Some(ProfileDefect::EmptyIssuer);
    }
    if subject.is_empty() {
        if authority {
            return Some(ProfileDefect::AuthorityWithoutName);
        }
        if alternatives.is_empty() {
            return Some(ProfileDefect::Nameless);
        }
        if !certificate.is_critical(17) {
            return Some(ProfileDefect::MustBeCritical("subjectAltName (there being no subject)"));
        }
    }
    for (last, name) in [(35, "authorityKeyIdentifier"), (14, "subjectKeyIdentifier")] {
        if certificate.is_critical(last) {
            return Some(ProfileDefect::MustNotBeCritical(name));
        }
    }
    let constraints = certificate.name_constraints()?;
    let mut subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    if !authority {
        return Some(ProfileDefect::NameConstraintsWithoutAuthority);
    }
    if constraints.is_empty() {
        return Some(ProfileDefect::EmptyNameConstraints);
    }
    let malformed = subtrees.any(|subtree| !name_forms::is_well_formed(&subtree.base));
    malformed.then_some(ProfileDefect::MalformedNameConstraint)
}

/// What deceives nobody, and yet an authority must not do.
fn strict_defect(certificate: &Certificate, role: CertificateRole) -> Option<ProfileDefect> {
    let authority = is_authority(certificate);
    if role != CertificateRole::Root && certificate.authority_key_identifier().is_none() {
        return Some(ProfileDefect::MissingKeyIdentifier("authorityKeyIdentifier"));
    }
    if authority && certificate.subject_key_identifier().is_none() {
        return Some(ProfileDefect::MissingKeyIdentifier("subjectKeyIdentifier"));
    }
    if authority && !certificate.is_critical(19) {
        return Some(ProfileDefect::MustBeCritical("basicConstraints"));
    }
    if certificate.policy_constraints().is_some() && !certificate.is_critical(36) {
        return Some(ProfileDefect::MustBeCritical("policyConstraints"));
    }
    if !authority && certificate.key_usage().is_some_and(|usage| usage.key_cert_sign()) {
        return Some(ProfileDefect::SignsWithoutAuthority);
    }
    let dotted = certificate.name_constraints().is_some_and(|constraints| {
        constraints
            .permitted
            .iter()
            .chain(&constraints.excluded)
            .any(|subtree| name_forms::has_leading_dot(&subtree.base))
    });
    if dotted {
        return Some(ProfileDefect::MalformedNameConstraint);
    }
    certificate.subject_alternative_names().iter().find_map(|name| match name {
        GeneralName::Dns(host) if !name_forms::is_preferred_host(host) => {
            Some(ProfileDefect::UnusualHostName(host.clone()))
        }
        _ => None,
    })
}
