//! Forgeries, each made from a genuine signed message. The numbers XSW1 to XSW8 are those of Somorovsky and others, "On
//! Breaking SAML" (2012), carried over from assertions to requests.

use super::signing::{GENUINE, RSA, STRANGER, TRANSFORMS, Template, request, sign, signature_of, signed};
use super::*;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const EVIL: &str = "https://evil.test/acs";

/// The request as an attacker would like it, with `inside` before its end tag and `signature` where one belongs.
fn evil(id: &str, signature: &str, inside: &str) -> String {
    request(signature).replacen("_genuine", id, 1).replacen("https://sp.test/acs?a=1&amp;b=2", EVIL, 1).replacen(
        "</samlp:AuthnRequest>",
        &format!("{inside}</samlp:AuthnRequest>"),
        1,
    )
}

fn extensions(inside: &str) -> String {
    format!("<samlp:Extensions>{inside}</samlp:Extensions>")
}

/// The signature with something inside a `ds:Object`.
fn with_object(signature: &str, inside: &str) -> String {
    signature.replacen("</ds:Signature>", &format!("<ds:Object>{inside}</ds:Object></ds:Signature>"), 1)
}

#[test]
fn wrapped_messages_are_refused() {
    let body = GENUINE.replacen("<?xml version=\"1.0\"?>\n", "", 1);
    let signature = signature_of(&body);
    let unsigned = body.replacen(signature, "", 1);
    for (name, forged) in [
        ("XSW1: the genuine one inside the signature", evil("_evil", &with_object(signature, &unsigned), "")),
        ("XSW2: signature first, the genuine one beside it", evil("_evil", signature, &extensions(&unsigned))),
        ("XSW3: the genuine signed one before the forged content", evil("_evil", &extensions(&body), "")),
        ("XSW4: the genuine signed one at the end", evil("_evil", "", &body)),
        ("XSW5: the same identifier, the genuine one at the end", evil("_genuine", signature, &unsigned)),
        (
            "XSW6: the same identifier, the genuine one in the signature",
            evil("_genuine", &with_object(signature, &unsigned), ""),
        ),
        ("XSW7: the genuine signed one in extensions", evil("_evil", "", &extensions(&body))),
        ("XSW8: signed one in an object of a second signature", evil("_evil", &with_object(signature, &body), "")),
        ("the genuine one inside another root", format!("<r ID='_evil'>{body}</r>")),
        (
            "the signature alone moved",
            body.replacen(signature, "", 1).replacen(
                "<samlp:NameIDPolicy AllowCreate=\"true\"/>",
                &format!("<samlp:NameIDPolicy AllowCreate=\"true\">{signature}</samlp:NameIDPolicy>"),
                1,
            ),
        ),
    ] {
        let fault = verified(&forged).expect_err(name);
        let expected = matches!(
            fault,
            SignatureFault::Misplaced
                | SignatureFault::CoversSomethingElse { .. }
                | SignatureFault::DuplicateId(_)
                | SignatureFault::Form(_)
        );
        assert!(expected, "{name}: {fault:?}");
    }
}

#[test]
fn comments_entities_and_sections_in_a_signed_message_are_refused() {
    for (from, to, said) in [
        ("https://sp.test/gr", "https://sp.<!-- -->test/gr", "a comment"),
        ("https://sp.test/gr", "<![CDATA[https://sp.test/gr]]>", "a CDATA section"),
        ("<samlp:NameIDPolicy", "<?x?><samlp:NameIDPolicy", "a processing instruction"),
        ("https://sp.test/gr", "&evil;", "an entity reference"),
        ("<samlp:AuthnRequest", "<!DOCTYPE r [<!ENTITY evil 'x'>]><samlp:AuthnRequest", "a document type declaration"),
        (
            "<samlp:AuthnRequest",
            "<!DOCTYPE r [<!ATTLIST samlp:AuthnRequest ID ID #IMPLIED>]><samlp:AuthnRequest",
            "a document type",
        ),
    ] {
        let forged = GENUINE.replacen(from, to, 1);
        assert_ne!(forged, *GENUINE);
        let fault = verified(&forged).expect_err(said).to_string();
        assert!(fault.contains(said), "{said}: {fault}");
    }
}

#[test]
fn identifiers_that_occur_twice_are_refused() {
    for twice in ["ID='_genuine'", "Id='_genuine'", "xml:id='_genuine'"] {
        let forged = GENUINE.replacen("<samlp:NameIDPolicy ", &format!("<samlp:NameIDPolicy {twice} "), 1);
        assert_eq!(verified(&forged), Err(SignatureFault::DuplicateId("_genuine".to_owned())));
    }
}

/// The public key as an HMAC secret: verifiers that take the algorithm from the message and the key from the trust
/// believe it.
#[test]
fn an_hmac_with_the_public_key_is_refused() {
    let hmac = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
    let template = Template { signature: hmac, ..Template::default() }.xml();
    let public = RSA.certificate.public_key().unwrap().public_key_to_pem().unwrap();
    let forged = sign(&request(&template), &["--hmackey"], &public);
    assert_eq!(verified(&forged), Err(SignatureFault::Algorithm(hmac.to_owned())));
    let confused = GENUINE.replacen(RSA_SHA256, hmac, 1);
    assert_eq!(verified(&confused), Err(SignatureFault::Algorithm(hmac.to_owned())));
}

#[test]
fn sha1_is_refused_in_either_place() {
    let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    let rsa_sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let by_digest = signed(&Template { digest: sha1, ..Template::default() }, &RSA);
    assert_eq!(verified(&by_digest), Err(SignatureFault::Algorithm(sha1.to_owned())));
    let by_signature = signed(&Template { signature: rsa_sha1, ..Template::default() }, &RSA);
    assert_eq!(verified(&by_signature), Err(SignatureFault::Algorithm(rsa_sha1.to_owned())));
}

#[test]
fn the_key_inside_the_message_counts_for_nothing() {
    let certificate = BASE64_STANDARD.encode(STRANGER.certificate.to_der().unwrap());
    let key_info = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    );
    let forged = signed(&Template { key_info: &key_info, ..Template::default() }, &STRANGER);
    assert!(verify(&forged, std::slice::from_ref(&STRANGER.certificate)).is_ok());
    assert_eq!(verified(&forged), Err(SignatureFault::NoCertificateMatches { certificates: 1 }));
}

/// Signatures that are right as XML signatures go, and do not say what SAML core section 5.4 wants said.
#[test]
fn other_references_and_transforms_are_refused() {
    let xpath = r#"<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::*[local-name()='Issuer'])</ds:XPath></ds:Transform>"#;
    let inclusive = TRANSFORMS
        .replace("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315");
    let smuggled = format!("{TRANSFORMS}{xpath}");
    let only_canonical = TRANSFORMS.split_once("/>").unwrap().1;
    for (name, template) in [
        ("an XPath that leaves out the issuer", Template { transforms: &smuggled, ..Template::default() }),
        ("inclusive canonicalization", Template { transforms: &inclusive, ..Template::default() }),
        ("an empty reference", Template { reference: "", ..Template::default() }),
    ] {
        let fault = verified(&signed(&template, &RSA)).expect_err(name);
        let expected = matches!(fault, SignatureFault::Form(_) | SignatureFault::CoversSomethingElse { .. });
        assert!(expected, "{name}: {fault:?}");
    }
    let reference = GENUINE.split_once("<ds:Reference").unwrap().1.split_once("</ds:Reference>").unwrap().0;
    let reference = format!("<ds:Reference{reference}</ds:Reference>");
    for (name, forged) in [
        ("no reference", GENUINE.replacen(&reference, "", 1)),
        ("two references", GENUINE.replacen(&reference, &reference.repeat(2), 1)),
        ("no enveloped-signature transform", GENUINE.replacen(TRANSFORMS, only_canonical, 1)),
        (
            "an empty digest",
            GENUINE.replacen(GENUINE.split_once("<ds:DigestValue>").unwrap().1.split_once('<').unwrap().0, "", 1),
        ),
    ] {
        assert_ne!(forged, *GENUINE, "{name}");
        let fault = verified(&forged).expect_err(name);
        let expected = matches!(fault, SignatureFault::Form(_) | SignatureFault::NoCertificateMatches { .. });
        assert!(expected, "{name}: {fault:?}");
    }
}

#[test]
fn changes_anywhere_are_seen() {
    for (from, to) in [
        ("https://sp.test/acs", EVIL),
        ("AllowCreate=\"true\"", "AllowCreate=\"false\""),
        ("2026-01-10", "2027-01-10"),
        ("<samlp:NameIDPolicy", " <samlp:NameIDPolicy"),
        ("Version=\"2.0\"", "Version=\"2.0\" ForceAuthn=\"false\""),
    ] {
        let forged = GENUINE.replacen(from, to, 1);
        assert_ne!(forged, *GENUINE);
        assert_eq!(verified(&forged), Err(SignatureFault::Digest), "{from}");
    }
}
