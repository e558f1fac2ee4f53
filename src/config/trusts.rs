//! `[token_signing]`, `[claims_provider]` and `[[relying_party]]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{Choice, File, List, Optional, Required, Several, Switch, Text};
use std::collections::HashSet;
use std::path::PathBuf;

/// `[token_signing]`.
#[derive(Debug, Clone)]
pub struct TokenSigningSection {
    /// PEM certificate that relying parties know.
    pub certificate: Located<PathBuf>,
    /// PEM key, RSA or P-256.
    pub private_key: Located<PathBuf>,
    /// PEM certificate of the key that will sign next.
    pub next_certificate: Option<Located<PathBuf>>,
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
    /// File of issuance authorization rules; this or a policy.
    pub authorization_rules: Option<Located<PathBuf>>,
    /// Name of an access control policy.
    pub access_control_policy: Option<Located<String>>,
    /// The groups it is about.
    pub access_control_groups: Located<Vec<String>>,
    /// File of additional authentication rules.
    pub additional_authentication_rules: Option<Located<PathBuf>>,
    /// File of delegation authorization rules.
    pub delegation_rules: Option<Located<PathBuf>>,
    /// File of impersonation authorization rules.
    pub impersonation_rules: Option<Located<PathBuf>>,
    /// File of issuance transform rules.
    pub transform_rules: Located<PathBuf>,
    /// Whether rules are read leniently.
    pub lenient_rules: bool,
}

/// `[additional_authentication]`.
#[derive(Debug, Clone)]
pub struct AdditionalAuthenticationSection {
    /// File of the rules that hold for every relying party.
    pub rules: Option<Located<PathBuf>>,
    /// Whether a certificate is two factors: the key and what unlocks it.
    pub certificate_is_multi_factor: bool,
}

pub(super) const TOKEN_SIGNING: Table = Table {
    name: "token_signing",
    repeated: false,
    meaning: "What tokens are signed with.",
    keys: &[&CERTIFICATE, &PRIVATE_KEY, &NEXT_CERTIFICATE],
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
    keys: &[
        &NAME,
        &IDENTIFIERS,
        &ENABLED,
        &AUTHORIZATION_RULES,
        &ACCESS_CONTROL_POLICY,
        &ACCESS_CONTROL_GROUPS,
        &ADDITIONAL_AUTHENTICATION_RULES,
        &DELEGATION_RULES,
        &IMPERSONATION_RULES,
        &TRANSFORM_RULES,
        &LENIENT_RULES,
    ],
    variants: &[],
};

pub(super) const ADDITIONAL_AUTHENTICATION: Table = Table {
    name: "additional_authentication",
    repeated: false,
    meaning: "When a second factor is demanded, and whether a certificate is one. There is no other second factor here: where \
              the rules demand one and the certificate does not count as two, the sign-in is refused with an outcome of its \
              own.",
    keys: &[&ADDITIONAL_RULES, &CERTIFICATE_COUNTS],
    variants: &[],
};

const ADDITIONAL_RULES: Key<Optional<File>> = Key {
    name: "rules",
    shape: Optional {
        kind: File,
        example: "claims-rules/additional-authentication.rules",
        absent: "none is demanded by these",
    },
    meaning: "File of the additional authentication rules for every relying party, as `Set-AdfsAdditionalAuthenticationRule` \
              keeps them. They and the rules of the relying party each may demand a second factor.",
};

const CERTIFICATE_COUNTS: Key<Choice<bool>> = Key {
    name: "certificate",
    shape: Choice { first: ("single-factor", false), others: &[("multi-factor", true)], cure: None },
    meaning: "What a certificate counts as. To AD FS it is one factor. With `multi-factor` it satisfies every demand, and the \
              incoming claims say `multipleauthn` among the authentication methods: right where every key is on a card \
              with a PIN. Acceptance rules that issue that claim for some certificates do the same for these.",
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

const NEXT_CERTIFICATE: Key<Optional<File>> = Key {
    name: "next_certificate",
    shape: Optional { kind: File, example: "keys/token-signing-next.pem", absent: "only the current one is published" },
    meaning: "The PEM certificate of the key that will sign next. It stands in the federation metadata after the current one, so \
              that relying parties know it before it is used, and signs nothing. Entra ID looks for it about 30 days before \
              the current one ends.",
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
        cure: "Name the file of issuance authorization rules (empty rules admit nobody), or an access_control_policy.",
    },
    meaning: "File of issuance authorization rules: who gets a token at all. Empty rules admit nobody. The key is left out \
              where `access_control_policy` says who gets one.",
};

const ACCESS_CONTROL_POLICY: Key<Optional<Text>> = Key {
    name: "access_control_policy",
    shape: Optional { kind: Text("name of a policy"), example: "permit-everyone", absent: "`authorization_rules` say" },
    meaning: "A policy in place of authorization rules and additional authentication rules, by our name or that of AD FS: \
              `permit-everyone`, `require-mfa`, `require-mfa-from-extranet`, `require-mfa-from-unauthenticated-devices`, \
              `require-mfa-for-group`, `permit-intranet`, `permit-group`, `permit-everyone-except-group`.",
};

const ACCESS_CONTROL_GROUPS: Key<Several> = Key {
    name: "access_control_groups",
    shape: Several { item: "group", example: "CONTOSO\\Finance", absent: "none" },
    meaning: "The groups that the policy is about: `S-1-5-21-…`, `DOMAIN\\group` or a name alone. Members of groups inside \
              them count.",
};

const ADDITIONAL_AUTHENTICATION_RULES: Key<Optional<File>> = Key {
    name: "additional_authentication_rules",
    shape: Optional {
        kind: File,
        example: "claims-rules/office-365/additional-authentication.rules",
        absent: "none is demanded by these",
    },
    meaning: "File of additional authentication rules: when this application demands a second factor.",
};

const DELEGATION_RULES: Key<Optional<File>> = Key {
    name: "delegation_rules",
    shape: Optional { kind: File, example: "claims-rules/office-365/delegation.rules", absent: "nobody may" },
    meaning: "File of delegation authorization rules: who may ask for a token on behalf of somebody else. They are read and \
              checked; no request that the gateway serves acts for somebody else yet.",
};

const IMPERSONATION_RULES: Key<Optional<File>> = Key {
    name: "impersonation_rules",
    shape: Optional { kind: File, example: "claims-rules/office-365/impersonation.rules", absent: "nobody may" },
    meaning: "File of impersonation authorization rules: who may be somebody else altogether. They are read and checked; no \
              request that the gateway serves does that yet.",
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
        next_certificate: section.optional(&NEXT_CERTIFICATE),
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
    let access_control_policy = section.optional(&ACCESS_CONTROL_POLICY);
    let may_be_absent = section.find(ACCESS_CONTROL_POLICY.name).is_some();
    let absent = section.find(AUTHORIZATION_RULES.name).is_none();
    let authorization_rules = (!(absent && may_be_absent)).then(|| section.required(&AUTHORIZATION_RULES));
    let party = RelyingPartySection {
        name: section.required(&NAME),
        identifiers: section.list(&IDENTIFIERS),
        enabled: section.switch(&ENABLED),
        authorization_rules,
        access_control_policy,
        access_control_groups: section.several(&ACCESS_CONTROL_GROUPS),
        additional_authentication_rules: section.optional(&ADDITIONAL_AUTHENTICATION_RULES),
        delegation_rules: section.optional(&DELEGATION_RULES),
        impersonation_rules: section.optional(&IMPERSONATION_RULES),
        transform_rules: section.required(&TRANSFORM_RULES),
        lenient_rules: section.switch(&LENIENT_RULES),
    };
    section.finish();
    party
}

pub(super) fn additional_authentication(mut section: Section<'_, '_>) -> AdditionalAuthenticationSection {
    let additional = AdditionalAuthenticationSection {
        rules: section.optional(&ADDITIONAL_RULES),
        certificate_is_multi_factor: section.choice(&CERTIFICATE_COUNTS),
    };
    section.finish();
    additional
}
