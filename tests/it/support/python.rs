//! The WS-Trust client of `tests/clients/sign_in.py`, which shares no code with fedgate.

use super::lab::text;
use fedgate::lab::Lab;
use serde_json::Value;
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
