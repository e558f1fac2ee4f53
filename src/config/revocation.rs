//! `[revocation]` and `[[revocation.authority]]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{File, Number, Period, Required, Text, TimeUnit};
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
    pub crl_distribution_point: Located<String>,
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
    keys: &[&CERTIFICATE, &CRL_DISTRIBUTION_POINT],
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

const CRL_DISTRIBUTION_POINT: Key<Required<Text>> = Key {
    name: "crl_distribution_point",
    shape: Required {
        kind: Text("URL"),
        example: "http://crl.contoso.com/issuing.crl",
        cure: "Set the URL of the authority's CRL, http:// or file:///.",
    },
    meaning: "Where its list is, whatever its certificates say: `http://` or `file:///`.",
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
        crl_distribution_point: section.required(&CRL_DISTRIBUTION_POINT),
    };
    if !authority.crl_distribution_point.value.is_empty() {
        check_url(section.source, &authority.crl_distribution_point);
    }
    section.finish();
    authority
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
