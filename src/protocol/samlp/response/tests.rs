use super::*;
use crate::claims::{AD_AUTHORITY, Claim};
use crate::protocol::samlp::{ASSERTION, Detail, PROTOCOL, Party};
use crate::token::TokenContext;
use crate::token::saml20::{self, Delivery};
use crate::token::tests::judges::xmlsec1_accepts_element;
use crate::token::tests::keys::RSA;
use crate::xml::reader::{XmlLimits, parse_document};
use jiff::SignedDuration;

const ACS: &str = "https://sp.test/acs?a=1&b=2";

fn envelope() -> Envelope<'static> {
    Envelope {
        id: "_response",
        in_response_to: Some("_request"),
        destination: ACS,
        issuer: "http://sts.test/adfs/services/trust",
        at: "2026-01-10T10:00:00.5Z".parse().unwrap(),
    }
}

fn token() -> SignedToken {
    let boolean =
        Claim::new("urn:inside", "true", "CLIENT CONTEXT").with_value_type("http://www.w3.org/2001/XMLSchema#boolean");
    let claims = [Claim::new("mail", "a & b <c>", AD_AUTHORITY), boolean];
    let context = TokenContext {
        issuer: "http://sts.test/adfs/services/trust",
        audience: "https://sp.test",
        assertion_id: "_assertion",
        issued_at: envelope().at,
        authenticated_at: envelope().at,
        lifetime: SignedDuration::from_mins(60),
    };
    let delivery = Delivery { recipient: Some(ACS), in_response_to: Some("_request") };
    saml20::write(&saml20::describe(&claims, context, delivery).unwrap(), &RSA.signer).unwrap()
}

/// Whether xmlsec1 accepts the first signature in the document, with both identifiers told.
fn accepted(xml: &str, element: &str) -> Result<(), String> {
    xmlsec1_accepts_element(xml, &RSA.certificate_pem, "ID", element)
}

#[test]
fn an_assertion_keeps_its_signature_inside_a_response() {
    let token = token();
    let response = write_success(envelope(), &token, None).unwrap();
    assert_eq!(accepted(&response, &format!("{ASSERTION}:Assertion")), Ok(()));
    assert!(response.contains(token.as_str()), "the assertion is embedded octet for octet");
    let changed = response.replacen("a &amp; b", "a &amp; c", 1);
    assert!(accepted(&changed, &format!("{ASSERTION}:Assertion")).is_err());
}

#[test]
fn a_message_is_signed_around_a_signed_assertion() {
    let response = write_success(envelope(), &token(), Some(&RSA.signer)).unwrap();
    assert_eq!(accepted(&response, &format!("{PROTOCOL}:Response")), Ok(()));
    for (from, to) in [("_request", "_reques2"), ("a &amp; b", "a &amp; c"), ("status:Success", "status:success")] {
        let changed = response.replacen(from, to, 1);
        assert_ne!(changed, response);
        assert!(accepted(&changed, &format!("{PROTOCOL}:Response")).is_err(), "{from}");
    }
    // without the outer signature the inner one is the first, and good
    let (start, end) = (response.find("<ds:Signature").unwrap(), "</ds:Signature>");
    let inner = [&response[..start], &response[response.find(end).unwrap() + end.len()..]].concat();
    assert_eq!(accepted(&inner, &format!("{ASSERTION}:Assertion")), Ok(()));
}

#[test]
fn the_envelope_says_whom_it_answers() {
    let response = write_success(envelope(), &token(), None).unwrap();
    let root = parse_document(response.as_bytes(), XmlLimits::default()).unwrap();
    assert!(root.is(PROTOCOL, "Response"));
    for (name, value) in [
        ("ID", "_response"),
        ("InResponseTo", "_request"),
        ("Destination", ACS),
        ("IssueInstant", "2026-01-10T10:00:00.500Z"),
        ("Version", "2.0"),
    ] {
        assert_eq!(root.attribute("", name), Some(value));
    }
    assert_eq!(root.child(ASSERTION, "Issuer").unwrap().text, envelope().issuer);
    let unasked = write_success(Envelope { in_response_to: None, ..envelope() }, &token(), None).unwrap();
    assert!(parse_document(unasked.as_bytes(), XmlLimits::default()).unwrap().attribute("", "InResponseTo").is_none());
}

#[test]
fn a_failure_says_whose_and_what() {
    let status = |detail| Status { party: Party::Responder, detail, message: Some("a <b> & c".to_owned()) };
    let response = write_failure(envelope(), &status(Some(Detail::NoPassive)), Some(&RSA.signer)).unwrap();
    assert_eq!(accepted(&response, &format!("{PROTOCOL}:Response")), Ok(()));
    let root = parse_document(response.as_bytes(), XmlLimits::default()).unwrap();
    let status_element = root.child(PROTOCOL, "Status").unwrap();
    let code = status_element.child(PROTOCOL, "StatusCode").unwrap();
    assert_eq!(code.attribute("", "Value"), Some("urn:oasis:names:tc:SAML:2.0:status:Responder"));
    let nested = code.child(PROTOCOL, "StatusCode").unwrap();
    assert_eq!(nested.attribute("", "Value"), Some("urn:oasis:names:tc:SAML:2.0:status:NoPassive"));
    assert_eq!(status_element.child(PROTOCOL, "StatusMessage").unwrap().text, "a <b> & c");
    assert!(root.child(ASSERTION, "Assertion").is_none());
    let plain = write_failure(envelope(), &status(None), None).unwrap();
    assert_eq!(plain.matches("<samlp:StatusCode").count(), 1);
}
