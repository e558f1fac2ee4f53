//! Attributes that must say what the certificate says: serial number `00A1B203`, issuer
//! `CN=Issuing CA, O="Contoso, Ltd", DC=test`.

use super::*;
use crate::subject::CertificateField;

const SERIAL_ATTRIBUTE: &str = "extensionAttribute1";
const ISSUER_ATTRIBUTE: &str = "extensionAttribute2";

fn demanding(serial: bool, issuer: bool) -> SubjectPolicy {
    SubjectPolicy {
        require_equal_serial_attribute: serial.then(|| SERIAL_ATTRIBUTE.to_owned()),
        require_equal_issuer_attribute: issuer.then(|| ISSUER_ATTRIBUTE.to_owned()),
        ..policy(&[Binding::UserPrincipalName])
    }
}

fn mapped(policy: &SubjectPolicy, attributes: Attributes<'_>) -> Result<MappedSubject, SubjectError> {
    let alice = account("alice", &[&[("userPrincipalName", "alice@contoso.test")], attributes].concat());
    map(&certificate([upn("alice@contoso.test")]), policy, &[alice])
}

#[test]
fn the_serial_number_must_be_the_same_number() {
    let cases: &[(&[&str], bool)] = &[
        (&["00A1B203"], true),
        (&["a1b203"], true),
        (&["a1:b2:03"], true),
        (&["00 a1 b2 03"], true),
        (&["0xA1B203"], true),
        (&["12", "a1b203"], true),
        (&["a1b203", "12"], true),
        (&["03b2a1"], false),
        (&["a1b2"], false),
        (&["a1b20300"], false),
        // the number in decimal
        (&["10596867"], false),
        (&["a1b203h"], false),
        (&[""], false),
        (&["12", "34"], false),
    ];
    for (values, agrees) in cases {
        let attributes: Vec<(&str, &str)> = values.iter().map(|value| (SERIAL_ATTRIBUTE, *value)).collect();
        let result = mapped(&demanding(true, false), &attributes);
        if *agrees {
            assert!(result.is_ok(), "{values:?}");
            continue;
        }
        let expected = SubjectError::CertificateAttributeMismatch {
            dn: "alice".to_owned(),
            which: CertificateField::SerialNumber,
            attribute: SERIAL_ATTRIBUTE.to_owned(),
            directory: values.join("; "),
            certificate: "00A1B203".to_owned(),
        };
        assert_eq!(result.unwrap_err(), expected, "{values:?}");
    }
}

#[test]
fn the_issuer_may_be_spelled_either_way_in_either_order() {
    let cases: &[(&[&str], bool)] = &[
        (&["CN=Issuing CA, O=\"Contoso, Ltd\", DC=test"], true),
        (&["DC=test,O=\"Contoso, Ltd\",CN=Issuing CA"], true),
        (&["CN=Issuing CA,O=Contoso\\, Ltd,DC=test"], true),
        (&["DC=test,O=Contoso\\2C Ltd,CN=Issuing CA"], true),
        (&["cn=ISSUING  ca, o=\"contoso, ltd\", dc=TEST"], true),
        (&["CN=Root", "CN=Issuing CA,O=Contoso\\, Ltd,DC=test"], true),
        (&["CN=Issuing CA, O=Contoso, Ltd, DC=test"], false),
        (&["O=\"Contoso, Ltd\", CN=Issuing CA, DC=test"], false),
        (&["CN=Issuing CA, O=\"Contoso, Ltd\""], false),
        (&["CN=Issuing CA, O=\"Contoso, Ltd\", DC=test, DC=com"], false),
        (&["CN=Issuing CA + O=\"Contoso, Ltd\", DC=test"], false),
        (&["OU=Issuing CA, O=\"Contoso, Ltd\", DC=test"], false),
        (&["CN=Issuing CÁ, O=\"Contoso, Ltd\", DC=test"], false),
        (&["Issuing CA"], false),
        (&[""], false),
    ];
    for (values, agrees) in cases {
        let attributes: Vec<(&str, &str)> = values.iter().map(|value| (ISSUER_ATTRIBUTE, *value)).collect();
        let result = mapped(&demanding(false, true), &attributes);
        if *agrees {
            assert!(result.is_ok(), "{values:?}");
            continue;
        }
        let expected = SubjectError::CertificateAttributeMismatch {
            dn: "alice".to_owned(),
            which: CertificateField::Issuer,
            attribute: ISSUER_ATTRIBUTE.to_owned(),
            directory: values.join("; "),
            certificate: "CN=Issuing CA, O=\"Contoso, Ltd\", DC=test".to_owned(),
        };
        assert_eq!(result.unwrap_err(), expected, "{values:?}");
    }
}

#[test]
fn silence_is_no_agreement() {
    let issuer = (ISSUER_ATTRIBUTE, "CN=Issuing CA, O=\"Contoso, Ltd\", DC=test");
    let serial = (SERIAL_ATTRIBUTE, "00A1B203");
    let missing = |which, attribute: &str| SubjectError::CertificateAttributeMissing {
        dn: "alice".to_owned(),
        which,
        attribute: attribute.to_owned(),
    };
    let no_serial = missing(CertificateField::SerialNumber, SERIAL_ATTRIBUTE);
    let no_issuer = missing(CertificateField::Issuer, ISSUER_ATTRIBUTE);
    assert!(mapped(&demanding(false, false), &[]).is_ok());
    assert!(mapped(&demanding(true, true), &[serial, issuer]).is_ok());
    assert_eq!(mapped(&demanding(true, true), &[issuer]).unwrap_err(), no_serial);
    assert_eq!(mapped(&demanding(true, true), &[serial]).unwrap_err(), no_issuer);
    assert_eq!(mapped(&demanding(true, true), &[]).unwrap_err(), no_serial);
    assert_eq!(
        no_serial.to_string(),
        "the account alice has no extensionAttribute1, which must equal the certificate's serial number"
    );
}

#[test]
fn agreement_helps_no_account_that_cannot_be_used() {
    let disabled: [(&str, &[u8]); 3] =
        [("userPrincipalName", b"alice@contoso.test"), ("userAccountControl", b"514"), (SERIAL_ATTRIBUTE, b"00A1B203")];
    let certificate = certificate([upn("alice@contoso.test")]);
    let result = map(&certificate, &demanding(true, false), &[raw_entry("alice", disabled)]);
    assert_eq!(told(&result), "Disabled");
}

#[test]
fn a_value_that_is_no_text_agrees_with_nothing() {
    let odd: [(&str, &[u8]); 4] = [
        ("userPrincipalName", b"alice@contoso.test"),
        ("userAccountControl", b"512"),
        ("sAMAccountName", b"alice"),
        (SERIAL_ATTRIBUTE, b"\xa1\xb2\x03"),
    ];
    let certificate = certificate([upn("alice@contoso.test")]);
    let result = map(&certificate, &demanding(true, false), &[raw_entry("alice", odd)]);
    assert_eq!(told(&result), "CertificateAttributeMismatch");
}
