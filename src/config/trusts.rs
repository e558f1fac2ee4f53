//! `[token_signing]`, `[claims_provider]` and `[[relying_party]]`.

use super::document::{Section, Source};
use super::{Located, Problem, Problems};
use std::collections::HashSet;
use std::path::PathBuf;

/// `[token_signing]`.
#[derive(Debug, Clone)]
pub struct TokenSigningSection {
    /// PEM certificate that relying parties know.
    pub certificate: Located<PathBuf>,
    /// PEM key, RSA or P-256.
    pub private_key: Located<PathBuf>,
}

/// `[[relying_party]]`.
#[derive(Debug, Clone)]
pub struct RelyingPartySection {
    /// Display name.
    pub name: Located<String>,
    /// Every identifier that means it.
    pub identifiers: Located<Vec<String>>,
    /// Whether it is served: yes.
    pub enabled: bool,
    /// File of issuance authorization rules.
    pub authorization_rules: Located<PathBuf>,
    /// File of issuance transform rules.
    pub transform_rules: Located<PathBuf>,
}

pub(super) fn token_signing(mut section: Section<'_, '_>, problems: &mut Problems) -> TokenSigningSection {
    let signing = TokenSigningSection {
        certificate: section.required_path(problems, "certificate", "Name the PEM file of the signing certificate."),
        private_key: section.required_path(problems, "private_key", "Name the PEM file of the signing key."),
    };
    section.finish(problems);
    signing
}

pub(super) fn claims_provider(mut section: Section<'_, '_>, problems: &mut Problems) -> Located<PathBuf> {
    let rules = section.required_path(problems, "acceptance_rules", "Name the file of acceptance transform rules.");
    section.finish(problems);
    rules
}

pub(super) fn relying_parties(
    root: &mut Section<'_, '_>,
    source: &Source<'_>,
    problems: &mut Problems,
) -> Vec<RelyingPartySection> {
    let tables = root.tables(problems, "relying_party");
    if tables.is_empty() && !root.has("relying_party") {
        root.missing(
            problems,
            "relying_party",
            "Add a [[relying_party]] section: without one no token is ever issued.",
        );
    }
    let parties: Vec<_> = tables.into_iter().map(|table| relying_party(table, problems)).collect();
    let mut seen = HashSet::new();
    for party in &parties {
        for identifier in &party.identifiers.value {
            if !seen.insert(identifier) {
                let message = format!("has {identifier:?}, which another relying party has too");
                let cure = "An identifier means one application; remove it from one of them.";
                problems.push(Problem::new(source.file, &party.identifiers, message, cure));
            }
        }
    }
    parties
}

fn relying_party(mut section: Section<'_, '_>, problems: &mut Problems) -> RelyingPartySection {
    let name = section.required(problems, "name", "Give the trust a display name.");
    let identifiers = section.strings(problems, "identifiers");
    if identifiers.as_ref().is_none_or(|identifiers| identifiers.value.is_empty()) {
        let cure = "List the identifiers; for Office 365 that is [\"urn:federation:MicrosoftOnline\"].";
        section.missing(problems, "identifiers", cure);
    }
    let party = RelyingPartySection {
        identifiers: identifiers.unwrap_or_else(|| Located {
            value: Vec::new(),
            line: name.line,
            column: name.column,
            key: name.key.clone(),
        }),
        name,
        enabled: section.boolean(problems, "enabled", true),
        authorization_rules: section.required_path(
            problems,
            "authorization_rules",
            "Name the file; empty rules admit nobody.",
        ),
        transform_rules: section.required_path(
            problems,
            "transform_rules",
            "Name the file of issuance transform rules.",
        ),
    };
    section.finish(problems);
    party
}
