//! `fedgate serve` on a lab's configuration, as a service manager runs it.

use crate::support::fedgate::Running;
use crate::support::lab::{for_serving, remove_rule, replace, sign_in};
use fedgate::http::routes::CERTIFICATE_TRANSPORT;
use fedgate::lab::{CAST, Lab};
use openssl::ssl::{SslConnector, SslFiletype, SslMethod, SslStream};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// The event of every sign-in.
const EVENT: &str = "fedgate::sign_in";

/// Nothing of a token and no secret may be in the log: it is kept for long and read by many.
fn assert_nothing_secret(lab: &Lab, log: &str) {
    for word in ["<saml:", "Assertion>", "SignatureValue", "DigestValue", "PRIVATE KEY", "BinarySecret"] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
    for key in ["gateway/tls.key", "gateway/token-signing.key", "users/good.key"] {
        let pem = fs::read_to_string(lab.path(key)).unwrap();
        let line = pem.lines().nth(1).unwrap();
        assert!(!log.contains(line), "{key} is in the log");
    }
}

/// Signs everybody in; the references under which, in the order of the cast.
fn everybody(lab: &Lab, address: SocketAddr) -> Vec<String> {
    let reference = |name| {
        let answer = sign_in(lab, address, name);
        answer.header("request-id").expect("a reference").to_owned()
    };
    CAST.iter().map(|role| reference(role.name)).collect()
}

#[test]
fn each_sign_in_is_one_line_of_text() {
    let (_folder, lab) = for_serving();
    let running = Running::serve(&lab.path("fedgate.toml"));
    let references = everybody(&lab, running.user_tls());
    running.terminate();
    let (status, log) = running.wait();
    assert_eq!(status.code(), Some(0));
    let events: Vec<&String> = log.iter().filter(|line| line.contains(&format!(" {EVENT}: "))).collect();
    assert_eq!(events.len(), CAST.len(), "{log:#?}");
    for ((role, reference), event) in CAST.iter().zip(&references).zip(events) {
        let (code, name) = (role.expected.code(), role.expected.name());
        for field in [format!("code=\"{code}\""), format!("outcome=\"{name}\""), format!("correlation_id={reference}")]
        {
            assert!(event.contains(&field), "{field} is not in {event}");
        }
        assert!(event.contains(" timings=connection=") && event.contains(" particulars="), "{event}");
        let subject = format!("CN={}, O=Contoso, C=US", role.certificate.common_name);
        assert!(event.contains(&subject), "{subject} is not in {event}");
    }
    assert_nothing_secret(&lab, &log.join("\n"));
}

#[test]
fn each_sign_in_is_one_json_object() {
    let (_folder, lab) = for_serving();
    replace(&lab, "fedgate.toml", "format = \"text\"", "format = \"json\"");
    let running = Running::serve(&lab.path("fedgate.toml"));
    let references = everybody(&lab, running.user_tls());
    running.terminate();
    let (status, log) = running.wait();
    assert_eq!(status.code(), Some(0));
    let log: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).expect(line)).collect();
    let events: Vec<&Value> = log.iter().filter(|event| event["target"] == EVENT).collect();
    assert_eq!(events.len(), CAST.len());
    for ((role, reference), event) in CAST.iter().zip(&references).zip(events) {
        assert_eq!(event["code"], role.expected.code());
        assert_eq!(event["outcome"], role.expected.name());
        assert_eq!(event["stage"], role.expected.entry().stage.name());
        assert_eq!(event["correlation_id"], *reference);
        let timings = event["timings"].as_str().unwrap();
        for timing in timings.split(' ') {
            let (stage, microseconds) = timing.split_once('=').unwrap();
            let number: Option<u64> = microseconds.strip_suffix("us").and_then(|number| number.parse().ok());
            assert!(!stage.is_empty() && number.is_some(), "{timings}");
        }
        assert!(timings.contains("chain="), "{timings}");
        let particulars = event["particulars"].as_str().unwrap();
        for name in ["certificate_subject=\"CN=", "certificate_serial=\"", "peer=\"127.0.0.1:", "tls=\"TLSv1.3 "] {
            assert!(particulars.contains(name), "{name} is not in {particulars}");
        }
        assert!(event["message"].as_str().is_some_and(|message| !message.is_empty()), "{event}");
    }
    assert_nothing_secret(&lab, &log.iter().map(Value::to_string).collect::<String>());
}

/// Such tokens hold on after the certificate was revoked. Every event says what is missing, one warning says it aloud.
#[test]
fn a_token_without_the_certificate_s_claims_is_warned_of_once_per_trust() {
    let (_folder, lab) = for_serving();
    for rule in ["Certificate serial number", "Certificate issuer"] {
        remove_rule(&lab, rule);
    }
    let running = Running::serve(&lab.path("fedgate.toml"));
    for name in ["good", "good", "strong-mapping", "revoked"] {
        sign_in(&lab, running.user_tls(), name);
    }
    running.terminate();
    let (_, log) = running.wait();
    let missing = "http://schemas.microsoft.com/ws/2008/06/identity/claims/serialnumber \
                   http://schemas.microsoft.com/2012/12/certificatecontext/field/issuer";
    let warnings: Vec<&String> =
        log.iter().filter(|line| line.contains("the token lacks certificate claims")).collect();
    assert_eq!(warnings.len(), 1, "{log:#?}");
    let said =
        ["WARN", missing, "relying_party=Microsoft Office 365 Identity Platform", "will not revoke the sessions"];
    assert!(said.iter().all(|word| warnings[0].contains(word)), "{}", warnings[0]);
    let told = log.iter().filter(|line| line.contains(&format!("missing_claims=\"{missing}\""))).count();
    assert_eq!(told, 3, "{log:#?}");
}

/// A connection with Alice's certificate on which nothing has been said yet.
fn connect(lab: &Lab, address: SocketAddr) -> SslStream<TcpStream> {
    let mut builder = SslConnector::builder(SslMethod::tls_client()).unwrap();
    builder.set_ca_file(lab.root()).unwrap();
    let (chain, key) = lab.user("good");
    builder.set_certificate_chain_file(chain).unwrap();
    builder.set_private_key_file(key, SslFiletype::PEM).unwrap();
    builder.build().connect(lab.service_name(), TcpStream::connect(address).unwrap()).unwrap()
}

#[test]
fn told_to_stop_it_answers_who_is_half_way_and_nobody_new() {
    let (_folder, lab) = for_serving();
    let running = Running::serve(&lab.path("fedgate.toml"));
    let address = running.user_tls();
    let request = fs::read_to_string(lab.path("request.xml")).unwrap();
    let (sent, rest) = request.split_at(request.len() / 2);
    let mut connection = connect(&lab, address);
    write!(
        connection,
        "POST {CERTIFICATE_TRANSPORT} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/soap+xml\r\n\
         Content-Length: {}\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n",
        lab.service_name(),
        request.len()
    )
    .unwrap();
    // The interim answer shows that the request is being served when the signal comes.
    let mut interim = [0; 25];
    connection.read_exact(&mut interim).unwrap();
    assert_eq!(interim, *b"HTTP/1.1 100 Continue\r\n\r\n");
    connection.write_all(sent.as_bytes()).unwrap();

    running.terminate();
    running.wait_for("told to stop");
    wait_until_refused(address);
    connection.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("<saml:Assertion"), "{answer}");

    let (status, log) = running.wait();
    assert_eq!(status.code(), Some(0));
    assert!(log.iter().any(|line| line.contains("code=\"FG0000\"")), "{log:#?}");
}

fn wait_until_refused(address: SocketAddr) {
    let stopwatch = fedgate::clock::Clock::System.stopwatch();
    while TcpStream::connect(address).is_ok() {
        assert!(stopwatch.elapsed() < std::time::Duration::from_secs(5), "it still accepts connections");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
