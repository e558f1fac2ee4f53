//! Names and passwords as Microsoft's own libraries send them, to a running gateway with a real directory behind it.

use crate::support::gateway::TestGateway;
use crate::support::http_client::exchange;
use crate::support::python;
use crate::support::samba;
use crate::support::slapd::Slapd;
use crate::support::tls_client::Client;
use fedgate::clock::Clock;
use fedgate::directory::Password;
use fedgate::lookups::SaltedHash;
use fedgate::outcome::Outcome;
use openssl::ssl::SslVersion;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use tempfile::NamedTempFile;

/// With letters that XML and LDAP would like to see escaped. (None beyond ASCII: with urllib3 before 2.0 MSAL sends those in
/// Latin-1, and says UTF-8.)
const PASSWORD: &str = "p&<>\"' battery*)(cn=*";
const ALICE: &str = "alice@contoso.test";

fn people() -> String {
    let hash = SaltedHash::make(&Password::new(PASSWORD).unwrap(), *b"0123456789abcdef");
    format!(
        "dn: cn=alice,ou=people,dc=contoso,dc=test\nobjectClass: user\ncn: alice\nsn: Adams\nsAMAccountName: alice\n\
         userPrincipalName: {ALICE}\nuserAccountControl: 512\nuserPassword: {hash}\n"
    )
}

/// `None`, said once, where the libraries are not installed.
fn sign_in(gateway: &TestGateway, name: &str, password: &str) -> Option<[Value; 2]> {
    let mex = format!("https://sts.contoso.test:{}/adfs/services/trust/mex", gateway.service.port());
    let found = python::user_name(&mex, &gateway.root(), name, password);
    if found.is_none() {
        println!("NOT RUN: MSAL and ADAL sign in; python3-msal and python3-adal are not installed");
    }
    let found = found?;
    Some([found["msal"].clone(), found["adal"].clone()])
}

/// `xmlsec1`, with the one key and nothing from the message, believes the token.
fn is_signed(token: &str, certificate: &Path) -> bool {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(token.as_bytes()).unwrap();
    Command::new("xmlsec1")
        .args(["--verify", "--enabled-key-data", "key-name", "--pubkey-cert-pem"])
        .arg(certificate)
        .args(["--id-attr:AssertionID", "urn:oasis:names:tc:SAML:1.0:assertion:Assertion"])
        .arg(file.path())
        .output()
        .expect("xmlsec1 can be run")
        .status
        .success()
}

fn is_alices(token: &str, gateway: &TestGateway) {
    assert!(is_signed(token, &gateway.token_signing_certificate()), "{token}");
    assert!(token.contains(">alice@contoso.test<"), "{token}");
    let method = "AuthenticationMethod=\"urn:oasis:names:tc:SAML:1.0:am:password\"";
    assert!(token.contains(method), "{token}");
}

/// 1.3, which both prefer, and 2005 where there is nothing else.
#[test]
fn msal_and_adal_sign_in_against_openldap_in_both_versions() {
    let slapd = Slapd::start(&people());
    for (version, endpoints) in
        [("wstrust13", ""), ("wstrust2005", "[endpoints]\ndisabled = [\"/adfs/services/trust/13/usernamemixed\"]\n")]
    {
        let gateway = TestGateway::with_ldap(endpoints, &slapd.settings());
        let Some([msal, adal]) = sign_in(&gateway, ALICE, PASSWORD) else { return };
        assert_eq!((&msal["granted"], &adal["version"]), (&"granted".into(), &version.into()), "{msal} {adal}");
        assert_eq!(msal["grant"], "urn:ietf:params:oauth:grant-type:saml1_1-bearer");
        assert_eq!(adal["type"], "urn:oasis:names:tc:SAML:1.0:assertion");
        is_alices(msal["token"].as_str().unwrap(), &gateway);
        // ADAL writes the token anew, which signatures survive that are over canonical XML
        is_alices(adal["token"].as_str().unwrap(), &gateway);
        let outcomes: Vec<Outcome> = gateway.records().iter().map(|record| record.outcome).collect();
        assert_eq!(outcomes, [Outcome::SignedIn, Outcome::SignedIn], "{version}");
    }
}

/// Each in its own words, and nothing tells one reason from another.
#[test]
fn msal_and_adal_say_that_a_sign_in_failed() {
    let slapd = Slapd::start(&people());
    let gateway = TestGateway::with_ldap("", &slapd.settings());
    for (name, password, outcome) in
        [(ALICE, "wrong", Outcome::WrongPassword), ("nobody@contoso.test", "wrong", Outcome::UserNameUnknown)]
    {
        let Some([msal, adal]) = sign_in(&gateway, name, password) else { return };
        let said = msal["error"].as_str().unwrap_or_else(|| panic!("{msal}"));
        assert!(said.starts_with("WsTrust server returned error in RSTR:"), "{said}");
        assert!(said.contains("ID3242:") && said.contains("e:FailedAuthentication"), "{said}");
        let said = adal["error"].as_str().unwrap_or_else(|| panic!("{adal}"));
        assert!(said.contains("WS-Trust RST request returned http error: 500") && said.contains("ID3242:"), "{said}");
        let records = gateway.records();
        assert!(records.iter().rev().take(2).all(|record| record.outcome == outcome), "{name}");
    }
    let told = format!("{:?}", gateway.records());
    assert!(told.contains("nobody@contoso.test") && !told.contains("wrong\""), "a record holds a password: {told}");
}

/// The same with a domain controller, and the name in its other form.
#[test]
fn msal_and_adal_sign_in_against_a_domain_controller() {
    let Some(samba) = samba::shared() else { return };
    let quoted: Vec<u8> = "\"S0me body-s passw0rd!\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    samba.modify(&format!(
        "dn: CN=Paula Password,CN=Users,DC=contoso,DC=test\nchangetype: add\nobjectClass: user\nsAMAccountName: paula\n\
         userPrincipalName: paula@contoso.test\nuserAccountControl: 512\nunicodePwd:: {}\n",
        openssl::base64::encode_block(&quoted)
    ));
    let gateway = TestGateway::with_ldap("", &samba.settings());
    for name in ["paula@contoso.test", "CONTOSO\\paula"] {
        let Some([msal, adal]) = sign_in(&gateway, name, "S0me body-s passw0rd!") else { return };
        for found in [msal, adal] {
            let token = found["token"].as_str().unwrap_or_else(|| panic!("{name}: {found}"));
            assert!(token.contains(">CONTOSO\\paula<") && token.contains(">paula@contoso.test<"), "{token}");
        }
    }
}

/// Guesses over connections of their own, all at once: no more than the threshold get to the directory.
#[test]
fn guesses_in_parallel_are_locked_out_like_guesses_in_turn() {
    let gateway = TestGateway::with_people("[extranet_lockout]\nthreshold = 3\n", &people());
    let now = Clock::System.now();
    let message = include_str!("../../messages/usernamemixed-msal-13.xml")
        .replace("2026-11-21T09:30:39Z", &now.to_string())
        .replace("2026-11-21T09:40:39Z", &(now + jiff::SignedDuration::from_mins(5)).to_string());
    let request = format!(
        "POST /adfs/services/trust/13/usernamemixed HTTP/1.1\r\nHost: sts.contoso.test\r\n\
         Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: {}\r\n\r\n{message}",
        message.len()
    );
    let bodies: Vec<String> = std::thread::scope(|scope| {
        let guess = || exchange(&mut Client::new(SslVersion::TLS1_3).connect(gateway.service).unwrap(), &request).body;
        let guesses: Vec<_> = (0..12).map(|_| scope.spawn(guess)).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    let count = |outcome| gateway.records().iter().filter(|record| record.outcome == outcome).count();
    assert_eq!((count(Outcome::WrongPassword), count(Outcome::ExtranetLockedOut)), (3, 9));
    // but for the moment, the answers are one
    let moment =
        |body: &str| body.split_once("<u:Created>").unwrap().1.split_once("</u:Expires>").unwrap().0.to_owned();
    let alike = |body: &String| body.replace(&moment(body), "");
    assert!(bodies.iter().all(|body| alike(body) == alike(&bodies[0]) && body.contains("ID3242:")), "{bodies:?}");
}
