//! `fedgate trust`.

use super::{CONTAINERS, json_in, run_in};
use crate::support::lab::{TestLab, make};
use fedgate::clock::Clock;
use jiff::SignedDuration;
use std::fs;

#[test]
fn the_list_says_where_everything_stands() {
    let (_folder, lab, _ports) = make();
    let (code, stored) = json_in(&lab, &[&["trust", "list"][..], &CONTAINERS].concat());
    assert_eq!((code, stored.len()), (Some(0), 2));
    let [root, issuing] = &stored[..] else { unreachable!() };
    assert_eq!((root["container"].as_str(), root["below"].as_str()), (Some("root"), None));
    assert_eq!(root["named_crl_urls"][0], format!("http://{}/root.crl", lab.crl_address()));
    assert_eq!((&issuing["below"], &issuing["container"]), (&root["subject"], &"intermediate".into()));
    assert_eq!(issuing["authority_key_identifier"], root["subject_key_identifier"]);
    let page = run_in(&lab, 100, &[&["trust", "list"][..], &["--config", "fedgate.toml"]].concat());
    assert_eq!((page.code, page.errors.as_str()), (Some(0), ""));
    assert!(page.output.starts_with("Root container: 1 certificate\n\nCN=Contoso Root CA"), "{}", page.output);
}

#[test]
fn containers_in_order_leave_nothing_to_say() {
    let (_folder, lab, _ports) = make();
    let lint = run_in(&lab, 100, &[&["trust", "lint"][..], &CONTAINERS].concat());
    assert_eq!((lint.code, lint.errors.as_str()), (Some(0), ""));
    assert!(lint.output.starts_with("0 errors, 0 warnings in 2 certificates. Their names take "), "{}", lint.output);
}

/// One thing wrong at a time: what is done to the lab, how the linter ends, and what it must say.
#[test]
fn each_fault_is_found() {
    const ROOT: &str = "certs/root/contoso-root-ca.pem";
    const ISSUING: &str = "certs/intermediate/contoso-issuing-ca-1.pem";
    let in_days =
        |days: i64| Clock::System.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap().to_string();
    let (soon, late) = (in_days(10 * 365 - 30), in_days(11 * 365));
    type Change<'c> = &'c dyn Fn(&fedgate::lab::Lab);
    let faults: [(Change<'_>, &[&str], &str, &str); 7] = [
        (&|_| {}, &["--at", &late], "error", "\"CN=Contoso Issuing CA 1, O=Contoso, C=US\" expired at"),
        (&|_| {}, &["--at", &soon], "warning", "expires at"),
        (
            &|lab| fs::rename(lab.path(ISSUING), lab.path("certs/root/issuing.pem")).unwrap(),
            &[],
            "error",
            "so it is no root",
        ),
        (
            &|lab| assert_ne!(fs::copy(lab.path(ROOT), lab.path("certs/intermediate/root.pem")).unwrap(), 0),
            &[],
            "error",
            "so it is no intermediate",
        ),
        (
            &|lab| assert_ne!(fs::copy(lab.path(ISSUING), lab.path("certs/intermediate/z.pem")).unwrap(), 0),
            &[],
            "error",
            "is already in certs/intermediate/contoso-issuing-ca-1.pem",
        ),
        (
            &|lab| {
                let branch = lab.path("users/unknown-issuer.pem");
                let chain = openssl::x509::X509::stack_from_pem(&fs::read(branch).unwrap()).unwrap();
                fs::write(lab.path(ROOT), chain[1].to_pem().unwrap()).unwrap();
            },
            &[],
            "error",
            "which is in neither container",
        ),
        (
            &|lab| {
                assert_ne!(fs::copy(lab.path("users/good.pem"), lab.path("certs/intermediate/user.pem")).unwrap(), 0)
            },
            &[],
            "error",
            "is not the certificate of an authority",
        ),
    ];
    for (change, arguments, severity, says) in faults {
        let (_folder, lab, _ports) = make();
        change(&lab);
        let (code, found) = json_in(&lab, &[&["trust", "lint"], &CONTAINERS[..], arguments].concat());
        let hit = found.iter().find(|finding| finding["what"].as_str().unwrap().contains(says));
        let hit = hit.unwrap_or_else(|| panic!("{says}: {found:?}"));
        assert_eq!(hit["severity"], severity, "{says}");
        assert!(hit["file"].as_str().unwrap().starts_with("certs/"), "{hit}");
        assert!(!hit["remedy"].as_str().unwrap().is_empty());
        assert_eq!(code, Some(if severity == "error" { 1 } else { 0 }), "{says}: {found:?}");
    }
}

#[test]
fn an_address_that_serves_another_authoritys_crl_is_found() {
    let lab = TestLab::start();
    let lint = [&["trust", "lint", "--url-fetch"][..], &CONTAINERS].concat();
    assert_eq!(json_in(&lab.lab, &lint), (Some(0), Vec::new()));
    fs::copy(lab.lab.path("crl/issuing.crl"), lab.lab.path("crl/root.crl")).unwrap();
    let (code, found) = json_in(&lab.lab, &lint);
    assert_eq!((code, found.len()), (Some(1), 1), "{found:?}");
    let what = found[0]["what"].as_str().unwrap();
    assert!(what.contains("was issued by CN=Contoso Issuing CA 1, O=Contoso, C=US, but CN=Contoso Root CA"), "{what}");
    assert_eq!(found[0]["file"], "certs/root/contoso-root-ca.pem");
}
