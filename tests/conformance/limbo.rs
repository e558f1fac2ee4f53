//! The client-authentication edition of x509-limbo. Its core tier carries the promise; what the other tiers demand is no
//! rule for a sign-in, so they are only counted.

use crate::suite::{self, Judged};
use crate::trial::Trial;
use fedgate::chain::ChainPolicy;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// Where a case names no time: within every validity.
const AT: &str = "2024-06-01T00:00:00Z";
const PROMISE: usize = 112;

#[derive(Deserialize)]
struct File {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    tier: String,
    client_expected: String,
    crl_mode: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    crls: Vec<String>,
    aux_empty_crls: Vec<String>,
}

pub(crate) fn run(folder: &Path) -> bool {
    let path = folder.join("limbo/limbo-client.json");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("conformance: limbo NOT RUN, {} is not there", path.display());
        return false;
    };
    let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for tier in ["webpki", "pedantic"] {
        let cases = judged(&file, tier);
        let passed = cases.iter().filter(|case| case.expected == case.verdict.is_ok()).count();
        println!("conformance: limbo {tier}: {passed} of {} (nothing promised)", cases.len());
    }
    suite::report("limbo core", PROMISE, &judged(&file, "core"))
}

fn judged(file: &File, tier: &str) -> Vec<Judged> {
    file.testcases.iter().filter(|case| case.tier == tier).map(Case::judge).collect()
}

impl Case {
    fn judge(&self) -> Judged {
        let crls = match self.crl_mode.as_str() {
            "own" => Some(&self.crls),
            "aux" => Some(&self.aux_empty_crls),
            _ => None,
        };
        let bytes = |pems: &Vec<String>| pems.iter().map(|pem| pem.clone().into_bytes()).collect();
        let at = self.validation_time.as_deref().unwrap_or(AT);
        let trial = Trial {
            roots: bytes(&self.trusted_certs),
            leaf: der(&self.peer_certificate),
            sent: self.untrusted_intermediates.iter().map(|pem| der(pem)).collect(),
            crls: crls.map(bytes),
            policy: ChainPolicy { strict_profile: true, ..ChainPolicy::default() },
            at: at.parse().unwrap_or_else(|error| panic!("{}: {at}: {error}", self.id)),
        };
        let expected = self.client_expected == "SUCCESS";
        Judged { id: self.id.clone(), expected, verdict: trial.verdict() }
    }
}

/// The octets in the armour, whether or not they are a certificate.
fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    openssl::base64::decode_block(&body).unwrap_or_default()
}
