//! The keys of a directory server: `[directory]` with `kind = "ldap"`, and `[[attribute_store]]` with `kind = "ldap"` or
//! `kind = "active-directory"`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Variant};
use super::shapes::{Choice, File, Number, Optional, Period, Required, Switch, Text, TimeUnit};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// A directory server.
#[derive(Debug, Clone)]
pub struct LdapSection {
    /// `ldaps://…`, or `ldap://…` with StartTLS or to loopback.
    pub url: Located<String>,
    /// Upgrade an `ldap://` connection to TLS.
    pub start_tls: bool,
    /// PEM file of the only authorities trusted for the server's certificate; by default the machine's.
    pub ca_certificate: Option<Located<PathBuf>>,
    /// Who the gateway binds as; anonymous without.
    pub bind_dn: Option<Located<String>>,
    /// File that holds the password and nothing else.
    pub bind_password_file: Option<Located<PathBuf>>,
    /// Below which entry to search.
    pub base_dn: Located<String>,
    /// Whether the server is OpenLDAP rather than Active Directory.
    pub open_ldap: bool,
    /// Connections, and so searches at once.
    pub connections: usize,
    /// For connecting, TLS and bind.
    pub connect_timeout: Duration,
    /// For one search as a whole, waiting for a connection and making one included.
    pub operation_timeout: Duration,
    /// Most entries one search may return.
    pub maximum_entries: u32,
    /// Most entries one question of a claim rule may bring.
    pub maximum_store_entries: u32,
    /// The domain of `DOMAIN\user`; empty for an attribute store that knows no domain.
    pub netbios_domain: String,
}

pub(super) const LDAP: Variant = Variant {
    key: "kind",
    choice: "ldap",
    keys: &[
        &URL,
        &BASE_DN,
        &BIND_DN,
        &BIND_PASSWORD_FILE,
        &START_TLS,
        &CA_CERTIFICATE,
        &DIALECT,
        &CONNECTIONS,
        &CONNECT_TIMEOUT,
        &OPERATION_TIMEOUT,
        &MAXIMUM_ENTRIES,
        &MAXIMUM_STORE_ENTRIES,
    ],
};

pub(super) const LDAP_STORE: Variant = Variant {
    key: "kind",
    choice: "ldap",
    keys: &[
        &URL,
        &BASE_DN,
        &BIND_DN,
        &BIND_PASSWORD_FILE,
        &START_TLS,
        &CA_CERTIFICATE,
        &DIALECT,
        &CONNECTIONS,
        &CONNECT_TIMEOUT,
        &OPERATION_TIMEOUT,
        &STORE_ENTRIES,
    ],
};

pub(super) const ACTIVE_DIRECTORY_STORE: Variant = Variant {
    key: "kind",
    choice: "active-directory",
    keys: &[
        &STORE_DOMAIN,
        &URL,
        &BASE_DN,
        &BIND_DN,
        &BIND_PASSWORD_FILE,
        &START_TLS,
        &CA_CERTIFICATE,
        &DIALECT,
        &CONNECTIONS,
        &CONNECT_TIMEOUT,
        &OPERATION_TIMEOUT,
        &STORE_ENTRIES,
    ],
};

const STORE_DOMAIN: Key<Required<Text>> = Key {
    name: "netbios_domain",
    shape: Required {
        kind: Text("domain's short name"),
        example: "FABRIKAM",
        cure: "Set the domain's short name, such as FABRIKAM.",
    },
    meaning: "The domain whose accounts are there. A query that names another is refused.",
};

const URL: Key<Required<Text>> = Key {
    name: "url",
    shape: Required {
        kind: Text("URL"),
        example: "ldaps://dc1.contoso.com",
        cure: "Set the server, such as ldaps://dc1.contoso.com.",
    },
    meaning: "The server: `ldaps://host` or `ldaps://host:port`. `ldap://` only with `start_tls`, or to this machine.",
};

const BASE_DN: Key<Required<Text>> = Key {
    name: "base_dn",
    shape: Required {
        kind: Text("distinguished name"),
        example: "DC=contoso,DC=com",
        cure: "Set the entry below which accounts are, such as DC=contoso,DC=com.",
    },
    meaning: "The entry below which accounts are.",
};

const BIND_DN: Key<Optional<Text>> = Key {
    name: "bind_dn",
    shape: Optional {
        kind: Text("distinguished name or user principal name"),
        example: "CN=fedgate,CN=Users,DC=contoso,DC=com",
        absent: "anonymous",
    },
    meaning: "Who the gateway binds as. Needs `bind_password_file`.",
};

const BIND_PASSWORD_FILE: Key<Optional<File>> = Key {
    name: "bind_password_file",
    shape: Optional { kind: File, example: "directory.password", absent: "anonymous" },
    meaning: "File that holds the password and nothing else, UTF-8. Line ends at its end do not count.",
};

const START_TLS: Key<Switch> = Key {
    name: "start_tls",
    shape: Switch { default: false },
    meaning: "Whether an `ldap://` connection is upgraded to TLS before anything else is said.",
};

pub(super) const CA_CERTIFICATE: Key<Optional<File>> = Key {
    name: "ca_certificate",
    shape: Optional { kind: File, example: "certs/directory-ca.pem", absent: "the authorities this machine trusts" },
    meaning: "PEM file of the only authorities believed for the server's certificate.",
};

const DIALECT: Key<Choice<bool>> = Key {
    name: "dialect",
    shape: Choice { first: ("active-directory", false), others: &[("openldap", true)], cure: None },
    meaning: "Which kind of server: what accounts look like and which searches it understands.",
};

pub(super) const CONNECTIONS: Key<Number> = Key {
    name: "connections",
    shape: Number { default: 8, range: 1..=10_000, unit: "connections" },
    meaning: "Most connections, and so questions at once.",
};

pub(super) const CONNECT_TIMEOUT: Key<Period> = Key {
    name: "connect_timeout_seconds",
    shape: Period { default: 3, range: 1..=60, unit: TimeUnit::Seconds },
    meaning: "How long connecting, TLS and login may take together.",
};

const OPERATION_TIMEOUT: Key<Period> = Key {
    name: "operation_timeout_seconds",
    shape: Period { default: 5, range: 1..=60, unit: TimeUnit::Seconds },
    meaning: "How long one search may take as a whole, waiting for a connection and making one included.",
};

const MAXIMUM_ENTRIES: Key<Number> = Key {
    name: "maximum_entries",
    shape: Number { default: 16, range: 1..=10_000, unit: "entries" },
    meaning: "Most entries that the search for an account may return.",
};

const MAXIMUM_STORE_ENTRIES: Key<Number> = Key {
    name: "maximum_store_entries",
    shape: Number { default: 1_000, range: 1..=10_000, unit: "entries" },
    meaning: "Most entries that one question of a claim rule to the store \"Active Directory\" may bring. More is a failure; \
              a server may have a lower limit of its own.",
};

const STORE_ENTRIES: Key<Number> = Key {
    name: "maximum_entries",
    shape: Number { default: 1_000, range: 1..=10_000, unit: "entries" },
    meaning: "Most entries that one question may bring. More is a failure; a server may have a lower limit of its own.",
};

pub(super) fn ldap(section: &mut Section<'_, '_>, netbios_domain: String) -> LdapSection {
    let (entries, store_entries) = (section.number(&MAXIMUM_ENTRIES), section.number(&MAXIMUM_STORE_ENTRIES));
    server(section, netbios_domain, entries, store_entries)
}

/// The same for a server that only claim rules ask.
pub(super) fn attribute_store(section: &mut Section<'_, '_>, of_a_domain: bool) -> LdapSection {
    let netbios_domain = if of_a_domain { section.required(&STORE_DOMAIN).value } else { String::new() };
    let entries = section.number(&STORE_ENTRIES);
    server(section, netbios_domain, entries, entries)
}

fn server(section: &mut Section<'_, '_>, netbios_domain: String, entries: u64, store_entries: u64) -> LdapSection {
    let entries_at_most = |number| u32::try_from(number).unwrap_or(u32::MAX);
    let ldap = LdapSection {
        url: section.required(&URL),
        start_tls: section.switch(&START_TLS),
        ca_certificate: section.optional(&CA_CERTIFICATE),
        bind_dn: section.optional(&BIND_DN),
        bind_password_file: section.optional(&BIND_PASSWORD_FILE),
        base_dn: section.required(&BASE_DN),
        open_ldap: section.choice(&DIALECT),
        connections: section.count(&CONNECTIONS),
        connect_timeout: section.period(&CONNECT_TIMEOUT),
        operation_timeout: section.period(&OPERATION_TIMEOUT),
        maximum_entries: entries_at_most(entries),
        maximum_store_entries: entries_at_most(store_entries),
        netbios_domain,
    };
    if !ldap.url.value.is_empty() {
        check_url(section.source, &ldap);
    }
    check_bind(section.source, &ldap);
    ldap
}

/// A bind password and a user's entry must not cross a network in the clear, and nothing in the URL may be ignored.
fn check_url(source: &Source<'_>, ldap: &LdapSection) {
    const FORM: &str = "Write ldaps://host or ldaps://host:port.";
    let refuse = |message: &str, cure: &str| source.problem(&ldap.url, message, cure);
    let url = match Url::parse(&ldap.url.value) {
        Ok(url) if url.has_host() && url.host_str() != Some("") => url,
        _ => return refuse("must be an ldaps:// or ldap:// URL", FORM),
    };
    match url.scheme() {
        "ldaps" if ldap.start_tls => refuse("is ldaps:// while start_tls = true", "Use one of the two."),
        "ldaps" => {}
        "ldap" if ldap.start_tls || is_loopback(&url) => {}
        "ldap" => refuse(
            "is plain ldap:// to another machine",
            "Use ldaps://, or set start_tls = true: passwords and entries must not cross the network in the clear.",
        ),
        _ => refuse("must be an ldaps:// or ldap:// URL", FORM),
    }
    if !url.username().is_empty() || url.password().is_some() {
        refuse("holds a user name or a password", "Use bind_dn and bind_password_file.");
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        refuse("has more than host and port", "Write the entry to search below into base_dn.");
    }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_matches(['[', ']']);
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn check_bind(source: &Source<'_>, ldap: &LdapSection) {
    match (&ldap.bind_dn, &ldap.bind_password_file) {
        (Some(bind_dn), None) => source.problem(
            bind_dn,
            "is set without bind_password_file",
            "Name the file that holds the password: a bind without one is anonymous (RFC 4513 section 5.1.2).",
        ),
        (None, Some(file)) => {
            source.problem(file, "is set without bind_dn", "Say in bind_dn whose password it is.");
        }
        _ => {}
    }
}
