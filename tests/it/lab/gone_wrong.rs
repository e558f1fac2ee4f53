//! The trial must see what it is there to see: labs that somebody broke.

use crate::support::fedgate::{Running, shell};
use crate::support::lab::{TestLab, made_for_crl_port, remove_rule, text};
use crate::support::slapd::ReservedPort;
use fedgate::lab::{CAST, Lab, Report, Trial, try_everybody};
use std::fs;

const REPORT: Report = Report { colours: false, width: 400 };

/// Who did not end as expected, and what is said of it.
fn complaints(lab: &TestLab) -> Vec<(&'static str, Vec<String>)> {
    let trials = try_everybody(lab, |_| {});
    assert_eq!(trials.len(), CAST.len() + 1);
    let complaints: Vec<_> = trials.iter().map(|trial: &Trial| (trial.name, trial.complaints())).collect();
    for (trial, (name, complaints)) in trials.iter().zip(&complaints) {
        let (row, mark) = (REPORT.row(trial), if complaints.is_empty() { '✓' } else { '✗' });
        assert!(row.starts_with(&format!("{mark} {name} ")), "{row}");
        assert!(complaints.iter().all(|complaint| row.contains(complaint.as_str())), "{row}");
    }
    let wrong: Vec<_> = complaints.into_iter().filter(|(_, complaints)| !complaints.is_empty()).collect();
    let verdict = REPORT.verdict(&trials);
    let (failed, all) = (wrong.len(), trials.len());
    match failed {
        0 => assert!(verdict.contains(&format!("All {all} sign-ins ended as they should.")), "{verdict}"),
        _ => assert!(verdict.contains(&format!("{failed} of {all} sign-ins did not end as they should.")), "{verdict}"),
    }
    wrong
}

fn names(wrong: &[(&'static str, Vec<String>)]) -> Vec<&'static str> {
    wrong.iter().map(|(name, _)| *name).collect()
}

fn exchange(lab: &Lab, file: &str, other: &str) {
    fs::copy(lab.path(other), lab.path(file)).unwrap();
}

#[test]
fn a_whole_lab_gives_no_reason_to_complain() {
    assert_eq!(complaints(&TestLab::start()), []);
}

/// Who would have come further than revocation is refused there.
#[test]
fn a_crl_of_another_authority_is_noticed() {
    let wrong = complaints(&TestLab::changed(|lab| exchange(lab, "crl/issuing.crl", "crl/root.crl")));
    let directory = ["no-directory-entry", "two-directory-entries", "disabled-account"];
    assert_eq!(names(&wrong), [&["good", "email-only-san", "strong-mapping", "revoked"], &directory[..]].concat());
    let token = ["FG0000 SignedIn was expected", "the client got HTTP 500, not 200", "no token came back"];
    assert_eq!(wrong[0].1, token);
    assert_eq!(wrong[3].1, ["FG5001 Revoked was expected"]);
}

/// The worst: somebody who must be refused gets a token.
#[test]
fn a_token_for_a_certificate_that_must_be_refused_is_noticed() {
    let wrong = complaints(&TestLab::changed(|lab| {
        exchange(lab, "users/revoked.pem", "users/good.pem");
        exchange(lab, "users/revoked.key", "users/good.key");
    }));
    let said = ["FG5001 Revoked was expected", "the client got HTTP 200, not 500"].map(str::to_owned);
    assert_eq!(wrong, [("revoked", said.to_vec())]);
}

#[test]
fn what_rules_leave_out_of_a_token_is_noticed() {
    let rules = [
        "UPN from the directory",
        "ImmutableID from the object GUID",
        "Certificate serial number",
        "Certificate issuer",
    ];
    let said = [
        "the token lacks http://schemas.xmlsoap.org/claims/UPN",
        "the token lacks http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID",
        "the token's http://schemas.microsoft.com/ws/2008/06/identity/claims/serialnumber is not the certificate's",
        "the token's http://schemas.microsoft.com/2012/12/certificatecontext/field/issuer is not the certificate's",
    ];
    let wrong = complaints(&TestLab::changed(|lab| rules.iter().for_each(|rule| remove_rule(lab, rule))));
    let said = said.map(str::to_owned).to_vec();
    assert_eq!(wrong, ["good", "email-only-san", "strong-mapping"].map(|name| (name, said.clone())));
}

#[test]
fn a_signature_by_a_key_that_nobody_published_is_noticed() {
    let lab = TestLab::start();
    exchange(&lab.lab, "gateway/token-signing.pem", "gateway/tls.pem");
    let wrong = complaints(&lab);
    assert_eq!(names(&wrong), ["good", "email-only-san", "strong-mapping"]);
    for (name, said) in wrong {
        assert_eq!(said.len(), 1, "{name}: {said:?}");
        assert!(said[0].starts_with("xmlsec1 does not accept the token: "), "{name}: {said:?}");
    }
}

/// The command itself, on a lab that was there before: it uses it as it is, tells what is wrong, stays up, and says at the end
/// that not all was well.
#[test]
fn the_command_tells_what_is_wrong_with_a_lab_and_stays_up() {
    for broken in [false, true] {
        let port = ReservedPort::new();
        let (_folder, lab) = made_for_crl_port(port.port);
        if broken {
            remove_rule(&lab, "UPN from the directory");
        }
        let folder = text(lab.path(""));
        let arguments = ["lab", &folder, "--user-tls-port", "0", "--service-port", "0"];
        let running = Running::start(arguments, "Ctrl-C ends the lab");
        let output = running.output().join("\n");
        assert!(output.contains("is used as it is"), "{output}");
        let (mark, told) = if broken { ('✗', "the token lacks") } else { ('✓', "All 14 sign-ins") };
        assert!(output.contains(&format!("\n{mark} good ")) && output.contains(told), "{output}");

        let command = output.split_once("\ncurl ").and_then(|(_, rest)| rest.split_once("\n\n")).expect(&output).0;
        let answer = shell(&format!("curl --silent --show-error --write-out ' HTTP %{{http_code}}' {command}"));
        assert!(answer.ends_with(" HTTP 200"), "{answer}");
        running.wait_for("FG0000 SignedIn  ");

        running.terminate();
        assert_eq!(running.wait().0.code(), Some(i32::from(broken)), "{output}");
    }
}
