//! What is wrong with the containers, or soon will be.

use super::certificate_facts::days_left;
use super::stored_certificates::{configured, named_by_children};
use super::{Containers, Fetched, Member};
use crate::certificate::{Certificate, KeyKind, SignatureDigest};
use crate::chain::{ContainerDefect, TrustContainer};
use crate::revocation::ocsp::OcspMode;
use crate::revocation::{CrlFailure, RevocationPolicy, VerifiedCrl};
use jiff::Timestamp;
use serde::Serialize;

/// Days before its end at which a certificate is told of.
const SOON: i64 = 60;
/// What the names of all authorities may take together in a certificate request. TLS allows 65,535 octets (RFC 8446 section
/// 4.2.4); Windows stops at 16 KB, and clients that read no more offer no certificate at all.
pub const HINT_BUDGET: usize = 16 * 1024;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Sign-ins fail, or the gateway does not start.
    Error,
    /// Sign-ins may fail, or will.
    Warning,
}

impl Severity {
    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file; `null` when the containers as a whole are at fault.
    pub file: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: &'static str,
}

/// Octets of the list of all authorities' names in a certificate request, each with its length before it.
pub fn hint_bytes(containers: &Containers) -> usize {
    let mut names: Vec<&[u8]> = containers.members.iter().map(|member| member.certificate.subject().der()).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().map(|name| name.len() + 2).sum()
}

/// Everything that is wrong, errors first. `fetched` are (authority, answer) pairs, when the CRL addresses were asked.
pub fn findings(
    containers: &Containers,
    policy: &RevocationPolicy,
    fetched: &[(&Member, Fetched)],
    at: Timestamp,
) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        containers.problems.iter().map(|problem| refused(problem.file.clone(), &problem.defect)).collect();
    for member in &containers.members {
        let mut note = |severity, what: String, remedy| {
            found.push(Finding { severity, file: Some(member.file.clone()), what, remedy });
        };
        validity(&member.certificate, at, &mut note);
        strength(&member.certificate, &mut note);
        // What is no authority's certificate is refused, and told already.
        if member.certificate.basic_constraints().is_some_and(|constraints| constraints.ca) {
            place(containers, member, &mut note);
            revocation(containers, member, policy, &mut note);
        }
    }
    duplicates(containers, &mut found);
    found.extend(fetched.iter().filter_map(|(authority, fetched)| crl_finding(authority, fetched, at)));
    let bytes = hint_bytes(containers);
    if bytes > HINT_BUDGET {
        found.push(Finding {
            severity: Severity::Warning,
            file: None,
            what: format!("the names of all authorities take {bytes} bytes as CA hints; the budget is {HINT_BUDGET}"),
            remedy: "Take authorities out of the containers that nobody's certificate comes from.",
        });
    }
    found.sort_by_key(|finding| finding.severity);
    found
}

fn refused(file: Option<String>, defect: &ContainerDefect) -> Finding {
    Finding { severity: Severity::Error, file, what: defect.to_string(), remedy: defect.cure() }
}

type Note<'n> = dyn FnMut(Severity, String, &'static str) + 'n;

fn subject(certificate: &Certificate) -> &str {
    certificate.subject().dotnet()
}

fn validity(certificate: &Certificate, at: Timestamp, note: &mut Note<'_>) {
    let (name, until) = (subject(certificate), certificate.not_after());
    match days_left(certificate, at) {
        days if days < 0 => {
            note(
                Severity::Error,
                format!("\"{name}\" expired at {until}"),
                "Put the renewed certificate there and remove this one.",
            );
        }
        days if days < SOON => {
            let what = format!("\"{name}\" expires at {until}, in {days} days");
            note(Severity::Warning, what, "Renew it, and put the new certificate beside it before the old one ends.");
        }
        _ => {}
    }
    if at < certificate.not_before() {
        let what = format!("\"{name}\" is not valid before {}", certificate.not_before());
        note(Severity::Warning, what, "Nothing, if it was put there ahead of time; otherwise check the clock.");
    }
}

fn strength(certificate: &Certificate, note: &mut Note<'_>) {
    let (name, key) = (subject(certificate), certificate.public_key());
    let minimum = if matches!(key.kind, KeyKind::Rsa | KeyKind::Dsa) { 2048 } else { 256 };
    if key.bits > 0 && key.bits < minimum {
        let what = format!("the key of \"{name}\" has {} bits; {minimum} are the least that is safe", key.bits);
        note(Severity::Warning, what, "Renew the authority with a longer key.");
    }
    // A root is believed because it is there: nobody relies on its signature.
    if !certificate.is_self_issued() && certificate.signature_digest() != SignatureDigest::Strong {
        let algorithm = super::identifiers::named(certificate.signature_algorithm());
        let what = format!("\"{name}\" is signed with {algorithm}, which is not accepted by default");
        note(Severity::Warning, what, "Have it signed anew with SHA-256.");
    }
}

/// Where it stands among the others.
fn place(containers: &Containers, member: &Member, note: &mut Note<'_>) {
    let certificate = &*member.certificate;
    let name = subject(certificate);
    if certificate.subject_key_identifier().is_none() {
        let what = format!("\"{name}\" has no subject key identifier");
        note(
            Severity::Warning,
            what,
            "Entra ID chains by key identifiers; have it issued with one (RFC 5280 section 4.2.1.2).",
        );
    }
    if member.container == TrustContainer::Roots || certificate.is_self_issued() {
        return;
    }
    if certificate.authority_key_identifier().is_none() {
        let what = format!("\"{name}\" has no authority key identifier");
        note(
            Severity::Warning,
            what,
            "Entra ID chains by key identifiers; have it issued with one (RFC 5280 section 4.2.1.1).",
        );
    }
    match containers.parent(certificate) {
        Some(parent) if path_is_full(containers, member) => {
            let what = format!(
                "\"{name}\" can never issue: an authority above it, such as \"{}\", allows no further one",
                subject(&parent.certificate)
            );
            note(
                Severity::Error,
                what,
                "Have the authority above it renewed with a larger path length, or remove this certificate.",
            );
        }
        Some(_) => {}
        None => missing_parent(containers, certificate, note),
    }
}

fn missing_parent(containers: &Containers, certificate: &Certificate, note: &mut Note<'_>) {
    let (name, issuer) = (subject(certificate), certificate.issuer());
    let named = |member: &&Member| member.certificate.subject().matches(issuer) && *member.certificate != *certificate;
    if let Some(other) = containers.members.iter().find(named) {
        let what =
            format!("\"{name}\" was issued by another key of \"{}\" than the one in {}", issuer.dotnet(), other.file);
        note(Severity::Error, what, "Put the issuer's certificate with the matching key identifier beside it.");
    } else {
        let what = format!("\"{name}\" was issued by \"{}\", which is in neither container", issuer.dotnet());
        note(Severity::Error, what, "Put the issuer's certificate into its container, or remove this one.");
    }
}

/// RFC 5280 section 6.1.4 (l): whether a path length above leaves no room for this authority.
fn path_is_full(containers: &Containers, member: &Member) -> bool {
    let mut below = usize::from(!member.certificate.is_self_issued());
    let mut current = &member.certificate;
    for _ in 0..containers.members.len() {
        let Some(parent) = containers.parent(current).filter(|parent| parent.certificate != *current) else {
            return false;
        };
        let allowed = parent.certificate.basic_constraints().and_then(|constraints| constraints.path_length);
        if allowed.is_some_and(|allowed| u32::try_from(below).is_ok_and(|below| below > allowed)) {
            return true;
        }
        below += usize::from(!parent.certificate.is_self_issued());
        current = &parent.certificate;
    }
    false
}

fn revocation(containers: &Containers, member: &Member, policy: &RevocationPolicy, note: &mut Note<'_>) {
    let certificate = &*member.certificate;
    let name = subject(certificate);
    if certificate.key_usage().is_some_and(|usage| !usage.crl_sign()) {
        let what = format!("the key usage of \"{name}\" lacks cRLSign, so no CRL of its own counts");
        note(Severity::Warning, what, "Have it renewed with cRLSign (RFC 5280 section 6.3.3 (f)).");
    }
    let issues_stored = containers.members.iter().any(|other| {
        *other.certificate != *certificate
            && containers.parent(&other.certificate).is_some_and(|parent| parent.certificate == member.certificate)
    });
    let by_ocsp = policy.authority(certificate.fingerprint()).is_some_and(|own| own.ocsp.mode == OcspMode::Instead);
    if issues_stored
        && !by_ocsp
        && configured(member, policy).is_empty()
        && named_by_children(containers, member).is_empty()
    {
        let what = format!(
            "no CRL address of \"{name}\" is known: the certificates below it name none and none is configured"
        );
        note(Severity::Warning, what, "Set crl_distribution_point in a [[revocation.authority]] section.");
    }
}

fn duplicates(containers: &Containers, found: &mut Vec<Finding>) {
    for (position, member) in containers.members.iter().enumerate() {
        for earlier in &containers.members[..position] {
            let (one, other) = (&member.certificate, &earlier.certificate);
            let same_key = one.public_key() == other.public_key();
            if one == other || !(same_key || one.subject().matches(other.subject())) {
                continue; // the same certificate twice is refused, and told already
            }
            let what = match (same_key, one.subject().matches(other.subject())) {
                (true, true) => {
                    format!("\"{}\" has the name and the key of another certificate, in {}", subject(one), earlier.file)
                }
                (true, false) => {
                    format!("\"{}\" has the same key as \"{}\" in {}", subject(one), subject(other), earlier.file)
                }
                _ => format!(
                    "\"{}\" has the name of another authority with another key, in {}",
                    subject(one),
                    earlier.file
                ),
            };
            let remedy = "Right for a renewal in progress; otherwise remove the one that is out of use.";
            found.push(Finding { severity: Severity::Warning, file: Some(member.file.clone()), what, remedy });
        }
    }
}

fn crl_finding(authority: &Member, fetched: &Fetched, at: Timestamp) -> Option<Finding> {
    let finding =
        |severity, what: String, remedy| Some(Finding { severity, file: Some(authority.file.clone()), what, remedy });
    let verified = fetched
        .answer
        .as_deref()
        .map_err(CrlFailure::clone)
        .and_then(|bytes| VerifiedCrl::verify(&fetched.url, bytes, &authority.certificate));
    match verified {
        Err(failure) => finding(
            Severity::Error,
            failure.to_string(),
            "Publish the authority's current CRL there, or correct the address.",
        ),
        Ok(crl) if !crl.is_current(at) => {
            let until =
                crl.crl().next_update().map_or_else(|| "never, as it says".to_owned(), |until| until.to_string());
            let what = format!("the CRL at {} is not in force: {} to {until}", fetched.url, crl.crl().this_update());
            finding(Severity::Error, what, "Publish a new CRL, and see why that did not happen by itself.")
        }
        Ok(crl) if crl.crl().was_pem() => {
            let what = format!("the CRL at {} is PEM, which AD FS and Entra ID refuse", fetched.url);
            finding(Severity::Warning, what, "Publish it as DER (RFC 5280 section 4.2.1.13).")
        }
        Ok(_) => None,
    }
}

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
