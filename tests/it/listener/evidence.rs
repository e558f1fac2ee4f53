//! What the handshake showed arrives with the request, whole, on the listener that asks; nothing arrives on the other.

use crate::support::gateway::{PKI, SERVICE, TestGateway};
use crate::support::http_client::exchange;
use crate::support::openssl_client::s_client;
use crate::support::tls_client::{Client, Identity, VERSIONS};
use crate::support::token_request::{PATH, get, token_request};
use fedgate::outcome::Outcome;
use fedgate::sign_in::{SignInRecord, Stage};
use openssl::hash::MessageDigest;
use openssl::ssl::SslVersion;
use std::fs;

fn fact<'a>(facts: &'a [(&'static str, String)], name: &str) -> &'a str {
    facts.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

fn chain_finding(record: &SignInRecord) -> &str {
    record.steps.iter().find(|step| step.stage == Stage::Chain).map_or("", |step| &step.finding)
}

/// A user below the branch CA, which is not installed: without the client's own copy there is no path.
fn needs_its_intermediate() -> Identity {
    Identity::of("missing-intermediate").sending(&PKI.not_installed.issued.der)
}

#[test]
fn leaf_chain_and_facts_of_the_connection_arrive() {
    let gateway = TestGateway::start();
    for (version, spelled) in VERSIONS.into_iter().zip(["TLSv1.2", "TLSv1.3"]) {
        let identity = needs_its_intermediate();
        let digest = identity.certificate.digest(MessageDigest::sha256()).unwrap();
        let mut stream = Client::new(version).presenting(identity).connect(gateway.user_tls).unwrap();
        exchange(&mut stream, token_request());
        let record = gateway.records().pop().unwrap();
        assert_eq!(record.steps[0].finding, "The client proved possession of a certificate's key and sent 1 more.");
        let hex: String = digest.iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!(fact(&record.identifiers, "certificate_sha256"), hex);
        let path = chain_finding(&record);
        assert!(path.contains("CN=Contoso Branch CA") && path.contains("CN=Contoso Root CA"), "{path}");
        assert!(fact(&record.circumstances, "tls").starts_with(spelled), "{:?}", record.circumstances);
        assert_eq!(fact(&record.circumstances, "server_name"), SERVICE);
        assert_eq!(fact(&record.circumstances, "port"), gateway.user_tls.port().to_string());
        assert_eq!(fact(&record.circumstances, "peer"), stream.get_ref().local_addr().unwrap().to_string());
    }
}

#[test]
fn without_a_certificate_the_user_listener_says_so() {
    let gateway = TestGateway::start();
    for version in VERSIONS {
        let mut stream = Client::new(version).connect(gateway.user_tls).unwrap();
        let visited = exchange(&mut stream, get(PATH));
        assert!(visited.body.contains("No certificate arrived."), "{}", visited.body);
        let refused = exchange(&mut stream, token_request());
        assert_eq!(refused.status, 403);
        assert_eq!(gateway.records().pop().unwrap().outcome, Outcome::NoCertificate);
    }
}

#[test]
fn a_certificate_stays_with_its_connection() {
    let gateway = TestGateway::start();
    let mut with = Client::new(SslVersion::TLS1_3).presenting(Identity::of("good")).connect(gateway.user_tls).unwrap();
    let mut without = Client::new(SslVersion::TLS1_3).connect(gateway.user_tls).unwrap();
    for _ in 0..3 {
        let body = exchange(&mut with, get(PATH)).body;
        assert!(body.contains("A certificate arrived, with 1 more beside it."), "{body}");
        let body = exchange(&mut without, get(PATH)).body;
        assert!(body.contains("No certificate arrived."), "{body}");
    }
}

#[test]
fn the_service_listener_takes_no_certificate() {
    let gateway = TestGateway::start();
    for version in VERSIONS {
        let mut stream = Client::new(version).presenting(Identity::of("good")).connect(gateway.service).unwrap();
        let visited = exchange(&mut stream, get(PATH));
        assert!(visited.body.contains("This port does not ask for certificates."), "{}", visited.body);
        assert_eq!(exchange(&mut stream, token_request()).status, 403);
        assert_eq!(gateway.records().pop().unwrap().outcome, Outcome::WrongListener);
    }
}

#[test]
fn another_client_sees_which_listener_asks() {
    let gateway = TestGateway::start();
    for version in ["-tls1_2", "-tls1_3"] {
        for (address, asks) in [(gateway.user_tls, true), (gateway.service, false)] {
            let seen = s_client(address, [version, "-msg"], "");
            assert!(seen.contains("ServerHello"), "{seen}");
            assert_eq!(seen.contains("CertificateRequest"), asks, "{version} {address}");
        }
    }
}

/// A resumed session brings the leaf back without the intermediates: a user could sign in once and not again.
#[test]
fn no_session_is_resumed_and_the_intermediate_arrives_each_time() {
    let gateway = TestGateway::start();
    let folder = tempfile::tempdir().unwrap();
    let identity = needs_its_intermediate();
    let file = |name: &str, content: Vec<u8>| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.into_os_string()
    };
    let certificate = file("user.pem", identity.certificate.to_pem().unwrap());
    let key = file("user.key", identity.key.private_key_to_pem_pkcs8().unwrap());
    let chain = file("chain.pem", identity.chain[0].to_pem().unwrap());
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: {SERVICE}\r\nConnection: close\r\n\r\n");
    for version in ["-tls1_2", "-tls1_3"] {
        let session = folder.path().join(format!("session{version}"));
        for visit in ["first", "second"] {
            let mut arguments = vec![version.into(), "-ign_eof".into(), "-cert".into(), certificate.clone()];
            arguments.extend(["-key".into(), key.clone(), "-cert_chain".into(), chain.clone()]);
            arguments.extend(["-sess_out".into(), session.clone().into_os_string()]);
            let seen = s_client(gateway.user_tls, arguments, &request);
            assert!(seen.contains("A certificate arrived, with 1 more beside it."), "{version} {visit}: {seen}");
            assert!(seen.contains("New, TLSv1"), "{version} {visit}: {seen}");
            assert!(!session.exists(), "{version} {visit}: a client was given a session that it could offer again");
        }
    }
}

#[test]
fn no_listener_hands_out_a_ticket() {
    let gateway = TestGateway::start();
    for version in VERSIONS {
        for address in [gateway.user_tls, gateway.service] {
            let client = Client::new(version).presenting(Identity::of("good"));
            let mut stream = client.connect(address).unwrap();
            exchange(&mut stream, get("/adfs/probe"));
            let handed_out = client.handed_out.lock().unwrap();
            assert!(handed_out.iter().all(|session| session.id().is_empty()), "{version:?} {address}");
            assert!(version == SslVersion::TLS1_2 || handed_out.is_empty(), "{version:?} {address}");
            assert!(!stream.ssl().session_reused());
        }
    }
}

/// Every line of every header of a proxy arrives, however it is spelled and whatever is in it.
#[test]
fn what_a_stranger_says_in_the_name_of_a_proxy_is_recorded() {
    let gateway = TestGateway::start();
    let mut stream = Client::new(VERSIONS[1]).presenting(needs_its_intermediate()).connect(gateway.user_tls).unwrap();
    let head = "X-MS-PROXY: WAP01\r\nx-ms-forwarded-client-ip: 10.0.0.1\r\nX-MS-Forwarded-Client-IP: \u{fc}\r\n";
    let request = token_request().replacen("\r\n", &format!("\r\n{head}"), 1);
    exchange(&mut stream, request);
    let record = gateway.records().pop().unwrap();
    let told = record.identifiers.iter().filter(|(name, _)| *name == "header_not_believed");
    let told: Vec<&str> = told.map(|(_, value)| value.as_str()).collect();
    let expected = [
        "x-ms-forwarded-client-ip: 10.0.0.1 (the peer is no trusted proxy)",
        "x-ms-forwarded-client-ip: \u{fc} (the peer is no trusted proxy)",
        "x-ms-proxy: WAP01 (the peer is no trusted proxy)",
    ];
    assert_eq!(told, expected);
}
