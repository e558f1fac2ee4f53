//! A search filter: what was read, written out and read again, is the same filter.
#![no_main]

use fedgate::directory::{Dialect, Filter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(filter) = Filter::parse(text) else { return };
    for dialect in [Dialect::ActiveDirectory, Dialect::OpenLdap] {
        let written = filter.to_text(dialect);
        assert_eq!(Filter::parse(&written).as_ref(), Ok(&filter), "{written}");
    }
});
