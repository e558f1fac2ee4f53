//! The directory of a scenario, as LDIF.

use super::pki::Pki;
use super::recipe::Scenario;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedgate::directory::Password;
use fedgate::lookups::SaltedHash;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Stands for the user's certificate in the value of an attribute.
const CERTIFICATE: &str = "{certificate}";

/// Everybody's password, as the messages of MSAL have it.
pub(super) const PASSWORD: &str = "p&<>\"'";

/// Alice, unless the directory is empty, and whoever the scenario names.
pub(super) fn ldif(scenario: &Scenario, pki: &Pki) -> String {
    let mut people = scenario.people.clone();
    if !scenario.directory.empty {
        people.entry("alice".to_owned()).or_default();
    }
    let mut ldif = String::from("version: 1\n");
    for (name, says) in &people {
        let mut attributes = usual(name);
        for (attribute, value) in says {
            attributes.retain(|known, _| !known.eq_ignore_ascii_case(attribute));
            attributes.insert(attribute.clone(), texts(value));
        }
        let _ = writeln!(ldif, "\ndn: CN={name},OU=People,DC=contoso,DC=test");
        for (attribute, values) in attributes {
            for value in values {
                let _ = match value.as_str() {
                    CERTIFICATE => writeln!(ldif, "{attribute}:: {}", STANDARD.encode(&pki.user)),
                    text => writeln!(ldif, "{attribute}: {text}"),
                };
            }
        }
    }
    ldif
}

/// What an account has that a scenario says nothing about.
fn usual(name: &str) -> BTreeMap<String, Vec<String>> {
    let domain = "S-1-5-21-1004336348-1177238915-682003330";
    let [first, second, ..] = openssl::sha::sha256(name.as_bytes());
    let attributes = [
        ("objectClass", "user".to_owned()),
        ("sAMAccountName", name.to_owned()),
        ("userPrincipalName", format!("{name}@contoso.test")),
        ("mail", format!("{name}@contoso.test")),
        ("userPassword", SaltedHash::make(&Password::new(PASSWORD).unwrap(), *b"0123456789abcdef").to_string()),
        ("userAccountControl", "512".to_owned()),
        ("accountExpires", "0".to_owned()),
        ("objectGUID", format!("{name:-<16.16}")),
        ("objectSid", format!("{domain}-{}", u16::from_be_bytes([first, second]))),
    ];
    attributes.into_iter().map(|(attribute, value)| (attribute.to_owned(), vec![value])).collect()
}

/// A list is several values, an empty list none.
fn texts(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
        toml::Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}
