//! `altSecurityIdentities` in its strong forms, and whole certificates.

use super::*;
use openssl::hash::MessageDigest;
use openssl::x509::X509;

const BOB: &str = include_str!("../../certificate/testdata/bob.b64");

fn hex(octets: impl AsRef<[u8]>) -> String {
    octets.as_ref().iter().map(|octet| format!("{octet:02x}")).collect()
}

fn mapped_by(certificate: &Certificate, value: &str) -> bool {
    let people = [account("alice", &[("altSecurityIdentities", value)])];
    let mapped = map(certificate, &policy(&[Binding::AltSecurityIdentities]), &people);
    match told(&mapped).as_str() {
        "alt-security-identities: alice" => true,
        "NoAccount" => false,
        other => panic!("{value}: {other}"),
    }
}

/// OpenSSL says what thumbprint and key identifier are.
#[test]
fn strong_forms_match_and_weak_ones_never_do() {
    let certificate = certificate([upn("alice@contoso.test"), mail("alice@contoso.test")]);
    let judge = X509::from_der(certificate.der()).unwrap();
    let thumbprint = hex(judge.digest(MessageDigest::sha1()).unwrap());
    let key = openssl::hash::hash(MessageDigest::sha1(), &certificate.public_key().spki_der).unwrap();
    let identifier = hex(judge.subject_key_id().unwrap().as_slice());
    let matching = [
        format!("X509:<I>{ISSUER}<SR>03b2a100"),
        format!("X509:<I>{ISSUER}<SR>03b2a1"),
        format!("X509:<I>{ISSUER}<SR>03B2A1"),
        format!("X509:<I>{}<SR>03b2a1", ISSUER.to_lowercase()),
        format!("X509:<SKI>{identifier}"),
        format!("X509:<SKI>{}", identifier.to_uppercase()),
        format!("X509:<SHA1-PUKEY>{thumbprint}"),
        format!("X509:<SHA1-PUKEY>{}", thumbprint.to_uppercase()),
    ];
    for value in &matching {
        assert!(mapped_by(&certificate, value), "{value}");
    }
    let other = [
        // the serial number unreversed, shortened, continued; the issuer turned round, spaced, unquoted, another's
        format!("X509:<I>{ISSUER}<SR>a1b203"),
        format!("X509:<I>{ISSUER}<SR>00a1b203"),
        format!("X509:<I>{ISSUER}<SR>03b2"),
        format!("X509:<I>{ISSUER}<SR>03b2a10000"),
        format!("X509:<I>{ISSUER}<SR>"),
        "X509:<I>CN=Issuing CA,O=\"Contoso, Ltd\",DC=test<SR>03b2a1".to_owned(),
        "X509:<I>DC=test, O=\"Contoso, Ltd\", CN=Issuing CA<SR>03b2a1".to_owned(),
        "X509:<I>DC=test,O=Contoso\\, Ltd,CN=Issuing CA<SR>03b2a1".to_owned(),
        "X509:<I>DC=test,O=\"Contoso, Ltd\",CN=Issuing CA 2<SR>03b2a1".to_owned(),
        "X509:<SR>03b2a1".to_owned(),
        format!("X509:<I>{ISSUER}"),
        format!("X509:<SKI>{thumbprint}"),
        "X509:<SKI>".to_owned(),
        format!("X509:<SHA1-PUKEY>{identifier}"),
        format!("X509:<SHA1-PUKEY>{}", hex(key)),
        format!("X509: <SKI>{identifier}"),
        format!("X509:<SKI>{identifier} "),
        identifier.clone(),
        // the weak forms of KB5014754
        format!("X509:<I>{ISSUER}<S>CN=alice"),
        "X509:<S>CN=alice".to_owned(),
        "X509:<RFC822>alice@contoso.test".to_owned(),
        "X509:<PN>alice@contoso.test".to_owned(),
        "Kerberos:alice@CONTOSO.TEST".to_owned(),
    ];
    for value in &other {
        assert!(!mapped_by(&certificate, value), "{value}");
    }
}

#[test]
fn a_serial_number_without_a_sign_octet_has_one_spelling() {
    let certificate = certificate_with(|params| params.serial_number = Some(SerialNumber::from_slice(&[0x11, 0x22])));
    assert!(mapped_by(&certificate, &format!("X509:<I>{ISSUER}<SR>2211")));
    assert!(!mapped_by(&certificate, &format!("X509:<I>{ISSUER}<SR>221100")));
}

/// The strings that the mapping vectors give for this certificate.
#[test]
fn matches_the_strings_of_the_mapping_vectors() {
    let der = openssl::base64::decode_block(&BOB.replace('\n', "")).unwrap();
    let bob = Certificate::read_der(&der).unwrap();
    for value in [
        "X509:<I>DC=com,DC=woodgrove,CN=WOODGROVE-CA-A<SR>b24134139f069b49997212a86ba0ef48",
        "X509:<SKI>7D1CE88F6F6260AE7E1FD8DBBD294DB9918C053D",
        "X509:<SHA1-PUKEY>768DBDC499FFD6945AD22BCD3F1D54CE54C60E56",
    ] {
        assert!(mapped_by(&bob, value), "{value}");
    }
}

#[test]
fn one_value_of_several_is_enough() {
    let certificate = certificate([]);
    let values = ["Kerberos:x", "X509:<S>CN=alice", &format!("X509:<I>{ISSUER}<SR>03b2a1")];
    let values = values.map(|value| value.as_bytes().to_vec()).to_vec();
    let text = |value: &str| vec![value.as_bytes().to_vec()];
    let alice = Entry::new(
        "alice",
        [
            ("altSecurityIdentities".to_owned(), values),
            ("userAccountControl".to_owned(), text("512")),
            ("sAMAccountName".to_owned(), text("alice")),
        ],
    );
    let mapped = map(&certificate, &policy(&[Binding::AltSecurityIdentities]), &[alice]);
    assert_eq!(told(&mapped), "alt-security-identities: alice");
}

#[test]
fn only_the_very_same_certificate_is_held() {
    let certificate = certificate([upn("alice@contoso.test")]);
    let renewed = super::certificate([upn("alice@contoso.test")]);
    let mut continued = certificate.der().to_vec();
    continued.push(0);
    let cases: [(&str, &[u8], bool); 5] = [
        ("userCertificate", certificate.der(), true),
        ("userCertificate;binary", certificate.der(), true),
        ("userCertificate", renewed.der(), false),
        ("userCertificate", &continued, false),
        ("userSMIMECertificate", certificate.der(), false),
    ];
    for (attribute, value, found) in cases {
        let held = [(attribute, value), ("userAccountControl", b"512"), ("sAMAccountName", b"alice")];
        let mapped = map(&certificate, &policy(&[Binding::UserCertificate]), &[raw_entry("alice", held)]);
        assert_eq!(told(&mapped), if found { "user-certificate: alice" } else { "NoAccount" }, "{attribute}");
    }
}

#[test]
fn strong_is_what_no_chosen_name_can_reach() {
    let strong: Vec<Binding> = EVERY_BINDING.into_iter().filter(|binding| binding.is_strong()).collect();
    assert_eq!(strong, [Binding::AltSecurityIdentities, Binding::UserCertificate]);
}
