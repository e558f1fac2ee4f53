//! The people of the conformance table: each shows one thing about a directory.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedgate::certificate::Certificate;
use fedgate::directory::Filter;
use fedgate::lab::LabKey;
use fedgate::lab::cast::KeyShape;
use rcgen::{CertificateParams, DnType, DnValue, IsCa, Issuer, KeyIdMethod, SerialNumber};
use std::fmt::Write;

/// Octets of all kinds: zero, above ASCII, a line's end, and some that happen to be text.
pub const GUID: [u8; 16] =
    [0x00, 0xff, 0x0a, 0x41, 0x80, 0x7f, 0x20, 0x2a, 0xc3, 0xa9, 0xc3, 0x28, 0x5c, 0x0d, 0xfe, 0x00];
/// S-1-5-21-3623811015-3361044348-30300820-1013.
pub const SID: [u8; 28] = [
    1, 5, 0, 0, 0, 0, 0, 5, 0x15, 0, 0, 0, 0xc7, 0xf7, 0xfe, 0xd7, 0x7c, 0x4b, 0x55, 0xc8, 0x94, 0x5a, 0xce, 0x01,
    0xf5, 0x03, 0, 0,
];
/// Two identifiers that would be one if octets were compared as text is.
pub const UPPER_GUID: [u8; 16] = *b"ABCDEFGHIJKLMNOP";
pub const LOWER_GUID: [u8; 16] = *b"abcdefghijklmnop";

/// As many entries as a search may return, and one more.
pub const CREW: usize = 16;
pub const CROWD: usize = 17;

pub const STRONG_MAPPING: &str = "X509:<I>C=US,O=Contoso,CN=Contoso Issuing CA 1<SR>b2413413069f9b4999727212a86ba0ef48";
pub const SKI_MAPPING: &str = "X509:<SKI>87d3a5b4e2f10c9a8877665544332211aabbccdd";

/// The certificates that accounts hold.
pub struct Held {
    pub usual: Vec<u8>,
    /// From an issuer whose name needs every kind of escape. (All of ASCII: OpenLDAP 2.5 finds no certificate whose issuer has
    /// other letters, however the question is put.)
    pub awkward_issuer: Vec<u8>,
    /// From an issuer below DC=contoso,DC=test with an e-mail address in its name.
    pub domain_issuer: Vec<u8>,
    /// Held by nobody.
    pub unknown: Vec<u8>,
}

impl Held {
    pub fn make() -> Self {
        let usual = [(DnType::CountryName, "US"), (DnType::OrganizationName, "Contoso"), (DnType::CommonName, "CA 1")];
        let usual = usual.map(|(kind, value)| (kind, DnValue::from(value)));
        let awkward = [
            (DnType::OrganizationName, DnValue::from("White & \"Sons\", <CA>+1; a\\b = *(x)")),
            (DnType::CommonName, DnValue::from("#1 CA ")),
        ];
        let domain = [
            (
                DnType::CustomDnType(vec![0, 9, 2342, 19_200_300, 100, 1, 25]),
                DnValue::Ia5String("test".try_into().unwrap()),
            ),
            (
                DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]),
                DnValue::Ia5String("ca@contoso.test".try_into().unwrap()),
            ),
            (DnType::CommonName, DnValue::from("Contoso Domain CA")),
        ];
        Self {
            usual: issue(
                &usual,
                &[0x48, 0xef, 0xa0, 0x6b, 0xa8, 0x12, 0x72, 0x99, 0x49, 0x9b, 6, 0x9f, 0x13, 0x34, 0x41, 0xb2],
            ),
            awkward_issuer: issue(&awkward, &[0xff; 19]),
            domain_issuer: issue(&domain, &[7]),
            unknown: issue(&usual, &[8]),
        }
    }
}

fn issue(issuer_name: &[(DnType, DnValue)], serial: &[u8]) -> Vec<u8> {
    let (authority_key, mut authority) = parameters();
    authority.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    for (kind, value) in issuer_name {
        authority.distinguished_name.push(kind.clone(), value.clone());
    }
    let (key, mut user) = parameters();
    user.distinguished_name.push(DnType::CommonName, "A user");
    user.serial_number = Some(SerialNumber::from_slice(serial));
    user.signed_by(&key, &Issuer::from_params(&authority, &authority_key)).unwrap().der().to_vec()
}

fn parameters() -> (LabKey, CertificateParams) {
    let key = LabKey::generate(KeyShape::P256).unwrap();
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(key.identifier());
    (key, parameters)
}

/// The question for the account that holds a certificate.
pub fn holds(der: &[u8]) -> Filter {
    let certificate = Certificate::read_der(der).unwrap();
    Filter::HoldsCertificate {
        der: der.to_vec(),
        serial: certificate.serial().decimal(),
        issuer: certificate.issuer().rfc4514().to_owned(),
    }
}

/// Everybody as LDIF. `certificate_attribute` is how the certificates' attribute is spelled: `userCertificate;binary` by
/// OpenLDAP, `userCertificate` by Active Directory.
pub fn ldif(held: &Held, certificate_attribute: &str) -> String {
    let base64 = |octets: &[u8]| STANDARD.encode(octets);
    let mut people = String::new();
    let mut add = |name: &str, attributes: &[String]| {
        let _ = write!(
            people,
            "dn: cn={name},ou=people,dc=contoso,dc=test\nobjectClass: user\ncn: {name}\nsn: {name}\n{}\n\n",
            attributes.join("\n")
        );
    };
    let text = |line: &str| line.to_owned();
    add(
        "alice",
        &[
            text("userPrincipalName: alice@contoso.test"),
            text("sAMAccountName: alice"),
            text("mail: Alice.Adams@contoso.test"),
            text("proxyAddresses: SMTP:Alice.Adams@contoso.test"),
            text("proxyAddresses: smtp:aa@contoso.test"),
            text("proxyAddresses: X500:/o=Contoso/ou=First/cn=alice"),
            text("userAccountControl: 512"),
            text("accountExpires: 9223372036854775807"),
            text("lockoutTime: 0"),
            format!("objectSid:: {}", base64(&SID)),
            format!("objectGUID:: {}", base64(&GUID)),
            format!("mS-DS-ConsistencyGuid:: {}", base64(&GUID)),
        ],
    );
    add(
        "zoe",
        &[
            format!("userPrincipalName:: {}", base64("zoë.weiß@contoso.test".as_bytes())),
            text("mail: aa.other@contoso.test"),
            text("sAMAccountName: zoe"),
            text("userAccountControl: 514"),
            text("msDS-User-Account-Control-Computed: 16"),
        ],
    );
    add("ivan1", &[text("userPrincipalName: ivan@contoso.test")]);
    add("ivan2", &[text("userPrincipalName: Ivan@Contoso.Test")]);
    add(
        "mei",
        &[
            text("sAMAccountName: mei"),
            format!("altSecurityIdentities: {STRONG_MAPPING}"),
            format!("altSecurityIdentities: {SKI_MAPPING}"),
        ],
    );
    add(
        "gina",
        &[
            text("sAMAccountName: gina"),
            format!("{certificate_attribute}:: {}", base64(&held.usual)),
            format!("{certificate_attribute}:: {}", base64(&held.awkward_issuer)),
        ],
    );
    add("hugo", &[text("sAMAccountName: hugo"), format!("{certificate_attribute}:: {}", base64(&held.domain_issuer))]);
    add("star", &[text("sAMAccountName: *)(uid=*"), text("mail: star@contoso.test")]);
    add("upper", &[format!("objectGUID:: {}", base64(&UPPER_GUID))]);
    add("lower", &[format!("objectGUID:: {}", base64(&LOWER_GUID))]);
    for number in 0..CREW {
        add(&format!("crew{number}"), &[text("mail: crew@contoso.test")]);
    }
    for number in 0..CROWD {
        add(&format!("crowd{number}"), &[text("mail: crowd@contoso.test")]);
    }
    people
}
