//! A SAML 2.0 message to us: both bindings, the signature, a request to sign in or out, the answer to ours.
#![no_main]

use fedgate::protocol::samlp::{
    MESSAGE_OCTETS, from_post, from_redirect, read_authn_request, read_logout_request, read_logout_response,
};
use fedgate::xml::exclusive::{Part, canonical_part};
use fedgate::xml::reader::{XmlLimits, parse_document};
use fedgate::xml_signature::{verify_enveloped, verify_query};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    if let Ok(text) = std::str::from_utf8(body) {
        assert!(verify_query(text, "SAMLRequest", &[]).is_err());
        for message in [from_post(text), from_redirect(text)].into_iter().flatten() {
            assert!(message.len() <= MESSAGE_OCTETS);
        }
    }
    assert!(verify_enveloped(body, &[], XmlLimits::default()).is_err());
    let Ok(root) = parse_document(body, XmlLimits::default()) else { return };
    let _ = (read_authn_request(&root), read_logout_request(&root), read_logout_response(&root));
    // what is consumed after a verification is read from the canonical form, so that form must say the same
    let text = std::str::from_utf8(body).expect("the reader accepts UTF-8 only");
    let Ok(canonical) = canonical_part(text, Part::default()) else { return };
    // declarations move to where they are used, so that an element may come to have too many
    let Ok(again) = parse_document(canonical.as_bytes(), XmlLimits::default()) else { return };
    assert_eq!((again.text, again.children.len()), (root.text, root.children.len()));
});
