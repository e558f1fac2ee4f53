//! The body of a POST to certificatetransport: XML, envelope, token request, timestamp.
#![no_main]

use fedgate::protocol::{Version, soap, wstrust};
use fedgate::xml::reader::{XmlLimits, parse_document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(root) = parse_document(body, XmlLimits::default()) else { return };
    for element in root.descendants() {
        assert!(element.attributes.len() <= XmlLimits::default().attributes);
        let _ = (wstrust::read_token_request(element, Version::February2005), wstrust::read_timestamp(element));
    }
    let _ = (soap::message_id(&root), soap::read_envelope(&root));
});
