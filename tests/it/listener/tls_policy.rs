//! What TLS here does and does not do.

use crate::support::gateway::TestGateway;
use crate::support::http_client::{exchange, read_answer};
use crate::support::openssl_client::s_client;
use crate::support::tls_client::{Client, Identity, VERSIONS, dial};
use crate::support::token_request::{get, token_request};
use fedgate::lab::cast::KeyShape;
use fedgate::lab::keys::LabKey;
use fedgate::outcome::Outcome;
use openssl::x509::X509;
use rcgen::{CertificateParams, DnType, KeyIdMethod, SerialNumber};
use std::io::{Read, Write};

/// Record type and level of a fatal alert, and two reasons for one (RFC 5246 section 7.2).
const ALERT: u8 = 21;
const FATAL: u8 = 2;
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;

/// A ClientHello without extensions that offers this version at most.
fn client_hello(version: [u8; 2]) -> Vec<u8> {
    let suites: [u8; 10] = [0xc0, 0x13, 0xc0, 0x14, 0x00, 0x2f, 0x00, 0x35, 0x00, 0xff];
    let mut hello = version.to_vec();
    hello.extend([7; 32]);
    hello.push(0);
    hello.extend([0, 10]);
    hello.extend(suites);
    hello.extend([1, 0]);
    let mut record = vec![22, 3, 0, 0, u8::try_from(hello.len() + 4).unwrap(), 1, 0, 0];
    record.push(u8::try_from(hello.len()).unwrap());
    record.extend(hello);
    record
}

#[test]
fn versions_before_tls_1_2_are_refused() {
    let gateway = TestGateway::start();
    for address in [gateway.user_tls, gateway.service] {
        // To SSL 3.0, OpenSSL says no in the words of SSL 3.0, which has no word for versions.
        for (name, version, reason) in [
            ("SSL 3.0", [3, 0], HANDSHAKE_FAILURE),
            ("TLS 1.0", [3, 1], PROTOCOL_VERSION),
            ("TLS 1.1", [3, 2], PROTOCOL_VERSION),
        ] {
            let mut stream = dial(address);
            stream.write_all(&client_hello(version)).unwrap();
            let mut alert = [0; 7];
            stream.read_exact(&mut alert).unwrap();
            assert_eq!((alert[0], &alert[5..]), (ALERT, &[FATAL, reason][..]), "{name}");
        }
    }
}

#[test]
fn a_second_handshake_on_a_connection_is_refused() {
    let gateway = TestGateway::start();
    for address in [gateway.user_tls, gateway.service] {
        // An R on a line of its own makes this client start a handshake.
        let seen = s_client(address, ["-tls1_2"], "R\n");
        assert!(seen.contains("RENEGOTIATING") && seen.contains("no renegotiation"), "{seen}");
    }
}

#[test]
fn http_2_is_not_spoken_whatever_is_offered() {
    let gateway = TestGateway::start();
    let offers: [(&[u8], bool); 3] = [(b"\x02h2\x08http/1.1", true), (b"\x08http/1.1", true), (b"\x02h2", false)];
    for version in VERSIONS {
        for (offer, has_http_1) in offers {
            let client = Client { alpn: Some(offer), ..Client::new(version) };
            let mut stream = client.connect(gateway.user_tls).unwrap();
            let chosen = stream.ssl().selected_alpn_protocol().map(<[u8]>::to_vec);
            assert_eq!(chosen, has_http_1.then(|| b"http/1.1".to_vec()), "{version:?} {offer:?}");
            assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200, "{version:?} {offer:?}");
        }
        // Who speaks it all the same is not understood.
        let mut stream = Client::new(version).connect(gateway.user_tls).unwrap();
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
        let answer = read_answer(&mut stream);
        assert!(answer.is_none_or(|answer| answer.status == 400), "{version:?}");
    }
}

/// Signed by itself and by nobody else.
fn self_signed() -> Identity {
    let key = LabKey::generate(KeyShape::P256).unwrap();
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "Nobody's subject");
    parameters.serial_number = Some(SerialNumber::from(1));
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(key.identifier());
    let certificate = parameters.self_signed(&key).unwrap();
    let certificate = X509::from_der(certificate.der()).unwrap();
    Identity { certificate, chain: Vec::new(), key: key.private().clone() }
}

/// A refused client must read why, so TLS refuses none: an alert would leave a browser with a page of its own making.
#[test]
fn whatever_is_wrong_with_a_certificate_is_said_above_tls() {
    let gateway = TestGateway::start();
    for version in VERSIONS {
        for (name, identity, expected) in [
            ("expired", Identity::of("expired"), Outcome::CertificateExpired),
            ("not yet valid", Identity::of("not-yet-valid"), Outcome::CertificateNotYetValid),
            ("1024 bits", Identity::of("weak-key"), Outcome::WeakKey),
            ("self-signed", self_signed(), Outcome::UnknownIssuer),
            ("of a stranger", Identity::of("unknown-issuer"), Outcome::UnknownIssuer),
            ("made for servers", Identity::of("wrong-eku"), Outcome::WrongExtendedKeyUsage),
            ("without its issuer", Identity::of("missing-intermediate"), Outcome::MissingIntermediate),
        ] {
            let mut stream = Client::new(version).presenting(identity).connect(gateway.user_tls).unwrap();
            let answer = exchange(&mut stream, token_request());
            let record = gateway.records().pop().unwrap();
            assert_eq!((answer.status, record.outcome), (500, expected), "{version:?} {name}: {}", record.finding);
            assert!(answer.body.contains("ID3242"), "{name}: {}", answer.body);
        }
    }
}
