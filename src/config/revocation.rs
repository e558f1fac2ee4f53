//! `[revocation]` and `[[revocation.authority]]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{
    Choice, Day, File, Folder, List, Number, Optional, Period, Required, Several, Switch, Text, TimeUnit,
};
use crate::lookups::{AddressPolicy, HostRule};
use crate::revocation::ocsp::OcspMode;
use jiff::civil::Date;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// `[revocation]`.
#[derive(Debug, Clone)]
pub struct RevocationSection {
    /// How long one download may take.
    pub fetch_timeout: Duration,
    /// Largest CRL, in bytes.
    pub maximum_crl_bytes: usize,
    /// How long a failed download is not tried again.
    pub retry_after: Duration,
    /// Where may be fetched from.
    pub addresses: AddressPolicy,
    /// PEM file of the only authorities believed for a web server's certificate; by default the machine's.
    pub web_authorities: Option<Located<PathBuf>>,
    /// Where CRLs are kept across restarts.
    pub cache_folder: Option<Located<PathBuf>>,
    /// `[[revocation.authority]]`.
    pub authorities: Vec<AuthoritySection>,
}

/// `[[revocation.authority]]`: settings of one certificate authority.
#[derive(Debug, Clone)]
pub struct AuthoritySection {
    /// The authority's certificate.
    pub certificate: Located<PathBuf>,
    /// What it is, when the file says so: checked against the certificate.
    pub authority_type: Option<Located<String>>,
    /// Where its CRL is, whatever its certificates say; empty when they say.
    pub crl_distribution_point: Located<Vec<String>>,
    /// Where its delta CRL is, whatever its certificates say.
    pub delta_crl_distribution_point: Option<Located<String>>,
    /// Why its certificates may pass unchecked, and the last day they may.
    pub exemption: Option<(String, Date)>,
    /// Whether its responder is asked, and how.
    pub ocsp: OcspKeys,
}

/// The keys of `[[revocation.authority]]` about OCSP.
#[derive(Debug, Clone)]
pub struct OcspKeys {
    /// Whether and when a responder is asked.
    pub mode: OcspMode,
    /// Where it is, whatever the certificates say.
    pub url: Option<Located<String>>,
    /// Whether it is asked with a nonce.
    pub nonce: bool,
}

pub(super) const REVOCATION: Table = Table {
    name: "revocation",
    repeated: false,
    meaning: "How certificate revocation lists are fetched. A certificate whose list cannot be had is refused. The limits of \
              time and size are those of Entra ID.",
    keys: &[
        &LIMITS,
        &FETCH_TIMEOUT,
        &MAXIMUM_CRL_BYTES,
        &RETRY_AFTER,
        &FETCH_ALLOW,
        &FETCH_DENY,
        &WEB_AUTHORITIES,
        &CACHE_FOLDER,
    ],
    variants: &[],
};

pub(super) const AUTHORITY: Table = Table {
    name: "revocation.authority",
    repeated: true,
    meaning: "Settings of one certificate authority. An authority without a section is asked where its certificates say.",
    keys: &[
        &CERTIFICATE,
        &AUTHORITY_TYPE,
        &CRL_DISTRIBUTION_POINT,
        &DELTA_CRL_DISTRIBUTION_POINT,
        &EXEMPT_REASON,
        &EXEMPT_UNTIL,
        &OCSP,
        &OCSP_URL,
        &OCSP_NONCE,
    ],
    variants: &[],
};

/// Whose limits of time and size hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limits {
    Custom,
    Preset { seconds: u64, bytes: usize },
}

const MIB: usize = 1024 * 1024;

const LIMITS: Key<Choice<Limits>> = Key {
    name: "limits",
    shape: Choice {
        first: ("custom", Limits::Custom),
        others: &[
            ("entra-global", Limits::Preset { seconds: 10, bytes: 20 * MIB }),
            ("entra-government", Limits::Preset { seconds: 10, bytes: 45 * MIB }),
            ("entra-government-background", Limits::Preset { seconds: 10, bytes: 150 * MIB }),
        ],
        cure: None,
    },
    meaning: "Limits of time and size. The presets are those of a sign-in to Entra ID (10 s and 20 MiB, in the US government \
              cloud 45 MiB, there for a download outside a sign-in 150 MiB), so that a list that is too large for the cloud \
              is found here. \"custom\" goes by the two keys that follow; beside a preset they are an error.",
};

const FETCH_TIMEOUT: Key<Period> = Key {
    name: "fetch_timeout_seconds",
    shape: Period { default: 10, range: 1..=300, unit: TimeUnit::Seconds },
    meaning: "How long one download may take, and one question to an OCSP responder.",
};

const MAXIMUM_CRL_BYTES: Key<Number> = Key {
    name: "maximum_crl_bytes",
    shape: Number { default: 45 * 1024 * 1024, range: 1024..=1024 * 1024 * 1024, unit: "bytes" },
    meaning: "Largest list that is read.",
};

const RETRY_AFTER: Key<Period> = Key {
    name: "retry_after_seconds",
    shape: Period { default: 30, range: 1..=3600, unit: TimeUnit::Seconds },
    meaning: "How long a failed download is not tried again, nor a responder that failed. For downloads the time doubles with every further failure, up to 15 minutes.",
};

const FETCH_ALLOW: Key<List> = Key {
    name: "fetch_allow",
    shape: List { item: RULE, default: &[], example: &["10.1.0.0/16", "crl.contoso.com"], cure: None },
    meaning: "Exceptions, for lists and for OCSP responders, from `fetch_deny` and from what is never asked: link-local, multicast, reserved and metadata \
              addresses, and this machine itself unless the configuration names it. A name here lifts what is said of the \
              name; the address it stands for is judged for itself.",
};

const FETCH_DENY: Key<List> = Key {
    name: "fetch_deny",
    shape: List { item: RULE, default: &[], example: &["*.internal.contoso.com", "10.9.0.0/16"], cure: None },
    meaning: "Hosts and addresses that certificates and redirects may not lead to, neither for a list nor for an OCSP \
              responder. `[\"*\", \"0.0.0.0/0\", \"::/0\"]` \
              leaves only what `fetch_allow` names. URLs of `[[revocation.authority]]` are bound by the addresses alone.",
};

const RULE: &str = "a host name, `*.name`, `*`, an address or a range";

const WEB_AUTHORITIES: Key<Optional<File>> = Key {
    name: "web_ca_certificate",
    shape: Optional { kind: File, example: "certs/web-ca.pem", absent: "the machine's own authorities" },
    meaning: "Authorities, PEM, that may vouch for https:// and ldaps:// servers. They never vouch for a user.",
};

const CACHE_FOLDER: Key<Optional<Folder>> = Key {
    name: "cache_folder",
    shape: Optional { kind: Folder, example: "cache", absent: "nothing is kept across restarts" },
    meaning: "Where downloaded lists are kept, so that a restart needs no download. They are verified again when they are \
              read. It is made when it is first needed; only fedgate should be able to write there.",
};

const CERTIFICATE: Key<Required<File>> = Key {
    name: "certificate",
    shape: Required {
        kind: File,
        example: "certs/intermediate/issuing.pem",
        cure: "Name the file of the authority's certificate.",
    },
    meaning: "The authority's certificate, PEM or DER; usually the file that lies in a container.",
};

const AUTHORITY_TYPE: Key<Optional<Text>> = Key {
    name: "authority_type",
    shape: Optional {
        kind: Text("\"root\" or \"intermediate\""),
        example: "intermediate",
        absent: "what the certificate is",
    },
    meaning: "What you take the authority for. A certificate that is something else is an error.",
};

const CRL_DISTRIBUTION_POINT: Key<Several> = Key {
    name: "crl_distribution_point",
    shape: Several { item: "URL", example: "http://crl.contoso.com/issuing.crl", absent: "where its certificates say" },
    meaning: "Where its list is, whatever its certificates say: `http://`, `https://`, `ldap://`, `ldaps://` or `file:///`. Several \
              are tried in order.",
};

const DELTA_CRL_DISTRIBUTION_POINT: Key<Optional<Text>> = Key {
    name: "delta_crl_distribution_point",
    shape: Optional {
        kind: Text("URL"),
        example: "http://crl.contoso.com/issuing+.crl",
        absent: "where its certificates and lists say",
    },
    meaning: "Where its delta list is. A delta that cannot be had or used does not refuse anybody while the complete list \
              counts; the record of each sign-in says so.",
};

const EXEMPT_REASON: Key<Optional<Text>> = Key {
    name: "exempt_reason",
    shape: Optional { kind: Text("text"), example: "its CRL server moves, ticket 4711", absent: "no exemption" },
    meaning: "Why its certificates are accepted for a while when nothing can be said of their revocation. One that is known \
              to be revoked or on hold is refused all the same. Needs `exempt_until`.",
};

const EXEMPT_UNTIL: Key<Day> = Key {
    name: "exempt_until",
    shape: Day { example: "2026-12-31", absent: "no exemption" },
    meaning: "The last day of the exemption (UTC). It is warned of at the start and once a day, and recorded at every \
              sign-in. Needs `exempt_reason`.",
};

const OCSP: Key<Choice<OcspMode>> = Key {
    name: "ocsp",
    shape: Choice {
        first: ("off", OcspMode::Off),
        others: &[("fallback", OcspMode::Fallback), ("instead", OcspMode::Instead)],
        cure: None,
    },
    meaning: "Whether its OCSP responder is asked. `fallback`: when the list settles nothing. `instead`: in place of the list, which \
              is then not fetched. Entra ID asks no responder, so a certificate that only a responder revokes still signs in there.",
};

const OCSP_URL: Key<Optional<Text>> = Key {
    name: "ocsp_url",
    shape: Optional {
        kind: Text("URL"),
        example: "http://ocsp.contoso.com/",
        absent: "where its certificates say (authority information access)",
    },
    meaning: "Where its responder is, whatever its certificates say: `http://`.",
};

const OCSP_NONCE: Key<Switch> = Key {
    name: "ocsp_nonce",
    shape: Switch { default: false },
    meaning: "Whether the responder is asked with a nonce (RFC 8954). An answer with another nonce is refused, one without is \
              taken. An answer is held until its nextUpdate in any case.",
};

pub(super) fn revocation(mut section: Section<'_, '_>) -> RevocationSection {
    let custom = (section.period(&FETCH_TIMEOUT), section.count(&MAXIMUM_CRL_BYTES));
    let (fetch_timeout, maximum_crl_bytes) = match section.choice(&LIMITS) {
        Limits::Custom => custom,
        Limits::Preset { seconds, bytes } => {
            for key in [FETCH_TIMEOUT.name, MAXIMUM_CRL_BYTES.name] {
                refuse_beside_preset(&mut section, key);
            }
            (Duration::from_secs(seconds), bytes)
        }
    };
    let revocation = RevocationSection {
        fetch_timeout,
        maximum_crl_bytes,
        addresses: AddressPolicy::new(rules(&mut section, &FETCH_ALLOW), rules(&mut section, &FETCH_DENY)),
        web_authorities: section.optional(&WEB_AUTHORITIES),
        cache_folder: section.optional(&CACHE_FOLDER),
        retry_after: section.period(&RETRY_AFTER),
        authorities: section.sections(&AUTHORITY).unwrap_or_default().into_iter().map(authority).collect(),
    };
    section.finish();
    revocation
}

/// A number that does nothing would be believed by whoever reads the file.
fn refuse_beside_preset(section: &mut Section<'_, '_>, key: &'static str) {
    if let Some(found) = section.find(key) {
        let at = section.locate((), found.span().start, key);
        let cure = "Remove the line, or write limits = \"custom\" to set both numbers yourself.";
        section.source.problem(&at, "does nothing beside a preset of limits", cure);
    }
}

fn rules(section: &mut Section<'_, '_>, key: &Key<List>) -> Vec<HostRule> {
    let texts = section.list(key);
    let mut rules = Vec::new();
    for text in &texts.value {
        match HostRule::parse(text) {
            Some(rule) => rules.push(rule),
            None => section.source.problem(
                &texts,
                format!("{text:?} is neither a host nor an address"),
                "Write a host name, *.name, *, an address or a range like 10.0.0.0/8; no scheme and no port.",
            ),
        }
    }
    rules
}

fn authority(mut section: Section<'_, '_>) -> AuthoritySection {
    let authority = AuthoritySection {
        certificate: section.required(&CERTIFICATE),
        authority_type: section.optional(&AUTHORITY_TYPE),
        crl_distribution_point: section.several(&CRL_DISTRIBUTION_POINT),
        delta_crl_distribution_point: section.optional(&DELTA_CRL_DISTRIBUTION_POINT),
        exemption: exemption(&mut section),
        ocsp: OcspKeys {
            mode: section.choice(&OCSP),
            url: section.optional(&OCSP_URL),
            nonce: section.switch(&OCSP_NONCE),
        },
    };
    let (source, points) = (section.source, &authority.crl_distribution_point);
    points.value.iter().for_each(|url| check_url(source, points, url));
    authority.delta_crl_distribution_point.iter().for_each(|url| check_url(source, url, &url.value));
    if let Some(given) = authority.authority_type.as_ref().filter(|given| !TYPES.contains(&given.value.as_str())) {
        let message = format!("must be \"root\" or \"intermediate\", is {:?}", given.value);
        source.problem(given, message, "Write one of the two, or remove the line.");
    }
    check_ocsp(section.source, &authority.ocsp);
    section.finish();
    authority
}

/// What an authority can be.
pub(super) const TYPES: [&str; 2] = ["root", "intermediate"];

/// Whoever exempts an authority says why and until when: an exemption without an end is a hole that everybody forgets.
fn exemption(section: &mut Section<'_, '_>) -> Option<(String, Date)> {
    let (reason, until) = (section.optional(&EXEMPT_REASON), section.day(&EXEMPT_UNTIL));
    match (reason, until) {
        (Some(reason), Some(until)) => Some((reason.value, until.value)),
        (Some(reason), None) if section.find(EXEMPT_UNTIL.name).is_none() => {
            section.source.problem(&reason, "needs exempt_until", "Name the last day of the exemption too.");
            None
        }
        (None, Some(until)) if section.find(EXEMPT_REASON.name).is_none() => {
            section.source.problem(&until, "needs exempt_reason", "Say why the authority is exempt.");
            None
        }
        _ => None,
    }
}

fn check_ocsp(source: &Source<'_>, ocsp: &OcspKeys) {
    let Some(url) = &ocsp.url else { return };
    if Url::parse(&url.value).map_or(true, |parsed| parsed.scheme() != "http") {
        let message = format!("must be an http:// URL, is {:?}", url.value);
        source.problem(url, message, "An OCSP answer is signed, so plain http is enough.");
    }
}

/// The schemes that are fetched; others would only fail at the first sign-in.
fn check_url<T>(source: &Source<'_>, at: &Located<T>, url: &str) {
    let parsed = Url::parse(url);
    match parsed.as_ref().map(Url::scheme) {
        Ok("http" | "https") => {}
        Ok("ldap" | "ldaps")
            if parsed.as_ref().is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty())) => {}
        Ok("ldap" | "ldaps") => {
            let message = format!("names no directory server: {url:?}");
            source.problem(at, message, "Write ldap://server/entry?certificateRevocationList;binary.");
        }
        Ok("file") if parsed.as_ref().is_ok_and(|url| url.to_file_path().is_ok()) => {}
        Ok("file") => {
            let message = format!("names no file of this machine: {url:?}");
            source.problem(at, message, "Write three slashes and the whole path: file:///etc/fedgate/issuing.crl.");
        }
        _ => {
            let message = format!("must be an http://, https://, ldap://, ldaps:// or file:/// URL, is {url:?}");
            source.problem(at, message, "A CRL is signed, so plain http is enough.");
        }
    }
}
