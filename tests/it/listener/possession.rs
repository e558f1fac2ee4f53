//! A certificate is public; only its key tells whose it is. Every chain is accepted at TLS level here, so what remains is the
//! signature of CertificateVerify (RFC 5246 section 7.4.8, RFC 8446 section 4.4.3), and all sign-ins rest on it.

use crate::support::gateway::TestGateway;
use crate::support::http_client::exchange;
use crate::support::tls_client::{Client, Identity, VERSIONS};
use crate::support::token_request::token_request;
use std::io::{Read, Write};

/// What became of an attempt to sign in: the error that ended it, or the octets that came back.
fn attempt(client: &Client, gateway: &TestGateway) -> Result<Vec<u8>, String> {
    let mut stream = client.connect(gateway.user_tls).map_err(|error| error.to_string())?;
    // In TLS 1.3 the client has finished before the server has checked anything; the alert comes when it listens.
    let _ = stream.write_all(token_request().as_bytes());
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|error| error.to_string())?;
    Ok(answer)
}

#[test]
fn who_does_not_hold_the_key_gets_an_alert_and_leaves_no_trace() {
    let gateway = TestGateway::start();
    for version in VERSIONS {
        // One with an RSA key and one with a key on P-256.
        for name in ["good", "email-only-san"] {
            let thief = Client::new(version).presenting(Identity::of(name).without_its_key());
            for _ in 0..3 {
                let error = attempt(&thief, &gateway).expect_err("no octet of HTTP may come back");
                assert!(error.contains("decrypt error"), "{version:?} {name}: {error}");
            }
        }
    }
    assert!(gateway.records().is_empty());

    // The same clients with the key are let in, so it was the key.
    for version in VERSIONS {
        for name in ["good", "email-only-san"] {
            let owner = Client::new(version).presenting(Identity::of(name));
            let before = gateway.records().len();
            exchange(&mut owner.connect(gateway.user_tls).unwrap(), token_request());
            let records = gateway.records();
            assert_eq!(records.len(), before + 1, "{version:?} {name}");
            assert!(records[before].steps[0].passed, "{version:?} {name}: {:?}", records[before].steps);
        }
    }
}
