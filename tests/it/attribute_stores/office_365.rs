//! The whole Office 365 rule set of Azure AD Connect in the running gateway, against real directories: the token says what
//! AD FS's would, claim for claim.

use crate::support::lab::{TestLab, replace};
use crate::support::samba::{self, Samba};
use crate::support::slapd::{self, Slapd};
use fedgate::claims::claim_types as types;
use fedgate::lab::{Lab, Trial, try_everybody};
use fedgate::outcome::Outcome;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

const ACCOUNT_TYPE: &str = "http://schemas.microsoft.com/ws/2012/01/accounttype";
const ISSUER_ID: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/issuerid";
const ON_PREMISES_GUID: &str = "http://schemas.microsoft.com/identity/claims/onpremobjectguid";
const TLS_CLIENT: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient";

/// The lab asks this server, with the rules of Azure AD Connect.
fn configure(lab: &Lab, server: &str) {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/claims-rules/office-365-azure-ad-connect");
    replace(lab, "fedgate.toml", "\"claims-rules/office-365/", &format!("\"{rules}/"));
    replace(lab, "fedgate.toml", "kind = \"ldif\"\nfile = \"directory.ldif\"\n", server);
}

fn section(lab: &Lab, url: &str, [bind_dn, password, base_dn]: [&str; 3], authority: &[u8], keys: &str) -> String {
    fs::write(lab.path("directory.password"), password).unwrap();
    fs::write(lab.path("certs/directory-ca.pem"), authority).unwrap();
    format!(
        "kind = \"ldap\"\nurl = \"{url}\"\nbase_dn = \"{base_dn}\"\nbind_dn = \"{bind_dn}\"\n\
         bind_password_file = \"directory.password\"\nca_certificate = \"certs/directory-ca.pem\"\n{keys}"
    )
}

fn samba_section(lab: &Lab, samba: &Samba, url: &str, keys: &str) -> String {
    section(lab, url, [samba::BIND_DN, samba::BIND_PASSWORD, samba::BASE_DN], samba.authority(), keys)
}

/// Who signs in: the certificate without anything special.
fn signed_in<'t>(trials: &'t [Trial], name: &str) -> (&'t Trial, BTreeMap<&'t str, Vec<&'t str>>) {
    let trial = trials.iter().find(|trial| trial.name == name).unwrap();
    let token = trial.token.as_ref().unwrap_or_else(|| panic!("{name} got no token: {:?}", trial.record));
    let mut claims: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (claim_type, value) in &token.claims {
        claims.entry(claim_type).or_default().push(value);
    }
    (trial, claims)
}

fn openssl(lab: &TestLab, name: &str, what: &[&str]) -> String {
    let mut command = Command::new("openssl");
    let output = command.args(["x509", "-noout", "-in"]).arg(lab.lab.user(name).0).args(what).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().split_once('=').unwrap().1.to_owned()
}

/// What every token of a person says, whatever the directory.
fn usual(lab: &TestLab, name: &str, upn: &str, immutable_id: &str) -> BTreeMap<String, Vec<String>> {
    let serial = openssl(lab, name, &["-serial"]);
    let issuer = openssl(lab, name, &["-issuer", "-nameopt", "dn_rev,sep_comma_plus_space"]);
    let claims = [
        (types::OFFICE_UPN, upn.to_owned()),
        (types::IMMUTABLE_ID, immutable_id.to_owned()),
        (types::INSIDE_CORPORATE_NETWORK, "false".to_owned()),
        (types::AUTHENTICATION_METHODS_REFERENCES, TLS_CLIENT.to_owned()),
        (types::SERIAL_NUMBER, serial),
        (types::CERTIFICATE_ISSUER, issuer),
    ];
    claims.into_iter().map(|(claim_type, value)| (claim_type.to_owned(), vec![value])).collect()
}

fn assert_token(
    trials: &[Trial],
    name: &str,
    mut expected: BTreeMap<String, Vec<String>>,
    further: &[(&str, &str)],
    immutable_id: &str,
) {
    for (claim_type, value) in further {
        expected.insert((*claim_type).to_owned(), vec![(*value).to_owned()]);
    }
    let (trial, claims) = signed_in(trials, name);
    let token = trial.token.as_ref().unwrap();
    assert_eq!(format!("{:?}", token.judged), "Good", "{name}");
    let found: BTreeMap<String, Vec<String>> = claims
        .into_iter()
        .map(|(claim_type, values)| (claim_type.to_owned(), values.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(found, expected, "{name}");
    assert!(trial.answer.as_ref().unwrap().body.contains(&format!(">{immutable_id}</saml:NameIdentifier>")), "{name}");
}

/// An account of the domain that a certificate of the cast means.
fn account(name: &str, sam: &str, upn: &str) -> String {
    format!(
        "dn: CN={name},CN=Users,DC=contoso,DC=test\nchangetype: add\nobjectClass: user\nsAMAccountName: {sam}\n\
         userPrincipalName: {upn}\nmail: {upn}\nuserAccountControl: 544\n"
    )
}

#[test]
fn azure_ad_connects_rules_run_against_a_real_domain_controller() {
    let Some(samba) = samba::shared() else { return };
    const DEVICE: &str = "CN=Kim Lee,CN=Users,DC=contoso,DC=test";
    samba.modify(&account("Kim Lee", "kim", "kim@contoso.test"));
    samba.modify(&format!(
        "dn: {DEVICE}\nchangetype: modify\nreplace: mS-DS-ConsistencyGuid\nmS-DS-ConsistencyGuid:: AAECAwQFBgcICQoLDA0ODw==\n\n\
         dn: CN=Domain Computers,CN=Users,DC=contoso,DC=test\nchangetype: modify\nadd: member\nmember: {DEVICE}\n"
    ));
    for (url, keys) in [(samba.ldaps_url(), ""), (samba.ldap_url(), "start_tls = true\n")] {
        let lab = TestLab::changed(|lab| configure(lab, &samba_section(lab, &samba, &url, keys)));
        let trials = try_everybody(&lab, |_| {});

        let guid = samba.attribute("CN=Alice Adams,CN=Users,DC=contoso,DC=test", "objectGUID").remove(0);
        let user = [(ISSUER_ID, "http://contoso.test/adfs/services/trust/")];
        assert_token(&trials, "good", usual(&lab, "good", "alice@contoso.test", &guid), &user, &guid);

        let guid = samba.attribute(DEVICE, "objectGUID").remove(0);
        let sid = samba.attribute(DEVICE, "objectSid").remove(0);
        let sid = fedgate::directory::security_identifier::text(&openssl::base64::decode_block(&sid).unwrap()).unwrap();
        let device = [
            (ACCOUNT_TYPE, "DJ"),
            (ISSUER_ID, "http://contoso.test/adfs/services/trust/"),
            (ON_PREMISES_GUID, guid.as_str()),
            (types::PRIMARY_SID, sid.as_str()),
        ];
        let consistency = "AAECAwQFBgcICQoLDA0ODw==";
        let expected = usual(&lab, "email-only-san", "kim@contoso.test", consistency);
        assert_token(&trials, "email-only-san", expected, &device, consistency);
    }
}

#[test]
fn azure_ad_connects_rules_run_against_openldap() {
    let mut server = None;
    let lab = TestLab::changed(|lab| {
        let ldif = fs::read_to_string(lab.path("directory.ldif")).unwrap();
        let alice = "CN=Alice Adams,CN=Users,DC=contoso,DC=test";
        // Domain Computers by its identifier: Alice is in a group that is in it.
        let sid = "AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAAAwIAAA==";
        let groups = format!(
            "dn: CN=Phones,CN=Users,DC=contoso,DC=test\nobjectClass: groupOfNames\ncn: Phones\nmember: {alice}\n\n\
             dn: CN=Computers,CN=Users,DC=contoso,DC=test\nobjectClass: groupOfNames\nobjectClass: extensibleObject\n\
             cn: Computers\nobjectSid:: {sid}\nmember: CN=Phones,CN=Users,DC=contoso,DC=test\n"
        );
        let started = Slapd::start_with_directory(&format!("{}{groups}", ldif.strip_prefix("version: 1\n\n").unwrap()));
        let login = [slapd::BIND_DN, slapd::BIND_PASSWORD, slapd::BASE_DN];
        let authority = started.settings().ca_certificate.unwrap();
        let section = section(lab, &started.ldaps_url(), login, &authority, "dialect = \"openldap\"\n");
        configure(lab, &section);
        server = Some(started);
    });
    let trials = try_everybody(&lab, |_| {});
    let ldif = fs::read_to_string(lab.lab.path("directory.ldif")).unwrap();
    let entry = |name: &str| ldif.split("\n\n").find(|entry| entry.contains(&format!("cn: {name}\n"))).unwrap();
    let value = |name: &str, attribute: &str| {
        let line = entry(name).lines().find(|line| line.starts_with(attribute)).unwrap();
        line.split_once(":: ").unwrap().1.to_owned()
    };
    let guid = value("Alice Adams", "objectGUID");
    let sid = openssl::base64::decode_block(&value("Alice Adams", "objectSid")).unwrap();
    let sid = fedgate::directory::security_identifier::text(&sid).unwrap();
    let device = [
        (ACCOUNT_TYPE, "DJ"),
        (ISSUER_ID, "http://contoso.test/adfs/services/trust/"),
        (ON_PREMISES_GUID, guid.as_str()),
        (types::PRIMARY_SID, sid.as_str()),
    ];
    assert_token(&trials, "good", usual(&lab, "good", "alice@contoso.test", &guid), &device, &guid);
    drop(server);
}

/// The preset in the running gateway: each token has the issuer of its person's domain, and a person of no listed domain is told
/// so here, not by Entra ID.
#[test]
fn a_token_of_the_preset_has_the_issuer_of_the_domain() {
    const RULES: &str = "transform_rules = \"claims-rules/office-365/transform.rules\"\n";
    let preset = |domain: &str| {
        let text = format!(
            "preset = \"office-365\"\n[[relying_party.domain]]\nname = \"{domain}\"\nissuer = \"urn:of:{domain}\"\n"
        );
        TestLab::changed(move |lab| replace(lab, "fedgate.toml", RULES, &text))
    };
    let lab = preset("contoso.test");
    let trials = try_everybody(&lab, |_| {});
    let (trial, claims) = signed_in(&trials, "good");
    let token = trial.token.as_ref().unwrap();
    assert_eq!(format!("{:?}", token.judged), "Good");
    assert_eq!(claims[types::OFFICE_UPN], ["alice@contoso.test"]);
    let body = &trial.answer.as_ref().unwrap().body;
    assert!(body.contains(" Issuer=\"urn:of:contoso.test\" "), "{body}");

    let trials = try_everybody(&preset("fabrikam.test"), |_| {});
    let trial = trials.iter().find(|trial| trial.name == "good").unwrap();
    let record = trial.record.as_ref().unwrap();
    assert_eq!(record.outcome, Outcome::TokenIssuerUnknown, "{record:?}");
    assert!(record.finding.contains("alice@contoso.test"), "{}", record.finding);
}
