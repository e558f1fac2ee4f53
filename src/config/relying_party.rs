//! `[[relying_party]]`, by the names of `Set-AdfsRelyingPartyTrust`.

use super::Located;
use super::document::{Section, Source};
use super::https_address::https_address;
use super::keys::{Key, Table};
use super::office_365::{self, Preset};
use super::saml::{self, SamlSection};
use super::shapes::{Choice, File, List, Optional, Period, Required, Several, Switch, Text, TimeUnit};
use super::trusts::LENIENT_RULES;
use crate::federation::TokenForm;
use crate::federation::office_365::{self as known, FederatedDomain, ImmutableIdSource};
use crate::federation::prompt::PasswordDemand;
use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

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
    /// File of issuance transform rules; this or a preset.
    pub transform_rules: Option<Located<PathBuf>>,
    /// What the rest follows from.
    pub preset: Option<Preset>,
    /// With the preset for Office 365: where the ImmutableID comes from.
    pub immutable_id: ImmutableIdSource,
    /// With the preset for Office 365: the federated domains.
    pub domains: Vec<Located<FederatedDomain>>,
    /// Whether rules are read leniently.
    pub lenient_rules: bool,
    /// Where WS-Federation tokens go; the first when a request names no address.
    pub ws_fed_endpoints: Vec<Url>,
    /// What SAML 2.0 needs.
    pub saml: SamlSection,
    /// How long its tokens hold, if not as long as everybody's.
    pub token_lifetime: Option<Duration>,
    /// Whether people prove who they are each time.
    pub always_require_authentication: bool,
    /// What a demand for a password meets, if not what it meets everywhere.
    pub password_demand: Option<PasswordDemand>,
    /// What its tokens are written in.
    pub token_form: TokenForm,
}

pub(super) const RELYING_PARTY: Table = Table {
    name: "relying_party",
    repeated: true,
    meaning: "A relying party trust: one application that tokens are made for.",
    keys: &[
        &NAME,
        &office_365::PRESET,
        &IDENTIFIERS,
        &ENABLED,
        &AUTHORIZATION_RULES,
        &ACCESS_CONTROL_POLICY,
        &ACCESS_CONTROL_GROUPS,
        &ADDITIONAL_AUTHENTICATION_RULES,
        &DELEGATION_RULES,
        &IMPERSONATION_RULES,
        &TRANSFORM_RULES,
        &office_365::IMMUTABLE_ID,
        &LENIENT_RULES,
        &WS_FED_ENDPOINT,
        &ADDITIONAL_WS_FED_ENDPOINTS,
        &TOKEN_LIFETIME,
        &TOKEN_FORM,
        &ALWAYS_REQUIRE_AUTHENTICATION,
        &PASSWORD_DEMAND,
        &saml::REQUEST_SIGNING_CERTIFICATES,
        &saml::SIGNED_REQUESTS_REQUIRED,
        &saml::RESPONSE_SIGNATURE,
        &saml::ENCRYPTION_CERTIFICATE,
        &saml::ENCRYPT_CLAIMS,
        &saml::ENCRYPTION_ALGORITHM,
    ],
    variants: &[],
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
        cure: "Name the file of issuance transform rules, or a preset.",
    },
    meaning: "File of issuance transform rules: what the token says. The key is left out where a `preset` says it.",
};

const WS_FED_ENDPOINT: Key<Optional<Text>> = Key {
    name: "ws_fed_endpoint",
    shape: Optional {
        kind: Text("https address"),
        example: "https://login.microsoftonline.com/login.srf",
        absent: "no WS-Federation sign-in in a browser",
    },
    meaning: "`WSFedEndpoint`: where a browser is sent with the token when the request names no address (`wreply`).",
};

const ADDITIONAL_WS_FED_ENDPOINTS: Key<Several> = Key {
    name: "additional_ws_fed_endpoints",
    shape: Several { item: "https URL", example: "https://app.contoso.com/signin", absent: "none" },
    meaning: "`AdditionalWSFedEndpoint`: where else a request may have its token sent. An address means everything below it.",
};

const TOKEN_LIFETIME: Key<Period> = Key {
    name: "token_lifetime_minutes",
    shape: Period { default: 0, range: 0..=10_080, unit: TimeUnit::Minutes },
    meaning: "`TokenLifetime`: how long its tokens hold. 0 means as long as `[service]` says.",
};

const TOKEN_FORM: Key<Choice<TokenForm>> = Key {
    name: "token_form",
    shape: Choice { first: ("saml-1.1", TokenForm::Saml11), others: &[("saml-2.0", TokenForm::Saml20)], cure: None },
    meaning: "What WS-Federation carries, and WS-Trust where the request names no type. AD FS knows no such setting and writes \
              SAML 1.1. SAML 2.0 requests get SAML 2.0 whatever is said here.",
};

const ALWAYS_REQUIRE_AUTHENTICATION: Key<Switch> = Key {
    name: "always_require_authentication",
    shape: Switch { default: false },
    meaning: "`AlwaysRequireAuthentication`: whether people prove who they are each time, even with a session.",
};

const PASSWORD_DEMAND: Key<Choice<Option<PasswordDemand>>> = Key {
    name: "password_demand",
    shape: Choice {
        first: ("as-everywhere", None),
        others: &[
            ("strict", Some(PasswordDemand::Strict)),
            ("fresh-certificate", Some(PasswordDemand::FreshCertificate)),
        ],
        cure: None,
    },
    meaning: "The same as in `[authentication_policy]`, for this application alone.",
};

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
    let preset = section.choice(&office_365::PRESET);
    let needed = preset.is_none() || section.find(TRANSFORM_RULES.name).is_some();
    let transform_rules = needed.then(|| section.required(&TRANSFORM_RULES));
    let party = RelyingPartySection {
        name: section.required(&NAME),
        identifiers: identifiers(&mut section, preset),
        enabled: section.switch(&ENABLED),
        authorization_rules,
        access_control_policy,
        access_control_groups: section.several(&ACCESS_CONTROL_GROUPS),
        additional_authentication_rules: section.optional(&ADDITIONAL_AUTHENTICATION_RULES),
        delegation_rules: section.optional(&DELEGATION_RULES),
        impersonation_rules: section.optional(&IMPERSONATION_RULES),
        transform_rules,
        preset,
        immutable_id: section.choice(&office_365::IMMUTABLE_ID),
        domains: office_365::domains(&mut section),
        lenient_rules: section.switch(&LENIENT_RULES),
        ws_fed_endpoints: ws_fed_endpoints(&mut section, preset),
        saml: saml::saml(&mut section),
        token_lifetime: Some(section.period(&TOKEN_LIFETIME)).filter(|lifetime| !lifetime.is_zero()),
        always_require_authentication: section.switch(&ALWAYS_REQUIRE_AUTHENTICATION),
        password_demand: section.choice(&PASSWORD_DEMAND),
        token_form: section.choice(&TOKEN_FORM),
    };
    section.finish();
    party
}

fn identifiers(section: &mut Section<'_, '_>, preset: Option<Preset>) -> Located<Vec<String>> {
    match preset {
        Some(Preset::Office365) if section.find(IDENTIFIERS.name).is_none() => {
            let known = known::IDENTIFIERS.iter().map(|identifier| (*identifier).to_owned()).collect();
            section.stand_in(known, IDENTIFIERS.name)
        }
        _ => section.list(&IDENTIFIERS),
    }
}

fn ws_fed_endpoints(section: &mut Section<'_, '_>, preset: Option<Preset>) -> Vec<Url> {
    let first = section.optional(&WS_FED_ENDPOINT);
    let further = section.several(&ADDITIONAL_WS_FED_ENDPOINTS);
    let absent = section.find(WS_FED_ENDPOINT.name).is_none();
    if absent && preset.is_none() && !further.value.is_empty() {
        let cure = "Name the first in ws_fed_endpoint: it is where tokens go when a request names no address.";
        section.source.problem(&further, "does nothing without ws_fed_endpoint", cure);
    }
    let mut endpoints: Vec<Url> = Vec::new();
    if absent && preset == Some(Preset::Office365) {
        endpoints.extend(Url::parse(known::REPLY_ADDRESS).ok());
    }
    if let Some(first) = first {
        endpoints.extend(https_address(section.source, &first, &first.value));
    }
    for address in &further.value {
        endpoints.extend(https_address(section.source, &further, address));
    }
    endpoints
}
