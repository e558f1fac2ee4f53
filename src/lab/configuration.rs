//! The lab's `fedgate.toml`: a working configuration with a word about every choice in it, to start a real one from.

use std::net::SocketAddr;

/// The addresses of a lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Addresses {
    pub(super) user_tls: SocketAddr,
    pub(super) service: SocketAddr,
}

/// The file's text. Paths are relative to the file. `control` tells whether a socket's path can be that long.
pub(super) fn text(service_name: &str, addresses: Addresses, control: bool) -> String {
    let socket = if control { "socket = \"control.sock\"" } else { "# socket = \"/run/fedgate/control.sock\"" };
    let Addresses { user_tls, service } = addresses;
    format!(
        r#"# The configuration of a fedgate lab. Every key of every section is in docs/configuration.md.
# `fedgate check --config FILE` reads this file and everything it names and reports all problems at once.

[service]
name = "{service_name}"
# Issuer of every token; Entra ID knows it as the domain's IssuerUri. It begins with http:, as in AD FS.
identifier = "http://{service_name}/adfs/services/trust"
token_lifetime_minutes = 60

# Asks for a user certificate in the handshake, accepts any, and judges it above TLS: a refused client gets an answer.
# Nothing in front of this port may terminate TLS.
[listener.user_tls]
address = "{user_tls}"
certificate = "gateway/tls.pem"
private_key = "gateway/tls.key"
# A person types a PIN inside the handshake.
handshake_timeout_seconds = 120
# "hold" keeps a GET of certificatetransport open for a while, as AD FS does, instead of answering at once.
certificate_transport_get = "answer"

# Never asks for a certificate. 443 in production.
[listener.service]
address = "{service}"
certificate = "gateway/tls.pem"
private_key = "gateway/tls.key"

# Where a request comes from is the connection's address, and nobody is inside the corporate network, unless:
# [proxy]
# trusted_peers = ["192.0.2.10"]
# corporate_networks = ["10.0.0.0/8"]

# Only these two containers count; the machine's own trust stores never do.
[trust]
roots = "certs/root"
intermediates = "certs/intermediate"
minimum_rsa_bits = 2048
maximum_depth = 8
allow_sha1 = false

# A certificate whose CRL cannot be had is refused. The limits are those of Entra ID.
[revocation]
fetch_timeout_seconds = 10
maximum_crl_bytes = 47185920
# A certificate may not send fedgate to this very machine; here is where the lab's CRL server is. Not for production.
fetch_allow = ["127.0.0.1"]
# To keep what was downloaded, so that a restart needs no CRL server until nextUpdate:
# cache_folder = "cache"
# To fetch an authority's CRL from elsewhere than its certificates say:
# [[revocation.authority]]
# certificate = "certs/intermediate/contoso-issuing-ca-1.pem"
# crl_distribution_point = "http://127.0.0.1:8089/issuing.crl"

# The embedded directory, for labs. A real one:
# kind = "ldap"
# url = "ldaps://dc1.contoso.test"
# base_dn = "DC=contoso,DC=test"
# bind_dn = "CN=fedgate,CN=Users,DC=contoso,DC=test"
# bind_password_file = "directory.password"
# ca_certificate = "certs/directory-ca.pem"
[directory]
kind = "ldif"
file = "directory.ldif"
netbios_domain = "CONTOSO"

# How a certificate becomes an account: the first binding that finds one decides. The first is strong, the others trust the
# names that the authorities put into certificates.
[subject]
bindings = ["alt-security-identities", "user-principal-name", "rfc822"]
# To let in only the very certificate that the directory knows of:
# require_equal_serial_attribute = "serialNumber"
# require_equal_issuer_attribute = "extensionAttribute1"

[token_signing]
certificate = "gateway/token-signing.pem"
private_key = "gateway/token-signing.key"

# Acceptance transform rules of the claims provider trust "Active Directory".
[claims_provider]
acceptance_rules = "claims-rules/active-directory/acceptance.rules"

[[relying_party]]
name = "Microsoft Office 365 Identity Platform"
identifiers = ["urn:federation:MicrosoftOnline"]
# Where browsers carry tokens to.
ws_fed_endpoint = "https://login.microsoftonline.com/login.srf"
authorization_rules = "claims-rules/office-365/authorization.rules"
transform_rules = "claims-rules/office-365/transform.rules"

# `fedgate crl list` and `fedgate metrics` talk to the running gateway through this socket.
[control]
{socket}

[log]
# "json" for machines.
format = "text"
"#
    )
}
