//! Two host names on one port: a certificate is asked for under one of them.

use crate::support::gateway::{SERVICE, TestGateway};
use crate::support::http_client::exchange;
use crate::support::openssl_client::s_client_named;
use crate::support::tls_client::{Client, Identity, VERSIONS};
use crate::support::token_request::{PATH, get, token_request};
use fedgate::outcome::Outcome;
use openssl::ssl::NameType;

const CERTAUTH: &str = "certauth.sts.contoso.test";

fn gateway() -> TestGateway {
    TestGateway::with_user_tls_keys(&format!("host_name = \"{CERTAUTH}\"\nca_hints = \"roots\"\n"))
}

#[test]
fn the_name_decides_whether_a_certificate_is_asked_for() {
    let gateway = gateway();
    for version in VERSIONS {
        for (name, asked) in [(SERVICE, false), (CERTAUTH, true), ("CERTAUTH.sts.contoso.test", true)] {
            let client = Client { host: name, ..Client::new(version) }.presenting(Identity::of("good"));
            let mut stream = client.connect(gateway.service).unwrap();
            exchange(&mut stream, token_request());
            let record = gateway.records().pop().unwrap();
            let presented = record.steps[0].finding.starts_with("The client proved possession of a certificate's key");
            assert_eq!(presented, asked, "{version:?} {name}: {}", record.finding);
            assert_eq!(record.outcome == Outcome::WrongListener, !asked, "{version:?} {name}: {:?}", record.outcome);
            let visited = exchange(&mut stream, get(PATH));
            let expected = if asked { "A certificate arrived" } else { "This port does not ask for certificates." };
            assert!(visited.body.contains(expected), "{version:?} {name}: {}", visited.body);
        }
        // nobody has to have one
        let client = Client { host: CERTAUTH, ..Client::new(version) };
        let mut stream = client.connect(gateway.service).unwrap();
        assert_eq!(stream.ssl().servername(NameType::HOST_NAME), Some(CERTAUTH));
        exchange(&mut stream, token_request());
        assert_eq!(gateway.records().pop().unwrap().outcome, Outcome::NoCertificate);
    }
}

/// A client that is not of our making sees the request, the names of authorities in it, and one protocol.
#[test]
fn another_client_sees_the_certificate_request_under_the_one_name_only() {
    let gateway = gateway();
    for version in ["-tls1_2", "-tls1_3"] {
        let arguments = [version, "-alpn", "h2,http/1.1"];
        for name in [CERTAUTH, "again-1.certauth.sts.contoso.test"] {
            let seen = s_client_named(name, gateway.service, arguments, "");
            let names = "CAnames\nC=US,O=Contoso,CN=ContosoRootCA\n";
            assert!(seen.replace(' ', "").contains(names), "{seen}");
            assert!(seen.contains("ALPN protocol: http/1.1"), "{seen}");
        }
        for name in [SERVICE, "certauth.evil.test"] {
            let seen = s_client_named(name, gateway.service, arguments, "");
            assert!(seen.contains("No client certificate CA names sent"), "{seen}");
            assert!(!seen.contains("Client Certificate Types") && seen.contains("ALPN protocol: http/1.1"), "{seen}");
        }
        // the other port still asks, whatever the name
        let seen = s_client_named(SERVICE, gateway.user_tls, arguments, "");
        assert!(seen.contains("Acceptable client certificate CA names"), "{seen}");
    }
}

/// Clients are told the address that needs no second port.
#[test]
fn discovery_names_the_second_host() {
    let gateway = gateway();
    let mut stream = Client::new(VERSIONS[1]).connect(gateway.service).unwrap();
    let document = exchange(&mut stream, get("/adfs/services/trust/mex")).body;
    let address = format!("https://{CERTAUTH}:{}{PATH}", gateway.service.port());
    assert!(document.contains(&address), "{document}");
}

/// Without the key, the name means nothing.
#[test]
fn without_a_second_host_the_service_listener_never_asks() {
    let gateway = TestGateway::start();
    let seen = s_client_named(CERTAUTH, gateway.service, ["-tls1_3"], "");
    assert!(seen.contains("No client certificate CA names sent"), "{seen}");
    let client = Client { host: CERTAUTH, ..Client::new(VERSIONS[1]) }.presenting(Identity::of("good"));
    let mut stream = client.connect(gateway.service).unwrap();
    exchange(&mut stream, token_request());
    assert_eq!(gateway.records().pop().unwrap().outcome, Outcome::WrongListener);
}
