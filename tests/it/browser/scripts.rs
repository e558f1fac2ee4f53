//! The three families of scripts that people run against the sign-in page (ADFS-PROTOCOLS section 5.2), in a language of their
//! own: `tests/clients/passive_scripts.py`.

use super::wire::with_password;
use crate::support::lab::text;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn scripts_sign_in_as_they_do_at_ad_fs() {
    let lab = with_password("[authentication_policy]\nadditional = [\"CertificateAuthentication\"]\n");
    let (certificate, key) = lab.lab.user("good");
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/passive_scripts.py"))
        .args([lab.service().port().to_string(), lab.user_tls().port().to_string()])
        .args([certificate, key, lab.lab.root(), lab.lab.token_signing_certificate()].map(text))
        .stdin(Stdio::null())
        .output()
        .expect("python3 can be run");
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("passive_scripts.py: {}", String::from_utf8_lossy(&output.stderr)));
    for (family, several) in
        [("straight_to_the_certificate_port", false), ("cookie_jar", false), ("password_then_certificate", true)]
    {
        let expected = json!({
            "token": true, "status": 200, "verified": true, "action": "https://login.microsoftonline.com/login.srf",
            "wctx": "a+b", "several": several, "session": true,
        });
        assert_eq!(found[family], expected, "{family}");
    }
    // a password that no page of ours asked for is not tried: the page comes, and its state with it
    let asked = json!({ "token": false, "status": 200, "forms": ["loginForm"] });
    assert_eq!(found["password_without_looking"], asked);
}
