//! `--url-fetch`: what each address answered.

use super::{CONTAINERS, json_in, run_in};
use crate::support::lab::{TestLab, make};
use fedgate::revocation::Crl;
use openssl::x509::X509Crl;
use std::fs;

const FETCH: [&str; 3] = ["verify", "users/good.pem", "--url-fetch"];

#[test]
fn every_address_of_the_path_is_told() {
    let lab = TestLab::start();
    let (code, reports) = json_in(&lab.lab, &[&FETCH[..], &CONTAINERS].concat());
    assert_eq!((code, reports[0]["verdict"].as_str()), (Some(0), Some("good")), "{}", reports[0]);
    let addresses = reports[0]["addresses"].as_array().unwrap();
    for (address, name) in addresses.iter().zip(["issuing.crl", "root.crl"]) {
        let bytes = fs::read(lab.lab.path(&format!("crl/{name}"))).unwrap();
        let crl = Crl::read(&bytes).unwrap();
        assert_eq!(address["url"], format!("http://{}/{name}", lab.lab.crl_address()));
        assert_eq!((address["http_status"].as_u64(), address["bytes"].as_u64()), (Some(200), Some(bytes.len() as u64)));
        assert!(address["milliseconds"].is_u64(), "{address}");
        let facts = &address["crl"];
        assert_eq!((facts["encoding"].as_str(), facts["signature"].as_str()), (Some("DER"), Some("good")));
        assert_eq!(facts["number"], crl.number().unwrap().to_string());
        assert_eq!(facts["next_update"], crl.next_update().unwrap().to_string());
        assert_eq!(facts["entries"], crl.entries());
        assert_eq!(facts["authority_key_identifier"], facts["expected_key_identifier"]);
        assert_eq!((address["covers"].as_bool(), address["problem"].as_str()), (Some(true), None));
    }
    assert_eq!(addresses.len(), 2);
    let (code, reports) = json_in(&lab.lab, &[&FETCH[..], &["--config", "fedgate.toml"]].concat());
    assert_eq!((code, reports[0]["verdict"].as_str()), (Some(0), Some("good")));
}

/// What AD FS and Entra ID refuse is accepted here, with a word about it.
#[test]
fn a_crl_in_pem_is_remarked_upon() {
    let lab = TestLab::start();
    let path = lab.lab.path("crl/issuing.crl");
    let pem = X509Crl::from_der(&fs::read(&path).unwrap()).unwrap().to_pem().unwrap();
    fs::write(path, pem).unwrap();
    let ended = run_in(&lab.lab, 200, &[&FETCH[..], &CONTAINERS].concat());
    assert_eq!(ended.code, Some(0));
    assert!(ended.output.contains("issuing.crl is PEM. AD FS and Entra ID want DER"), "{}", ended.output);
}

#[test]
fn a_crl_that_cannot_be_had_refuses() {
    let lab = TestLab::start();
    let exchange = |bytes: Option<Vec<u8>>| {
        let path = lab.lab.path("crl/issuing.crl");
        match bytes {
            Some(bytes) => fs::write(path, bytes).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
        json_in(&lab.lab, &[&FETCH[..], &CONTAINERS].concat())
    };
    let of_another = exchange(Some(fs::read(lab.lab.path("crl/root.crl")).unwrap()));
    let no_crl = exchange(Some(b"<html>".to_vec()));
    let missing = exchange(None);
    for ((code, reports), outcome, status) in [
        (of_another, "CrlOfAnotherAuthority", Some(200)),
        (no_crl, "CrlUnreadable", Some(200)),
        (missing, "CrlHttpStatus", Some(404)),
    ] {
        assert_eq!((code, reports[0]["outcome"].as_str()), (Some(1), Some(outcome)), "{}", reports[0]);
        assert_eq!(reports[0]["addresses"][0]["http_status"].as_u64(), status);
        assert_eq!(reports[0]["addresses"][0]["covers"], false);
        assert_eq!(reports[0]["revocation"][1]["status"], "good");
    }
}

/// No server is there: a certificate that nobody trusts leads to no address.
#[test]
fn nothing_is_fetched_for_a_refused_chain() {
    let (_folder, lab, _ports) = make();
    let arguments = ["verify", "users/unknown-issuer.pem", "users/expired.pem", "--url-fetch"];
    let (code, reports) = json_in(&lab, &[&arguments[..], &CONTAINERS].concat());
    assert_eq!(code, Some(1));
    assert!(reports.iter().all(|report| report["addresses"].as_array().unwrap().is_empty()), "{reports:?}");
}
