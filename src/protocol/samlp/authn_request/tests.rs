use super::*;
use crate::xml::reader::{XmlLimits, parse_document};
use proptest::prelude::*;

const REQUIRED: &str = r#"ID="_1" Version="2.0" IssueInstant="2026-01-10T10:00:00.1234567Z""#;
const ISSUER: &str = "<saml:Issuer>https://sp.test</saml:Issuer>";

fn read(attributes: &str, children: &str) -> Result<AuthnRequest, MessageError> {
    let document = format!(
        r#"<q:AuthnRequest xmlns:q="{PROTOCOL}" xmlns:saml="{ASSERTION}" {attributes}>{children}</q:AuthnRequest>"#
    );
    read_authn_request(&parse_document(document.as_bytes(), XmlLimits::default()).unwrap())
}

fn asked(attributes: &str, children: &str) -> AuthnRequest {
    read(&format!("{REQUIRED} {attributes}"), &format!("{ISSUER}{children}")).unwrap()
}

fn refused(attributes: &str, children: &str) -> MessageError {
    read(&format!("{REQUIRED} {attributes}"), &format!("{ISSUER}{children}")).unwrap_err()
}

#[test]
fn the_least_request_asks_for_nothing_in_particular() {
    let expected = AuthnRequest {
        id: "_1".to_owned(),
        issuer: "https://sp.test".to_owned(),
        issue_instant: "2026-01-10T10:00:00.1234567Z".parse().unwrap(),
        destination: None,
        consumer: ConsumerService::Default { binding: None },
        force_authn: false,
        is_passive: false,
        name_format: None,
        context: None,
    };
    assert_eq!(asked("", ""), expected);
}

#[test]
fn where_the_response_is_wanted_is_one_thing() {
    let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    let (binding, address) = (Some(post.to_owned()), "https://sp.test/acs".to_owned());
    let by_binding = format!("ProtocolBinding='{post}'");
    let by_address = "AssertionConsumerServiceURL='https://sp.test/acs'";
    for (attributes, expected) in [
        ("AssertionConsumerServiceIndex='2'".to_owned(), ConsumerService::Index(2)),
        (by_binding.clone(), ConsumerService::Default { binding: binding.clone() }),
        (by_address.to_owned(), ConsumerService::Address { address: address.clone(), binding: None }),
        (format!("{by_address} {by_binding}"), ConsumerService::Address { address, binding }),
    ] {
        assert_eq!(asked(&attributes, "").consumer, expected);
    }
    for other in [by_binding.as_str(), by_address] {
        let fault = refused(&format!("AssertionConsumerServiceIndex='2' {other}"), "");
        assert!(matches!(fault, MessageError::Malformed(_)), "{fault:?}");
    }
}

#[test]
fn freshness_name_and_context_are_read() {
    let request = asked(
        "ForceAuthn='1' IsPassive='true' Destination='https://sts.test/adfs/ls/'",
        "<q:NameIDPolicy Format='urn:x' AllowCreate='true'/><q:RequestedAuthnContext Comparison='minimum'>\
         <saml:AuthnContextClassRef> urn:a </saml:AuthnContextClassRef>\
         <saml:AuthnContextClassRef>urn:b</saml:AuthnContextClassRef></q:RequestedAuthnContext>",
    );
    assert!(request.force_authn && request.is_passive);
    assert_eq!(request.destination.as_deref(), Some("https://sts.test/adfs/ls/"));
    assert_eq!(request.name_format.as_deref(), Some("urn:x"));
    let context = RequestedContext { comparison: Comparison::Minimum, classes: vec!["urn:a".into(), "urn:b".into()] };
    assert_eq!(request.context, Some(context));
    assert_eq!(asked("", &format!("<q:NameIDPolicy Format='{ANY_FORMAT}'/>")).name_format, None);
}

#[test]
fn what_the_schema_forbids_is_refused() {
    let declared =
        "<q:RequestedAuthnContext><saml:AuthnContextDeclRef>u</saml:AuthnContextDeclRef></q:RequestedAuthnContext>";
    for (attributes, children, said) in [
        ("ForceAuthn='yes'", "", "ForceAuthn is \"yes\""),
        ("IsPassive='TRUE'", "", "IsPassive is \"TRUE\""),
        ("AssertionConsumerServiceIndex='-1'", "", "AssertionConsumerServiceIndex is \"-1\""),
        ("AssertionConsumerServiceIndex='65536'", "", "AssertionConsumerServiceIndex is \"65536\""),
        ("", ISSUER, "more than one Issuer"),
        ("", "<q:NameIDPolicy/><q:NameIDPolicy/>", "more than one NameIDPolicy"),
        ("", "<q:RequestedAuthnContext/>", "without a class"),
        ("", "<q:RequestedAuthnContext Comparison='best'/>", "Comparison is \"best\""),
        ("", declared, "context declaration"),
        ("", "<saml:Subject/>", "names the user"),
        (
            "",
            "<q:RequestedAuthnContext><saml:AuthnContextClassRef>urn:<x/>a</saml:AuthnContextClassRef></q:RequestedAuthnContext>",
            "an element inside a text",
        ),
    ] {
        let fault = refused(attributes, children).to_string();
        assert!(fault.contains(said), "{said}: {fault}");
    }
    for (attributes, children, said) in [
        (REQUIRED.replace("ID=\"_1\"", ""), ISSUER, "no ID"),
        (REQUIRED.replace("_1", "1"), ISSUER, "ID is \"1\""),
        (REQUIRED.replace("_1", "_&quot;"), ISSUER, "ID is"),
        (REQUIRED.replace("_1", &"a".repeat(257)), ISSUER, "ID is"),
        (REQUIRED.replace("2.0", "1.1"), ISSUER, "version \"1.1\""),
        (REQUIRED.replace("67Z", "67"), ISSUER, "IssueInstant is"),
        (REQUIRED.to_owned(), "", "no Issuer"),
        (REQUIRED.to_owned(), "<saml:Issuer> </saml:Issuer>", "no Issuer"),
        (REQUIRED.to_owned(), "<q:Issuer>https://sp.test</q:Issuer>", "no Issuer"),
        (REQUIRED.to_owned(), "<saml:Issuer>https://sp.test<x/>.evil.test</saml:Issuer>", "an element inside a text"),
    ] {
        let fault = read(&attributes, children).unwrap_err().to_string();
        assert!(fault.contains(said), "{said}: {fault}");
    }
    let other = parse_document(b"<AuthnRequest/>", XmlLimits::default()).unwrap();
    assert_eq!(read_authn_request(&other), Err(MessageError::AnotherMessage("AuthnRequest")));
}

/// Two readers that took different parts of it would admit one relying party and answer another.
#[test]
fn a_comment_does_not_shorten_an_issuer() {
    let read = read(REQUIRED, "<saml:Issuer>https://sp.test<!-- x -->.evil.test</saml:Issuer>").unwrap();
    assert_eq!(read.issuer, "https://sp.test.evil.test");
}

proptest! {
    #[test]
    fn arbitrary_attributes_never_panic(name in "(ID|Version|IssueInstant|IsPassive|ProtocolBinding)", value in "[ -%'-;=-~]{0,40}") {
        let value = value.replace('"', "");
        let _ = read(&format!("{name}=\"{value}\""), ISSUER);
    }
}
