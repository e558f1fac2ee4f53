//! `/adfs/services/trust/mex`, as Microsoft's own libraries read it and as `xmllint` does.

use crate::support::gateway::TestGateway;
use crate::support::http_client::{Answer, exchange, read_head};
use crate::support::python;
use crate::support::tls_client::Client;
use crate::support::token_request::{PATH, get};
use fedgate::protocol::Version;
use fedgate::protocol::mex::{self, Binding, Credential, Port};
use openssl::ssl::SslVersion;
use serde_json::json;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

const MEX: &str = "/adfs/services/trust/mex";

fn ask(address: SocketAddr, request: &str) -> Answer {
    exchange(&mut Client::new(SslVersion::TLS1_3).connect(address).unwrap(), request)
}

/// A question to a document that `xmllint` must take.
fn xpath(document: &str, question: &str) -> String {
    let mut child = Command::new("xmllint")
        .args(["--xpath", question, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint can be run");
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Of the one endpoint that the tests switch off and on.
const LOCATIONS: &str = "string(//*[local-name()='address'][contains(@location,'certificatetransport')]/@location)";
const PORTS: &str = "count(//*[local-name()='address'][contains(@location,'certificatetransport')])";

#[test]
fn a_gateway_names_its_endpoints_on_the_ports_that_clients_see() {
    let gateway = TestGateway::start();
    for path in [MEX, "/ADFS/Services/Trust/MEX/"] {
        let answer = ask(gateway.service, &get(path));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/xml; charset=UTF-8")));
        let port = gateway.user_tls.port();
        assert_eq!(xpath(&answer.body, LOCATIONS), format!("https://sts.contoso.test:{port}{PATH}"));
        assert_eq!(xpath(&answer.body, PORTS), "1");
    }
}

#[test]
fn a_port_that_a_firewall_shows_is_named_instead() {
    let gateway = TestGateway::with_section("[endpoints]\nuser_tls_port = 49443\n");
    let answer = ask(gateway.service, &get(MEX));
    assert_eq!(xpath(&answer.body, LOCATIONS), format!("https://sts.contoso.test:49443{PATH}"));
}

#[test]
fn other_methods_are_refused_with_allow() {
    let gateway = TestGateway::start();
    for method in ["POST", "PUT", "DELETE"] {
        let request = format!("{method} {MEX} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        let answer = ask(gateway.service, &request);
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")), "{method}");
    }
    // AD FS answers HEAD late and oddly; no body may follow here.
    for (address, path, allow) in [(gateway.service, MEX, "GET"), (gateway.user_tls, PATH, "POST")] {
        let mut stream = Client::new(SslVersion::TLS1_3).connect(address).unwrap();
        stream.write_all(format!("HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).unwrap();
        let answer = read_head(&mut stream).unwrap();
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{path}");
        assert_eq!(exchange(&mut stream, get("/adfs/probe")).status, 200, "{path}");
    }
}

#[test]
fn what_is_switched_off_is_neither_served_nor_named() {
    let gateway = TestGateway::with_section(&format!("[endpoints]\ndisabled = [{PATH:?}]\n"));
    assert_eq!(ask(gateway.user_tls, &get(PATH)).status, 404);
    assert_eq!(xpath(&ask(gateway.service, &get(MEX)).body, PORTS), "0");
    let gateway = TestGateway::with_section(&format!("[endpoints]\ndisabled = [{MEX:?}]\n"));
    assert_eq!(ask(gateway.service, &get(MEX)).status, 404);
    assert_eq!(ask(gateway.user_tls, &get(PATH)).status, 405);
}

/// Whoever says `X-MS-Proxy` is outside, and so is everybody whose network is not named.
#[test]
fn what_is_not_for_proxies_is_served_inside_only() {
    let endpoints = format!("[endpoints]\nproxy_disabled = [{PATH:?}]\n");
    let inside = TestGateway::with_section(&format!("[proxy]\ncorporate_networks = [\"127.0.0.0/8\"]\n{endpoints}"));
    let outside = TestGateway::with_section(&endpoints);
    let through_proxy = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\nX-MS-Proxy: wap1\r\n\r\n");
    for (gateway, path, request, served) in [
        (&inside, PATH, get(PATH), true),
        (&inside, PATH, through_proxy(PATH), false),
        (&outside, PATH, get(PATH), false),
        (&inside, MEX, get(MEX), true),
        (&inside, MEX, through_proxy(MEX), false),
        (&outside, MEX, get(MEX), false),
    ] {
        let expected = if served { "1" } else { "0" };
        if path == MEX {
            assert_eq!(xpath(&ask(gateway.service, &request).body, PORTS), expected, "{request}");
        } else {
            let status = ask(gateway.user_tls, &request).status;
            assert_eq!(status, if served { 405 } else { 404 }, "{request}");
        }
    }
}

/// The document with the bindings that MSAL and ADAL look for, whichever of them a gateway has.
#[test]
fn microsofts_libraries_find_the_user_name_endpoints() {
    let address = |binding: Binding| format!("https://sts.contoso.test/{:?}/{:?}", binding.version, binding.credential);
    let found = |bindings: &[Binding]| {
        let ports = bindings.iter().map(|binding| Port { binding: *binding, address: address(*binding) });
        python::discover(&mex::render(&ports.collect::<Vec<_>>()))
    };
    let certificate = Binding { credential: Credential::CertificateTransport, version: Version::February2005 };
    let signed = Binding { credential: Credential::CertificateMixed, version: Version::V13 };
    let [user_2005, user_13] =
        [Version::February2005, Version::V13].map(|version| Binding { credential: Credential::UserNameMixed, version });
    let Some(nothing) = found(&[certificate, signed]) else {
        println!(
            "NOT RUN: MSAL and ADAL read the discovered endpoints; python3-msal and python3-adal are not installed"
        );
        return;
    };
    assert_eq!(nothing, json!({ "msal": null, "adal": null }));
    let action = |version: &str| format!("{version}/RST/Issue");
    for (bindings, preferred, version, action) in [
        (&[signed, certificate, user_2005, user_13][..], user_13, "wstrust13", action(TRUST_13)),
        (&[user_13], user_13, "wstrust13", action(TRUST_13)),
        (&[user_2005, certificate], user_2005, "wstrust2005", action(TRUST_2005)),
    ] {
        let found = found(bindings).unwrap();
        assert_eq!(found["msal"], json!({ "address": address(preferred), "action": action }), "{bindings:?}");
        assert_eq!(found["adal"]["address"], address(preferred), "{bindings:?}");
        assert_eq!(found["adal"]["version"], version, "{bindings:?}");
    }
}

const TRUST_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
const TRUST_2005: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust";
