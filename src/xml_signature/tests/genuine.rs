use super::signing::{EC, EC_521, GENUINE, Pair, RSA, STRANGER, Template, signed};
use super::*;
use proptest::prelude::*;

#[test]
fn messages_signed_by_xmlsec1_are_believed() {
    let more = "http://www.w3.org/2001/04/xmldsig-more#";
    let cases: [(&str, &str, &Pair); 6] = [
        ("rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256", &RSA),
        ("rsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#sha384", &RSA),
        ("rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512", &RSA),
        ("ecdsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256", &EC),
        ("ecdsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha256", &EC_521),
        ("ecdsa-sha384", "http://www.w3.org/2001/04/xmlenc#sha512", &EC),
    ];
    for (signature, digest, pair) in cases {
        let uri = format!("{more}{signature}");
        let document = signed(&Template { signature: &uri, digest, ..Template::default() }, pair);
        let certificates = [STRANGER.certificate.clone(), pair.certificate.clone()];
        let element = verify(&document, &certificates).unwrap_or_else(|fault| panic!("{signature}: {fault}"));
        assert_eq!(element.attribute("", "ID"), Some("_genuine"));
        let strangers = verify(&document, &certificates[..1]);
        assert_eq!(strangers, Err(SignatureFault::NoCertificateMatches { certificates: 1 }), "{signature}");
    }
}

#[test]
fn what_is_given_back_is_what_was_signed_without_the_signature() {
    let element = verified(&GENUINE).unwrap();
    assert!(element.is(PROTOCOL, "AuthnRequest"));
    assert_eq!(element.attribute("", "AssertionConsumerServiceURL"), Some("https://sp.test/acs?a=1&b=2"));
    assert_eq!(element.child(ASSERTION, "Issuer").unwrap().text, "https://sp.test/gr\u{fc}\u{df}e");
    let names: Vec<&str> = element.children.iter().map(|child| &*child.name).collect();
    assert_eq!(names, ["Issuer", "NameIDPolicy"]);
}

#[test]
fn prefixes_that_are_listed_are_canonicalised_inclusively() {
    let list =
        r#"<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs #default"/>"#;
    let transforms = format!(
        r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
           <ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">{list}</ds:Transform>"#
    );
    let template = Template { transforms: &transforms, ..Template::default() }.xml();
    let document = super::signing::request(&template).replacen(
        "<samlp:AuthnRequest ",
        r#"<samlp:AuthnRequest xmlns:xs="urn:xs" xmlns="urn:d" "#,
        1,
    );
    let key = RSA.key.private_key_to_pem_pkcs8().unwrap();
    let document = super::signing::sign(&document, &["--privkey-pem"], &key);
    assert!(verified(&document).is_ok(), "{:?}", verified(&document));
    assert_eq!(verified(&document.replacen("urn:xs", "urn:xy", 1)), Err(SignatureFault::Digest));
}

#[test]
fn an_unsigned_message_and_a_trust_without_certificates_are_told_apart() {
    assert_eq!(verified(&super::signing::request("")), Err(SignatureFault::Missing));
    assert_eq!(verify(&GENUINE, &[]), Err(SignatureFault::NoCertificateMatches { certificates: 0 }));
    assert!(matches!(verified("<a"), Err(SignatureFault::Unreadable(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever octet is changed: either the message is refused, or what is read is what was signed.
    #[test]
    fn no_change_of_an_octet_changes_what_is_read(at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let mut document = GENUINE.clone().into_bytes();
        let at = at.index(document.len());
        document[at] = octet;
        if let Ok(element) = verify_enveloped(&document, std::slice::from_ref(&RSA.certificate), XmlLimits::default()) {
            prop_assert_eq!(element, verified(&GENUINE).unwrap());
        }
    }
}
