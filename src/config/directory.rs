//! `[directory]` and `[subject]`.

use super::document::{Section, Source};
use super::{Located, Problem, Problems};
use crate::subject::Binding;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// `[directory]`: where accounts are.
#[derive(Debug, Clone)]
pub enum DirectorySection {
    /// A file, for labs and small sites.
    Ldif {
        /// The LDIF file.
        file: Located<PathBuf>,
        /// The domain of `DOMAIN\user`.
        netbios_domain: String,
    },
    /// A server.
    Ldap(LdapSection),
}

/// The keys of `kind = "ldap"`.
#[derive(Debug, Clone)]
pub struct LdapSection {
    /// `ldaps://…`, or `ldap://…` with StartTLS or to loopback.
    pub url: Located<String>,
    /// Upgrade an `ldap://` connection to TLS.
    pub start_tls: bool,
    /// PEM file of the only authority trusted for the server's certificate; by default the machine's.
    pub ca_certificate: Option<Located<PathBuf>>,
    /// Who the gateway binds as; anonymous without.
    pub bind_dn: Option<Located<String>>,
    /// File that holds the password and nothing else.
    pub bind_password_file: Option<Located<PathBuf>>,
    /// Below which entry to search.
    pub base_dn: Located<String>,
    /// Whether the server is OpenLDAP rather than Active Directory.
    pub open_ldap: bool,
    /// Connections, and so searches at once: 8.
    pub connections: usize,
    /// For connecting, TLS and bind: 3 seconds.
    pub connect_timeout: Duration,
    /// For one search as a whole, waiting for a connection and making one included: 5 seconds.
    pub operation_timeout: Duration,
    /// Most entries one search may return: 16.
    pub maximum_entries: u32,
    /// The domain of `DOMAIN\user`.
    pub netbios_domain: String,
}

/// `[subject]`: how a certificate becomes an account.
#[derive(Debug, Clone)]
pub struct SubjectSection {
    /// Ways to find the account, the deciding one first.
    pub bindings: Vec<Binding>,
    /// Attribute of the account that must equal the certificate's serial number.
    pub require_equal_serial_attribute: Option<String>,
    /// Attribute of the account that must equal the certificate's issuer.
    pub require_equal_issuer_attribute: Option<String>,
}

const LDAP_KEYS: &[&str] = &[
    "url",
    "start_tls",
    "ca_certificate",
    "bind_dn",
    "bind_password_file",
    "base_dn",
    "dialect",
    "connections",
    "connect_timeout_seconds",
    "operation_timeout_seconds",
    "maximum_entries",
];

pub(super) fn directory(
    mut section: Section<'_, '_>,
    source: &Source<'_>,
    problems: &mut Problems,
) -> DirectorySection {
    if !section.has("kind") {
        section.missing(problems, "kind", "Set it to \"ldap\" or \"ldif\".");
    }
    let is_ldap = section.choice(problems, "kind", false, &[("ldif", false), ("ldap", true)]);
    let netbios_domain =
        section.required(problems, "netbios_domain", "Set the domain's short name, such as CONTOSO.").value;
    let directory = if is_ldap {
        DirectorySection::Ldap(ldap(&mut section, netbios_domain, source, problems))
    } else {
        let file = section.required_path(problems, "file", "Name the LDIF file.");
        DirectorySection::Ldif { file, netbios_domain }
    };
    let idle: &[&str] = if is_ldap { &["file"] } else { LDAP_KEYS };
    for key in idle.iter().copied() {
        section.idle(problems, key);
    }
    section.finish(problems);
    directory
}

fn ldap(
    section: &mut Section<'_, '_>,
    netbios_domain: String,
    source: &Source<'_>,
    problems: &mut Problems,
) -> LdapSection {
    let number = |section: &mut Section<'_, '_>, problems: &mut Problems, key, default| {
        section.integer(problems, key, default, 1..=10_000)
    };
    let ldap = LdapSection {
        url: section.required(problems, "url", "Set the server, such as ldaps://dc1.contoso.com."),
        start_tls: section.boolean(problems, "start_tls", false),
        ca_certificate: section.path(problems, "ca_certificate"),
        bind_dn: section.string(problems, "bind_dn"),
        bind_password_file: section.path(problems, "bind_password_file"),
        base_dn: section.required(
            problems,
            "base_dn",
            "Set the entry below which accounts are, such as DC=contoso,DC=com.",
        ),
        open_ldap: section.choice(problems, "dialect", false, &[("active-directory", false), ("openldap", true)]),
        connections: usize::try_from(number(section, problems, "connections", 8)).unwrap_or(8),
        connect_timeout: section.seconds(problems, "connect_timeout_seconds", 3, 1..=60),
        operation_timeout: section.seconds(problems, "operation_timeout_seconds", 5, 1..=60),
        maximum_entries: u32::try_from(number(section, problems, "maximum_entries", 16)).unwrap_or(16),
        netbios_domain,
    };
    check_transport(&ldap, source, problems);
    check_bind(&ldap, source, problems);
    ldap
}

/// A bind password and a user's entry must not cross a network in the clear.
fn check_transport(ldap: &LdapSection, source: &Source<'_>, problems: &mut Problems) {
    if ldap.url.value.is_empty() {
        return;
    }
    let mut refuse = |message: &str, cure: &str| problems.push(Problem::new(source.file, &ldap.url, message, cure));
    let Ok(url) = Url::parse(&ldap.url.value) else {
        return refuse("must be a URL", "Write ldaps://host or ldaps://host:port.");
    };
    match url.scheme() {
        "ldaps" if ldap.start_tls => refuse("is ldaps:// with start_tls", "Use one of them."),
        "ldaps" => {}
        "ldap" if ldap.start_tls || is_loopback(&url) => {}
        "ldap" => refuse(
            "is plain ldap:// to another machine",
            "Use ldaps://, or set start_tls = true: passwords and entries must not cross the network in the clear.",
        ),
        _ => refuse("must be an ldaps:// or ldap:// URL", "Write ldaps://host or ldaps://host:port."),
    }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_matches(['[', ']']);
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn check_bind(ldap: &LdapSection, source: &Source<'_>, problems: &mut Problems) {
    match (&ldap.bind_dn, &ldap.bind_password_file) {
        (Some(bind_dn), None) => problems.push(Problem::new(
            source.file,
            bind_dn,
            "is set without bind_password_file",
            "Name the file that holds the password: a bind without one is anonymous (RFC 4513 section 5.1.2).",
        )),
        (None, Some(file)) => {
            problems.push(Problem::new(source.file, file, "is set without bind_dn", "Say who the password is for."));
        }
        _ => {}
    }
}

const BINDINGS: &[(&str, Binding)] = &[
    ("alt-security-identities", Binding::AltSecurityIdentities),
    ("user-certificate", Binding::UserCertificate),
    ("user-principal-name", Binding::UserPrincipalName),
    ("rfc822", Binding::Rfc822),
];

pub(super) fn subject(mut section: Section<'_, '_>, source: &Source<'_>, problems: &mut Problems) -> SubjectSection {
    let mut bindings = Vec::new();
    if let Some(names) = section.strings(problems, "bindings") {
        for name in &names.value {
            match BINDINGS.iter().find(|(known, _)| known == name) {
                Some((_, binding)) if bindings.contains(binding) => problems.push(Problem::new(
                    source.file,
                    &names,
                    format!("names {name:?} twice"),
                    "Name each binding once; the order says which decides.",
                )),
                Some((_, binding)) => bindings.push(*binding),
                None => {
                    let known: Vec<&str> = BINDINGS.iter().map(|(name, _)| *name).collect();
                    let cure = format!("The bindings are {}.", known.join(", "));
                    problems.push(Problem::new(source.file, &names, format!("has no binding {name:?}"), cure));
                }
            }
        }
        if names.value.is_empty() {
            problems.push(Problem::new(source.file, &names, "is empty", "Without a binding nobody can sign in."));
        }
    } else {
        bindings = BINDINGS.iter().map(|(_, binding)| *binding).filter(|b| *b != Binding::UserCertificate).collect();
    }
    let mut attribute = |key| section.string(problems, key).map(|found| found.value);
    let subject = SubjectSection {
        bindings,
        require_equal_serial_attribute: attribute("require_equal_serial_attribute"),
        require_equal_issuer_attribute: attribute("require_equal_issuer_attribute"),
    };
    section.finish(problems);
    subject
}
