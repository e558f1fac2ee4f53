//! The body of a POST to a WS-Trust endpoint: XML, envelope, token request, timestamp, name and password, signature.
#![no_main]

use fedgate::protocol::{Version, soap, username_token, wstrust};
use fedgate::xml::reader::{XmlLimits, parse_document};
use fedgate::xml_signature::{Sha1, verify_message};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(mut root) = parse_document(body, XmlLimits::default()) else { return };
    let _ = verify_message(&root, body, XmlLimits::default(), Sha1::Refused);
    for element in root.descendants() {
        assert!(element.attributes.len() <= XmlLimits::default().attributes);
        let versions = [Version::February2005, Version::V13];
        let _ = (versions.map(|version| wstrust::read_token_request(element, version)), wstrust::read_timestamp(element));
        let _ = username_token::read(element);
    }
    let _ = (soap::message_id(&root), soap::read_envelope(&root));
    username_token::wipe(&mut root);
});
