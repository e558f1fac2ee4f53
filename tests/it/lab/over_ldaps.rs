//! A lab whose directory is a real OpenLDAP server, asked over ldaps://.

use crate::support::lab::{TestLab, replace};
use crate::support::python;
use crate::support::slapd::{BASE_DN, BIND_DN, BIND_PASSWORD, Slapd};
use fedgate::lab::{CAST, Lab, try_everybody};
use fedgate::outcome::Disposition;
use std::fs;

/// Loads the lab's own directory into a server, and has the gateway ask there, with these keys besides. Nothing about the
/// directory is changed but its first line: slapadd does not know the version that RFC 2849 has an LDIF file begin with.
pub(super) fn move_directory(lab: &Lab, keys: &str) -> Slapd {
    let file = lab.path("directory.ldif");
    let ldif = fs::read_to_string(&file).unwrap();
    let slapd = Slapd::start_with_directory(ldif.strip_prefix("version: 1\n\n").unwrap());
    // Nothing may come from the file any more.
    fs::remove_file(file).unwrap();
    fs::write(lab.path("directory.password"), BIND_PASSWORD).unwrap();
    fs::write(lab.path("certs/directory-ca.pem"), slapd.settings().ca_certificate.unwrap()).unwrap();
    let section = format!(
        "kind = \"ldap\"\n\
         url = \"{}\"\n\
         dialect = \"openldap\"\n\
         base_dn = \"{BASE_DN}\"\n\
         bind_dn = \"{BIND_DN}\"\n\
         bind_password_file = \"directory.password\"\n\
         ca_certificate = \"certs/directory-ca.pem\"\n\
         {keys}",
        slapd.ldaps_url()
    );
    replace(lab, "fedgate.toml", "kind = \"ldif\"\nfile = \"directory.ldif\"\n", &section);
    slapd
}

/// The trial complains when an outcome, an answer or a token is not what it is with the LDIF directory.
#[test]
fn everybody_ends_as_with_the_embedded_directory() {
    let mut server = None;
    let lab = TestLab::changed(|lab| server = Some(move_directory(lab, "")));
    let trials = try_everybody(&lab, |_| {});
    assert_eq!(trials.len(), CAST.len() + 1);
    for trial in &trials {
        assert_eq!(trial.complaints(), Vec::<String>::new(), "{}: {:?}", trial.name, trial.record);
    }
    // And the server was really asked.
    assert!(server.unwrap().connections() > 0);
}

#[test]
fn python_signs_in_with_every_certificate() {
    let mut server = None;
    let lab = TestLab::changed(|lab| server = Some(move_directory(lab, "")));
    let mut tokens = 0;
    for role in CAST {
        // Python's OpenSSL does not send a key as short as this one's.
        if role.name == "weak-key" {
            continue;
        }
        let found = python::sign_in(&lab.lab, lab.user_tls(), role.name);
        let record = lab.record(found["request_id"].as_str().unwrap());
        assert_eq!(record.outcome, role.expected, "{}: {}", role.name, record.finding);
        let signed_in = role.expected.entry().disposition == Disposition::Issue;
        assert_eq!(found["verified"] == true, signed_in, "{}: {found}", role.name);
        let subcode = if signed_in { "null".into() } else { "\"FailedAuthentication\"".to_owned() };
        assert_eq!(found["subcode"].to_string(), subcode, "{}", role.name);
        tokens += usize::from(signed_in);
    }
    assert_eq!(tokens, 3);
}
