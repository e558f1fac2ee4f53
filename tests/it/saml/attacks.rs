//! Forgeries of genuine signed messages, sent to a running gateway: none leads to a token. The numbers XSW1 to XSW8 are those of
//! Somorovsky and others, "On Breaking SAML" (2012).

use super::party::{KEY, Party, trusts};
use crate::support::lab::{TestLab, text};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fedgate::clock::Clock;
use fedgate::outcome::Outcome;
use fedgate::protocol::samlp::{Carried, redirect_query};
use jiff::SignedDuration;
use openssl::hash::MessageDigest;
use openssl::sign::Signer;
use std::fs;
use std::path::Path;
use std::process::Command;
use url::form_urlencoded::byte_serialize;

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A request of the relying party, made so long ago.
fn request(issuer: &str, signature: &str, ago: SignedDuration) -> String {
    let made = Clock::System.now().checked_sub(ago).unwrap();
    format!(
        "<p:AuthnRequest xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"_genuine\" Version=\"2.0\" IssueInstant=\"{made}\" Destination=\"https://sts.contoso.test/adfs/ls/\" \
         AssertionConsumerServiceURL=\"https://sp.test/acs\"><a:Issuer>{issuer}</a:Issuer>{signature}</p:AuthnRequest>"
    )
}

fn template(algorithm: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"{algorithm}\"/><ds:Reference URI=\"#_genuine\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{DSIG}enveloped-signature\"/><ds:Transform Algorithm=\"{EXCLUSIVE}\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/></ds:Reference>\
         </ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
    )
}

/// Signed by xmlsec1, as a relying party signs what it posts.
fn signed(xml: &str, key: &[&str], folder: &Path) -> String {
    let (input, output) = (folder.join("unsigned.xml"), folder.join("signed.xml"));
    fs::write(&input, xml).unwrap();
    let made = Command::new("xmlsec1")
        .arg("--sign")
        .args(key)
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest", "--output"])
        .args([&output, &input])
        .output()
        .expect("xmlsec1 can be run");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    fs::read_to_string(output).unwrap().trim_start_matches("<?xml version=\"1.0\"?>").trim().to_owned()
}

fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Signed as a relying party signs a query.
fn signed_query(message: &str, relay_state: &str) -> String {
    let query = redirect_query(Carried::Request, message.as_bytes(), Some(relay_state));
    let query = format!("{query}&SigAlg={}", escaped(RSA_SHA256));
    let mut signer = Signer::new(MessageDigest::sha256(), &KEY).unwrap();
    let value = signer.sign_oneshot_to_vec(query.as_bytes()).unwrap();
    format!("{query}&Signature={}", escaped(&BASE64_STANDARD.encode(value)))
}

struct Victim {
    lab: TestLab,
    folder: tempfile::TempDir,
}

/// What a browser got.
struct Got {
    page: String,
    outcome: Option<Outcome>,
}

impl Victim {
    fn start() -> Self {
        let lab = TestLab::changed(|lab| trusts(lab, &[Party::default()]));
        Self { lab, folder: tempfile::tempdir().unwrap() }
    }

    /// A browser with Alice's certificate: whatever is believed leads to a token at once.
    fn browse(&self, query: &str, form: &[(&str, &str)]) -> Got {
        let (certificate, key) = self.lab.lab.user("good");
        let url = format!("https://127.0.0.1:{}/adfs/ls/?{query}", self.lab.user_tls().port());
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--include", "--noproxy", "*", "--max-time", "20", "--globoff"]);
        command.arg("--cacert").arg(self.lab.lab.root()).arg("--cert").arg(certificate).arg("--key").arg(key);
        for (name, value) in form {
            command.args(["--data-urlencode", &format!("{name}={value}")]);
        }
        let answer = command.arg(url).output().expect("curl can be run");
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
        let page = String::from_utf8(answer.stdout).unwrap();
        let id = page.lines().find_map(|line| line.strip_prefix("request-id: ")).unwrap().trim().to_owned();
        let outcome = self.lab.record(&id).outcome;
        Got { page, outcome: Some(outcome) }
    }

    fn post(&self, message: &str) -> Got {
        self.browse("", &[("SAMLRequest", &BASE64_STANDARD.encode(message)), ("RelayState", "state")])
    }

    fn redirect(&self, query: &str) -> Got {
        self.browse(query, &[])
    }
}

#[track_caller]
fn accepted(what: &str, got: &Got) {
    let signed_in = matches!(got.outcome, Some(Outcome::SignedIn | Outcome::SignedInByStrongMapping));
    assert!(
        signed_in && got.page.contains("action=\"https://sp.test/acs\""),
        "{what}: {:?}\n{}",
        got.outcome,
        got.page
    );
}

#[track_caller]
fn refused(what: &str, got: &Got, expected: &[Outcome]) {
    assert!(got.outcome.is_some_and(|outcome| expected.contains(&outcome)), "{what}: {:?}", got.outcome);
    let sent = got.page.contains("name=\"SAMLResponse\"");
    let told = expected == [Outcome::SamlOutsideWindow];
    assert_eq!(sent, told, "{what}: {}", got.page);
    assert!(!got.page.contains("evil"), "{what}: {}", got.page);
}

const SIGNATURE: &[Outcome] = &[Outcome::SamlSignatureRefused];

#[test]
fn forgeries_of_posted_messages_lead_nowhere() {
    let victim = Victim::start();
    let issuer = Party::default().identifier();
    let key = text(victim.lab.lab.path("sp.key"));
    let by_key = ["--privkey-pem", key.as_str()];
    let genuine = signed(&request(&issuer, &template(RSA_SHA256), SignedDuration::ZERO), &by_key, victim.folder.path());
    accepted("the genuine message", &victim.post(&genuine));

    let start = genuine.find("<ds:Signature").unwrap();
    let end = genuine.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let (signature, unsigned) = (&genuine[start..end], [&genuine[..start], &genuine[end..]].concat());
    let evil = |id: &str, inside: &str| {
        let forged = unsigned.replace("_genuine", id).replace("https://sp.test/acs", "https://evil.test/acs");
        forged.replace("</p:AuthnRequest>", &format!("{inside}</p:AuthnRequest>"))
    };
    let extensions = |inside: &str| format!("<p:Extensions>{inside}</p:Extensions>");
    let object =
        |inside: &str| signature.replace("</ds:Signature>", &format!("<ds:Object>{inside}</ds:Object></ds:Signature>"));
    for (what, forged) in [
        ("XSW1, in the signature", evil("_evil", &object(&unsigned))),
        ("XSW2, beside the signature", evil("_evil", &format!("{signature}{}", extensions(&unsigned)))),
        ("XSW3, the signed one in extensions", evil("_evil", &extensions(&genuine))),
        ("XSW5, the same identifier twice", evil("_genuine", &format!("{signature}{unsigned}"))),
        ("XSW6, the same, in the signature", evil("_genuine", &object(&unsigned))),
        ("another consumer", genuine.replace("https://sp.test/acs", "https://evil.test/acs")),
        ("another destination", genuine.replace("https://sts.contoso.test/", "https://evil.test/")),
        ("a comment in the issuer", genuine.replace("https://sp.test/metadata", "https://sp.<!-- -->test/metadata")),
        ("no signature", unsigned.clone()),
        ("SHA-1 by its name", genuine.replace(RSA_SHA256, "http://www.w3.org/2000/09/xmldsig#rsa-sha1")),
    ] {
        assert_ne!(forged, genuine, "{what}");
        refused(what, &victim.post(&forged), SIGNATURE);
    }
    let with_entity = format!("<!DOCTYPE p [<!ENTITY e \"x\">]>{}", genuine.replace(">https://sp", ">&e;https://sp"));
    refused("an entity", &victim.post(&with_entity), &[Outcome::SamlMessageUnreadable]);

    let public = victim.folder.path().join("public.pem");
    fs::write(&public, KEY.public_key_to_pem().unwrap()).unwrap();
    let hmac = template("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
    let forged = request(&issuer, &hmac, SignedDuration::ZERO);
    let forged = signed(&forged, &["--hmackey", &text(public)], victim.folder.path());
    refused("the public key as a secret", &victim.post(&forged), SIGNATURE);
    let old =
        signed(&request(&issuer, &template(RSA_SHA256), SignedDuration::from_mins(6)), &by_key, victim.folder.path());
    refused("a message of six minutes ago", &victim.post(&old), &[Outcome::SamlOutsideWindow]);
    accepted("the genuine message, once more", &victim.post(&genuine));
}

#[test]
fn forgeries_of_redirected_messages_lead_nowhere() {
    let victim = Victim::start();
    let issuer = Party::default().identifier();
    let message = request(&issuer, "", SignedDuration::ZERO);
    let genuine = signed_query(&message, "state");
    accepted("the genuine query", &victim.redirect(&genuine));
    let evil = redirect_query(Carried::Request, message.replace("_genuine", "_evil").as_bytes(), None);
    let (parameters, twice) = (&[Outcome::ParametersUnreadable][..], format!("{genuine}&{evil}"));
    let unsigned = genuine.split("&SigAlg").next().unwrap();
    for (what, forged, expected) in [
        ("another relay state", genuine.replace("RelayState=state", "RelayState=evil"), SIGNATURE),
        ("a relay state in another spelling", genuine.replace("RelayState=state", "relaystate=evil"), SIGNATURE),
        ("no relay state", genuine.replace("&RelayState=state", ""), SIGNATURE),
        ("a second relay state", format!("{genuine}&RelayState=evil"), parameters),
        ("a second one in another spelling", format!("{genuine}&relaystate=evil"), parameters),
        ("a second message after it", twice.clone(), parameters),
        ("a second message before it", format!("{evil}&{genuine}"), parameters),
        ("a second message in another spelling", twice.replace("&SAMLRequest", "&samlrequest"), parameters),
        ("a message of WS-Federation beside it", format!("{genuine}&wa=wsignin1.0&wtrealm=evil"), parameters),
        ("a response beside it", format!("{genuine}&SAMLResponse=evil"), parameters),
        (
            "another message under the signature",
            format!("{evil}&{}", &genuine[genuine.find("RelayState").unwrap()..]),
            SIGNATURE,
        ),
        ("no signature", unsigned.to_owned(), SIGNATURE),
        ("SHA-1 by its name", genuine.replace("xmldsig-more%23rsa-sha256", "xmldsig-more%23rsa-sha1"), SIGNATURE),
    ] {
        assert_ne!(forged, genuine, "{what}");
        refused(what, &victim.redirect(&forged), expected);
    }
    let old = signed_query(&request(&issuer, "", SignedDuration::from_mins(6)), "state");
    refused("a query of six minutes ago", &victim.redirect(&old), &[Outcome::SamlOutsideWindow]);
    let elsewhere = message.replace("https://sp.test/acs", "https://other.test/acs");
    refused(
        "a signed wish for another address",
        &victim.redirect(&signed_query(&elsewhere, "state")),
        &[Outcome::SamlConsumerRefused],
    );
    let destination = message.replace("https://sts.contoso.test/", "https://other.test/");
    let got = victim.redirect(&signed_query(&destination, "state"));
    refused("a message to another service", &got, &[Outcome::SamlDestinationOfAnother]);
    let logout = message.replace("AuthnRequest", "LogoutRequest");
    refused("a logout of nobody", &victim.redirect(&signed_query(&logout, "state")), &[Outcome::SamlMessageMalformed]);
}
