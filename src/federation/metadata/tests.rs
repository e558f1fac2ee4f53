use super::*;
use crate::chain::test_pki::{Node, TestKey, authority};
use crate::claims::RuleStage;
use crate::claims::language::{self, Strictness};
use crate::federation::LogoutBinding;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-01-10T10:00:00Z".parse().unwrap()
}

fn key(purpose: &str, node: &Node) -> String {
    // libraries break the line after 64 or 76 characters
    let text = STANDARD.encode(&node.der);
    let lines: Vec<&str> = text.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
    format!(
        r#"<md:KeyDescriptor{purpose}><ds:KeyInfo xmlns:ds="{DSIG}"><ds:X509Data><ds:X509Certificate>
        {}
        </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"#,
        lines.join("\n        ")
    )
}

fn entity(attributes: &str, roles: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><md:EntityDescriptor xmlns:md="{METADATA}" entityID="https://sp.contoso.test/saml" {attributes}>{roles}</md:EntityDescriptor>"#
    )
}

/// As the libraries for service providers write it.
fn service_provider(attributes: &str, inside: &str) -> String {
    format!(r#"<md:SPSSODescriptor protocolSupportEnumeration="{SAML2}" {attributes}>{inside}</md:SPSSODescriptor>"#)
}

fn consumer(binding: &str, location: &str, further: &str) -> String {
    format!(
        r#"<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="{location}" {further}/>"#
    )
}

/// As WS-Federation libraries and AD FS write it.
fn application(inside: &str) -> String {
    format!(
        r#"<md:RoleDescriptor xmlns:xsi="{INSTANCE}" xmlns:fed="{FEDERATION}" xmlns:wsa="{ADDRESSING}" xsi:type="fed:ApplicationServiceType"
        protocolSupportEnumeration="{FEDERATION}" ServiceDisplayName="Wiki">{inside}</md:RoleDescriptor>"#
    )
}

fn reference(element: &str, address: &str) -> String {
    format!(
        "<fed:{element}><wsa:EndpointReference><wsa:Address>{address}</wsa:Address></wsa:EndpointReference></fed:{element}>"
    )
}

fn read_at(text: &str) -> Result<RelyingPartyMetadata, MetadataError> {
    read(text.as_bytes(), &[], now())
}

fn section(metadata: &RelyingPartyMetadata, policy: Option<&str>) -> ImportedTrust {
    ImportedTrust::of(metadata, Wishes { name: None, folder: "trusts", access_control_policy: policy })
}

#[test]
fn a_service_provider_becomes_a_trust() {
    let (signing, encryption) =
        (Node::root(authority("Signing"), TestKey::ec()), Node::root(authority("Encryption"), TestKey::rsa(2048)));
    let inside = [
        r#"<md:Extensions><mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui">
           <mdui:DisplayName xml:lang="de">Reisen</mdui:DisplayName><mdui:DisplayName xml:lang="en"> Travel
           desk</mdui:DisplayName></mdui:UIInfo></md:Extensions>"#,
        &key(r#" use="signing""#, &signing),
        &key(r#" use="encryption""#, &encryption),
        r#"<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
           Location="https://sp.contoso.test/slo" ResponseLocation="https://sp.contoso.test/slo/done"/>"#,
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>",
        &consumer("HTTP-POST", "https://sp.contoso.test/acs", r#"index="0""#),
        &consumer("HTTP-POST", "https://sp.contoso.test/acs2", r#"index="1" isDefault="true""#),
        &consumer("HTTP-Artifact", "https://sp.contoso.test/artifact", r#"index="2""#),
        &consumer("HTTP-POST", "http://sp.contoso.test/acs", r#"index="3""#),
    ]
    .concat();
    let metadata = read_at(&entity("", &service_provider(r#"AuthnRequestsSigned="true""#, &inside))).unwrap();
    assert_eq!(metadata.display_name.as_deref(), Some("Travel desk"));
    assert_eq!(metadata.consumers.len(), 2);
    assert_eq!(metadata.logout.as_ref().map(|logout| logout.binding), Some(LogoutBinding::Redirect));
    assert_eq!(
        metadata.left_out,
        [
            "The assertion consumer service \"https://sp.contoso.test/artifact\" by HTTP-Artifact: responses are posted.",
            "The assertion consumer service \"http://sp.contoso.test/acs\": it is not https, and a token is never sent \
             without TLS.",
        ]
    );
    let trust = section(&metadata, Some("permit-everyone"));
    let expected = r#"# From the metadata of "https://sp.contoso.test/saml"; nobody vouched for it.
[[relying_party]]
name = "Travel desk"
identifiers = ["https://sp.contoso.test/saml"]
access_control_policy = "permit-everyone"
transform_rules = "trusts/travel-desk/transform.rules"
request_signing_certificates = ["trusts/travel-desk/request-signing-1.pem"]
signed_saml_requests_required = true
encryption_certificate = "trusts/travel-desk/encryption.pem"

[[relying_party.saml_endpoint]]
protocol = "assertion-consumer"
address = "https://sp.contoso.test/acs"
index = 0

[[relying_party.saml_endpoint]]
protocol = "assertion-consumer"
address = "https://sp.contoso.test/acs2"
index = 1
is_default = true

[[relying_party.saml_endpoint]]
protocol = "logout"
address = "https://sp.contoso.test/slo"
response_address = "https://sp.contoso.test/slo/done"
binding = "redirect"
"#;
    assert_eq!(trust.section, expected);
    let files: Vec<&str> = trust.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(files, ["transform.rules", "request-signing-1.pem", "encryption.pem"]);
    assert_eq!(trust.files[1].content, signing.pem());
    assert_eq!(trust.files[2].content, encryption.pem());
}

#[test]
fn an_application_of_ws_federation_becomes_a_trust() {
    let encryption = Node::root(authority("Encryption"), TestKey::rsa(2048));
    let inside = [
        key(r#" use="encryption""#, &encryption),
        reference("TargetScopes", "https://wiki.contoso.test/"),
        reference("PassiveRequestorEndpoint", "https://wiki.contoso.test/signin"),
        reference("PassiveRequestorEndpoint", "https://wiki.contoso.test/other"),
        reference("PassiveRequestorEndpoint", "http://wiki.contoso.test/"),
    ]
    .concat();
    let metadata = read_at(&entity("", &application(&inside))).unwrap();
    assert_eq!(metadata.identifiers, ["https://sp.contoso.test/saml", "https://wiki.contoso.test/"]);
    assert_eq!(metadata.left_out.len(), 2, "{:?}", metadata.left_out);
    let trust = section(&metadata, None);
    for line in [
        "name = \"Wiki\"\n",
        "authorization_rules = \"trusts/wiki/authorization.rules\"\n",
        "ws_fed_endpoint = \"https://wiki.contoso.test/signin\"\n",
        "additional_ws_fed_endpoints = [\"https://wiki.contoso.test/other\"]\n",
    ] {
        assert!(trust.section.contains(line), "{line}{}", trust.section);
    }
    assert!(!trust.section.contains("encryption") && !trust.section.contains("saml_endpoint"), "{}", trust.section);
    // until somebody says who gets in, nobody does
    assert!(trust.files.iter().any(|file| file.name == "authorization.rules" && file.content.is_empty()));
}

#[test]
fn the_rules_to_begin_with_are_sound_and_name_a_format_that_is_taken() {
    for (format, expected) in [
        ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", ";objectGUID;"),
        ("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", ";mail;"),
        ("urn:oasis:names:tc:SAML:2.0:nameid-format:transient", ";userPrincipalName;"),
    ] {
        let inside = format!("<md:NameIDFormat>{format}</md:NameIDFormat>")
            + &consumer("HTTP-POST", "https://sp.contoso.test/acs", r#"index="0""#);
        let trust = section(&read_at(&entity("", &service_provider("", &inside))).unwrap(), None);
        let rules = trust.files.iter().find(|file| file.name == "transform.rules").unwrap();
        let text = str::from_utf8(&rules.content).unwrap();
        assert!(text.contains(expected), "{text}");
        let findings = language::findings("import", text, Strictness::Strict, Some(RuleStage::Transform));
        assert!(findings.errors.is_empty() && findings.warnings.is_empty(), "{findings:?}");
        assert_eq!(language::format("import", text, Strictness::Strict).unwrap(), text);
    }
}

#[test]
fn what_is_no_present_metadata_of_a_relying_party_is_refused() {
    let good = consumer("HTTP-POST", "https://sp.contoso.test/acs", r#"index="0""#);
    let broken = format!("{}{good}", key("", &Node::root(authority("A"), TestKey::ec())).replace("MII", "!!!"));
    let provider = format!(r#"<md:IDPSSODescriptor protocolSupportEnumeration="{SAML2}"/>"#);
    let cases = [
        ("<html/>".to_owned(), "it is no metadata of an entity, but \"html\""),
        (format!("<md:EntitiesDescriptor xmlns:md=\"{METADATA}\"/>"), "it has several entities"),
        (entity("", ""), "it has neither a SAML 2.0 service provider nor"),
        (entity("", &provider), "it is metadata of a claims provider"),
        (
            entity("", &application("").replace("ApplicationServiceType", "SecurityTokenServiceType")),
            "it is metadata of a claims provider",
        ),
        (entity("", &service_provider("", "")), "it has no address that a token can be sent to"),
        (
            entity("", &service_provider("", &good.replace("https:", "http:"))),
            "it has no address that a token can be sent to\n  The assertion consumer service \"http://sp.contoso.test/acs\": it is \
             not https",
        ),
        (
            entity("", &service_provider("", &good).replace(SAML2, "urn:oasis:names:tc:SAML:1.1:protocol")),
            "it has neither",
        ),
        (
            entity(r#"validUntil="2026-01-10T09:59:59Z""#, &service_provider("", &good)),
            "it was valid until 2026-01-10T09:59:59Z",
        ),
        (entity("", &service_provider(r#"validUntil="2026-01-01T00:00:00Z""#, &good)), "it was valid until 2026-01-01"),
        (entity(r#"validUntil="soon""#, &service_provider("", &good)), "its validUntil is \"soon\", which is no time"),
        (entity("", &service_provider("", &good)).replace("entityID", "other"), "it has no entityID"),
        (
            entity("", &service_provider("", &good)).replace("contoso.test/saml", "a&#10;b"),
            "it has no entityID, or one that is no",
        ),
        (entity("", &service_provider("", &broken)), "a key in it has an X509Certificate that is no certificate"),
        (
            entity("", &service_provider("", &good))
                .replace("<md:Entity", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><md:Entity"),
            "the document contains a document type declaration",
        ),
    ];
    for (text, expected) in cases {
        let error = read_at(&text).map(|metadata| metadata.entity).unwrap_err().to_string();
        assert!(error.starts_with(expected), "expected {expected}\n{error}");
    }
    assert!(read_at(&entity(r#"validUntil="2026-01-10T10:00:01Z""#, &service_provider("", &good))).is_ok());
    assert_eq!(read(&vec![b' '; LARGEST + 1], &[], now()).unwrap_err(), MetadataError::TooLarge);
}

/// Whoever asks for a signature gets what was signed or nothing.
#[test]
fn a_document_that_is_not_signed_by_whom_was_named_is_refused() {
    let text = entity(
        r#"ID="_a""#,
        &service_provider("", &consumer("HTTP-POST", "https://sp.contoso.test/acs", r#"index="0""#)),
    );
    let node = Node::root(authority("Signer"), TestKey::rsa(2048));
    let certificate = X509::from_der(&node.der).unwrap();
    let error = read(text.as_bytes(), &[certificate], now()).unwrap_err();
    assert_eq!(error.to_string(), "its signature cannot be accepted: the message is not signed");
    assert_eq!(read_at(&text).unwrap().signature, MetadataSignature::Absent);
    let signed = text.replace("<md:SPSSO", &format!("<ds:Signature xmlns:ds=\"{DSIG}\"/><md:SPSSO"));
    assert_eq!(read_at(&signed).unwrap().signature, MetadataSignature::Unchecked);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = read_at(&text);
    }

    #[test]
    fn whatever_is_named_stays_in_its_line(name in "\\PC{0,40}", scope in any::<String>()) {
        let escaped: String = name.chars().filter(|c| !matches!(c, '<' | '&' | '>' | '"')).collect();
        let scope: String = scope.chars().filter(|c| !matches!(c, '<' | '&' | '>')).collect();
        let inside = reference("TargetScopes", &scope) + &reference("PassiveRequestorEndpoint", "https://a.test/");
        let text = entity("", &application(&inside).replace("Wiki", &escaped));
        if let Ok(metadata) = read_at(&text) {
            let section = section(&metadata, None).section;
            let parsed: toml::Table = section.parse().unwrap();
            prop_assert_eq!(parsed["relying_party"].as_array().unwrap().len(), 1);
        }
    }
}
