//! `[revocation]` and `[[revocation.authority]]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{Choice, File, Number, Optional, Period, Required, Switch, Text, TimeUnit};
use crate::revocation::ocsp::OcspMode;
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
    /// Where its CRL is, whatever its certificates say.
    pub crl_distribution_point: Option<Located<String>>,
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
    keys: &[&FETCH_TIMEOUT, &MAXIMUM_CRL_BYTES, &RETRY_AFTER],
    variants: &[],
};

pub(super) const AUTHORITY: Table = Table {
    name: "revocation.authority",
    repeated: true,
    meaning: "Settings of one certificate authority. An authority without a section is asked where its certificates say.",
    keys: &[&CERTIFICATE, &CRL_DISTRIBUTION_POINT, &OCSP, &OCSP_URL, &OCSP_NONCE],
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

const CRL_DISTRIBUTION_POINT: Key<Optional<Text>> = Key {
    name: "crl_distribution_point",
    shape: Optional {
        kind: Text("URL"),
        example: "http://crl.contoso.com/issuing.crl",
        absent: "where its certificates say",
    },
    meaning: "Where its list is, whatever its certificates say: `http://` or `file:///`.",
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
        crl_distribution_point: section.optional(&CRL_DISTRIBUTION_POINT),
        ocsp: OcspKeys {
            mode: section.choice(&OCSP),
            url: section.optional(&OCSP_URL),
            nonce: section.switch(&OCSP_NONCE),
        },
    };
    if let Some(url) = &authority.crl_distribution_point {
        check_url(section.source, url);
    }
    check_ocsp(section.source, &authority.ocsp);
    section.finish();
    authority
}

fn check_ocsp(source: &Source<'_>, ocsp: &OcspKeys) {
    let Some(url) = &ocsp.url else { return };
    if Url::parse(&url.value).map_or(true, |parsed| parsed.scheme() != "http") {
        let message = format!("must be an http:// URL, is {:?}", url.value);
        source.problem(url, message, "An OCSP answer is signed, so plain http is enough.");
    }
}

/// The schemes that are fetched; others would only fail at the first sign-in.
fn check_url(source: &Source<'_>, url: &Located<String>) {
    let parsed = Url::parse(&url.value);
    match parsed.as_ref().map(Url::scheme) {
        Ok("http") => {}
        Ok("file") if parsed.as_ref().is_ok_and(|url| url.to_file_path().is_ok()) => {}
        Ok("file") => {
            let message = format!("names no file of this machine: {:?}", url.value);
            source.problem(url, message, "Write three slashes and the whole path: file:///etc/fedgate/issuing.crl.");
        }
        _ => {
            let message = format!("must be an http:// or file:/// URL, is {:?}", url.value);
            let cure =
                "https:// and ldap:// are not fetched in this release. A CRL is signed, so plain http is enough.";
            source.problem(url, message, cure);
        }
    }
}
