//! Headless Chromium with a client certificate, from an application through the chooser and the certificate's port and back,
//! signed in: `tests/clients/browser_sign_in.py` tells what happens, this file what must be seen.

use crate::support::lab::{TestLab, replace, text};
use crate::support::server_certificate;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedgate::lab::Lab;
use fedgate::outcome::Outcome;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

const HOSTS: &[&str] = &["app.fabrikam.test", "portal.northwind.test"];

/// The script. It ends with this value.
struct Browsing {
    process: Child,
    output: BufReader<ChildStdout>,
    application: TempDir,
}

impl Browsing {
    fn start(lab: &Lab) -> (Self, u64) {
        let application = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &[u8]| {
            let path = application.path().join(name);
            fs::write(&path, content).unwrap();
            text(path)
        };
        let shown = server_certificate::for_names(HOSTS);
        let files = [
            file("application.pem", &shown.certificate),
            file("application.key", &shown.key),
            file("authority.pem", &shown.authority),
        ];
        // Debian's own interpreter comes second: nothing but the standard library is needed
        let mut process = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/browser_sign_in.py"))
            .arg(text(lab.path("")))
            .args(files)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 can be run");
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut browsing = Self { process, output, application };
        let port = browsing.told()["port"].as_u64().unwrap();
        (browsing, port)
    }

    fn told(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| {
            panic!(
                "browser_sign_in.py ended early; is everything of debian-packages.txt installed? {:?}",
                self.application
            )
        })
    }

    fn tell(&mut self, ports: &Value) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{ports}").unwrap();
    }
}

impl Drop for Browsing {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The application as a relying party trust whose rules let everybody in.
fn trust(lab: &Lab, port: u64) {
    let trust = format!(
        "[[relying_party]]\nname = \"Fabrikam\"\nidentifiers = [\"urn:fabrikam:application\"]\n\
         ws_fed_endpoint = \"https://app.fabrikam.test:{port}/signin\"\n\
         authorization_rules = \"claims-rules/office-365/authorization.rules\"\n\
         transform_rules = \"claims-rules/office-365/transform.rules\"\n\n"
    );
    replace(lab, "fedgate.toml", "[control]", &format!("{trust}[control]"));
}

/// Alice's password, salted as the embedded directory wants it.
fn password(lab: &Lab) {
    let salt = [7; 16];
    let digest = openssl::sha::sha512(&[b"Alice's passw0rd", &salt[..]].concat());
    let value = STANDARD.encode([&digest[..], &salt].concat());
    let alice = "userPrincipalName: alice@contoso.test\n";
    replace(lab, "directory.ldif", alice, &format!("{alice}userPassword: {{SSHA512}}{value}\n"));
}

#[test]
fn people_sign_in_with_a_real_browser() {
    let mut started = None;
    let lab = TestLab::changed(|lab| {
        let (browsing, port) = Browsing::start(lab);
        trust(lab, port);
        password(lab);
        started = Some(browsing);
    });
    let mut browsing = started.unwrap();
    let (user_tls, service) = (lab.user_tls().port(), lab.service().port());
    browsing.tell(&json!({ "user_tls": user_tls, "service": service }));
    let seen = browsing.told();

    assert_eq!(
        seen["chooser"],
        json!({ "at": true, "label": "Sign in using an X.509 certificate", "focused": "UserName" })
    );
    for story in ["signed_in", "again", "without_script"] {
        let got = &seen[story];
        assert_eq!(got["fields"], json!(["origin", "wa", "wctx", "wresult"]), "{story}");
        assert!(got["at"].as_str().unwrap().starts_with("portal.northwind.test:"), "{story}");
        for fact in ["context_echoed", "verified", "audience", "by_certificate"] {
            assert_eq!(got[fact], true, "{story} {fact}");
        }
        assert_eq!(got["wa"], "wsignin1.0", "{story}");
    }
    assert_eq!(seen["complaints"], json!([]));
    assert_eq!(seen["signed_out"]["heading"], "You are signed out");
    assert!(
        seen["signed_out"]["told"][0].as_str().is_some_and(|host| host.starts_with("app.fabrikam.test:")),
        "{seen}"
    );
    let says = format!("This network blocks port {user_tls}");
    assert_eq!(seen["blocked"], json!({ "says": says, "explains": true, "stays": true, "goes_on_when_told": true }));
    for (story, heading) in [("revoked", "This certificate cannot be used here"), ("nothing", "No certificate arrived")]
    {
        assert_eq!(seen[story]["heading"], heading);
        assert_eq!(seen[story]["copies"], true, "{story}");
        assert_eq!(seen[story]["complaints"], json!([]), "{story}");
    }
    assert_eq!(
        seen["password"],
        json!({
            "says": "Incorrect user ID or password. Type the correct user ID and password, and try again.",
            "remembers": "alice@contoso.test",
            "verified": true,
            "by_certificate": false,
            "complaints": [],
        })
    );
    let codes = [Outcome::Revoked, Outcome::NoCertificate].map(|outcome| json!(outcome.code()));
    assert_eq!([&seen["revoked"]["code"], &seen["nothing"]["code"]], [&codes[0], &codes[1]]);
}
