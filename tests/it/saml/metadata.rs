//! `/FederationMetadata/2007-06/FederationMetadata.xml`, fetched from a running gateway and verified by `xmlsec1`.

use crate::support::gateway::{CONFIGURATION, PKI, Patience, TestGateway};
use crate::support::http_client::{Answer, exchange};
use crate::support::tls_client::Client;
use crate::support::token_request::get;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fedgate::xml::reader::{Element, XmlLimits, parse_document};
use openssl::ssl::SslVersion;
use openssl::x509::X509;
use std::net::SocketAddr;
use std::process::Command;

const METADATA: &str = "/FederationMetadata/2007-06/FederationMetadata.xml";

fn ask(address: SocketAddr, request: &str) -> Answer {
    exchange(&mut Client::new(SslVersion::TLS1_3).connect(address).unwrap(), request)
}

fn read(answer: &Answer) -> Element {
    parse_document(answer.body.as_bytes(), XmlLimits::default()).unwrap()
}

fn texts(root: &Element, name: &str) -> Vec<String> {
    root.descendants().filter(|element| &*element.name == name).map(|element| element.text.clone()).collect()
}

/// The certificates by which a relying party will know us.
fn certificates(answer: &Answer) -> Vec<String> {
    let root = read(answer);
    let roles = root.children.iter().filter(|role| role.children.iter().any(|child| &*child.name == "KeyDescriptor"));
    let of_role = |role: &Element| texts_of_keys(role);
    let mut known: Vec<Vec<String>> = roles.map(of_role).collect();
    known.dedup();
    assert_eq!(known.len(), 1, "every role has the same");
    known.remove(0)
}

fn texts_of_keys(role: &Element) -> Vec<String> {
    let keys = role.children.iter().filter(|element| &*element.name == "KeyDescriptor");
    keys.flat_map(|key| texts(key, "X509Certificate")).collect()
}

fn xmlsec1_accepts(xml: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let (document, certificate) = (folder.path().join("metadata.xml"), folder.path().join("signing.pem"));
    std::fs::write(&document, xml).unwrap();
    std::fs::write(&certificate, X509::from_der(&PKI.token_signing.der).unwrap().to_pem().unwrap()).unwrap();
    let judge = Command::new("xmlsec1")
        .args(["--verify", "--enabled-key-data", "key-name", "--id-attr:ID"])
        .arg("urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor")
        .arg("--pubkey-cert-pem")
        .args([certificate, document])
        .output();
    judge.expect("xmlsec1 can be run").status.success()
}

#[test]
fn it_is_signed_and_names_what_is_served() {
    let gateway = TestGateway::start();
    for path in [METADATA, "/federationmetadata/2007-06/federationmetadata.xml"] {
        let answer = ask(gateway.service, &get(path));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/samlmetadata+xml")));
        assert!(xmlsec1_accepts(&answer.body));
        assert!(!xmlsec1_accepts(&answer.body.replacen("certificatemixed", "certificatemixee", 1)));
        let root = read(&answer);
        assert_eq!(root.attribute("", "entityID"), Some("http://sts.contoso.test/adfs/services/trust"));
        let port = gateway.service.port();
        let expected = format!("https://sts.contoso.test:{port}/adfs/ls/");
        assert_eq!(texts(&root, "Address").first(), Some(&expected));
        assert_eq!(certificates(&answer).first(), Some(&BASE64_STANDARD.encode(&PKI.token_signing.der)));
    }
    assert_eq!(ask(gateway.user_tls, &get(METADATA)).status, 200, "on either listener");
    let post = format!("POST {METADATA} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    let answer = ask(gateway.service, &post);
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
}

/// Its identifier is random and the signature covers it, so equal documents were signed in one go.
#[test]
fn strangers_do_not_make_the_signing_key_work() {
    let gateway = TestGateway::start();
    let document = || ask(gateway.service, &get(METADATA)).body;
    assert_eq!(document(), document());
    assert_ne!(document(), ask(TestGateway::start().service, &get(METADATA)).body);
}

#[test]
fn the_next_certificate_is_published_after_the_current_one() {
    let with = CONFIGURATION.replacen("[token_signing]\n", "[token_signing]\nnext_certificate = \"tls.pem\"\n", 1);
    let gateway = TestGateway::configured(Patience::default(), &with);
    let answer = ask(gateway.service, &get(METADATA));
    let expected = [&PKI.token_signing.der, &PKI.gateway_tls.der].map(|der| BASE64_STANDARD.encode(der));
    assert_eq!(certificates(&answer), expected);
    assert!(xmlsec1_accepts(&answer.body), "the current one signs");
}

#[test]
fn what_is_switched_off_is_not_named() {
    let without_wsdl = TestGateway::with_section("[endpoints]\ndisabled = [\"/adfs/services/trust/mex\"]\n");
    assert!(!ask(without_wsdl.service, &get(METADATA)).body.contains("/mex"));
    let off = TestGateway::with_section(&format!("[endpoints]\ndisabled = [{METADATA:?}]\n"));
    assert_eq!(ask(off.service, &get(METADATA)).status, 404);
}
