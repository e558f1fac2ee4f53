//! `[trust]` and `[revocation]`.

use super::document::{Section, Source};
use super::{Located, Problem, Problems};
use std::path::PathBuf;
use std::time::Duration;

/// `[trust]`: whose certificates may sign in.
#[derive(Debug, Clone)]
pub struct TrustSection {
    /// Folder of root certificates, PEM or DER.
    pub roots: Located<PathBuf>,
    /// Folder of intermediate certificates, PEM or DER.
    pub intermediates: Located<PathBuf>,
    /// Smallest RSA key: 2048 bits.
    pub minimum_rsa_bits: u32,
    /// Smallest elliptic curve key: 256 bits.
    pub minimum_ec_bits: u32,
    /// Longest path, leaf and root counted: 8.
    pub maximum_depth: usize,
    /// Whether SHA-1 signatures are accepted: no.
    pub allow_sha1: bool,
    /// Purposes of which a user certificate needs one: client authentication or smart card logon.
    pub extended_key_usages: Vec<String>,
}

/// `[revocation]`.
#[derive(Debug, Clone)]
pub struct RevocationSection {
    /// How long one download may take: 10 seconds, as Entra ID allows.
    pub fetch_timeout: Duration,
    /// Largest CRL: 47185920 bytes (45 MiB), as Entra ID allows.
    pub maximum_crl_bytes: usize,
    /// How long a failed download is not tried again: 30 seconds.
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

const CLIENT_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.2";
const SMART_CARD_LOGON: &str = "1.3.6.1.4.1.311.20.2.2";

pub(super) fn trust(mut section: Section<'_, '_>, problems: &mut Problems) -> TrustSection {
    let bits = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    let usages = section
        .strings(problems, "extended_key_usages")
        .map_or_else(|| vec![CLIENT_AUTHENTICATION.to_owned(), SMART_CARD_LOGON.to_owned()], |usages| usages.value);
    let trust = TrustSection {
        roots: section.required_path(problems, "roots", "Name the folder of your root certificates."),
        intermediates: section.required_path(
            problems,
            "intermediates",
            "Name the folder of your issuing certificates.",
        ),
        minimum_rsa_bits: bits(section.integer(problems, "minimum_rsa_bits", 2048, 1024..=16384)),
        minimum_ec_bits: bits(section.integer(problems, "minimum_ec_bits", 256, 224..=521)),
        maximum_depth: usize::try_from(section.integer(problems, "maximum_depth", 8, 2..=32)).unwrap_or(8),
        allow_sha1: section.boolean(problems, "allow_sha1", false),
        extended_key_usages: usages,
    };
    section.finish(problems);
    trust
}

pub(super) fn revocation(
    mut section: Section<'_, '_>,
    source: &Source<'_>,
    problems: &mut Problems,
) -> RevocationSection {
    let bytes = section.integer(problems, "maximum_crl_bytes", 45 * 1024 * 1024, 1024..=1024 * 1024 * 1024);
    let revocation = RevocationSection {
        fetch_timeout: section.seconds(problems, "fetch_timeout_seconds", 10, 1..=300),
        maximum_crl_bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        retry_after: section.seconds(problems, "retry_after_seconds", 30, 1..=3600),
        authorities: section
            .tables(problems, "authority")
            .into_iter()
            .map(|table| authority(table, source, problems))
            .collect(),
    };
    section.finish(problems);
    revocation
}

fn authority(mut section: Section<'_, '_>, source: &Source<'_>, problems: &mut Problems) -> AuthoritySection {
    let authority = AuthoritySection {
        certificate: section.required_path(problems, "certificate", "Name the authority's certificate file."),
        crl_distribution_point: section.required(
            problems,
            "crl_distribution_point",
            "Set the URL of the authority's CRL, http:// or file://.",
        ),
    };
    let url = &authority.crl_distribution_point;
    let known = ["http://", "file://"].iter().any(|scheme| url.value.starts_with(scheme));
    if !url.value.is_empty() && !known {
        let message = format!("must be an http:// or file:// URL, is {:?}", url.value);
        let cure = "https:// and ldap:// are not fetched in this release. A CRL is signed, so plain http is enough.";
        problems.push(Problem::new(source.file, url, message, cure));
    }
    section.finish(problems);
    authority
}
