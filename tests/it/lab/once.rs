//! `fedgate lab --once`, which is `make demo`.

use crate::support::fedgate::{Ended, run};
use crate::support::lab::{openssl, text};
use fedgate::lab::{CAST, PASSPHRASE};
use openssl::x509::X509;
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

fn once(folder: &Path, user_tls_port: u16, options: &[&str]) -> Ended {
    let port = user_tls_port.to_string();
    let always = ["lab", "--once", folder.to_str().unwrap(), "--user-tls-port", &port, "--service-port", "0"];
    run([&always[..], &["--crl-port", "0"], options].concat())
}

/// Every file below a folder and what it holds.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => drop(found.insert(path.clone(), fs::read(path).unwrap())),
        }
    }
    found
}

/// The table, the token and the verdict are there, each time in the same folder; and so is a lab that others can use.
#[test]
fn everybody_signs_in_and_the_lab_stays_for_use() {
    let folder = tempfile::tempdir().unwrap();
    let lab = folder.path().join("lab");
    let mut token_signing = Vec::new();
    for options in [&[][..], &[], &["--fresh"]] {
        let Ended { code, output, errors } = once(&lab, 0, options);
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{output}");
        for role in CAST {
            let (code, name) = (role.expected.code(), role.expected.name());
            let row = output.lines().find(|line| line.starts_with(&format!("✓ {} ", role.name)));
            let row = row.unwrap_or_else(|| panic!("{} has no row in\n{output}", role.name));
            assert!(row.contains(&format!(" {code} {name} ")), "{row}");
        }
        for shown in ["✓ none ", " FG1001 NoCertificate ", "alice@contoso.test", "xmlsec1: the signature is good"] {
            assert!(output.contains(shown), "{shown:?} is missing in\n{output}");
        }
        let everybody = CAST.len() + 1;
        assert!(output.contains(&format!("All {everybody} sign-ins ended as they should.")), "{output}");
        assert!(!output.contains('✗') && !output.contains('\x1b'), "{output}");
        token_signing.push(fs::read(lab.join("gateway/token-signing.pem")).unwrap());
    }
    assert_eq!(token_signing[0], token_signing[1], "a lab that is there is used as it is");
    assert_ne!(token_signing[1], token_signing[2], "--fresh makes it anew");

    assert_secrets_are_private(&lab);
    for role in CAST {
        assert_pkcs12_opens(&lab, role.name);
    }
    let configuration = lab.join("fedgate.toml");
    let checked = run(["check", "--config", configuration.to_str().unwrap()]);
    assert_eq!((checked.code, checked.errors.as_str()), (Some(0), ""));
}

fn assert_secrets_are_private(lab: &Path) {
    let files = contents(lab);
    let is_secret = |path: &Path| path.extension().is_some_and(|extension| extension == "key" || extension == "p12");
    let secrets: Vec<_> = files.keys().filter(|path| is_secret(path)).collect();
    assert_eq!(secrets.len(), 2 * CAST.len() + 2, "a .key and a .p12 each, and the gateway's two keys");
    for path in secrets {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
    for (path, bytes) in files.iter().filter(|(path, _)| !is_secret(path)) {
        let names_a_key = bytes.windows(11).any(|window| window == b"PRIVATE KEY");
        assert!(!names_a_key, "{} holds a private key", path.display());
    }
}

/// With the passphrase that the lab's README names, and with everything that the client is to send.
fn assert_pkcs12_opens(lab: &Path, name: &str) {
    let file = |ending: &str| text(lab.join(format!("users/{name}.{ending}")));
    let (pkcs12, passphrase) = (file("p12"), format!("pass:{PASSPHRASE}"));
    let inside = openssl(["pkcs12", "-in", &pkcs12, "-passin", &passphrase, "-nokeys"]);
    let certificates = |pem: &[u8]| {
        let stack = X509::stack_from_pem(pem).unwrap();
        stack.iter().map(|one| one.to_der().unwrap()).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(certificates(inside.as_bytes()), certificates(&fs::read(file("pem")).unwrap()), "{name}");
    let key = openssl(["pkcs12", "-in", &pkcs12, "-passin", &passphrase, "-nocerts", "-noenc"]);
    let key = openssl::pkey::PKey::private_key_from_pem(key.as_bytes()).unwrap();
    let expected = openssl::pkey::PKey::private_key_from_pem(&fs::read(file("key")).unwrap()).unwrap();
    assert!(key.public_eq(&expected), "{name}");
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("gateway")).unwrap();
    fs::write(folder.path().join("gateway/tls.key"), "somebody's own").unwrap();
    fs::write(folder.path().join("fedgate.toml"), "somebody's own").unwrap();
    let before = contents(folder.path());
    for option in ["--once", "--fresh"] {
        let refused = run(["lab", option, folder.path().to_str().unwrap()]);
        assert_eq!(refused.code, Some(1));
        let words = format!("fedgate: {} is not empty and not a lab", folder.path().display());
        assert!(refused.errors.starts_with(&words), "{}", refused.errors);
    }
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_port_that_is_taken_is_told_and_another_one_used() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let Ended { code, output, errors } = once(&folder.path().join("lab"), port, &[]);
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{output}");
    let note = output.lines().find(|line| line.starts_with(&format!("Port {port} is taken; ")));
    let note = note.unwrap_or_else(|| panic!("no word of it in\n{output}"));
    let other = note.strip_suffix(" instead.").and_then(|note| note.rsplit(' ').next()).unwrap();
    assert!(output.contains(&format!("127.0.0.1:{other} ")), "{output}");
    assert!(fs::read_to_string(folder.path().join("lab/fedgate.toml")).unwrap().contains(other));
}
