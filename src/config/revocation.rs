//! `[revocation]` and `[[revocation.authority]]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{Day, File, Number, Optional, Period, Required, Several, Text, TimeUnit};
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
}

pub(super) const REVOCATION: Table = Table {
    name: "revocation",
    repeated: false,
    meaning: "How certificate revocation lists are fetched. A certificate whose list cannot be had is refused. The limits of \
              time and size are those of Entra ID.",
    keys: &[&FETCH_TIMEOUT, &MAXIMUM_CRL_BYTES, &RETRY_AFTER],
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
    ],
    variants: &[],
};

const FETCH_TIMEOUT: Key<Period> = Key {
    name: "fetch_timeout_seconds",
    shape: Period { default: 10, range: 1..=300, unit: TimeUnit::Seconds },
    meaning: "How long one download may take.",
};

const MAXIMUM_CRL_BYTES: Key<Number> = Key {
    name: "maximum_crl_bytes",
    shape: Number { default: 45 * 1024 * 1024, range: 1024..=1024 * 1024 * 1024, unit: "bytes" },
    meaning: "Largest list that is read.",
};

const RETRY_AFTER: Key<Period> = Key {
    name: "retry_after_seconds",
    shape: Period { default: 30, range: 1..=3600, unit: TimeUnit::Seconds },
    meaning: "How long a failed download is not tried again.",
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
    meaning: "Where its list is, whatever its certificates say: `http://` or `file:///`. Several are tried in order.",
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

pub(super) fn revocation(mut section: Section<'_, '_>) -> RevocationSection {
    let revocation = RevocationSection {
        fetch_timeout: section.period(&FETCH_TIMEOUT),
        maximum_crl_bytes: section.count(&MAXIMUM_CRL_BYTES),
        retry_after: section.period(&RETRY_AFTER),
        authorities: section.sections(&AUTHORITY).unwrap_or_default().into_iter().map(authority).collect(),
    };
    section.finish();
    revocation
}

fn authority(mut section: Section<'_, '_>) -> AuthoritySection {
    let authority = AuthoritySection {
        certificate: section.required(&CERTIFICATE),
        authority_type: section.optional(&AUTHORITY_TYPE),
        crl_distribution_point: section.several(&CRL_DISTRIBUTION_POINT),
        delta_crl_distribution_point: section.optional(&DELTA_CRL_DISTRIBUTION_POINT),
        exemption: exemption(&mut section),
    };
    let (source, points) = (section.source, &authority.crl_distribution_point);
    points.value.iter().for_each(|url| check_url(source, points, url));
    authority.delta_crl_distribution_point.iter().for_each(|url| check_url(source, url, &url.value));
    if let Some(given) = authority.authority_type.as_ref().filter(|given| !TYPES.contains(&given.value.as_str())) {
        let message = format!("must be \"root\" or \"intermediate\", is {:?}", given.value);
        source.problem(given, message, "Write one of the two, or remove the line.");
    }
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

/// The schemes that are fetched; others would only fail at the first sign-in.
fn check_url<T>(source: &Source<'_>, at: &Located<T>, url: &str) {
    let parsed = Url::parse(url);
    match parsed.as_ref().map(Url::scheme) {
        Ok("http") => {}
        Ok("file") if parsed.as_ref().is_ok_and(|url| url.to_file_path().is_ok()) => {}
        Ok("file") => {
            let message = format!("names no file of this machine: {url:?}");
            source.problem(at, message, "Write three slashes and the whole path: file:///etc/fedgate/issuing.crl.");
        }
        _ => {
            let message = format!("must be an http:// or file:/// URL, is {url:?}");
            let cure =
                "https:// and ldap:// are not fetched in this release. A CRL is signed, so plain http is enough.";
            source.problem(at, message, cure);
        }
    }
}
