use super::judges::{xmllint_canonical, xmlsec1_accepts_element};
use super::keys::{EC, RSA};
use super::*;
use crate::token::SignedToken;
use crate::token::saml20::{self, Delivery, Saml20Description};
use crate::xml::canonical::CanonicalWriter;
use crate::xml::reader::{Element, XmlLimits, parse_document};
use crate::xml_signature::verify_enveloped;
use openssl::x509::X509;

const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const POSTED: Delivery<'static> =
    Delivery { recipient: Some("https://sp.test/acs?a=1&b=2"), in_response_to: Some("_r-1") };

fn described20(claims: &[Claim], delivery: Delivery<'_>) -> Saml20Description {
    saml20::describe(claims, context(), delivery).unwrap()
}

fn signed20(claims: &[Claim], delivery: Delivery<'_>) -> SignedToken {
    saml20::write(&described20(claims, delivery), &RSA.signer).unwrap()
}

fn accepted(xml: &str, certificate_pem: &[u8]) -> Result<(), String> {
    xmlsec1_accepts_element(xml, certificate_pem, "ID", &format!("{ASSERTION}:Assertion"))
}

fn read(token: &SignedToken) -> Element {
    parse_document(token.as_str().as_bytes(), XmlLimits::default()).unwrap()
}

fn below<'a>(element: &'a Element, path: &[&str]) -> Option<&'a Element> {
    path.iter().try_fold(element, |element, name| element.child(ASSERTION, name))
}

#[test]
fn xmlsec1_and_our_own_verifier_accept_rsa_and_ecdsa_tokens() {
    for claims in [vec![], office(), awkward()] {
        for pair in [&*RSA, &*EC] {
            for delivery in [Delivery::default(), POSTED] {
                let token = saml20::write(&described20(&claims, delivery), &pair.signer).unwrap();
                assert_eq!(accepted(token.as_str(), &pair.certificate_pem), Ok(()));
                let certificate = X509::from_pem(&pair.certificate_pem).unwrap();
                let read = verify_enveloped(token.as_str().as_bytes(), &[certificate], XmlLimits::default());
                assert_eq!(read.unwrap().attribute("", "ID"), Some(token.assertion_id()));
            }
        }
    }
}

#[test]
fn xmlsec1_refuses_another_key_and_any_change() {
    let token = signed20(&office(), POSTED);
    assert!(accepted(token.as_str(), &EC.certificate_pem).is_err());
    for (from, to) in [
        ("alice@contoso.test", "alicf@contoso.test"),
        ("MicrosoftOnline<", "MicrosoftOffline<"),
        ("NotOnOrAfter=\"2026", "NotOnOrAfter=\"2027"),
        ("InResponseTo=\"_r-1", "InResponseTo=\"_r-2"),
        ("https://sp.test/acs", "https://evil.test/acs"),
        ("TLSClient", "Kerberos"),
        ("<saml:Issuer>", "<saml:Issuer> "),
        ("><saml:Conditions", "> <saml:Conditions"),
    ] {
        let changed = token.as_str().replacen(from, to, 1);
        assert_ne!(changed, token.as_str(), "{from} is not in the token");
        assert!(accepted(&changed, &RSA.certificate_pem).is_err(), "{from} -> {to}");
    }
}

#[test]
fn what_is_written_is_what_libxml2_calls_canonical() {
    for claims in [vec![], office(), awkward()] {
        let mut xml = CanonicalWriter::with_capacity(0);
        saml20::until_issuer(&mut xml, &described(&[]));
        saml20::from_subject(&mut xml, &described20(&claims, POSTED));
        let canonical: String = xml.canonical_pieces().collect();
        assert_eq!(xmllint_canonical(xml.as_str()), canonical);
    }
}

#[test]
fn the_order_is_the_schema_s() {
    let names: Vec<String> =
        read(&signed20(&office(), POSTED)).children.iter().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["Issuer", "Signature", "Subject", "Conditions", "AttributeStatement", "AuthnStatement"]);
    let names: Vec<String> = read(&signed20(&[], POSTED)).children.iter().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["Issuer", "Signature", "Subject", "Conditions", "AuthnStatement"]);
}

#[test]
fn the_bearer_is_confirmed_to_one_recipient_for_five_minutes() {
    let token = read(&signed20(&office(), POSTED));
    let confirmation = below(&token, &["Subject", "SubjectConfirmation", "SubjectConfirmationData"]).unwrap();
    let expected = [
        ("InResponseTo", "_r-1"),
        ("NotOnOrAfter", "2026-01-10T10:05:00.123Z"),
        ("Recipient", "https://sp.test/acs?a=1&b=2"),
    ];
    for (name, value) in expected {
        assert_eq!(confirmation.attribute("", name), Some(value));
    }
    let token = read(&signed20(&office(), Delivery::default()));
    assert!(below(&token, &["Subject", "SubjectConfirmation"]).unwrap().children.is_empty());
    let short = TokenContext { lifetime: SignedDuration::from_mins(1), ..context() };
    let short = saml20::write(&saml20::describe(&[], short, POSTED).unwrap(), &RSA.signer).unwrap();
    assert!(!short.as_str().contains("10:05:00"), "a bearer is not confirmed for longer than the token is valid");
}

#[test]
fn a_name_identifier_carries_its_format_and_qualifiers() {
    let mut claims = office();
    for (property, value) in [
        (claim_types::PROPERTY_FORMAT, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
        (claim_types::PROPERTY_NAME_QUALIFIER, "http://sts.test/"),
        (claim_types::PROPERTY_SP_NAME_QUALIFIER, "https://sp.test/?a&b"),
        (claim_types::PROPERTY_SP_PROVIDED_ID, "alice\"s"),
    ] {
        claims[0].properties.insert(property.into(), value.to_owned().into());
    }
    let token = signed20(&claims, POSTED);
    assert_eq!(accepted(token.as_str(), &RSA.certificate_pem), Ok(()));
    let element = read(&token);
    let name = below(&element, &["Subject", "NameID"]).unwrap();
    assert_eq!(name.text, "rcOfTjS/j0uYv0x1dQ2nXw==");
    assert_eq!(name.attribute("", "Format"), Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"));
    assert_eq!(name.attribute("", "NameQualifier"), Some("http://sts.test/"));
    assert_eq!(name.attribute("", "SPNameQualifier"), Some("https://sp.test/?a&b"));
    assert_eq!(name.attribute("", "SPProvidedID"), Some("alice\"s"));
}

#[test]
fn a_claim_type_is_a_name_as_a_whole_in_the_format_its_property_says() {
    let basic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
    let mut mail = claim("mail", "a@x.test");
    mail.properties.insert(claim_types::PROPERTY_ATTRIBUTE_NAME_FORMAT.into(), basic.into());
    let token = read(&signed20(&[mail, claim("mail", "b@x.test"), claim("urn:x/", "c"), claim("urn:x/", "d")], POSTED));
    let statement = below(&token, &["AttributeStatement"]).unwrap();
    let attributes: Vec<_> = statement
        .children
        .iter()
        .map(|one| (one.attribute("", "Name"), one.attribute("", "NameFormat"), one.children.len()))
        .collect();
    assert_eq!(attributes, [(Some("mail"), Some(basic), 1), (Some("mail"), None, 1), (Some("urn:x/"), None, 2)]);
    assert!(matches!(refused(&[claim("mail", "x")]), TokenError::ClaimType { .. }), "SAML 1.1 cannot say it");
}

#[test]
fn the_method_becomes_a_class_and_the_session_is_named_after_the_assertion() {
    let class = |token: &Element| {
        below(token, &["AuthnStatement", "AuthnContext", "AuthnContextClassRef"]).map(|class| class.text.clone())
    };
    let token = read(&signed20(&office(), POSTED));
    assert_eq!(class(&token).as_deref(), Some("urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient"));
    let statement = below(&token, &["AuthnStatement"]).unwrap();
    assert_eq!(statement.attribute("", "SessionIndex"), token.attribute("", "ID"));
    assert_eq!(statement.attribute("", "AuthnInstant"), Some("2026-01-10T09:59:59.900Z"));
    let token = read(&signed20(&[], POSTED));
    assert_eq!(class(&token).as_deref(), Some("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"));
}

#[test]
fn what_xml_cannot_say_is_not_said() {
    for delivery in [
        Delivery { recipient: Some("https://sp.test/\u{1}"), in_response_to: None },
        Delivery { recipient: None, in_response_to: Some("no identifier") },
        Delivery { recipient: None, in_response_to: Some("") },
    ] {
        assert!(saml20::describe(&[], context(), delivery).is_err(), "{delivery:?}");
    }
}
