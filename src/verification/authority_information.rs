//! Where a certificate says its issuer's certificate and its OCSP responder are (RFC 5280 section 4.2.2.1). Only reported: no
//! sign-in depends on either.

use crate::certificate::Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};

const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
const OCSP: &str = "1.3.6.1.5.5.7.48.1";

/// The URLs of the extension, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorityInformation {
    /// Where the issuer's certificate is.
    pub issuers: Vec<String>,
    /// Where OCSP is answered.
    pub ocsp: Vec<String>,
}

impl AuthorityInformation {
    /// Reads the extension; an unreadable one says nothing.
    pub fn of(certificate: &Certificate) -> Self {
        let mut read = Self::default();
        let Ok((_, parsed)) = X509Certificate::from_der(certificate.der()) else { return read };
        for extension in parsed.extensions() {
            let ParsedExtension::AuthorityInfoAccess(access) = extension.parsed_extension() else { continue };
            for description in &access.accessdescs {
                let GeneralName::URI(url) = description.access_location else { continue };
                match description.access_method.to_id_string().as_str() {
                    CA_ISSUERS => read.issuers.push(url.to_owned()),
                    OCSP => read.ocsp.push(url.to_owned()),
                    _ => {}
                }
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::test_pki::{Node, TestKey, authority};
    use rcgen::CustomExtension;

    /// DER of `SEQUENCE { accessMethod 1.3.6.1.5.5.7.48.last, accessLocation [6] url }`.
    fn description(last: u8, url: &str) -> Vec<u8> {
        let method = [0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 48, last];
        let length = u8::try_from(url.len()).unwrap();
        let content = [&method[..], &[0x86, length], url.as_bytes()].concat();
        [&[0x30, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    }

    fn read(value: Vec<u8>) -> AuthorityInformation {
        let mut parameters = authority("Root");
        let oid = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
        parameters.custom_extensions = vec![CustomExtension::from_oid_content(oid, value)];
        let root = Node::root(parameters, TestKey::ec());
        AuthorityInformation::of(&Certificate::read_der(&root.der).unwrap())
    }

    #[test]
    fn both_kinds_of_address_are_read_and_others_passed_over() {
        let content =
            [description(1, "http://o.test"), description(2, "http://i.test"), description(9, "http://x.test")]
                .concat();
        let value = [&[0x30, u8::try_from(content.len()).unwrap()], &content[..]].concat();
        let expected =
            AuthorityInformation { issuers: vec!["http://i.test".to_owned()], ocsp: vec!["http://o.test".to_owned()] };
        assert_eq!(read(value), expected);
        assert_eq!(read(vec![0x30, 0x7f]), AuthorityInformation::default());
    }
}
