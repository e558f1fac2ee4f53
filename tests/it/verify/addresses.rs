//! `--url-fetch`: what each address answered.

use super::{CONTAINERS, json_in, run_in};
use crate::support::lab::{TestLab, make, replace};
use fedgate::revocation::Crl;
use openssl::x509::X509Crl;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

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

/// A server that gives this answer to everybody, or none at all. Returns its address.
fn server(answer: Option<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut unanswered = Vec::new();
        for stream in listener.incoming().map(Result::unwrap) {
            let mut head = BufReader::new(&stream).lines();
            while head.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            match &answer {
                Some(answer) => (&stream).write_all(answer.as_bytes()).unwrap(),
                None => unanswered.push(stream),
            }
        }
    });
    address
}

fn answer(status: u16, header: &str) -> Option<String> {
    Some(format!("HTTP/1.1 {status} Answer\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n"))
}

/// What was seen on the way is told of failures too.
#[test]
fn failed_fetches_are_told_with_what_they_cost() {
    let forbidden = server(answer(403, ""));
    let redirecting = server(answer(302, &format!("Location: http://{forbidden}/moved.crl\r\n")));
    let silent = server(None);
    let cases = [
        (&forbidden, Some(403), None, "the server answered HTTP 403"),
        (&redirecting, Some(403), Some(format!("http://{forbidden}/moved.crl")), "the server answered HTTP 403"),
        (&silent, None, None, "no complete answer came within 1 s"),
    ];
    for (address, status, final_url, problem) in cases {
        let (_folder, lab, _ports) = make();
        let issuing = "certs/intermediate/contoso-issuing-ca-1.pem";
        let section = format!(
            "\n[[revocation.authority]]\ncertificate = \"{issuing}\"\n\
             crl_distribution_point = \"http://{address}/ca.crl\"\n\n[subject]\n"
        );
        replace(&lab, "fedgate.toml", "\n[subject]\n", &section);
        replace(&lab, "fedgate.toml", "fetch_timeout_seconds = 10", "fetch_timeout_seconds = 1");
        let (code, reports) = json_in(&lab, &[&FETCH[..], &["--config", "fedgate.toml"]].concat());
        let told = &reports[0]["addresses"][0];
        assert_eq!((code, told["http_status"].as_u64()), (Some(1), status), "{told}");
        assert_eq!((told["final_url"].as_str(), told["problem"].as_str()), (final_url.as_deref(), Some(problem)));
        let waited = told["milliseconds"].as_u64().unwrap();
        assert!(told["asked"] == true && (status.is_some() || waited >= 1000), "{told}");
    }
}

/// What the address policy refuses is not asked, and the range is told.
#[test]
fn an_address_that_may_not_be_asked_is_told_as_such() {
    let (_folder, lab, _ports) = make();
    replace(&lab, "fedgate.toml", "fetch_allow = [\"127.0.0.1\"]", "fetch_deny = [\"127.0.0.0/8\"]");
    let (_, reports) = json_in(&lab, &[&FETCH[..], &["--config", "fedgate.toml"]].concat());
    let told = &reports[0]["addresses"][0];
    assert_eq!((told["asked"].as_bool(), &told["milliseconds"]), (Some(false), &serde_json::Value::Null), "{told}");
    let problem = told["problem"].as_str().unwrap();
    assert_eq!(problem, "not asked: 127.0.0.1 is denied by 127.0.0.0/8 in [revocation] fetch_deny");
}
