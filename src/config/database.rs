//! The keys of `[[attribute_store]]` with `kind = "sqlite"` and `kind = "postgresql"`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Variant};
use super::ldap::{CA_CERTIFICATE, CONNECT_TIMEOUT, CONNECTIONS};
use super::shapes::{File, Number, Optional, Period, Required, Switch, Text, TimeUnit};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteSection {
    /// The file.
    pub file: Located<PathBuf>,
    /// Questions at once.
    pub connections: usize,
    /// For one question.
    pub query_timeout: Duration,
    /// Most rows of one answer.
    pub maximum_rows: u32,
}

/// A PostgreSQL database.
#[derive(Debug, Clone)]
pub struct PostgresSection {
    /// A name, an address, or the folder of a Unix socket.
    pub host: Located<String>,
    /// The port.
    pub port: u16,
    /// The database.
    pub database: Located<String>,
    /// Who logs in.
    pub user: Located<String>,
    /// File that holds the password and nothing else.
    pub password_file: Option<Located<PathBuf>>,
    /// Whether the connection is TLS.
    pub tls: bool,
    /// PEM file of the only authorities trusted for the server's certificate; by default the machine's.
    pub ca_certificate: Option<Located<PathBuf>>,
    /// Connections, and so questions at once.
    pub connections: usize,
    /// For connecting, TLS and login.
    pub connect_timeout: Duration,
    /// For one question.
    pub query_timeout: Duration,
    /// Most rows of one answer.
    pub maximum_rows: u32,
}

pub(super) const SQLITE: Variant =
    Variant { key: "kind", choice: "sqlite", keys: &[&FILE, &CONNECTIONS, &QUERY_TIMEOUT, &MAXIMUM_ROWS] };

pub(super) const POSTGRESQL: Variant = Variant {
    key: "kind",
    choice: "postgresql",
    keys: &[
        &HOST,
        &DATABASE,
        &USER,
        &PASSWORD_FILE,
        &PORT,
        &TLS,
        &CA_CERTIFICATE,
        &CONNECTIONS,
        &CONNECT_TIMEOUT,
        &QUERY_TIMEOUT,
        &MAXIMUM_ROWS,
    ],
};

const FILE: Key<Required<File>> = Key {
    name: "file",
    shape: Required { kind: File, example: "personnel.sqlite", cure: "Name the SQLite file." },
    meaning: "The SQLite file. It is only read, and opened anew for each question.",
};

const HOST: Key<Required<Text>> = Key {
    name: "host",
    shape: Required {
        kind: Text("name, address or folder"),
        example: "db1.contoso.com",
        cure: "Set the server's name, or the folder of its Unix socket.",
    },
    meaning: "The server's name or address, or the folder of its Unix socket.",
};

const DATABASE: Key<Required<Text>> = Key {
    name: "database",
    shape: Required { kind: Text("name"), example: "personnel", cure: "Name the database." },
    meaning: "The database.",
};

const USER: Key<Required<Text>> = Key {
    name: "user",
    shape: Required { kind: Text("name"), example: "fedgate", cure: "Name the role that the gateway logs in as." },
    meaning: "The role that the gateway logs in as. It needs to read and nothing else.",
};

const PASSWORD_FILE: Key<Optional<File>> = Key {
    name: "password_file",
    shape: Optional { kind: File, example: "personnel.password", absent: "no password" },
    meaning: "File that holds the password and nothing else, UTF-8. Line ends at its end do not count.",
};

const PORT: Key<Number> =
    Key { name: "port", shape: Number { default: 5432, range: 1..=65_535, unit: "as port" }, meaning: "The port." };

const TLS: Key<Switch> = Key {
    name: "tls",
    shape: Switch { default: true },
    meaning: "Whether the connection is TLS and the server's certificate is verified. `false` only for this machine.",
};

const QUERY_TIMEOUT: Key<Period> = Key {
    name: "query_timeout_seconds",
    shape: Period { default: 5, range: 1..=60, unit: TimeUnit::Seconds },
    meaning: "How long one question may take, waiting for a connection included.",
};

const MAXIMUM_ROWS: Key<Number> = Key {
    name: "maximum_rows",
    shape: Number { default: 1_000, range: 1..=100_000, unit: "rows" },
    meaning: "Most rows that one question may bring. More is a failure.",
};

pub(super) fn sqlite(section: &mut Section<'_, '_>) -> SqliteSection {
    SqliteSection {
        file: section.required(&FILE),
        connections: section.count(&CONNECTIONS),
        query_timeout: section.period(&QUERY_TIMEOUT),
        maximum_rows: rows(section),
    }
}

pub(super) fn postgresql(section: &mut Section<'_, '_>) -> PostgresSection {
    let database = PostgresSection {
        host: section.required(&HOST),
        port: u16::try_from(section.number(&PORT)).unwrap_or_default(),
        database: section.required(&DATABASE),
        user: section.required(&USER),
        password_file: section.optional(&PASSWORD_FILE),
        tls: section.switch(&TLS),
        ca_certificate: section.optional(&CA_CERTIFICATE),
        connections: section.count(&CONNECTIONS),
        connect_timeout: section.period(&CONNECT_TIMEOUT),
        query_timeout: section.period(&QUERY_TIMEOUT),
        maximum_rows: rows(section),
    };
    check_host(section.source, &database);
    database
}

fn rows(section: &mut Section<'_, '_>) -> u32 {
    u32::try_from(section.number(&MAXIMUM_ROWS)).unwrap_or(u32::MAX)
}

/// A password and the answers must not cross a network in the clear.
fn check_host(source: &Source<'_>, database: &PostgresSection) {
    let host = &database.host;
    let is_folder = Path::new(&host.value).is_absolute();
    let is_here = is_folder
        || host.value == "localhost"
        || host.value.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_folder && database.tls {
        source.problem(
            host,
            "is the folder of a Unix socket while tls = true",
            "Set tls = false: a socket has no TLS.",
        );
    } else if !host.value.is_empty() && !database.tls && !is_here {
        let cure = "Leave tls out: passwords and answers must not cross the network in the clear.";
        source.problem(host, "is another machine while tls = false", cure);
    }
}
