//! The judge of whatever it prints is `openssl x509`; the Windows and .NET spellings are tables.

use super::*;
use crate::chain::test_pki::{Node, TestKey, authority, user};
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    SanType, SerialNumber, date_time_ymd,
};
use std::process::Command;
use std::sync::LazyLock;

const BOB: &str = include_str!("../../certificate/testdata/bob.b64");
/// An attribute of the authority's name that [`multi_valued`] replaces by two, because rcgen writes one per part.
const PLACEHOLDER: &[u8] = b"xxxxxxxxxxxxxxxxxxxxxxxxxx";

fn bob() -> Certificate {
    Certificate::read_der(&BASE64_STANDARD.decode(BOB.replace('\n', "")).unwrap()).unwrap()
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
}

fn extension(oid: &[u64], content: &[u8]) -> CustomExtension {
    CustomExtension::from_oid_content(oid, content.to_vec())
}

/// Everything that section 9.1 lists, from an authority whose name needs quotes.
fn elaborate() -> Certificate {
    let mut params = user("alice");
    params.serial_number = Some(SerialNumber::from_slice(&[0xa1, 0xb2, 0x00, 0x0f]));
    params.not_before = date_time_ymd(2024, 12, 5);
    params.not_after = date_time_ymd(2034, 2, 28);
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DecipherOnly,
    ];
    let smart_card_logon = vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 2];
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::Other(smart_card_logon));
    for (kind, value) in [
        (DnType::CustomDnType(vec![0, 9, 2342, 19200300, 100, 1, 25]), "test"),
        (DnType::StateOrProvinceName, "Saxony"),
        (DnType::OrganizationName, "Contoso; \"Ltd\""),
        (DnType::CustomDnType(vec![1, 2, 840, 113549, 1, 9, 1]), "alice@contoso.test"),
    ] {
        params.distinguished_name.push(kind, value);
    }
    params.subject_alt_names = vec![
        SanType::OtherName((vec![1, 3, 6, 1, 4, 1, 311, 20, 2, 3], "alice@contoso.test".into())),
        SanType::Rfc822Name("alice.adams@contoso.test".try_into().unwrap()),
        SanType::DnsName("laptop.contoso.test".try_into().unwrap()),
        SanType::URI("tag:contoso.test,2026:alice".try_into().unwrap()),
        SanType::IpAddress([192, 0, 2, 7].into()),
        SanType::IpAddress([0x2001, 0xdb8, 0, 0, 0, 0, 0, 7].into()),
        SanType::OtherName((vec![1, 2, 3], "b".into())),
    ];
    params.use_authority_key_identifier_extension = false;
    params.custom_extensions = microsoft_and_policies();
    params.custom_extensions.push(extension(
        &[2, 5, 29, 35],
        b"\x30\x1b\x80\x03\xd6\x13\xe3\xa1\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01R\x82\x02\x00\xc1",
    ));
    multi_valued(quoted_authority().issue(params, TestKey::rsa(1024)).der)
}

fn quoted_authority() -> Node {
    let mut params = authority(" Issuing, CA ");
    params.distinguished_name.push(DnType::OrganizationName, "Contoso+Fabrikam \"Joint\"");
    params.distinguished_name.push(DnType::OrganizationalUnitName, str::from_utf8(PLACEHOLDER).unwrap());
    Node::root(params, TestKey::ec())
}

fn microsoft_and_policies() -> Vec<CustomExtension> {
    let two_policies = b"\x30\x0f\x30\x05\x06\x03\x2a\x03\x04\x30\x06\x06\x04\x55\x1d\x20\x00";
    let client_authentication = b"\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02";
    let template = b"\x30\x13\x06\x0b\x2b\x06\x01\x04\x01\x82\x37\x15\x08\x01\x02\x02\x01\x64\x02\x01\x03";
    vec![
        extension(&[2, 5, 29, 32], two_policies),
        extension(&[1, 3, 6, 1, 4, 1, 311, 21, 10], client_authentication),
        extension(&[1, 3, 6, 1, 4, 1, 311, 20, 2], b"\x1e\x08\x00U\x00s\x00e\x00r"),
        extension(&[1, 3, 6, 1, 4, 1, 311, 21, 7], template),
    ]
}

/// Puts OU and CN into one part of the issuer's name, in place: the two are as long as the placeholder. The signature is
/// broken by that, which is nobody's business here.
fn multi_valued(mut der: Vec<u8>) -> Certificate {
    let attribute = |oid: &[u8], text: &[u8]| tlv(0x30, &[tlv(0x06, oid), tlv(0x0c, text)].concat());
    let unit = [0x55, 4, 11];
    let old = attribute(&unit, PLACEHOLDER);
    let new = [attribute(&unit, b"PKI 1"), attribute(&[0x55, 4, 3], b"Issuing CA 1")].concat();
    assert_eq!(old.len(), new.len());
    let at = der.windows(old.len()).position(|window| window == old).unwrap();
    der[at..at + old.len()].copy_from_slice(&new);
    Certificate::read_der(&der).unwrap()
}

fn plain(change: impl FnOnce(&mut CertificateParams), key: TestKey) -> Certificate {
    let mut params = user("alice");
    change(&mut params);
    Certificate::read_der(&Node::root(authority("Root"), TestKey::ec()).issue(params, key).der).unwrap()
}

/// Last part of the type and value, in order.
fn told(certificate: &Certificate) -> Vec<(String, String)> {
    let last = |claim_type: &str| claim_type.rsplit('/').next().unwrap().to_owned();
    certificate_claims(certificate, |_| true)
        .into_iter()
        .map(|claim| (last(&claim.claim_type), claim.value.to_string()))
        .collect()
}

fn values(certificate: &Certificate, name: &str) -> Vec<String> {
    told(certificate).into_iter().filter(|(told, _)| told == name).map(|(_, value)| value).collect()
}

#[test]
fn spells_every_field_and_extension_as_windows_does() {
    let issuer = "OU=PKI 1 + CN=Issuing CA 1, O=\"Contoso+Fabrikam \"\"Joint\"\"\", CN=\" Issuing, CA \"";
    let subject = "E=alice@contoso.test, O=\"Contoso; \"\"Ltd\"\"\", S=Saxony, DC=test, CN=alice";
    let expected = [
        ("serialnumber", "00A1B2000F"),
        ("issuer", issuer),
        ("issuername", issuer),
        ("subject", subject),
        ("subjectname", subject),
        ("notbefore", "12/05/2024 00:00:00"),
        ("notafter", "02/28/2034 00:00:00"),
        ("signaturealgorithm", "sha256ECDSA"),
        ("x509version", "3"),
        ("keyusage", "DigitalSignature"),
        ("keyusage", "NonRepudiation"),
        ("keyusage", "KeyEncipherment"),
        ("keyusage", "DecipherOnly"),
        ("eku", "1.3.6.1.5.5.7.3.2"),
        ("eku", "1.3.6.1.4.1.311.20.2.2"),
        (
            "san",
            "Other Name:Principal Name=alice@contoso.test, RFC822 Name=alice.adams@contoso.test, \
             DNS Name=laptop.contoso.test, URL=tag:contoso.test,2026:alice, IP Address=192.0.2.7, \
             IP Address=2001:0db8:0000:0000:0000:0000:0000:0007, Other Name:1.2.3=0c 01 62",
        ),
        (
            "authoritykeyidentifier",
            "KeyID=d6 13 e3, Certificate Issuer:Directory Address:CN=R, Certificate SerialNumber=00 c1",
        ),
        ("basicconstraints", "Subject Type=End Entity, Path Length Constraint=None"),
        ("applicationpolicy", "1.3.6.1.5.5.7.3.2"),
        ("certificatepolicy", "1.2.3.4"),
        ("certificatepolicy", "2.5.29.32.0"),
        ("certificatetemplatename", "User"),
        (
            "certificatetemplateinformation",
            "Template=1.3.6.1.4.1.311.21.8.1.2, Major Version Number=100, Minor Version Number=3",
        ),
    ];
    let dependent_on_the_key = ["thumbprint", "rsa", "rawdata", "subjectkeyidentifier"];
    let certificate = elaborate();
    let (varying, fixed): (Vec<_>, Vec<_>) =
        told(&certificate).into_iter().partition(|(name, _)| dependent_on_the_key.contains(&name.as_str()));
    assert_eq!(fixed, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(varying.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), dependent_on_the_key);
}

#[test]
fn reads_the_certificate_of_the_mapping_vectors() {
    let raw = BOB.replace('\n', "");
    let expected = [
        ("http://schemas.microsoft.com/ws/2008/06/identity/claims/serialnumber", "48EFA06BA8127299499B069F133441B2"),
        (
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/thumbprint",
            "768DBDC499FFD6945AD22BCD3F1D54CE54C60E56",
        ),
        ("F/issuer", "CN=WOODGROVE-CA-A, DC=woodgrove, DC=com"),
        ("F/issuername", "CN=WOODGROVE-CA-A, DC=woodgrove, DC=com"),
        ("F/subject", "CN=Bob Smith, OU=UserAccounts, DC=woodgrove, DC=com"),
        ("F/subjectname", "CN=Bob Smith, OU=UserAccounts, DC=woodgrove, DC=com"),
        ("F/notbefore", "01/01/2025 00:00:00"),
        ("F/notafter", "01/01/2030 00:00:00"),
        ("F/signaturealgorithm", "sha256ECDSA"),
        ("F/x509version", "3"),
        ("F/rawdata", &raw),
        ("X/keyusage", "DigitalSignature"),
        ("X/eku", "1.3.6.1.5.5.7.3.2"),
        ("X/san", "Other Name:Principal Name=bob@woodgrove.com, RFC822 Name=bob@woodgrove.com"),
        ("X/subjectkeyidentifier", "7D1CE88F6F6260AE7E1FD8DBBD294DB9918C053D"),
        ("X/authoritykeyidentifier", "KeyID=b7 98 9a 1e e2 fc 0c 5a 37 aa 47 6b 3e 54 50 26 5d 94 a7 2b"),
        ("X/basicconstraints", "Subject Type=End Entity, Path Length Constraint=None"),
        ("X/certificatepolicy", "1.2.3.4"),
    ];
    let context = "http://schemas.microsoft.com/2012/12/certificatecontext/";
    let long = |name: &str| match name.split_once('/') {
        Some(("F", name)) => format!("{context}field/{name}"),
        Some(("X", name)) => format!("{context}extension/{name}"),
        _ => name.to_owned(),
    };
    let expected = expected.map(|(name, value)| Claim::new(long(name), value.to_owned(), AD_AUTHORITY));
    assert_eq!(certificate_claims(&bob(), |_| true), expected);
}

#[test]
fn what_a_certificate_does_not_say_is_no_claim() {
    let bare = plain(
        |params| {
            let serial = params.serial_number.take();
            *params = CertificateParams::default();
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.serial_number = serial;
        },
        TestKey::ec(),
    );
    let names: Vec<String> = told(&bare).into_iter().map(|(name, _)| name).collect();
    let always = ["serialnumber", "thumbprint", "issuer", "issuername"];
    let fields = ["notbefore", "notafter", "signaturealgorithm", "x509version", "rawdata"];
    assert_eq!(names, [&always[..], &fields[..]].concat());
}

#[test]
fn authorities_tell_their_constraints() {
    let constraints = |is_ca| {
        let certificate = plain(|params| params.is_ca = is_ca, TestKey::ec());
        values(&certificate, "basicconstraints")
    };
    let cases = [
        (IsCa::NoCa, vec![]),
        (IsCa::ExplicitNoCa, vec!["Subject Type=End Entity, Path Length Constraint=None"]),
        (IsCa::Ca(BasicConstraints::Unconstrained), vec!["Subject Type=CA, Path Length Constraint=None"]),
        (IsCa::Ca(BasicConstraints::Constrained(1)), vec!["Subject Type=CA, Path Length Constraint=1"]),
    ];
    for (is_ca, expected) in cases {
        assert_eq!(constraints(is_ca), expected, "{is_ca:?}");
    }
}

#[test]
fn an_rsa_key_is_xml_of_its_own_value_type() {
    let claims = certificate_claims(&plain(|_| (), TestKey::rsa(1024)), |_| true);
    let typed: Vec<&Claim> = claims.iter().filter(|claim| claim.value_type != super::super::STRING).collect();
    assert_eq!(typed.len(), 1);
    assert_eq!((typed[0].claim_type.as_str(), typed[0].value_type.as_str()), (types::RSA, RSA_KEY_VALUE));
}

proptest! {
    #[test]
    fn a_mutated_certificate_never_panics(edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        static ELABORATE: LazyLock<Vec<u8>> = LazyLock::new(|| elaborate().der().to_vec());
        let mut der = ELABORATE.clone();
        for (position, octet) in edits {
            let position = position.index(der.len());
            der[position] = octet;
        }
        if let Ok(certificate) = Certificate::read_der(&der) {
            let claims = certificate_claims(&certificate, |_| true);
            prop_assert!(claims.iter().all(|claim| !claim.value.is_empty() && claim.value.len() < 10 * der.len()));
        }
    }
}

#[test]
fn openssl_sees_the_same_certificate() {
    let all_usages = |params: &mut CertificateParams| {
        params.key_usages = vec![
            KeyUsagePurpose::DataEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::EncipherOnly,
        ];
        params.not_after = date_time_ymd(2050, 1, 1);
    };
    let cases = [bob(), elaborate(), plain(all_usages, TestKey::rsa(1024))];
    for certificate in &cases {
        let said = openssl(certificate.der());
        let one = |name| values(certificate, name).pop().unwrap_or_default();
        assert_eq!(one("serialnumber").trim_start_matches("00"), said.line("serial="));
        assert_eq!(one("thumbprint"), said.fingerprint());
        assert_eq!(parts(&one("issuer")), said.name("issuer="));
        assert_eq!(parts(&one("subject")), said.name("subject="));
        assert_eq!(iso(&one("notbefore")), said.line("notBefore="));
        assert_eq!(iso(&one("notafter")), said.line("notAfter="));
        assert_eq!(values(certificate, "keyusage").join(", "), said.key_usages());
        assert_eq!(values(certificate, "eku").join(", "), said.extended_key_usages());
        assert_eq!(one("subjectkeyidentifier"), said.after("Subject Key Identifier:").replace(':', ""));
        assert_eq!(modulus(&one("rsa")), said.modulus());
    }
}

/// What `openssl x509 -text` says of the rest: in words of its own, turned into those of Windows here.
#[test]
fn openssl_reads_the_same_extensions() {
    let authority = |path_length| plain(|params| params.is_ca = IsCa::Ca(path_length), TestKey::ec());
    let cases =
        [bob(), elaborate(), authority(BasicConstraints::Constrained(1)), authority(BasicConstraints::Unconstrained)];
    for certificate in &cases {
        let said = Said(String::from_utf8(openssl_x509(certificate.der(), &["-text"])).unwrap());
        let one = |name| values(certificate, name).pop().unwrap_or_default();
        assert_eq!(
            said.after_label("Version:"),
            format!("{0} (0x{1:x})", one("x509version"), certificate.version() - 1)
        );
        assert_eq!(one("signaturealgorithm"), said.signature_algorithm());
        assert_eq!(
            BASE64_STANDARD.decode(one("rawdata")).unwrap(),
            openssl_x509(certificate.der(), &["-outform", "DER"])
        );
        assert_eq!(one("san"), said.alternative_names());
        assert_eq!(one("basicconstraints"), said.basic_constraints());
        assert_eq!(values(certificate, "certificatepolicy"), said.policies());
        let key = one("authoritykeyidentifier");
        let key = key.split(", ").next().unwrap().trim_start_matches("KeyID=").to_uppercase().replace(' ', ":");
        let below = "Authority Key Identifier:";
        let judged = if said.0.contains(below) { said.after(below).trim_start_matches("keyid:") } else { "" };
        assert_eq!(key, judged);
    }
}

fn openssl_x509(der: &[u8], arguments: &[&str]) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), der).unwrap();
    let mut command = Command::new("openssl");
    command.args(["x509", "-inform", "DER", "-in"]).arg(file.path()).args(arguments);
    let answer = command.output().expect("the openssl command (Debian package openssl) is needed by this test");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    answer.stdout
}

struct Said(String);

fn openssl(der: &[u8]) -> Said {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), der).unwrap();
    let mut command = Command::new("openssl");
    command.args(["x509", "-inform", "DER", "-noout", "-serial", "-issuer", "-subject", "-dates", "-fingerprint"]);
    command.args(["-modulus", "-sha1", "-dateopt", "iso_8601", "-nameopt", "sep_multiline,sname,utf8,dn_rev"]);
    command.args(["-ext", "keyUsage,extendedKeyUsage,subjectKeyIdentifier", "-in"]).arg(file.path());
    let answer = command.output().expect("the openssl command (Debian package openssl) is needed by this test");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    Said(String::from_utf8(answer.stdout).unwrap())
}

impl Said {
    fn line(&self, label: &str) -> &str {
        self.0.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_else(|| panic!("no {label} in {}", self.0))
    }

    /// The line below an extension's title.
    fn after(&self, title: &str) -> &str {
        let below = self.0.lines().skip_while(|line| !line.contains(title)).nth(1);
        below.unwrap_or_else(|| panic!("no {title} in {}", self.0)).trim()
    }

    /// The indented lines below `label`, a part each, its attributes sorted.
    fn name(&self, label: &str) -> Vec<Vec<String>> {
        let below = self.0.lines().skip_while(|line| !line.starts_with(label)).skip(1);
        let lines = below.map_while(|line| line.strip_prefix("    "));
        lines.map(|line| sorted(line.split(" + ").map(windows_keyword).collect())).collect()
    }

    fn key_usages(&self) -> String {
        let text = self.after("Key Usage:").replace("Certificate Sign", "Key Cert Sign").replace("CRL", "Crl");
        text.split(", ").map(|usage| usage.replace(' ', "")).collect::<Vec<_>>().join(", ")
    }

    fn extended_key_usages(&self) -> String {
        let text = self.after("Extended Key Usage:");
        let text = text.replace("TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2");
        text.replace("Microsoft Smartcard Login", "1.3.6.1.4.1.311.20.2.2")
    }

    /// The label's case depends on the release.
    fn fingerprint(&self) -> String {
        let line = self.0.lines().find_map(|line| line.split_once(" Fingerprint=")).unwrap();
        line.1.replace(':', "")
    }

    fn after_label(&self, label: &str) -> &str {
        self.0.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap_or_default().trim()
    }

    fn signature_algorithm(&self) -> &'static str {
        match self.after_label("Signature Algorithm:") {
            "ecdsa-with-SHA256" => "sha256ECDSA",
            "sha256WithRSAEncryption" => "sha256RSA",
            other => panic!("{other}"),
        }
    }

    fn basic_constraints(&self) -> String {
        if !self.0.contains("Basic Constraints:") {
            return String::new();
        }
        let (kind, length) = match self.after("Basic Constraints:") {
            "CA:FALSE" => ("End Entity", "None"),
            "CA:TRUE" => ("CA", "None"),
            limited => ("CA", limited.strip_prefix("CA:TRUE, pathlen:").unwrap()),
        };
        format!("Subject Type={kind}, Path Length Constraint={length}")
    }

    fn policies(&self) -> Vec<String> {
        let policies = self.0.lines().filter_map(|line| line.trim().strip_prefix("Policy: "));
        policies.map(|policy| policy.replace("X509v3 Any Policy", "2.5.29.32.0")).collect()
    }

    fn alternative_names(&self) -> String {
        if !self.0.contains("Subject Alternative Name:") {
            return String::new();
        }
        let windows = |name: &str| {
            let labels = [
                ("othername: UPN::", "Other Name:Principal Name="),
                ("email:", "RFC822 Name="),
                ("DNS:", "DNS Name="),
                ("URI:", "URL="),
            ];
            if let Some(value) = name.strip_prefix("othername: 1.2.3::") {
                let octets: Vec<String> = value.bytes().map(|octet| format!("{octet:02x}")).collect();
                return format!("Other Name:1.2.3=0c {:02x} {}", value.len(), octets.join(" "));
            }
            if let Some(Ok(address)) = name.strip_prefix("IP Address:").map(str::parse::<core::net::Ipv6Addr>) {
                let groups: Vec<String> = address.segments().iter().map(|group| format!("{group:04x}")).collect();
                return format!("IP Address={}", groups.join(":"));
            }
            let known = labels.iter().find_map(|(label, own)| Some(format!("{own}{}", name.strip_prefix(label)?)));
            known.unwrap_or_else(|| name.replacen("IP Address:", "IP Address=", 1))
        };
        self.after("Subject Alternative Name:").split(", ").map(windows).collect::<Vec<_>>().join(", ")
    }

    fn modulus(&self) -> &str {
        self.0.lines().find_map(|line| line.strip_prefix("Modulus=")).filter(|text| text.len() > 64).unwrap_or_default()
    }
}

fn windows_keyword(attribute: &str) -> String {
    attribute.replacen("ST=", "S=", 1).replacen("emailAddress=", "E=", 1)
}

fn sorted(mut attributes: Vec<String>) -> Vec<String> {
    attributes.sort();
    attributes
}

/// The parts of a name in .NET's spelling, quotes undone.
fn parts(name: &str) -> Vec<Vec<String>> {
    let mut parts = vec![vec![String::new()]];
    let mut quoted = false;
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => parts.last_mut().unwrap().last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => {
                rest.next_if_eq(&' ').unwrap();
                parts.push(vec![String::new()]);
            }
            '+' if !quoted => {
                assert_eq!(parts.last_mut().unwrap().last_mut().unwrap().pop(), Some(' '));
                rest.next_if_eq(&' ').unwrap();
                parts.last_mut().unwrap().push(String::new());
            }
            other => parts.last_mut().unwrap().last_mut().unwrap().push(other),
        }
    }
    parts.into_iter().map(sorted).collect()
}

/// `MM/dd/yyyy HH:mm:ss` as `yyyy-MM-dd HH:mm:ssZ`.
fn iso(date: &str) -> String {
    format!("{}-{}-{} {}Z", &date[6..10], &date[..2], &date[3..5], &date[11..])
}

/// The modulus of an `RSAKeyValue`, in hexadecimal.
fn modulus(xml: &str) -> String {
    let Some((_, rest)) = xml.split_once("<Modulus>") else { return String::new() };
    let (modulus, exponent) = rest.split_once("</Modulus><Exponent>").unwrap();
    assert_eq!(exponent, "AQAB</Exponent></RSAKeyValue>");
    hexadecimal::upper(BASE64_STANDARD.decode(modulus).unwrap())
}
