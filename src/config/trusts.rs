//! `[token_signing]`, `[claims_provider]` and `[[relying_party]]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{File, List, Required, Switch, Text};
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

/// `[claims_provider]`.
#[derive(Debug, Clone)]
pub struct ClaimsProviderSection {
    /// File of acceptance transform rules.
    pub acceptance_rules: Located<PathBuf>,
    /// Whether rules are read leniently.
    pub lenient_rules: bool,
}

/// `[[relying_party]]`.
#[derive(Debug, Clone)]
pub struct RelyingPartySection {
    /// Display name.
    pub name: Located<String>,
    /// Every identifier that means it.
    pub identifiers: Located<Vec<String>>,
    /// Whether it is served.
    pub enabled: bool,
    /// File of issuance authorization rules.
    pub authorization_rules: Located<PathBuf>,
    /// File of issuance transform rules.
    pub transform_rules: Located<PathBuf>,
    /// Whether rules are read leniently.
    pub lenient_rules: bool,
}

pub(super) const TOKEN_SIGNING: Table = Table {
    name: "token_signing",
    repeated: false,
    meaning: "What tokens are signed with.",
    keys: &[&CERTIFICATE, &PRIVATE_KEY],
    variants: &[],
};

pub(super) const CLAIMS_PROVIDER: Table = Table {
    name: "claims_provider",
    repeated: false,
    meaning: "The claims provider trust \"Active Directory\": which claims about a person are accepted.",
    keys: &[&ACCEPTANCE_RULES, &LENIENT_RULES],
    variants: &[],
};

pub(super) const RELYING_PARTY: Table = Table {
    name: "relying_party",
    repeated: true,
    meaning: "A relying party trust: one application that tokens are made for.",
    keys: &[&NAME, &IDENTIFIERS, &ENABLED, &AUTHORIZATION_RULES, &TRANSFORM_RULES, &LENIENT_RULES],
    variants: &[],
};

const CERTIFICATE: Key<Required<File>> = Key {
    name: "certificate",
    shape: Required {
        kind: File,
        example: "keys/token-signing.pem",
        cure: "Name the PEM file of the signing certificate.",
    },
    meaning: "PEM file: the certificate that relying parties know.",
};

const PRIVATE_KEY: Key<Required<File>> = Key {
    name: "private_key",
    shape: Required { kind: File, example: "keys/token-signing.key", cure: "Name the PEM file of the signing key." },
    meaning: "PEM file: its key, RSA of 2048 bits or more or on the curve P-256, without a passphrase.",
};

const ACCEPTANCE_RULES: Key<Required<File>> = Key {
    name: "acceptance_rules",
    shape: Required {
        kind: File,
        example: "claims-rules/active-directory/acceptance.rules",
        cure: "Name the file of acceptance transform rules.",
    },
    meaning: "File of acceptance transform rules in the AD FS claim rule language, UTF-8.",
};

const NAME: Key<Required<Text>> = Key {
    name: "name",
    shape: Required {
        kind: Text("text"),
        example: "Microsoft Office 365 Identity Platform",
        cure: "Give the trust a display name.",
    },
    meaning: "Display name; it stands in records.",
};

const IDENTIFIERS: Key<List> = Key {
    name: "identifiers",
    shape: List {
        item: "identifiers",
        default: &[],
        example: &["urn:federation:MicrosoftOnline"],
        cure: Some("List the identifiers; for Office 365 that is [\"urn:federation:MicrosoftOnline\"]."),
    },
    meaning: "Every identifier (realm) that means this application, compared letter by letter.",
};

const ENABLED: Key<Switch> = Key {
    name: "enabled",
    shape: Switch { default: true },
    meaning: "Whether tokens are made for it. A disabled trust refuses with an outcome of its own.",
};

const AUTHORIZATION_RULES: Key<Required<File>> = Key {
    name: "authorization_rules",
    shape: Required {
        kind: File,
        example: "claims-rules/office-365/authorization.rules",
        cure: "Name the file of issuance authorization rules; empty rules admit nobody.",
    },
    meaning: "File of issuance authorization rules: who gets a token at all. Empty rules admit nobody.",
};

const TRANSFORM_RULES: Key<Required<File>> = Key {
    name: "transform_rules",
    shape: Required {
        kind: File,
        example: "claims-rules/office-365/transform.rules",
        cure: "Name the file of issuance transform rules.",
    },
    meaning: "File of issuance transform rules: what the token says.",
};

const LENIENT_RULES: Key<Switch> = Key {
    name: "lenient_rules",
    shape: Switch { default: false },
    meaning: "Whether rules may have what AD FS may or may not take: comments, single quotes, a comma before a bracket's end, \
              no semicolon at the end, selectors beside EXISTS or COUNT, a variable in another case. Each is warned of.",
};

pub(super) fn token_signing(mut section: Section<'_, '_>) -> TokenSigningSection {
    let signing = TokenSigningSection {
        certificate: section.required(&CERTIFICATE),
        private_key: section.required(&PRIVATE_KEY),
    };
    section.finish();
    signing
}

pub(super) fn claims_provider(mut section: Section<'_, '_>) -> ClaimsProviderSection {
    let provider = ClaimsProviderSection {
        acceptance_rules: section.required(&ACCEPTANCE_RULES),
        lenient_rules: section.switch(&LENIENT_RULES),
    };
    section.finish();
    provider
}

pub(super) fn relying_parties(document: &mut Section<'_, '_>) -> Vec<RelyingPartySection> {
    let Some(sections) = document.sections(&RELYING_PARTY) else {
        let cure = "Add a [[relying_party]] section: without one no token is ever issued.";
        document.missing(&RELYING_PARTY.header(), cure);
        return Vec::new();
    };
    let parties: Vec<_> = sections.into_iter().map(relying_party).collect();
    reject_duplicates(document.source, &parties);
    parties
}

fn reject_duplicates(source: &Source<'_>, parties: &[RelyingPartySection]) {
    let (mut names, mut identifiers) = (HashSet::new(), HashSet::new());
    for party in parties {
        if !party.name.value.is_empty() && !names.insert(&party.name.value) {
            let message = format!("is {:?}, which another relying party is called too", party.name.value);
            source.problem(&party.name, message, "Records tell trusts apart by name; give each its own.");
        }
        for identifier in &party.identifiers.value {
            if !identifiers.insert(identifier) {
                let message = format!("has {identifier:?} a second time");
                source.problem(
                    &party.identifiers,
                    message,
                    "An identifier means one application; keep it in one place.",
                );
            }
        }
    }
}

fn relying_party(mut section: Section<'_, '_>) -> RelyingPartySection {
    let party = RelyingPartySection {
        name: section.required(&NAME),
        identifiers: section.list(&IDENTIFIERS),
        enabled: section.switch(&ENABLED),
        authorization_rules: section.required(&AUTHORIZATION_RULES),
        transform_rules: section.required(&TRANSFORM_RULES),
        lenient_rules: section.switch(&LENIENT_RULES),
    };
    section.finish();
    party
}
