//! `[listener.user_tls]` and `[listener.service]`.

use super::document::{Section, Source};
use super::{Located, Problem, Problems};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What both listeners have.
#[derive(Debug, Clone)]
pub struct ListenerSection {
    /// Address and port.
    pub address: Located<SocketAddr>,
    /// PEM chain, leaf first.
    pub certificate: Located<PathBuf>,
    /// PEM key, unencrypted.
    pub private_key: Located<PathBuf>,
    /// How long a handshake may take. 120 seconds on the user TLS listener, where a person types a PIN; else 10.
    pub handshake_timeout: Duration,
    /// How long the head or the body of a request may take: 15 seconds.
    pub request_timeout: Duration,
    /// Open connections: 10000.
    pub maximum_connections: usize,
}

/// `[listener.user_tls]`: where user certificates are asked for.
#[derive(Debug, Clone)]
pub struct UserTlsSection {
    /// What both listeners have.
    pub listener: ListenerSection,
    /// Whether a GET of certificatetransport is held open, as AD FS does, rather than answered at once.
    pub hold_get: bool,
    /// How long it is held: 30 seconds.
    pub hold: Duration,
    /// How many are held at once: 64.
    pub hold_connections: usize,
}

pub(super) fn user_tls(mut section: Section<'_, '_>, problems: &mut Problems) -> UserTlsSection {
    let user_tls = UserTlsSection {
        listener: listener(&mut section, 49443, 120, problems),
        hold_get: section.choice(problems, "certificate_transport_get", false, &[("answer", false), ("hold", true)]),
        hold: section.seconds(problems, "hold_seconds", 30, 1..=300),
        hold_connections: count(&mut section, "hold_connections", 64, problems),
    };
    section.finish(problems);
    user_tls
}

pub(super) fn service(mut section: Section<'_, '_>, problems: &mut Problems) -> ListenerSection {
    let service = listener(&mut section, 443, 10, problems);
    section.finish(problems);
    service
}

fn listener(section: &mut Section<'_, '_>, port: u16, handshake: u64, problems: &mut Problems) -> ListenerSection {
    ListenerSection {
        address: address(section, port, problems),
        certificate: section.required_path(problems, "certificate", "Name the PEM file with the service's chain."),
        private_key: section.required_path(problems, "private_key", "Name the PEM file with the service's key."),
        handshake_timeout: section.seconds(problems, "handshake_timeout_seconds", handshake, 3..=600),
        request_timeout: section.seconds(problems, "request_timeout_seconds", 15, 1..=120),
        maximum_connections: count(section, "maximum_connections", 10_000, problems),
    }
}

fn count(section: &mut Section<'_, '_>, key: &'static str, default: u64, problems: &mut Problems) -> usize {
    usize::try_from(section.integer(problems, key, default, 1..=1_000_000)).unwrap_or(usize::MAX)
}

fn address(section: &mut Section<'_, '_>, port: u16, problems: &mut Problems) -> Located<SocketAddr> {
    let anywhere = SocketAddr::from(([0, 0, 0, 0], port));
    let cure = format!("Give address and port, such as 0.0.0.0:{port} or [::]:{port}.");
    let text = section.required(problems, "address", &cure);
    let parsed = text.value.parse();
    if parsed.is_err() && !text.value.is_empty() {
        let message = format!("must be an IP address with a port, is {:?}", text.value);
        section.problem_at(problems, &text, message, &cure);
    }
    Located { value: parsed.unwrap_or(anywhere), line: text.line, column: text.column, key: text.key }
}

pub(super) fn reject_same_address(
    source: &Source<'_>,
    user_tls: &ListenerSection,
    service: &ListenerSection,
    problems: &mut Problems,
) {
    let (a, b) = (user_tls.address.value, service.address.value);
    if a == b && a.port() != 0 {
        let cure = "The two listeners need a port each: one asks for user certificates, the other must not.";
        problems.push(Problem::new(source.file, &service.address, "is the address of [listener.user_tls] too", cure));
    }
}
