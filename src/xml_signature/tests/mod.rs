mod attacks;
mod genuine;
mod message;
mod query;
mod signing;

use super::{SignatureFault, verify_enveloped, verify_query};
use crate::xml::reader::{Element, XmlLimits};
use openssl::x509::X509;
use signing::RSA;

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

fn verify(document: &str, certificates: &[X509]) -> Result<Element, SignatureFault> {
    verify_enveloped(document.as_bytes(), certificates, XmlLimits::default())
}

/// Against the one certificate of the trust.
fn verified(document: &str) -> Result<Element, SignatureFault> {
    verify(document, std::slice::from_ref(&RSA.certificate))
}
