//! What can be given, and what is said of what cannot.

use super::{CONTAINERS, CRLS, json_in, run_in};
use crate::support::fedgate::fedgate;
use crate::support::lab::make;
use fedgate::lab::PASSPHRASE;
use openssl::x509::X509;
use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;

#[test]
fn pem_der_and_pkcs12_say_the_same() {
    let (_folder, lab, _ports) = make();
    let chain = X509::stack_from_pem(&fs::read(lab.path("users/good.pem")).unwrap()).unwrap();
    fs::write(lab.path("good.der"), chain[0].to_der().unwrap()).unwrap();
    fs::write(lab.path("password"), format!("{PASSPHRASE}\n")).unwrap();
    let inputs = ["verify", "users/good.pem", "good.der", "users/good.p12", "--password-file", "password"];
    let (code, reports) = json_in(&lab, &[&inputs[..], &CONTAINERS, &CRLS].concat());
    assert_eq!((code, reports.len()), (Some(0), 3));
    assert!(reports.iter().all(|report| report["chain"] == reports[0]["chain"]), "{reports:?}");
}

#[test]
fn standard_input_is_an_input() {
    let (_folder, lab, _ports) = make();
    let arguments = [&["verify", "-"][..], &CONTAINERS, &CRLS].concat();
    let mut command = fedgate(arguments);
    let given = File::open(lab.path("users/good.pem")).unwrap();
    let output = command.current_dir(lab.path(".")).stdin(Stdio::from(given)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Each is told with its name, on standard error; the others are judged all the same.
#[test]
fn what_is_no_certificate_is_told_with_its_name() {
    let (_folder, lab, _ports) = make();
    let mut large = File::create(lab.path("large.pem")).unwrap();
    large.write_all(&vec![b'\n'; 10 * 1024 * 1024]).unwrap();
    fs::write(lab.path("empty.pem"), "").unwrap();
    fs::write(lab.path("page.html"), "<html>no</html>").unwrap();
    fs::write(lab.path("damaged.pem"), "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n").unwrap();
    let wrong = [
        ("large.pem", "10485760 bytes"),
        ("empty.pem", "it is empty"),
        ("page.html", "it holds no certificate"),
        ("damaged.pem", "PEM block 1 is damaged"),
        ("users", "it is a folder"),
        ("nobody.pem", "No such file"),
        ("crl/root.crl", "it holds no certificate"),
        ("users/good.key", "it holds no certificate"),
        ("users/good.p12", "the password is wrong"),
    ];
    for (input, says) in wrong {
        let ended = run_in(&lab, 100, &[&["verify", input, "users/good.pem"], &CONTAINERS[..], &CRLS].concat());
        assert_eq!(ended.code, Some(2), "{input}");
        assert!(ended.errors.starts_with(&format!("fedgate: {input}: ")), "{}", ended.errors);
        assert!(ended.errors.contains(says), "{input}: {}", ended.errors);
        assert_eq!(ended.errors.lines().count(), 1, "{}", ended.errors);
        assert!(ended.output.contains("✓ Good."), "{input}: {}", ended.output);
    }
}

#[test]
fn what_cannot_be_judged_by_ends_before_anything_is_judged() {
    let (_folder, lab, _ports) = make();
    let ends: [(&[&str], i32, &str); 7] = [
        (&["--root", "nowhere"], 64, "nowhere: it cannot be read as a folder"),
        (&["--root", "certs/intermediate"], 64, "so it is no root. Move the file"),
        (&["--config", "nowhere.toml"], 64, "nowhere.toml"),
        (&["--config", "fedgate.toml", "--root", "certs/root"], 2, "cannot be used with"),
        (&["--root", "certs/root", "--crl", "users/good.pem"], 2, "users/good.pem: "),
        (&["--root", "certs/root", "--at", "yesterday"], 2, "--at"),
        (&["--root", "certs/root", "--policy", "medium"], 2, "digits and dots"),
    ];
    for (arguments, code, says) in ends {
        let ended = run_in(&lab, 100, &[&["verify", "users/good.pem"], arguments].concat());
        assert_eq!((ended.code, ended.output.as_str()), (Some(code), ""), "{arguments:?}: {}", ended.errors);
        assert!(ended.errors.contains(says), "{arguments:?}: {}", ended.errors);
    }
}
