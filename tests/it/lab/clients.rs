//! Clients that are not ours sign in at a lab: Python's requests, and curl.

use crate::support::fedgate::shell;
use crate::support::lab::{TestLab, openssl, text};
use crate::support::python;
use fedgate::outcome::Outcome;
use serde_json::Value;

/// What OpenSSL says about somebody's certificate: the serial number, and the issuer as .NET writes names.
fn certificate_facts(lab: &TestLab, name: &str) -> (String, String) {
    let certificate = text(lab.lab.user(name).0);
    let format = ["-serial", "-issuer", "-nameopt", "RFC2253,sep_comma_plus_space"];
    let facts = openssl([&["x509", "-in", &certificate, "-noout"], &format[..]].concat());
    let fact = |name: &str| facts.lines().find_map(|line| line.strip_prefix(name)).expect(&facts).to_owned();
    (fact("serial="), fact("issuer="))
}

fn outcome(lab: &TestLab, found: &Value) -> Outcome {
    lab.record(found["request_id"].as_str().unwrap()).outcome
}

#[test]
fn python_signs_in_with_every_kind_of_certificate_that_may() {
    let lab = TestLab::start();
    for (name, upn, expected) in [
        ("good", "alice@contoso.test", Outcome::SignedIn),
        ("email-only-san", "kim@contoso.test", Outcome::SignedInByMailAddress),
        ("strong-mapping", "mei@contoso.test", Outcome::SignedInByStrongMapping),
    ] {
        let found = python::sign_in(&lab.lab, lab.user_tls(), name);
        assert_eq!(
            (&found["status"], &found["verified"], &found["related"]),
            (&200.into(), &true.into(), &true.into())
        );
        assert_eq!(found["content_type"], "application/soap+xml; charset=utf-8");
        assert_eq!(found["method"], "urn:ietf:rfc:2246");
        assert_eq!(found["audience"], "urn:federation:MicrosoftOnline");
        let attributes = &found["attributes"];
        let (serial, issuer) = certificate_facts(&lab, name);
        assert_eq!((&attributes["UPN"], &attributes["serialnumber"]), (&upn.into(), &serial.into()), "{name}");
        assert_eq!(attributes["issuer"], issuer, "{name}");
        assert_eq!(issuer, "CN=Contoso Issuing CA 1, O=Contoso, C=US");
        assert_eq!(attributes["ImmutableID"], immutable_id(&lab, upn), "{name}");
        assert_eq!(outcome(&lab, &found), expected);
    }
}

/// The account's objectGUID in base64, as it stands in the directory's file.
fn immutable_id(lab: &TestLab, upn: &str) -> String {
    let directory = std::fs::read_to_string(lab.lab.path("directory.ldif")).unwrap();
    let entry = directory.split("\n\n").find(|entry| entry.contains(&format!("userPrincipalName: {upn}\n"))).unwrap();
    entry.lines().find_map(|line| line.strip_prefix("objectGUID:: ")).unwrap().to_owned()
}

#[test]
fn python_learns_nothing_from_a_refusal() {
    let lab = TestLab::start();
    for (name, expected) in [
        ("revoked", Outcome::Revoked),
        ("unknown-issuer", Outcome::UnknownIssuer),
        ("disabled-account", Outcome::AccountDisabled),
    ] {
        let found = python::sign_in(&lab.lab, lab.user_tls(), name);
        assert_eq!((&found["status"], &found["subcode"]), (&500.into(), &"FailedAuthentication".into()), "{found}");
        assert_eq!(found["related"], true, "{found}");
        assert_eq!(outcome(&lab, &found), expected);
    }
}

/// The line that the lab prints, with the certificate as PEM, and the same with a PKCS#12 file.
#[test]
fn curl_signs_in_with_pem_and_pkcs12() {
    let lab = TestLab::start();
    let (name, port) = (lab.lab.service_name(), lab.user_tls().port());
    let file = |name: &str| text(lab.lab.path(name));
    let (pem, key, pkcs12) = (file("users/good.pem"), file("users/good.key"), file("users/good.p12"));
    for (certificate, status) in [
        (format!("--cert {pem} --key {key}"), "200"),
        (format!("--cert-type P12 --cert {pkcs12}:fedgate"), "200"),
        (format!("--cert {} --key {}", file("users/revoked.pem"), file("users/revoked.key")), "500"),
        (String::new(), "403"),
    ] {
        let answer = shell(&format!(
            "curl --silent --show-error --write-out ' HTTP %{{http_code}}' --resolve {name}:{port}:127.0.0.1 \
             --cacert {root} {certificate} -H 'Content-Type: application/soap+xml; charset=utf-8' \
             --data-binary @{request} https://{name}:{port}/adfs/services/trust/2005/certificatetransport",
            root = text(lab.lab.root()),
            request = file("request.xml"),
        ));
        assert!(answer.ends_with(&format!(" HTTP {status}")), "{certificate}: {answer}");
        assert_eq!(answer.contains("<saml:Assertion"), status == "200", "{certificate}: {answer}");
    }
}
