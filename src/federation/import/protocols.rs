//! What a relying party trust says of browsers and of SAML 2.0, where a text from the console can say it: addresses and choices,
//! not certificates, and not the addresses of SAML 2.0.

use super::carried::ImportedTrust;
use super::printed::Printed;
use super::section::{list, quoted};
use crate::federation::token_address;
use std::fmt::Write;

const SIGNATURES: [(&str, &str); 3] = [
    ("AssertionOnly", "assertion-only"),
    ("MessageAndAssertion", "message-and-assertion"),
    ("MessageOnly", "message-only"),
];
/// What `token_lifetime_minutes` takes.
const LONGEST_MINUTES: u32 = 10_080;

/// The lines of the section; what was taken over and what was not is said in `trust`.
pub(super) fn carry(trust: &mut ImportedTrust, printed: &Printed) -> String {
    let mut keys = ws_federation(trust, printed);
    if let Some(text) = printed.text("TokenLifetime") {
        match text.trim().parse::<u32>() {
            Ok(0) => {}
            Ok(minutes @ 1..=LONGEST_MINUTES) => {
                let _ = writeln!(keys, "token_lifetime_minutes = {minutes}");
                trust.carried.push(format!("TokenLifetime, {minutes} minutes"));
            }
            _ => trust.leave("TokenLifetime", text, "A token here holds a week at most."),
        }
    }
    if printed.is_true("AlwaysRequireAuthentication") {
        keys.push_str("always_require_authentication = true\n");
        trust.carried.push("AlwaysRequireAuthentication".to_owned());
    }
    if let Some(text) = printed.text("SamlResponseSignature").filter(|text| text.trim() != SIGNATURES[0].0) {
        match SIGNATURES.iter().find(|(known, _)| *known == text.trim()) {
            Some((name, choice)) => {
                let _ = writeln!(keys, "saml_response_signature = {}", quoted(choice));
                trust.carried.push(format!("SamlResponseSignature, {name}"));
            }
            None => trust.leave("SamlResponseSignature", text, "fedgate does not know this value."),
        }
    }
    keys
}

fn ws_federation(trust: &mut ImportedTrust, printed: &Printed) -> String {
    const FIRST: &str = "WSFedEndpoint";
    const FURTHER: &str = "AdditionalWSFedEndpoint";
    const REASON: &str = "A token is sent to https addresses only, written in full.";
    let Some(first) = printed.text(FIRST).map(|text| text.trim().to_owned()) else { return String::new() };
    let (further, cut_short) = printed.texts(FURTHER);
    if token_address(&first).is_err() {
        trust.leave(FIRST, first, REASON);
        if !further.is_empty() {
            trust.leave(FURTHER, further.join(", "), "There is no WSFedEndpoint that could stand before them.");
        }
        return String::new();
    }
    if cut_short {
        let reason = "The console left addresses out; set `$FormatEnumerationLimit = -1` and print the trust again.";
        trust.leave(FURTHER, further.join(", ") + ", ...", reason);
    }
    let (sound, unsound): (Vec<String>, Vec<String>) =
        further.into_iter().partition(|address| token_address(address).is_ok());
    unsound.into_iter().for_each(|address| trust.leave(FURTHER, address, REASON));
    let mut keys = format!("ws_fed_endpoint = {}\n", quoted(&first));
    if !sound.is_empty() {
        let _ = writeln!(keys, "additional_ws_fed_endpoints = {}", list(&sound));
    }
    let count = 1 + sound.len();
    trust.carried.push(format!("{count} WS-Federation endpoint{}", if count == 1 { "" } else { "s" }));
    keys
}
