//! `[endpoints]`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{List, Number};
use crate::federation::{Endpoint, Endpoints};
use crate::spelling::nearest;

pub(super) const ENDPOINTS: Table = Table {
    name: "endpoints",
    repeated: false,
    meaning: "Which addresses are served, and to whom. Everything is on unless it is named here, as in AD FS; \
              `fedgate endpoints list` shows what that comes to.",
    keys: &[&DISABLED, &PROXY_DISABLED, &USER_TLS_PORT, &SERVICE_PORT],
    variants: &[],
};

const DISABLED: Key<List> = Key {
    name: "disabled",
    shape: List { item: "the path of an endpoint", default: &[], example: &["/adfs/services/trust/mex"], cure: None },
    meaning: "Not served to anybody, as after `Disable-AdfsEndpoint`; the address answers 404.",
};

const PROXY_DISABLED: Key<List> = Key {
    name: "proxy_disabled",
    shape: List {
        item: "the path of an endpoint",
        default: &[],
        example: &["/adfs/services/trust/2005/certificatetransport"],
        cure: None,
    },
    meaning: "Served inside the corporate network only, as after `Set-AdfsEndpoint -Proxy $false`. Who is inside is said in \
              `[proxy] corporate_networks`.",
};

const USER_TLS_PORT: Key<Number> = Key {
    name: "user_tls_port",
    shape: Number { default: 0, range: 0..=65_535, unit: "the port" },
    meaning: "The port of `[listener.user_tls]` as clients see it, where a load balancer or a firewall shows another. It stands \
              in the metadata that clients discover addresses by. 0 means the listener's own.",
};

const SERVICE_PORT: Key<Number> = Key {
    name: "service_port",
    shape: Number { default: 0, range: 0..=65_535, unit: "the port" },
    meaning: "Likewise for `[listener.service]`.",
};

pub(super) fn endpoints(mut section: Section<'_, '_>) -> Endpoints {
    let endpoints = Endpoints {
        disabled: named(&mut section, &DISABLED),
        proxy_disabled: named(&mut section, &PROXY_DISABLED),
        user_tls_port: port(&mut section, &USER_TLS_PORT),
        service_port: port(&mut section, &SERVICE_PORT),
        ..Endpoints::default()
    };
    section.finish();
    endpoints
}

fn port(section: &mut Section<'_, '_>, key: &Key<Number>) -> u16 {
    u16::try_from(section.number(key)).unwrap_or(0)
}

fn named(section: &mut Section<'_, '_>, key: &Key<List>) -> Vec<Endpoint> {
    let paths = section.list(key);
    let mut endpoints = Vec::new();
    for path in &paths.value {
        match Endpoint::at(path) {
            Some(endpoint) => endpoints.push(endpoint),
            None => {
                let cure = match nearest(path, Endpoint::ALL.into_iter().map(Endpoint::path)) {
                    Some(known) => format!("Did you mean {known}?"),
                    None => "Remove it; `fedgate endpoints list` shows every endpoint.".to_owned(),
                };
                section.source.problem(&paths, format!("has {path:?}, which is not served here anyway"), cure);
            }
        }
    }
    endpoints
}
