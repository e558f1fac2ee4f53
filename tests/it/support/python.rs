//! The WS-Trust client of `tests/clients/sign_in.py`, which shares no code with fedgate.

use super::lab::text;
use fedgate::lab::Lab;
use serde_json::Value;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

/// What somebody of the cast finds who signs in at this address.
pub fn sign_in(lab: &Lab, address: SocketAddr, name: &str) -> Value {
    let (certificate, key) = lab.user(name);
    let url = format!("https://{address}/adfs/services/trust/2005/certificatetransport");
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/sign_in.py"))
        .args([url, text(certificate), text(key), text(lab.root()), text(lab.token_signing_certificate())])
        .stdin(Stdio::null())
        .output()
        .expect("python3 can be run");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!("sign_in.py found nothing: {}", String::from_utf8_lossy(&output.stderr));
    });
    assert_eq!(output.status.success(), found["verified"] == true, "{found}");
    found
}

/// What MSAL and ADAL for Python make of a WS-MetadataExchange document; `None` where they are not installed.
pub fn discover(document: &str) -> Option<Value> {
    with_libraries("discover.py", &[], &[], document)
}

/// What MSAL and ADAL for Python get who sign in by a name and a password at the gateway of this metadata address, whose
/// certificate an authority in the file `ca` issued; `None` where they are not installed.
pub fn user_name(mex: &str, ca: &Path, name: &str, password: &str) -> Option<Value> {
    let said = serde_json::json!({ "name": name, "password": password }).to_string();
    with_libraries("user_name.py", &[mex], &[("REQUESTS_CA_BUNDLE", ca.to_str().unwrap())], &said)
}

/// What relying parties of three makes find at a gateway; `None` where they are not installed.
pub fn relying_parties(settings: &Value) -> Option<Value> {
    with_libraries("saml_relying_parties.py", &[], &[], &settings.to_string())
}

/// Debian's own interpreter is asked first, because Debian's packages are for it alone.
fn with_libraries(script: &str, arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(script);
    for python in ["/usr/bin/python3", "python3"] {
        let started = Command::new(python)
            .arg(&path)
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else { continue };
        // Who lacks the libraries does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        if output.status.code() == Some(69) {
            continue;
        }
        return Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            panic!("{script} found nothing: {}", String::from_utf8_lossy(&output.stderr));
        }));
    }
    None
}
