//! The extensions by which an authority limits those below it: read, and every name asked about.
#![no_main]

use fedgate::certificate::{DistinguishedName, NameConstraints, PolicyConstraints, PolicyMapping, SubtreeBase};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    let mappings = PolicyMapping::read_all(value);
    assert!(mappings.is_none_or(|mappings| !mappings.is_empty()), "an empty list was read");
    let constraints = PolicyConstraints::read(value);
    assert!(constraints.is_none_or(|constraints| constraints != PolicyConstraints::default()), "no demand was read");
    let Some(constraints) = NameConstraints::read(value) else { return };
    for subtree in constraints.permitted.iter().chain(&constraints.excluded) {
        if let SubtreeBase::DirectoryName(name) = &subtree.base {
            assert!(name.is_within(name), "a name lies outside itself");
            let everything = DistinguishedName::read_der(&[0x30, 0]).expect("the empty name");
            assert!(name.is_within(&everything));
            let _ = name.email_addresses();
        }
    }
});
