//! The verdict is that of a sign-in, and OpenSSL's.

use super::{CONTAINERS, CRLS, json_in};
use crate::support::lab::make;
use fedgate::lab::{CAST, Lab};
use fedgate::sign_in::Stage;
use std::process::Command;

/// As strict as the gateway: every CRL, keys of 112 bits, a certificate for clients.
fn openssl_accepts(lab: &Lab, certificate: &str) -> bool {
    let strict = ["verify", "-crl_check_all", "-auth_level", "2", "-purpose", "sslclient", "-no-CApath", "-no-CAstore"];
    let files = [
        ["-CAfile", "certs/root/contoso-root-ca.pem"],
        ["-untrusted", "certs/intermediate/contoso-issuing-ca-1.pem"],
        ["-untrusted", certificate],
        ["-CRLfile", "crl/issuing.crl"],
        ["-CRLfile", "crl/root.crl"],
    ];
    let output = Command::new("openssl")
        .args(strict)
        .args(files.concat())
        .arg(certificate)
        .current_dir(lab.path("."))
        .output()
        .unwrap();
    output.status.success()
}

#[test]
fn everybody_of_the_cast_is_judged_as_in_a_sign_in_and_as_by_openssl() {
    let (_folder, lab, _ports) = make();
    for role in CAST {
        let certificate = format!("users/{}.pem", role.name);
        let (code, reports) = json_in(&lab, &[&["verify", &certificate], &CONTAINERS[..], &CRLS].concat());
        let [report] = &reports[..] else { panic!("{}: {reports:?}", role.name) };
        let stage = role.expected.entry().stage;
        let refused = matches!(stage, Stage::Chain | Stage::Revocation);
        let expected = if refused { ("refused", Some(1)) } else { ("good", Some(0)) };
        assert_eq!((report["verdict"].as_str().unwrap(), code), expected, "{}: {report}", role.name);
        assert_eq!(report["code"].as_str(), refused.then(|| role.expected.code()), "{}: {report}", role.name);
        assert_eq!(openssl_accepts(&lab, &certificate), !refused, "{}", role.name);
        assert_eq!(report["remedy"].as_array().unwrap().is_empty(), !refused, "{}", role.name);
    }
}

/// Several certificates are told in their order, and the worst decides how it ends.
#[test]
fn several_certificates_each_have_their_report() {
    let (_folder, lab, _ports) = make();
    let certificates = ["verify", "users/good.pem", "users/revoked.pem", "nobody.pem"];
    let (code, reports) = json_in(&lab, &[&certificates[..], &CONTAINERS, &CRLS].concat());
    let verdicts: Vec<_> = reports.iter().map(|report| report["verdict"].as_str().unwrap()).collect();
    assert_eq!((code, verdicts), (Some(2), vec!["good", "refused", "unreadable"]));
    let revoked = &reports[1]["revocation"][0];
    assert_eq!((revoked["status"].as_str(), revoked["reason"].as_str()), (Some("revoked"), Some("keyCompromise")));
    let chain = reports[0]["chain"].as_array().unwrap();
    let origins: Vec<_> = chain.iter().map(|link| link["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["sent", "intermediate", "root"]);
    assert_eq!(chain[2]["file"], "certs/root/contoso-root-ca.pem");
    assert_eq!(reports[0]["names"]["user_principal_names"][0], "alice@contoso.test");
}

/// Nothing known is never good; a CRL of somebody else is told not to be used.
#[test]
fn without_a_crl_revocation_is_open() {
    let (_folder, lab, _ports) = make();
    let good = [&["verify", "users/good.pem"][..], &CONTAINERS].concat();
    let (code, reports) = json_in(&lab, &good);
    assert_eq!((code, reports[0]["verdict"].as_str()), (Some(1), Some("undetermined")));
    assert_eq!(reports[0]["code"], serde_json::Value::Null);
    assert!(reports[0]["finding"].as_str().unwrap().contains("no CRL of \"CN=Contoso Issuing CA 1"), "{}", reports[0]);

    let (code, reports) = json_in(&lab, &[&good[..], &["--crl", "crl/root.crl"]].concat());
    assert_eq!((code, reports[0]["verdict"].as_str()), (Some(1), Some("undetermined")));
    let statuses: Vec<_> = reports[0]["revocation"].as_array().unwrap().iter().map(|facts| &facts["status"]).collect();
    assert_eq!(statuses, ["unknown", "good", "trust anchor"]);

    let (code, reports) = json_in(&lab, &[&["verify", "users/missing-intermediate.pem"], &CONTAINERS[..]].concat());
    assert_eq!((code, reports[0]["verdict"].as_str()), (Some(1), Some("refused")));
}

/// Time is an argument: the same files before, during and after the validity of certificate and CRL.
#[test]
fn the_moment_of_judgement_decides() {
    let (_folder, lab, _ports) = make();
    let good = [&["verify", "users/good.pem"][..], &CONTAINERS, &CRLS].concat();
    for (at, code) in [("2001-01-01T00:00:00Z", "FG4004"), ("2099-01-01T00:00:00Z", "FG4005")] {
        let (ended, reports) = json_in(&lab, &[&good[..], &["--at", at]].concat());
        assert_eq!(
            (ended, reports[0]["code"].as_str(), reports[0]["judged_at"].as_str()),
            (Some(1), Some(code), Some(at))
        );
    }
}

/// The lab's certificates assert no policy: they are good until one is demanded.
#[test]
fn a_policy_can_be_demanded() {
    let (_folder, lab, _ports) = make();
    let good = [&["verify", "users/good.pem"][..], &CONTAINERS, &CRLS].concat();
    let lenient = ["--policy", "1.2.3", "--inhibit-policy-mapping", "--inhibit-any-policy"];
    assert_eq!(json_in(&lab, &[&good[..], &lenient].concat()).0, Some(0));
    let (code, reports) = json_in(&lab, &[&good[..], &["--explicit-policy"]].concat());
    assert_eq!((code, reports[0]["outcome"].as_str()), (Some(1), Some("CertificatePoliciesUnacceptable")));
}
