//! The endpoints of AD FS that are served here, whether each is enabled, and whether it is open to the extranet
//! (ADFS-PROTOCOLS section 1.1). What AD FS calls proxy-enabled is decided here for every request from outside, because
//! the gateway is its own proxy.

use crate::protocol::Version;
use crate::protocol::mex::{Binding, Credential};
use crate::sign_in::evidence::ListenerRole;
use crate::xml_signature::Sha1;

/// One endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Sign-in pages, WS-Federation and SAML 2.0, on both listeners.
    Passive,
    /// WS-Trust of February 2005, authenticated by a certificate whose key signed the message.
    CertificateMixed2005,
    /// WS-Trust of February 2005, authenticated by the TLS client certificate.
    CertificateTransport2005,
    /// WS-Trust of February 2005, authenticated by a name and a password in the message.
    UserNameMixed2005,
    /// WS-Trust 1.3, authenticated by a certificate whose key signed the message.
    CertificateMixed13,
    /// WS-Trust 1.3, authenticated by a name and a password in the message.
    UserNameMixed13,
    /// The WSDL that active clients discover the others by.
    MetadataExchange,
    /// What relying parties import: certificates and addresses.
    FederationMetadata,
}

impl Endpoint {
    /// Every endpoint, in the order of AD FS's own list.
    pub const ALL: [Self; 8] = [
        Self::Passive,
        Self::CertificateMixed2005,
        Self::CertificateTransport2005,
        Self::UserNameMixed2005,
        Self::CertificateMixed13,
        Self::UserNameMixed13,
        Self::MetadataExchange,
        Self::FederationMetadata,
    ];

    /// The path in AD FS's spelling.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Passive => "/adfs/ls/",
            Self::CertificateMixed2005 => "/adfs/services/trust/2005/certificatemixed",
            Self::CertificateTransport2005 => "/adfs/services/trust/2005/certificatetransport",
            Self::UserNameMixed2005 => "/adfs/services/trust/2005/usernamemixed",
            Self::CertificateMixed13 => "/adfs/services/trust/13/certificatemixed",
            Self::UserNameMixed13 => "/adfs/services/trust/13/usernamemixed",
            Self::MetadataExchange => "/adfs/services/trust/mex",
            Self::FederationMetadata => "/FederationMetadata/2007-06/FederationMetadata.xml",
        }
    }

    /// What it speaks, as `Get-AdfsEndpoint` names it.
    pub const fn protocol(self) -> &'static str {
        match self {
            Self::Passive => "SAML 2.0/WS-Federation",
            Self::CertificateMixed2005 | Self::CertificateTransport2005 | Self::UserNameMixed2005 => "WS-Trust 2005",
            Self::CertificateMixed13 | Self::UserNameMixed13 => "WS-Trust 1.3",
            Self::MetadataExchange => "WS-Mex",
            Self::FederationMetadata => "Federation Metadata",
        }
    }

    /// Which listener clients are sent to first. `/adfs/ls/` is served by both.
    pub const fn listener(self) -> ListenerRole {
        match self {
            Self::CertificateTransport2005 => ListenerRole::UserTls,
            Self::Passive
            | Self::CertificateMixed2005
            | Self::UserNameMixed2005
            | Self::CertificateMixed13
            | Self::UserNameMixed13
            | Self::MetadataExchange
            | Self::FederationMetadata => ListenerRole::Service,
        }
    }

    /// How tokens are asked for here, if they are.
    pub const fn binding(self) -> Option<Binding> {
        let (credential, version) = match self {
            Self::CertificateMixed2005 => (Credential::CertificateMixed, Version::February2005),
            Self::CertificateTransport2005 => (Credential::CertificateTransport, Version::February2005),
            Self::UserNameMixed2005 => (Credential::UserNameMixed, Version::February2005),
            Self::CertificateMixed13 => (Credential::CertificateMixed, Version::V13),
            Self::UserNameMixed13 => (Credential::UserNameMixed, Version::V13),
            Self::Passive | Self::MetadataExchange | Self::FederationMetadata => return None,
        };
        Some(Binding { credential, version })
    }

    /// The endpoint at a path, whatever its case and with or without a final slash.
    pub fn at(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        Self::ALL.into_iter().find(|endpoint| endpoint.path().trim_end_matches('/').eq_ignore_ascii_case(path))
    }
}

/// What is switched off, and which ports clients see. Everything served is on unless an operator says otherwise, as in AD FS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Served to nobody.
    pub disabled: Vec<Endpoint>,
    /// Served only inside the corporate network.
    pub proxy_disabled: Vec<Endpoint>,
    /// Whether certificatemixed accepts messages that are signed over SHA-1, and says so in its policy.
    pub message_sha1: Sha1,
    /// Port of the user TLS listener as clients see it; 0 until the listener's own is known.
    pub user_tls_port: u16,
    /// Likewise for the service listener.
    pub service_port: u16,
    /// The other host name under which the service listener asks for certificates, `certauth.NAME` in AD FS. Clients are sent
    /// there rather than to the user TLS port, which stays open.
    pub user_tls_host: Option<String>,
    /// Whether clients are sent to the port all the same, and to the host name where the port is blocked.
    pub user_tls_port_first: bool,
    /// Whether the certificate has `*.` before that name too, so that clients may be sent to any name directly below it.
    pub fresh_user_tls_hosts: bool,
}

impl Endpoints {
    /// Whether anybody is served.
    pub fn is_enabled(&self, endpoint: Endpoint) -> bool {
        !self.disabled.contains(&endpoint)
    }

    /// Whether clients outside are served. An endpoint that is off is off for them too.
    pub fn is_proxy_enabled(&self, endpoint: Endpoint) -> bool {
        self.is_enabled(endpoint) && !self.proxy_disabled.contains(&endpoint)
    }

    /// Whether a client that is inside the corporate network, or not, is served.
    pub fn serves(&self, endpoint: Endpoint, inside: bool) -> bool {
        if inside { self.is_enabled(endpoint) } else { self.is_proxy_enabled(endpoint) }
    }

    /// Whether it makes a difference where a client is.
    pub fn ask_for_origin(&self) -> bool {
        !self.proxy_disabled.is_empty()
    }

    /// Ports that nobody configured are those of the listeners.
    #[must_use]
    pub fn on_ports(mut self, user_tls: u16, service: u16) -> Self {
        for (port, own) in [(&mut self.user_tls_port, user_tls), (&mut self.service_port, service)] {
            if *port == 0 {
                *port = own;
            }
        }
        self
    }

    /// The address of an endpoint as clients outside use it.
    pub fn url(&self, endpoint: Endpoint, service_name: &str) -> String {
        self.origin(endpoint.listener(), service_name) + endpoint.path()
    }

    /// A user TLS origin that a browser was not sent to before, so that it asks anew which certificate to use. `label` is one
    /// label of a host name.
    pub fn fresh_user_tls_origin(&self, label: &str) -> Option<String> {
        let host = self.user_tls_host.as_ref().filter(|_| self.fresh_user_tls_hosts)?;
        Some(origin(&format!("{label}.{host}"), self.service_port))
    }

    /// If there are two user TLS origins, the port's beside that of the host name, or the host name's beside the port's.
    pub fn user_tls_origin_beside(&self, host_name: bool, service_name: &str) -> Option<String> {
        let host = self.user_tls_host.as_ref()?;
        Some(if host_name { origin(service_name, self.user_tls_port) } else { origin(host, self.service_port) })
    }

    /// Scheme, host and port by which clients reach what a listener serves (ADFS-PROTOCOLS section 1.2).
    pub fn origin(&self, listener: ListenerRole, service_name: &str) -> String {
        let by_name = self.user_tls_host.as_ref().filter(|_| !self.user_tls_port_first);
        let (host, port) = match (listener, by_name) {
            (ListenerRole::UserTls, Some(host)) => (host.as_str(), self.service_port),
            (ListenerRole::UserTls, None) => (service_name, self.user_tls_port),
            (ListenerRole::Service, _) => (service_name, self.service_port),
        };
        origin(host, port)
    }
}

fn origin(host: &str, port: u16) -> String {
    match port {
        443 => format!("https://{host}"),
        port => format!("https://{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Endpoint::{CertificateTransport2005, MetadataExchange};

    #[test]
    fn paths_lead_back_whatever_their_spelling() {
        for endpoint in Endpoint::ALL {
            let path = endpoint.path();
            for spelling in [path.to_owned(), path.to_uppercase(), format!("{path}/")] {
                assert_eq!(Endpoint::at(&spelling), Some(endpoint), "{spelling}");
            }
        }
        for other in ["", "/", "/adfs/services/trust", "/adfs/services/trust/mex/x", "/adfs/services/trust/proxymex"] {
            assert_eq!(Endpoint::at(other), None, "{other}");
        }
    }

    #[test]
    fn an_endpoint_that_is_off_is_off_for_proxies_too() {
        let endpoints = Endpoints {
            disabled: vec![CertificateTransport2005],
            proxy_disabled: vec![MetadataExchange],
            ..Endpoints::default()
        };
        for (endpoint, inside, served) in [
            (CertificateTransport2005, true, false),
            (CertificateTransport2005, false, false),
            (MetadataExchange, true, true),
            (MetadataExchange, false, false),
        ] {
            assert_eq!(endpoints.serves(endpoint, inside), served, "{endpoint:?} {inside}");
        }
    }

    #[test]
    fn addresses_name_the_port_that_clients_see() {
        let url = |endpoints: Endpoints, endpoint| endpoints.url(endpoint, "sts.contoso.com");
        let own = Endpoints::default().on_ports(49443, 443);
        assert_eq!(url(own.clone(), MetadataExchange), "https://sts.contoso.com/adfs/services/trust/mex");
        assert_eq!(
            url(own, CertificateTransport2005),
            "https://sts.contoso.com:49443/adfs/services/trust/2005/certificatetransport"
        );
        let forwarded = Endpoints { service_port: 443, ..Endpoints::default() }.on_ports(8049, 8443);
        assert_eq!(url(forwarded.clone(), MetadataExchange), "https://sts.contoso.com/adfs/services/trust/mex");
        assert!(url(forwarded.clone(), CertificateTransport2005).starts_with("https://sts.contoso.com:8049/"));

        let alternate = Endpoints { user_tls_host: Some("certauth.sts.contoso.com".to_owned()), ..forwarded };
        assert!(url(alternate.clone(), CertificateTransport2005).starts_with("https://certauth.sts.contoso.com/adfs/"));
        assert_eq!(alternate.origin(ListenerRole::Service, "sts.contoso.com"), "https://sts.contoso.com");
        assert_eq!(alternate.fresh_user_tls_origin("again-7"), None);
        let other = alternate.user_tls_origin_beside(true, "sts.contoso.com");
        assert_eq!(other.as_deref(), Some("https://sts.contoso.com:8049"));
        let port_first = Endpoints { user_tls_port_first: true, ..alternate.clone() };
        assert!(url(port_first.clone(), CertificateTransport2005).starts_with("https://sts.contoso.com:8049/"));
        let other = port_first.user_tls_origin_beside(false, "sts.contoso.com");
        assert_eq!(other.as_deref(), Some("https://certauth.sts.contoso.com"));
        let elsewhere = Endpoints { service_port: 8443, fresh_user_tls_hosts: true, ..alternate };
        let origin = elsewhere.origin(ListenerRole::UserTls, "sts.contoso.com");
        assert_eq!(origin, "https://certauth.sts.contoso.com:8443");
        let fresh = elsewhere.fresh_user_tls_origin("again-7");
        assert_eq!(fresh.as_deref(), Some("https://again-7.certauth.sts.contoso.com:8443"));
    }
}
