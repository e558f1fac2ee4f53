use super::*;
use crate::chain::test_pki::{Node, TestKey, authority, user};
use base64::Engine;
use proptest::prelude::*;
use rcgen::CustomExtension;

/// The certificate of entra-vectors EV-002 (made for these vectors; serial and names of Microsoft's how-to article).
const BOB: &str = include_str!("testdata/bob.b64");

fn bob_der() -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(BOB.replace('\n', "")).unwrap()
}

#[test]
fn reads_every_field_of_a_user_certificate() {
    let bob = Certificate::read_der(&bob_der()).unwrap();
    assert_eq!(bob.serial().to_string(), "48EFA06BA8127299499B069F133441B2");
    assert_eq!(bob.subject().dotnet(), "CN=Bob Smith, OU=UserAccounts, DC=woodgrove, DC=com");
    assert_eq!(bob.subject().in_der_order(), "DC=com,DC=woodgrove,OU=UserAccounts,CN=Bob Smith");
    assert_eq!(bob.issuer().in_der_order(), "DC=com,DC=woodgrove,CN=WOODGROVE-CA-A");
    assert_eq!(bob.issuer().rfc4514(), "CN=WOODGROVE-CA-A,DC=woodgrove,DC=com");
    assert_eq!(bob.user_principal_names().collect::<Vec<_>>(), ["bob@woodgrove.com"]);
    assert_eq!(bob.rfc822_names().collect::<Vec<_>>(), ["bob@woodgrove.com"]);
    assert_eq!(bob.extended_key_usage(), Some(&["1.3.6.1.5.5.7.3.2".to_owned()][..]));
    assert_eq!(bob.basic_constraints(), Some(BasicConstraints { ca: false, path_length: None }));
    let usage = bob.key_usage().unwrap();
    assert!(usage.digital_signature() && !usage.key_cert_sign() && !usage.crl_sign());
    assert_eq!(bob.certificate_policies(), ["1.2.3.4"]);
    assert_eq!(bob.crl_distribution_points().len(), 1);
    assert!(bob.crl_distribution_points()[0].starts_with("ldap:///CN=WOODGROVE-CA-A,CN=CDP,"));
    assert_eq!(bob.public_key().kind, KeyKind::Ec("1.2.840.10045.3.1.7".to_owned()));
    assert_eq!(bob.public_key().bits, 256);
    assert_eq!(bob.signature_algorithm(), "1.2.840.10045.4.3.2");
    assert_eq!(bob.signature_digest(), SignatureDigest::Strong);
    assert_eq!(hex(bob.subject_key_identifier().unwrap()), "7d1ce88f6f6260ae7e1fd8dbbd294db9918c053d");
    assert_eq!(hex(bob.authority_key_identifier().unwrap()), "b7989a1ee2fc0c5a37aa476b3e5450265d94a72b");
    assert_eq!(hex(&bob.sha1_thumbprint()), "768dbdc499ffd6945ad22bcd3f1d54ce54c60e56");
    assert_eq!((bob.version(), bob.template(), bob.template_name()), (3, None, None));
    assert_eq!((bob.public_key().rsa_numbers(), bob.authority_serial()), (None, None));
    assert_eq!(bob.not_before().to_string(), "2025-01-01T00:00:00Z");
    assert_eq!(bob.not_after().to_string(), "2030-01-01T00:00:00Z");
    assert!(!bob.is_self_issued());
}

/// Template name, template, application policies: 1.3.6.1.4.1.311 and these.
const MICROSOFT: [[u64; 2]; 3] = [[20, 2], [21, 7], [21, 10]];

fn with_microsoft_extensions(content: [&[u8]; 3], critical: bool) -> Certificate {
    let mut params = user("alice");
    params.custom_extensions = std::iter::zip(MICROSOFT, content)
        .map(|(last, content)| {
            let oid = [&[1, 3, 6, 1, 4, 1, 311][..], &last].concat();
            let mut extension = CustomExtension::from_oid_content(&oid, content.to_vec());
            extension.set_criticality(critical);
            extension
        })
        .collect();
    let leaf = Node::root(authority("Root"), TestKey::ec()).issue(params, TestKey::ec());
    Certificate::read_der(&leaf.der).unwrap()
}

#[test]
fn what_only_informs_refuses_nothing_and_handles_nothing() {
    let readable: [&[u8]; 3] = [b"\x0c\x04User", b"\x30\x04\x06\x02\x2a\x03", b"\x30\x06\x30\x04\x06\x02\x2a\x04"];
    let unreadable: [&[u8]; 3] = [b"\x0c\x05User", b"\x30\x04\x06\x02\x2a", b"\x30\x02\x05\x00"];
    for critical in [false, true] {
        let told = with_microsoft_extensions(readable, critical);
        assert_eq!(told.template_name(), Some("User"));
        assert_eq!(told.template().map(|template| template.id.as_str()), Some("1.2.3"));
        assert_eq!(told.application_policies(), ["1.2.4"]);
        let silent = with_microsoft_extensions(unreadable, critical);
        assert_eq!((silent.template_name(), silent.template()), (None, None));
        assert!(silent.application_policies().is_empty());
        for certificate in [told, silent] {
            let unhandled = certificate.unhandled_critical_extensions().len();
            assert_eq!(unhandled, if critical { MICROSOFT.len() } else { 0 });
        }
    }
}

#[test]
fn refuses_what_is_not_exactly_one_certificate() {
    let whole = bob_der();
    let mut longer = whole.clone();
    longer.push(0);
    assert_eq!(Certificate::read_der(&longer).unwrap_err(), CertificateError::TrailingBytes { count: 1 });
    assert_eq!(Certificate::read_der(&whole[..whole.len() - 1]).unwrap_err(), CertificateError::NotACertificate);
    assert_eq!(Certificate::read_der(b"").unwrap_err(), CertificateError::NotACertificate);
}

#[test]
fn refuses_bytes_hidden_after_the_signature() {
    let mut hidden = bob_der();
    hidden.extend([0x05, 0x00]);
    let length = u16::try_from(hidden.len() - 4).unwrap().to_be_bytes();
    hidden[2..4].copy_from_slice(&length);
    assert_eq!(Certificate::read_der(&hidden).unwrap_err(), CertificateError::TrailingBytes { count: 2 });
}

#[test]
fn refuses_two_different_signature_algorithms() {
    let mut forged = bob_der();
    let ecdsa_sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let outer = forged.windows(8).rposition(|window| window == ecdsa_sha256).unwrap();
    forged[outer + 7] = 0x03;
    let error = Certificate::read_der(&forged).unwrap_err();
    assert!(matches!(error, CertificateError::SignatureAlgorithmMismatch { .. }), "{error}");
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// OID content, string tag, octets.
type Attribute<'a> = (&'a [u8], u8, &'a [u8]);

/// One RDN per inner slice.
fn name(rdns: &[&[Attribute<'_>]]) -> DistinguishedName {
    let tlv = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let mut body = Vec::new();
    for rdn in rdns {
        let attributes: Vec<u8> =
            rdn.iter().flat_map(|(oid, tag, value)| tlv(0x30, &[tlv(0x06, oid), tlv(*tag, value)].concat())).collect();
        body.extend(tlv(0x31, &attributes));
    }
    DistinguishedName::read_der(&tlv(0x30, &body)).unwrap()
}

#[test]
fn prints_names_as_dotnet_as_ldap_and_in_der_order() {
    const CN: &[u8] = &[0x55, 4, 3];
    const C: &[u8] = &[0x55, 4, 6];
    const ST: &[u8] = &[0x55, 4, 8];
    const O: &[u8] = &[0x55, 4, 10];
    const OU: &[u8] = &[0x55, 4, 11];
    const EMAIL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
    const ODD: &[u8] = &[0x2a, 3, 4];
    let utf8 = 0x0c;
    let cases: &[(DistinguishedName, &str, &str, &str)] = &[
        (name(&[]), "", "", ""),
        (
            name(&[&[(C, 0x13, b"DE")], &[(ST, utf8, b"Berlin")], &[(EMAIL, 0x16, b"a@b.test")], &[(CN, utf8, b"A")]]),
            "CN=A, E=a@b.test, S=Berlin, C=DE",
            "CN=A,emailAddress=a@b.test,ST=Berlin,C=DE",
            "C=DE,S=Berlin,E=a@b.test,CN=A",
        ),
        (
            name(&[&[(O, utf8, b"Contoso, \"Ltd\"")], &[(OU, utf8, b"X"), (CN, utf8, b" A+B ")]]),
            "OU=X + CN=\" A+B \", O=\"Contoso, \"\"Ltd\"\"\"",
            "OU=X+CN=\\ A\\+B\\ ,O=Contoso\\, \\\"Ltd\\\"",
            "O=\"Contoso, \"\"Ltd\"\"\",OU=X CN=\" A+B \"",
        ),
        (
            name(&[&[(ODD, utf8, b"v")], &[(CN, 0x1e, b"\x00J\x00\xfc")], &[(CN, 0x14, b"J\xfc")]]),
            "CN=Jü, CN=Jü, OID.1.2.3.4=v",
            "CN=Jü,CN=Jü,1.2.3.4=#0c0176",
            "OID.1.2.3.4=v,CN=Jü,CN=Jü",
        ),
        (
            name(&[&[(CN, utf8, b"#1")], &[(CN, utf8, b"")], &[(CN, utf8, b"\xff")]]),
            "CN=#0c01ff, CN=\"\", CN=\"#1\"",
            "CN=#0c01ff,CN=,CN=\\#1",
            "CN=\"#1\",CN=\"\",CN=#0c01ff",
        ),
    ];
    for (name, dotnet, rfc4514, in_der_order) in cases {
        assert_eq!(name.dotnet(), *dotnet);
        assert_eq!(name.rfc4514(), *rfc4514);
        assert_eq!(name.in_der_order(), *in_der_order);
    }
}

#[test]
fn names_match_up_to_string_type_case_and_blanks() {
    const CN: &[u8] = &[0x55, 4, 3];
    const OU: &[u8] = &[0x55, 4, 11];
    let (utf8, printable, bmp) = (0x0c, 0x13, 0x1e);
    let reference = name(&[&[(OU, printable, b"Sign In")], &[(CN, printable, b"Issuing CA")]]);
    let cases: &[(DistinguishedName, bool)] = &[
        (name(&[&[(OU, utf8, b"sign in")], &[(CN, utf8, b"  ISSUING   ca ")]]), true),
        (name(&[&[(OU, bmp, b"\x00S\x00i\x00g\x00n\x00 \x00I\x00n")], &[(CN, utf8, b"Issuing CA")]]), true),
        (name(&[&[(CN, utf8, b"Issuing CA")], &[(OU, utf8, b"Sign In")]]), false),
        (name(&[&[(OU, utf8, b"Sign In"), (CN, utf8, b"Issuing CA")]]), false),
        (name(&[&[(OU, utf8, b"SignIn")], &[(CN, utf8, b"Issuing CA")]]), false),
        (name(&[&[(OU, utf8, b"Sign In")]]), false),
        (name(&[]), false),
    ];
    for (other, expected) in cases {
        assert_eq!(reference.matches(other), *expected, "{}", other.dotnet());
        assert_ne!(&reference, other);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = Certificate::read_der(&bytes);
        let _ = DistinguishedName::read_der(&bytes).map(|name| name.dotnet().len());
    }

    #[test]
    fn mutated_certificates_never_panic(edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut der = bob_der();
        for (position, octet) in edits {
            let position = position.index(der.len());
            der[position] = octet;
        }
        if let Ok(certificate) = Certificate::read_der(&der) {
            let texts = [certificate.subject().dotnet(), certificate.issuer().rfc4514()];
            prop_assert!(texts.iter().all(|text| text.len() < 10 * der.len()));
            let _ = certificate.serial().decimal();
        }
    }
}
