use super::judges::{xmllint_canonical, xmlsec1_accepts};
use super::keys::{EC, RSA};
use super::*;
use crate::token::{SignedToken, saml11};
use crate::xml::canonical::CanonicalWriter;

fn signed(claims: &[Claim]) -> SignedToken {
    saml11::write(&described(claims), &RSA.signer).unwrap()
}

fn unsigned(claims: &[Claim]) -> CanonicalWriter {
    let mut xml = CanonicalWriter::with_capacity(0);
    saml11::assertion(&mut xml, &described(claims));
    xml.literal("</saml:Assertion>");
    xml
}

#[test]
fn xmlsec1_accepts_rsa_and_ecdsa_tokens() {
    for claims in [vec![], office(), awkward()] {
        for pair in [&*RSA, &*EC] {
            let token = saml11::write(&described(&claims), &pair.signer).unwrap();
            assert_eq!(xmlsec1_accepts(token.as_str(), &pair.certificate_pem), Ok(()));
        }
    }
}

#[test]
fn xmlsec1_refuses_another_key_and_any_change() {
    let token = signed(&office());
    assert!(xmlsec1_accepts(token.as_str(), &EC.certificate_pem).is_err());
    let changes = [
        ("alice@contoso.test", "alicf@contoso.test"),
        ("CN=Contoso Issuing", "CN=Contoso  Issuing"),
        ("MicrosoftOnline<", "MicrosoftOffline<"),
        ("NotOnOrAfter=\"2026", "NotOnOrAfter=\"2027"),
        ("a:OriginalIssuer=\"CLIENT", "a:OriginalIssuer=\"client"),
        ("b:type=\"tn:boolean\"", "b:type=\"tn:string\""),
        ("urn:ietf:rfc:2246", "urn:ietf:rfc:2247"),
        ("><saml:Conditions", "> <saml:Conditions"),
        ("<ds:DigestValue>", "<ds:DigestValue> "),
    ];
    for (from, to) in changes {
        let changed = token.as_str().replacen(from, to, 1);
        assert_ne!(changed, token.as_str(), "{from} is not in the token");
        assert!(xmlsec1_accepts(&changed, &RSA.certificate_pem).is_err(), "{from} -> {to}");
    }
}

#[test]
fn a_token_cut_out_of_its_response_by_a_pattern_still_verifies() {
    let token = signed(&awkward());
    let response = format!(
        concat!(
            r#"<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust" xmlns:tn="urn:trap" "#,
            r#"xmlns:a="urn:trap" xmlns:b="urn:trap"><t:RequestedSecurityToken>{}</t:RequestedSecurityToken>"#,
            r#"<t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</t:TokenType></t:RequestSecurityTokenResponse>"#
        ),
        token.as_str()
    );
    assert_eq!(xmlsec1_accepts(&response, &RSA.certificate_pem), Ok(()));
    // as MSAL for Python cuts it: text, not XML; dots match line ends
    let pattern = r"(?s)<(?:\w+:)?RequestedSecurityToken[^>]*>(.*)</(?:\w+:)?RequestedSecurityToken>";
    let pattern = fancy_regex::Regex::new(pattern).unwrap();
    let cut = pattern.captures(&response).unwrap().unwrap().get(1).unwrap().as_str();
    assert_eq!(cut, token.as_str());
    assert_eq!(xmlsec1_accepts(cut, &RSA.certificate_pem), Ok(()));
}

#[test]
fn what_is_written_is_what_libxml2_calls_canonical() {
    for claims in [vec![], office(), awkward()] {
        let xml = unsigned(&claims);
        let canonical: String = xml.canonical_pieces().collect();
        assert_eq!(xmllint_canonical(&xml.into_string()), canonical);
        let token = signed(&claims);
        let declared = [r#" xmlns:tn="http://www.w3.org/2001/XMLSchema""#, r#" xmlns:tn="urn:types?a=1&amp;b='2'""#];
        let canonical = declared.iter().fold(token.as_str().to_owned(), |text, one| text.replace(one, ""));
        assert_eq!(xmllint_canonical(token.as_str()), canonical);
    }
}

#[test]
fn the_type_of_a_value_names_a_declared_prefix() {
    let token = signed(&office());
    assert!(token.as_str().contains(concat!(
        r#"<saml:Attribute xmlns:a="http://schemas.xmlsoap.org/ws/2009/09/identity/claims""#,
        r#" AttributeName="insidecorporatenetwork" AttributeNamespace="http://schemas.microsoft.com/ws/2012/01""#,
        r#" a:OriginalIssuer="CLIENT CONTEXT"><saml:AttributeValue xmlns:b="http://www.w3.org/2001/XMLSchema-instance""#,
        r#" xmlns:tn="http://www.w3.org/2001/XMLSchema" b:type="tn:boolean">false</saml:AttributeValue>"#
    )));
}

#[test]
fn says_when_it_is_valid_and_hides_itself_from_logs() {
    let token = signed(&office());
    assert_eq!(token.not_before().to_string(), "2026-01-10T10:00:00.123Z");
    assert_eq!(token.not_on_or_after().to_string(), "2026-01-10T11:00:00.123Z");
    assert!(token.as_str().contains(r#"NotBefore="2026-01-10T10:00:00.123Z" NotOnOrAfter="2026-01-10T11:00:00.123Z""#));
    assert!(token.as_str().contains(r#"AuthenticationInstant="2026-01-10T09:59:59.900Z""#));
    assert!(!format!("{token:?}").contains("alice"));
}

#[test]
fn the_buffer_is_sized_once() {
    let description = described(&office());
    let token = saml11::write(&description, &RSA.signer).unwrap();
    assert!(saml11::capacity(&description, &RSA.signer) >= token.as_str().len());
}
