//! NIST PKITS: our own table of its cases, over the certificates and CRLs of a folder.

use crate::suite::{self, Judged};
use crate::trial::Trial;
use fedgate::chain::ChainPolicy;
use std::fs;
use std::path::Path;

/// Every certificate and CRL that is not about time counts from 2010 to 2030.
const AT: &str = "2026-01-10T10:00:00Z";
const PROMISE: usize = 248;
const NIST: &str = "2.16.840.1.101.3.2.1.48.";

pub(crate) fn run(folder: &Path) -> bool {
    if !folder.join("certs/TrustAnchorRootCertificate.crt").is_file() {
        println!("conformance: PKITS NOT RUN, {} holds no certs/TrustAnchorRootCertificate.crt", folder.display());
        return false;
    }
    let table = include_str!("pkits.tsv").lines().filter(|line| !line.starts_with('#'));
    let cases: Vec<Judged> = table.map(|line| judge(folder, line)).collect();
    suite::report("PKITS", PROMISE, &cases)
}

fn judge(folder: &Path, line: &str) -> Judged {
    let columns: Vec<&str> = line.split('\t').collect();
    let [id, verdict, leaf, intermediates, crls, inputs] = columns[..] else { panic!("pkits.tsv: {line}") };
    let list = |names: &str, kind: fn(&str) -> String| -> Vec<Vec<u8>> {
        names.split(',').filter(|name| *name != "-").map(|name| read(folder, &kind(name))).collect()
    };
    let certificate: fn(&str) -> String = |name| format!("certs/{name}.crt");
    let trial = Trial {
        roots: list("TrustAnchorRootCertificate", certificate),
        leaf: read(folder, &certificate(leaf)),
        sent: list(intermediates, certificate),
        crls: Some(list(crls, |name| format!("crls/{name}.crl"))),
        policy: policy(inputs),
        at: AT.parse().unwrap(),
    };
    Judged { id: id.to_owned(), expected: verdict == "accept", verdict: trial.verdict() }
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{}/{name}: {error}", folder.display()))
}

/// PKITS signs two cases with DSA and SHA-1, and says nothing of uses.
fn policy(inputs: &str) -> ChainPolicy {
    let mut policy = ChainPolicy {
        extended_key_usages: Vec::new(),
        minimum_dsa_bits: Some(1024),
        allow_sha1: true,
        ..ChainPolicy::default()
    };
    for input in inputs.split(' ').filter(|input| *input != "-") {
        match input {
            "explicit" => policy.explicit_policy = true,
            "no-mapping" => policy.inhibit_policy_mapping = true,
            "no-any" => policy.inhibit_any_policy = true,
            _ => {
                let policies = input.strip_prefix("policies=").unwrap_or_else(|| panic!("pkits.tsv: {input}"));
                policy.initial_policies = policies.split('+').map(|name| name.replace("nist-", NIST)).collect();
            }
        }
    }
    policy
}
