//! A name in a certificate is written by whoever made it. Nothing in it may act upon the terminal.

use super::run_in;
use crate::support::lab::make;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::BasicConstraints;
use openssl::x509::{X509Builder, X509NameBuilder};
use std::fs;

const NAME: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\nCN=✓ Good.\u{9b}31m\u{202e}gpj";

/// A self-signed authority of that name.
fn certificate() -> Vec<u8> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, NAME).unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&Asn1Integer::from_bn(&BigNum::from_u32(7).unwrap()).unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(86_400).unwrap()).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    builder.build().to_pem().unwrap()
}

#[test]
fn a_hostile_name_is_spelled_out_everywhere() {
    let (_folder, lab, _ports) = make();
    fs::write(lab.path("hostile.pem"), certificate()).unwrap();
    for folder in ["roots", "intermediates"] {
        fs::create_dir(lab.path(folder)).unwrap();
        fs::write(lab.path(&format!("{folder}/hostile.pem")), certificate()).unwrap();
    }
    fs::write(lab.path("certs/intermediate/hostile.pem"), certificate()).unwrap();
    let commands: [&[&str]; 8] = [
        &["check", "--config", "fedgate.toml"],
        &["verify", "hostile.pem", "--root", "certs/root"],
        &["verify", "hostile.pem", "--root", "certs/root", "--json"],
        &["verify", "hostile.pem", "--root", "roots", "--intermediate", "intermediates"],
        &["trust", "list", "--root", "roots", "--intermediate", "intermediates"],
        &["trust", "list", "--root", "roots", "--json"],
        &["trust", "lint", "--root", "roots", "--intermediate", "intermediates"],
        &["trust", "lint", "--root", "roots", "--intermediate", "intermediates", "--json"],
    ];
    for command in commands {
        let ended = run_in(&lab, 100, command);
        let all = format!("{}{}", ended.output, ended.errors);
        assert!(all.contains("owned"), "{command:?}: {all}");
        let acts = |character: &char| (character.is_control() && *character != '\n') || *character == '\u{202e}';
        assert_eq!(all.chars().find(acts), None, "{command:?}: {all:?}");
        assert!(!all.lines().any(|line| line.starts_with("CN=✓") || line.starts_with("✓")), "{command:?}: {all}");
    }
}
