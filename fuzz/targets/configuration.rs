//! `fedgate.toml`: every problem has a place in the text.
#![no_main]

use fedgate::config::Configuration;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let Err(problems) = Configuration::parse(Path::new("/fuzz/fedgate.toml"), text) else { return };
    assert!(!problems.is_empty());
    for problem in problems.sorted() {
        assert!((1..=text.split('\n').count()).contains(&problem.line), "{problem}");
    }
});
