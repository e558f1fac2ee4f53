use super::*;
use crate::chain::ChainPolicy;
use crate::directory::Filter;
use crate::federation::ContextPolicy;
use crate::lookups::{AddressPolicy, AddressRange, HostRule};
use crate::revocation::RevocationPolicy;
use crate::revocation::ocsp::OcspMode;
use crate::subject::Binding;
use crate::xml::reader::XmlLimits;
use std::path::PathBuf;
use std::time::Duration;

const COMPLETE: &str = r#"
[service]
name = "sts.contoso.test"
identifier = "http://id.contoso.test/trust"
token_lifetime_minutes = 480
clock_skew_seconds = 0

[listener.user_tls]
address = "[::]:49443"
certificate = "tls/user.pem"
private_key = "/secret/user.key"
handshake_timeout_seconds = 300
request_timeout_seconds = 20
maximum_connections = 2_000
certificate_transport_get = "hold"
hold_seconds = 12
hold_connections = 3

[listener.service]
address = "192.0.2.1:443"
certificate = "tls/service.pem"
private_key = "tls/service.key"
handshake_timeout_seconds = 5
request_timeout_seconds = 6
maximum_connections = 7

[proxy]
trusted_peers = ["10.20.30.0/28", "2001:db8::5"]
exchange_online = ["40.92.0.0/15"]
corporate_networks = ["10.0.0.0/8"]

[limits]
request_bytes = 0x8000
xml_depth = 20
xml_attributes = 21
xml_text_bytes = 2048

[trust]
roots = "roots"
intermediates = "../intermediates"
minimum_rsa_bits = 3072
minimum_ec_bits = 384
maximum_depth = 4
strict_profile = true
certificate_policies = ["1.3.6.1.4.1.32473.1.1"]
explicit_policy = true
inhibit_policy_mapping = true
inhibit_any_policy = true
allow_sha1 = true
extended_key_usages = ["1.3.6.1.4.1.311.20.2.2"]

[revocation]
fetch_timeout_seconds = 3
maximum_crl_bytes = 1048576
retry_after_seconds = 7
fetch_allow = ["127.0.0.1"]
fetch_deny = ["*.internal.test", "10.0.0.0/8"]
web_ca_certificate = "web.pem"
cache_folder = "/var/cache/fedgate"

[[revocation.authority]]
certificate = "intermediates/one.pem"
crl_distribution_point = "http://crl.contoso.test/one.crl"

[[revocation.authority]]
certificate = "intermediates/two.pem"
authority_type = "intermediate"
crl_distribution_point = ["file:///var/lib/crl/two.crl", "http://crl.contoso.test/two.crl"]
delta_crl_distribution_point = "http://crl.contoso.test/two+.crl"
exempt_reason = "its server moves"
exempt_until = 2026-12-31
ocsp = "fallback"
ocsp_url = "http://ocsp.contoso.test/"
ocsp_nonce = true

[directory]
kind = "ldap"
netbios_domain = "CONTOSO"
url = "ldap://dc1.contoso.test"
start_tls = true
ca_certificate = "ca.pem"
bind_dn = "CN=fedgate,DC=contoso,DC=test"
bind_password_file = "directory.password"
base_dn = "DC=contoso,DC=test"
dialect = "openldap"
connections = 4
connect_timeout_seconds = 2
operation_timeout_seconds = 9
maximum_entries = 5

[subject]
bindings = ["user-certificate", "alt-security-identities"]
account_filter = "(objectClass=inetOrgPerson)"
require_equal_serial_attribute = "serialNumber"
require_equal_issuer_attribute = "extensionAttribute1"

[token_signing]
certificate = "signing.pem"
private_key = "signing.key"

[claims_provider]
acceptance_rules = "acceptance.rules"

[[relying_party]]
name = "Office 365"
identifiers = ["urn:federation:MicrosoftOnline", "https://login.microsoftonline.com/"]
authorization_rules = "o365/authorization.rules"
transform_rules = "o365/transform.rules"

[[relying_party]]
name = "Test"
identifiers = ["urn:test"]
enabled = false
authorization_rules = "test.rules"
transform_rules = "test.rules"

[log]
format = "json"
"#;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Below the configuration's folder.
fn path(relative: &str) -> PathBuf {
    Path::new("/etc/fedgate").join(relative)
}

#[test]
fn the_service_and_its_listeners_are_read() {
    let read = parsed(COMPLETE);
    assert_eq!(read.file, Path::new(FILE));
    assert_eq!(read.service.name.value, "sts.contoso.test");
    assert_eq!((read.service.name.line, read.service.name.column), (3, 8));
    assert_eq!(read.service.name.key, "[service] name");
    assert_eq!(read.service.identifier, "http://id.contoso.test/trust");
    assert_eq!((read.service.token_lifetime, read.service.clock_skew), (seconds(8 * 3600), seconds(0)));

    let user_tls = &read.user_tls;
    assert_eq!(user_tls.listener.address.value, "[::]:49443".parse().unwrap());
    assert_eq!(user_tls.listener.certificate.value, path("tls/user.pem"));
    assert_eq!(user_tls.listener.private_key.value, Path::new("/secret/user.key"));
    assert_eq!((user_tls.listener.handshake_timeout, user_tls.listener.request_timeout), (seconds(300), seconds(20)));
    assert_eq!((user_tls.listener.maximum_connections, user_tls.hold_connections), (2000, 3));
    assert_eq!((user_tls.hold_get, user_tls.hold), (true, seconds(12)));

    let service = &read.service_listener;
    assert_eq!(service.address.value, "192.0.2.1:443".parse().unwrap());
    assert_eq!(service.certificate.value, path("tls/service.pem"));
    assert_eq!(service.private_key.value, path("tls/service.key"));
    assert_eq!((service.handshake_timeout, service.request_timeout), (seconds(5), seconds(6)));
    assert_eq!(service.maximum_connections, 7);
    let limits = read.limits;
    assert_eq!((limits.request_bytes, limits.xml_depth), (32768, 20));
    assert_eq!((limits.xml_attributes, limits.xml_text_bytes), (21, 2048));
    assert_eq!(read.log, LogFormat::Json);
}

#[test]
fn whose_word_counts_is_read() {
    let ranges = |texts: &[&str]| texts.iter().map(|text| AddressRange::parse(text).unwrap()).collect();
    let expected = ContextPolicy {
        trusted_peers: ranges(&["10.20.30.0/28", "2001:db8::5"]),
        exchange_online: ranges(&["40.92.0.0/15"]),
        corporate_networks: ranges(&["10.0.0.0/8"]),
    };
    assert_eq!(parsed(COMPLETE).proxy, expected);
    assert_eq!(parsed(SHORTEST).proxy, ContextPolicy::default());
    for (text, expected) in [
        ("\"wap.contoso.test\"", "has \"wap.contoso.test\", which is no address and no range"),
        ("\"10.0.0.0/33\"", "has \"10.0.0.0/33\", which is no address and no range"),
        ("\"10.0.0.1:443\"", "has \"10.0.0.1:443\", which is no address and no range"),
        ("\"::/0\"", "has \"::/0\", which is everybody"),
    ] {
        let text = format!("{SHORTEST}\n[proxy]\ntrusted_peers = [{text}]\n");
        let line = text.lines().count();
        assert_eq!(told(&refused(&text)), [format!("{line}:17 [proxy] trusted_peers {expected}")]);
    }
}

#[test]
fn trust_and_revocation_are_read() {
    let read = parsed(COMPLETE);
    let trust = &read.trust;
    assert_eq!(trust.roots.value, path("roots"));
    assert_eq!(trust.intermediates.value, path("../intermediates"));
    assert_eq!((trust.minimum_rsa_bits, trust.minimum_ec_bits, trust.maximum_depth), (3072, 384, 4));
    assert_eq!(trust.certificate_policies, ["1.3.6.1.4.1.32473.1.1"]);
    let switches =
        [trust.strict_profile, trust.explicit_policy, trust.inhibit_policy_mapping, trust.inhibit_any_policy];
    assert_eq!(switches, [true; 4]);
    assert!(trust.allow_sha1);
    assert_eq!(trust.extended_key_usages, ["1.3.6.1.4.1.311.20.2.2"]);

    let revocation = &read.revocation;
    assert_eq!((revocation.fetch_timeout, revocation.retry_after), (seconds(3), seconds(7)));
    assert_eq!(revocation.maximum_crl_bytes, 1 << 20);
    let rules = |texts: &[&str]| texts.iter().map(|text| HostRule::parse(text).unwrap()).collect();
    let addresses = AddressPolicy::new(rules(&["127.0.0.1"]), rules(&["*.internal.test", "10.0.0.0/8"]));
    assert_eq!(revocation.addresses, addresses);
    assert_eq!(revocation.web_authorities.as_ref().unwrap().value, path("web.pem"));
    assert_eq!(revocation.cache_folder.as_ref().unwrap().value, PathBuf::from("/var/cache/fedgate"));
    let points = ["http://crl.contoso.test/one.crl", "file:///var/lib/crl/two.crl"];
    for (authority, (file, point)) in revocation.authorities.iter().zip(["one.pem", "two.pem"].iter().zip(points)) {
        assert_eq!(authority.certificate.value, path("intermediates").join(file));
        assert_eq!(authority.crl_distribution_point.value[0], point);
    }
    let [off, fallback] = [0, 1].map(|index| &revocation.authorities[index].ocsp);
    assert_eq!((off.mode, off.url.is_none(), off.nonce), (OcspMode::Off, true, false));
    assert_eq!((fallback.mode, fallback.nonce), (OcspMode::Fallback, true));
    assert_eq!(fallback.url.as_ref().unwrap().value, "http://ocsp.contoso.test/");
    assert_eq!(revocation.authorities.len(), 2);
    let [one, two] = &revocation.authorities[..] else { panic!("two") };
    assert_eq!((&one.authority_type, &one.delta_crl_distribution_point, &one.exemption), (&None, &None, &None));
    assert_eq!(two.authority_type.as_ref().unwrap().value, "intermediate");
    assert_eq!(two.crl_distribution_point.value[1..], ["http://crl.contoso.test/two.crl"]);
    assert_eq!(two.delta_crl_distribution_point.as_ref().unwrap().value, "http://crl.contoso.test/two+.crl");
    assert_eq!(two.exemption, Some(("its server moves".to_owned(), jiff::civil::date(2026, 12, 31))));
    assert_eq!(revocation.authorities[1].certificate.key, "[[revocation.authority]] certificate");
}

#[test]
fn the_presets_of_limits_are_those_of_the_cloud() {
    let mib = 1 << 20;
    let presets = [("entra-global", 20), ("entra-government", 45), ("entra-government-background", 150)];
    for (name, size) in presets {
        let numbers = "[revocation]\nfetch_timeout_seconds = 3\nmaximum_crl_bytes = 1048576\n";
        let text = COMPLETE.replace(numbers, &format!("[revocation]\nlimits = \"{name}\"\n"));
        let revocation = parsed(&text).revocation;
        assert_eq!((revocation.fetch_timeout, revocation.maximum_crl_bytes), (seconds(10), size * mib), "{name}");
    }
}

#[test]
fn the_directory_and_the_subject_are_read() {
    let read = parsed(COMPLETE);
    let DirectorySection::Ldap(ldap) = &read.directory else { panic!("{:?}", read.directory) };
    assert_eq!(ldap.url.value, "ldap://dc1.contoso.test");
    assert_eq!((ldap.start_tls, ldap.open_ldap), (true, true));
    assert_eq!(ldap.ca_certificate.as_ref().unwrap().value, path("ca.pem"));
    assert_eq!(ldap.bind_dn.as_ref().unwrap().value, "CN=fedgate,DC=contoso,DC=test");
    assert_eq!(ldap.bind_password_file.as_ref().unwrap().value, path("directory.password"));
    assert_eq!((ldap.base_dn.value.as_str(), ldap.netbios_domain.as_str()), ("DC=contoso,DC=test", "CONTOSO"));
    assert_eq!((ldap.connections, ldap.maximum_entries), (4, 5));
    assert_eq!((ldap.connect_timeout, ldap.operation_timeout), (seconds(2), seconds(9)));
    assert_eq!(read.subject.bindings, [Binding::UserCertificate, Binding::AltSecurityIdentities]);
    let accounts = read.subject.account_filter.as_ref().map(|filter| &filter.value);
    assert_eq!(accounts, Some(&Filter::Equal("objectClass".to_owned(), b"inetOrgPerson".to_vec())));
    assert_eq!(read.subject.require_equal_serial_attribute.as_deref(), Some("serialNumber"));
    assert_eq!(read.subject.require_equal_issuer_attribute.as_deref(), Some("extensionAttribute1"));
}

#[test]
fn signing_and_trusts_are_read() {
    let read = parsed(COMPLETE);
    assert_eq!(read.token_signing.certificate.value, path("signing.pem"));
    assert_eq!(read.token_signing.private_key.value, path("signing.key"));
    assert_eq!(read.claims_provider.acceptance_rules.value, path("acceptance.rules"));
    let [office, test] = read.relying_parties.as_slice() else { panic!("{:?}", read.relying_parties) };
    assert_eq!((office.name.value.as_str(), office.enabled), ("Office 365", true));
    assert_eq!(office.identifiers.value, ["urn:federation:MicrosoftOnline", "https://login.microsoftonline.com/"]);
    assert_eq!(office.authorization_rules.as_ref().unwrap().value, path("o365/authorization.rules"));
    assert_eq!(office.transform_rules.as_ref().unwrap().value, path("o365/transform.rules"));
    assert_eq!((test.name.value.as_str(), test.enabled), ("Test", false));
}

#[test]
fn what_is_left_out_has_its_default() {
    let read = parsed(SHORTEST);
    assert_eq!(read.service.identifier, "http://sts.contoso.test/adfs/services/trust");
    assert_eq!((read.service.token_lifetime, read.service.clock_skew), (seconds(3600), seconds(300)));
    let (user_tls, service) = (&read.user_tls, &read.service_listener);
    assert_eq!((user_tls.listener.handshake_timeout, service.handshake_timeout), (seconds(120), seconds(10)));
    assert_eq!((user_tls.listener.request_timeout, service.request_timeout), (seconds(15), seconds(15)));
    assert_eq!((user_tls.listener.maximum_connections, service.maximum_connections), (10_000, 10_000));
    assert_eq!((user_tls.hold_get, user_tls.hold, user_tls.hold_connections), (false, seconds(30), 64));
    assert_eq!(read.limits.request_bytes, 65536);
    assert_eq!((read.revocation.fetch_timeout, read.revocation.retry_after), (seconds(10), seconds(30)));
    assert_eq!(read.revocation.maximum_crl_bytes, 45 << 20);
    assert!(read.revocation.authorities.is_empty());
    assert_eq!(read.subject.bindings, [Binding::AltSecurityIdentities, Binding::UserPrincipalName, Binding::Rfc822]);
    assert_eq!(read.subject.require_equal_serial_attribute, None);
    assert_eq!(read.subject.require_equal_issuer_attribute, None);
    assert!(read.relying_parties[0].enabled);
    assert_eq!(read.log, LogFormat::Text);

    let read = parsed(&with_server("url = \"ldaps://dc1.contoso.test\""));
    let DirectorySection::Ldap(ldap) = &read.directory else { panic!("{:?}", read.directory) };
    assert_eq!((ldap.start_tls, ldap.open_ldap), (false, false));
    assert_eq!((&ldap.ca_certificate, &ldap.bind_dn, &ldap.bind_password_file), (&None, &None, &None));
    assert_eq!((ldap.connections, ldap.maximum_entries), (8, 16));
    assert_eq!((ldap.connect_timeout, ldap.operation_timeout), (seconds(3), seconds(5)));
}

/// The other rooms have defaults of their own, for tests and for whoever uses them without a configuration.
#[test]
fn the_defaults_are_those_of_the_rooms() {
    let read = parsed(SHORTEST);
    let (policy, xml) = (ChainPolicy::default(), XmlLimits::default());
    assert_eq!(read.trust.minimum_rsa_bits, policy.minimum_rsa_bits);
    assert_eq!(read.trust.minimum_ec_bits, policy.minimum_ec_bits);
    assert_eq!(read.trust.maximum_depth, policy.maximum_depth);
    assert_eq!(read.trust.allow_sha1, policy.allow_sha1);
    assert_eq!(read.trust.extended_key_usages, policy.extended_key_usages);
    assert_eq!(read.limits.xml_depth, xml.depth);
    assert_eq!(read.limits.xml_attributes, xml.attributes);
    assert_eq!(read.limits.xml_text_bytes, xml.text_bytes);
    assert_eq!(read.service.clock_skew, RevocationPolicy::default().clock_skew.unsigned_abs());
}

#[test]
fn a_configuration_may_come_from_a_windows_editor() {
    let text = format!("\u{feff}{}", SHORTEST.replace('\n', "\r\n"));
    assert_eq!(parsed(&text).service.name.line, 3);
}

#[test]
fn plain_ldap_stays_on_this_machine() {
    for url in ["ldap://localhost", "ldap://127.0.0.1:3890", "ldap://[::1]:389/", "ldaps://dc1.contoso.test:636"] {
        parsed(&with_server(&format!("url = {url:?}")));
    }
}

#[test]
fn listeners_may_share_a_port_on_different_addresses() {
    for (a, b) in [("127.0.0.1:0", "127.0.0.1:0"), ("127.0.0.1:443", "127.0.0.2:443"), ("0.0.0.0:443", "[::1]:443")] {
        parsed(&SHORTEST.replace("127.0.0.1:49443", a).replace("127.0.0.1:8443", b));
    }
}
