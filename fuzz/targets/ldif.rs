//! The embedded directory's file.
#![no_main]

use fedgate::lookups::LdifDirectory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match LdifDirectory::read(text) {
        Ok(directory) => assert!(directory.len() <= text.len()),
        Err(error) => assert!((1..=text.split('\n').count()).contains(&error.line), "{error}"),
    }
});
