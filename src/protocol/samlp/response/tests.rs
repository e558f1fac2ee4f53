use super::*;
use crate::claims::{AD_AUTHORITY, Claim};
use crate::protocol::samlp::{ASSERTION, Detail, PROTOCOL, Party};
use crate::token::TokenContext;
use crate::token::saml20::Delivery;
use crate::token::tests::judges::{schema_accepts, xmlsec1_accepts_element, xmlsec1_decrypts};
use crate::token::tests::keys::{EC, RSA, certificate_for, rsa};
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

fn described() -> Saml20Description {
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
    saml20::describe(&claims, context, delivery).unwrap()
}

fn signed(signature: SamlResponseSignature) -> String {
    written(envelope(), Protection { signature, encryption: None })
}

fn written(envelope: Envelope<'_>, protection: Protection<'_>) -> String {
    write_success(envelope, &described(), protection, &RSA.signer).unwrap().as_str().to_owned()
}

/// Whether xmlsec1 accepts the first signature in the document, with both identifiers told.
fn accepted(xml: &str, element: &str) -> Result<(), String> {
    xmlsec1_accepts_element(xml, &RSA.certificate_pem, "ID", element)
}

fn assertion() -> String {
    format!("{ASSERTION}:Assertion")
}

fn message() -> String {
    format!("{PROTOCOL}:Response")
}

#[test]
fn an_assertion_keeps_its_signature_inside_a_response() {
    let response = signed(SamlResponseSignature::AssertionOnly);
    assert_eq!(accepted(&response, &assertion()), Ok(()));
    let alone = saml20::write(&described(), &RSA.signer).unwrap();
    assert!(response.contains(alone.as_str()), "the assertion is embedded octet for octet");
    let changed = response.replacen("a &amp; b", "a &amp; c", 1);
    assert!(accepted(&changed, &assertion()).is_err());
}

#[test]
fn a_message_is_signed_around_a_signed_assertion() {
    let response = signed(SamlResponseSignature::MessageAndAssertion);
    assert_eq!(accepted(&response, &message()), Ok(()));
    for (from, to) in [("_request", "_reques2"), ("a &amp; b", "a &amp; c"), ("status:Success", "status:success")] {
        let changed = response.replacen(from, to, 1);
        assert_ne!(changed, response);
        assert!(accepted(&changed, &message()).is_err(), "{from}");
    }
    // without the outer signature the inner one is the first, and good
    let (start, end) = (response.find("<ds:Signature").unwrap(), "</ds:Signature>");
    let inner = [&response[..start], &response[response.find(end).unwrap() + end.len()..]].concat();
    assert_eq!(accepted(&inner, &assertion()), Ok(()));
}

#[test]
fn a_message_alone_is_signed_around_a_bare_assertion() {
    let response = signed(SamlResponseSignature::MessageOnly);
    assert_eq!(response.matches("<ds:Signature ").count(), 1);
    assert_eq!(accepted(&response, &message()), Ok(()));
    assert!(accepted(&response.replacen("a &amp; b", "a &amp; c", 1), &message()).is_err());
    let root = parse_document(response.as_bytes(), XmlLimits::default()).unwrap();
    let names: Vec<&str> = root.children.iter().map(|child| &*child.name).collect();
    assert_eq!(names, ["Issuer", "Signature", "Status", "Assertion"]);
}

/// Both judges: xmlsec1 decrypts, and believes the signatures before and after.
#[test]
fn an_encrypted_assertion_keeps_its_signature() {
    let key = rsa(2048);
    let certificate = X509::from_pem(&certificate_for(&key)).unwrap();
    let content_key = ContentKey { key: [1; 32], iv: [2; 16] };
    for algorithm in [ContentEncryption::Aes256Cbc, ContentEncryption::Aes256Gcm] {
        for signature in [
            SamlResponseSignature::AssertionOnly,
            SamlResponseSignature::MessageAndAssertion,
            SamlResponseSignature::MessageOnly,
        ] {
            let encryption = EncryptFor { certificate: &certificate, algorithm, content_key: &content_key };
            let response = written(envelope(), Protection { signature, encryption: Some(encryption) });
            assert!(!response.contains("Assertion ID=") && !response.contains("a &amp; b"), "{response}");
            assert_eq!(schema_accepts(&response, "saml-schema-protocol-2.0.xsd"), Ok(()));
            if signature.of_message() {
                assert_eq!(accepted(&response, &message()), Ok(()), "{signature:?}");
            }
            let decrypted = xmlsec1_decrypts(&response, &key).unwrap();
            assert!(decrypted.contains("a &amp; b"), "{decrypted}");
            if signature == SamlResponseSignature::AssertionOnly {
                assert_eq!(accepted(&decrypted, &assertion()), Ok(()));
            }
        }
    }
}

#[test]
fn nothing_is_written_for_a_recipient_without_an_rsa_key() {
    let certificate = X509::from_pem(&EC.certificate_pem).unwrap();
    let content_key = ContentKey { key: [1; 32], iv: [2; 16] };
    let encryption =
        EncryptFor { certificate: &certificate, algorithm: ContentEncryption::default(), content_key: &content_key };
    let protection = Protection { signature: SamlResponseSignature::default(), encryption: Some(encryption) };
    let written = write_success(envelope(), &described(), protection, &RSA.signer);
    assert_eq!(written.unwrap_err(), ResponseError::Encryption(EncryptionError::Key));
}

#[test]
fn responses_are_valid_by_the_schema() {
    for signature in [
        SamlResponseSignature::AssertionOnly,
        SamlResponseSignature::MessageAndAssertion,
        SamlResponseSignature::MessageOnly,
    ] {
        // the schema knows no attribute of Microsoft's on an attribute's element
        let response = signed(signature).replace(" a:OriginalIssuer=\"CLIENT CONTEXT\"", "");
        assert_eq!(schema_accepts(&response, "saml-schema-protocol-2.0.xsd"), Ok(()));
    }
}

#[test]
fn the_envelope_says_whom_it_answers() {
    let response = signed(SamlResponseSignature::default());
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
    let protection = Protection { signature: SamlResponseSignature::default(), encryption: None };
    let unasked = written(Envelope { in_response_to: None, ..envelope() }, protection);
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
