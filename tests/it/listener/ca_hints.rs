//! The authorities that the certificate request names.

use crate::support::gateway::{PKI, TestGateway};
use crate::support::openssl_client::s_client;

const NAMED: &str = "Acceptable client certificate CA names";

/// What OpenSSL's client shows between the heading and what follows the names.
fn named(seen: &str) -> Option<Vec<String>> {
    let (_, names) = seen.split_once(NAMED)?;
    Some(names.lines().skip(1).take_while(|line| line.contains('=')).map(str::to_owned).collect())
}

#[test]
fn the_client_sees_the_names_chosen_and_no_others() {
    let name = |der: &[u8]| {
        let certificate = openssl::x509::X509::from_der(der).unwrap();
        let common_name = certificate.subject_name().entries_by_nid(openssl::nid::Nid::COMMONNAME).next().unwrap();
        String::from_utf8_lossy(common_name.data().as_slice()).into_owned()
    };
    let (root, issuing) = (name(&PKI.root.issued.der), name(&PKI.issuing.issued.der));
    let cases: [(&str, &[&String]); 5] = [
        ("\"none\"", &[]),
        ("\"roots\"", &[&root]),
        ("\"intermediates\"", &[&issuing]),
        ("\"all\"", &[&root, &issuing]),
        ("[\"intermediates/issuing.pem\"]", &[&issuing]),
    ];
    for (value, expected) in cases {
        let gateway = TestGateway::hinting(value);
        for version in ["-tls1_2", "-tls1_3"] {
            let seen = s_client(gateway.user_tls, [version], "GET /adfs/probe HTTP/1.0\r\n\r\n");
            let names = named(&seen).unwrap_or_default();
            assert_eq!(names.len(), expected.len(), "{value} {version}: {seen}");
            for (found, expected) in names.iter().zip(expected) {
                assert!(found.contains(expected.as_str()), "{value} {version}: {found}");
            }
            assert!(!s_client(gateway.service, [version], "Q\n").contains(NAMED), "the service listener asks nobody");
        }
    }
}
