//! A CRL as a publisher serves it: read, then asked about a serial number of the input's own.
#![no_main]

use fedgate::revocation::Crl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(crl) = Crl::read(input) else { return };
    let _ = crl.listing(&input[..input.len().min(20)]);
    let _ = (crl.this_update(), crl.next_update(), crl.number(), crl.issuing_distribution_point());
    if crl.entries() == 0 {
        assert!(crl.listing(&[1]).is_none(), "an empty CRL lists something");
    }
});
