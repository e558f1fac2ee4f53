//! Metadata of a relying party, as `fedgate trusts import` reads it.
#![no_main]

use fedgate::federation::metadata;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    let at = "2026-01-10T10:00:00Z".parse().expect("a moment");
    let Ok(read) = metadata::read(document, &[], at) else { return };
    assert!(!read.identifiers.is_empty());
    assert!(read.ws_fed_endpoints.iter().all(|address| address.starts_with("https:")));
    assert!(read.consumers.iter().all(|consumer| consumer.address.starts_with("https:")));
});
