//! `[listener.user_tls]` and `[listener.service]`.

use super::Located;
use super::ca_hints::{CaHints, Hints};
use super::document::{Section, Source};
use super::federation_service::is_host_name;
use super::keys::{Key, Table};
use super::shapes::{Choice, File, Number, Optional, Period, Required, Text, TimeUnit};
use std::net::{IpAddr, SocketAddr};
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
    /// How long a handshake may take.
    pub handshake_timeout: Duration,
    /// How long the head or the body of a request may take.
    pub request_timeout: Duration,
    /// Most open connections.
    pub maximum_connections: usize,
}

/// `[listener.user_tls]`: where user certificates are asked for.
#[derive(Debug, Clone)]
pub struct UserTlsSection {
    /// What both listeners have.
    pub listener: ListenerSection,
    /// The host name under which the service listener asks too, in lower case.
    pub host_name: Option<Located<String>>,
    /// Whether clients are sent to the port first, and to the host name only where the port is blocked.
    pub port_first: bool,
    /// Which authorities the certificate request names.
    pub ca_hints: Located<CaHints>,
    /// Whether a GET of certificatetransport is held open, as AD FS does, rather than answered at once.
    pub hold_get: bool,
    /// How long it is held.
    pub hold: Duration,
    /// How many are held at once.
    pub hold_connections: usize,
}

pub(super) const USER_TLS: Table = Table {
    name: "listener.user_tls",
    repeated: false,
    meaning: "Where user certificates are asked for. The listener accepts any certificate and the gateway judges it above TLS, so \
              nothing in front of this port may terminate TLS.",
    keys: &[
        &USER_TLS_ADDRESS,
        &CERTIFICATE,
        &PRIVATE_KEY,
        &HOST_NAME,
        &SEND_CLIENTS_TO,
        &CA_HINTS,
        &USER_TLS_HANDSHAKE_TIMEOUT,
        &REQUEST_TIMEOUT,
        &MAXIMUM_CONNECTIONS,
        &CERTIFICATE_TRANSPORT_GET,
        &HOLD,
        &HOLD_CONNECTIONS,
    ],
    variants: &[],
};

pub(super) const SERVICE_LISTENER: Table = Table {
    name: "listener.service",
    repeated: false,
    meaning: "Everything else. This listener asks for a certificate only under the `host_name` of the other.",
    keys: &[
        &SERVICE_ADDRESS,
        &CERTIFICATE,
        &PRIVATE_KEY,
        &SERVICE_HANDSHAKE_TIMEOUT,
        &REQUEST_TIMEOUT,
        &MAXIMUM_CONNECTIONS,
    ],
    variants: &[],
};

const USER_TLS_ADDRESS: Key<Required<Text>> = Key {
    name: "address",
    shape: Required {
        kind: Text("IP address and port"),
        example: "0.0.0.0:49443",
        cure: "Give address and port, such as 0.0.0.0:49443 or [::]:49443.",
    },
    meaning: "Where to listen. Clients of AD FS expect port 49443. Port 0 means any free one.",
};

const SERVICE_ADDRESS: Key<Required<Text>> = Key {
    name: "address",
    shape: Required {
        kind: Text("IP address and port"),
        example: "0.0.0.0:443",
        cure: "Give address and port, such as 0.0.0.0:443 or [::]:443.",
    },
    meaning: "Where to listen. Port 0 means any free one.",
};

const CERTIFICATE: Key<Required<File>> = Key {
    name: "certificate",
    shape: Required {
        kind: File,
        example: "tls/sts.pem",
        cure: "Name the PEM file with the service's certificate and its chain.",
    },
    meaning: "PEM file: the listener's own certificate first, then its intermediates.",
};

const PRIVATE_KEY: Key<Required<File>> = Key {
    name: "private_key",
    shape: Required { kind: File, example: "tls/sts.key", cure: "Name the PEM file with the service's key." },
    meaning: "PEM file: the key of that certificate, without a passphrase.",
};

const HOST_NAME: Key<Optional<Text>> = Key {
    name: "host_name",
    shape: Optional {
        kind: Text("host name"),
        example: "certauth.sts.contoso.com",
        absent: "only the port above asks",
    },
    meaning: "A second host name, `certauth.` and the service's in AD FS. Where it is the name that a client connects to, the service \
              listener asks for a certificate too and shows this section's own, which has to have the name; clients are sent \
              there, and a firewall needs to let only one port through. The port above stays open. A name directly below it \
              does the same.",
};

const SEND_CLIENTS_TO: Key<Choice<bool>> = Key {
    name: "send_clients_to",
    shape: Choice { first: ("host-name", false), others: &[("port", true)], cure: None },
    meaning: "Where clients are sent if there is a `host_name`. With `port` browsers go to the port above; the page that sends them \
              there notices when a network blocks it, and offers the host name.",
};

const CA_HINTS: Key<Hints> = Key {
    name: "ca_hints",
    shape: Hints,
    meaning: "Which authorities the TLS certificate request names, so that clients offer only certificates of theirs: those of a \
              container, of both, or of these files. `fedgate check` shows the size. Many clients take 16384 bytes of names.",
};

const USER_TLS_HANDSHAKE_TIMEOUT: Key<Period> = Key {
    name: "handshake_timeout_seconds",
    shape: Period { default: 120, range: 3..=600, unit: TimeUnit::Seconds },
    meaning: "How long a TLS handshake may take. A person chooses a certificate and types a PIN inside it.",
};

const SERVICE_HANDSHAKE_TIMEOUT: Key<Period> = Key {
    name: "handshake_timeout_seconds",
    shape: Period { default: 10, range: 3..=600, unit: TimeUnit::Seconds },
    meaning: "How long a TLS handshake may take.",
};

const REQUEST_TIMEOUT: Key<Period> = Key {
    name: "request_timeout_seconds",
    shape: Period { default: 15, range: 1..=120, unit: TimeUnit::Seconds },
    meaning: "How long the head of a request may take, and how long its body.",
};

const MAXIMUM_CONNECTIONS: Key<Number> = Key {
    name: "maximum_connections",
    shape: Number { default: 10_000, range: 1..=1_000_000, unit: "connections" },
    meaning: "Most open connections; further ones wait. The number is divided among the workers, one per processor.",
};

const CERTIFICATE_TRANSPORT_GET: Key<Choice<bool>> = Key {
    name: "certificate_transport_get",
    shape: Choice { first: ("answer", false), others: &[("hold", true)], cure: None },
    meaning: "What a GET of `certificatetransport` gets. `answer`: a page at once. `hold`: nothing for a while, as AD FS does, \
              for the \"does it spin\" test.",
};

const HOLD: Key<Period> = Key {
    name: "hold_seconds",
    shape: Period { default: 30, range: 1..=300, unit: TimeUnit::Seconds },
    meaning: "With `hold`: for how long.",
};

const HOLD_CONNECTIONS: Key<Number> = Key {
    name: "hold_connections",
    shape: Number { default: 64, range: 1..=1_000_000, unit: "connections" },
    meaning: "With `hold`: how many at once; one more is answered.",
};

pub(super) fn user_tls(mut section: Section<'_, '_>) -> UserTlsSection {
    let user_tls = UserTlsSection {
        listener: listener(&mut section, &USER_TLS_ADDRESS, &USER_TLS_HANDSHAKE_TIMEOUT),
        host_name: host_name(&mut section),
        port_first: section.choice(&SEND_CLIENTS_TO),
        ca_hints: section.ca_hints(&CA_HINTS),
        hold_get: section.choice(&CERTIFICATE_TRANSPORT_GET),
        hold: section.period(&HOLD),
        hold_connections: section.count(&HOLD_CONNECTIONS),
    };
    section.finish();
    user_tls
}

fn host_name(section: &mut Section<'_, '_>) -> Option<Located<String>> {
    let mut name = section.optional(&HOST_NAME)?;
    if !is_host_name(&name.value) {
        let cure = "Give the name alone, such as certauth.sts.contoso.com, without https:// and without a port.";
        section.source.problem(&name, format!("must be a host name, is {:?}", name.value), cure);
    }
    name.value.make_ascii_lowercase();
    Some(name)
}

/// One name cannot both ask and not ask.
pub(super) fn reject_same_name(source: &Source<'_>, user_tls: &UserTlsSection, service: &Located<String>) {
    let shared = |name: &&Located<String>| name.value.eq_ignore_ascii_case(&service.value);
    if let Some(name) = user_tls.host_name.as_ref().filter(shared) {
        let message = format!("is the name of the service, {}", service.value);
        let cure = format!("Give certificates a name of their own, such as certauth.{}.", service.value);
        source.problem(name, message, cure);
    }
}

pub(super) fn service(mut section: Section<'_, '_>) -> ListenerSection {
    let service = listener(&mut section, &SERVICE_ADDRESS, &SERVICE_HANDSHAKE_TIMEOUT);
    section.finish();
    service
}

fn listener(
    section: &mut Section<'_, '_>,
    address_key: &Key<Required<Text>>,
    handshake_timeout: &Key<Period>,
) -> ListenerSection {
    ListenerSection {
        address: address(section, address_key),
        certificate: section.required(&CERTIFICATE),
        private_key: section.required(&PRIVATE_KEY),
        handshake_timeout: section.period(handshake_timeout),
        request_timeout: section.period(&REQUEST_TIMEOUT),
        maximum_connections: section.count(&MAXIMUM_CONNECTIONS),
    }
}

fn address(section: &mut Section<'_, '_>, key: &Key<Required<Text>>) -> Located<SocketAddr> {
    let text = section.required(key);
    let parsed = text.value.parse();
    if parsed.is_err() && !text.value.is_empty() {
        let message = format!("must be an IP address with a port, is {:?}", text.value);
        section.source.problem(&text, message, key.shape.cure);
    }
    let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
    Located { value: parsed.unwrap_or(nowhere), line: text.line, column: text.column, key: text.key }
}

pub(super) fn reject_same_address(source: &Source<'_>, user_tls: &ListenerSection, service: &ListenerSection) {
    let (a, b) = (user_tls.address.value, service.address.value);
    let shared = covers(a.ip(), b.ip()) || covers(b.ip(), a.ip());
    if a.port() != 0 && a.port() == b.port() && shared {
        let message = format!("takes the port of {}, which is {a}", user_tls.address.key);
        let cure = "Each needs a port of its own: one asks for user certificates, the other must not.";
        source.problem(&service.address, message, cure);
    }
}

/// Whether who listens on `a` listens on `b` too; `[::]` covers IPv4 as well.
fn covers(a: IpAddr, b: IpAddr) -> bool {
    a == b || a.is_unspecified() && (a.is_ipv6() || b.is_ipv4())
}
