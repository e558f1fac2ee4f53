//! A query or a form of a browser: parameters and the WS-Federation request in them.
#![no_main]

use fedgate::protocol::wsfed::{Parameters, PassiveRequest, read_passive_request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(parameters) = Parameters::parse(text) else { return };
    if let Ok(PassiveRequest::SignIn(message)) = read_passive_request(&parameters) {
        assert_eq!(parameters.get("wctx"), message.wctx.as_deref(), "the context comes back as it was");
        assert!(!message.wtrealm.is_empty());
    }
});
