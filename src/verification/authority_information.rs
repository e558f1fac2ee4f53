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
