//! `KeyDescriptor` (saml-metadata-2.0-os section 2.4.1.1): only certificates, and only for what they are said to be for.

use super::{DSIG, METADATA, MetadataError, RelyingPartyMetadata};
use crate::xml::reader::Element;
use crate::xml_encryption::check_recipient;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::x509::{X509, X509Ref};

/// Takes the certificates of a role. A key without `use` is for both.
pub(super) fn read(role: &Element, metadata: &mut RelyingPartyMetadata) -> Result<(), MetadataError> {
    for descriptor in role.children(METADATA, "KeyDescriptor") {
        let purpose = descriptor.attribute("", "use");
        let data = descriptor.children(DSIG, "KeyInfo").flat_map(|info| info.children(DSIG, "X509Data"));
        // the first of a chain is the key's own (XML Signature 1.1 section 4.5.4 leaves the order open; nobody uses another)
        let first = data.filter_map(|data| data.child(DSIG, "X509Certificate")).next();
        let Some(first) = first else {
            metadata.left_out.push("A key without certificate: keys are named by certificates here.".to_owned());
            continue;
        };
        let certificate = certificate(&first.text)?;
        if purpose != Some("encryption") && !holds(&metadata.signing_certificates, &certificate) {
            metadata.signing_certificates.push(certificate.clone());
        }
        if purpose != Some("signing") && metadata.encryption_certificate.is_none() {
            match check_recipient(&certificate).is_ok() {
                true => metadata.encryption_certificate = Some(certificate),
                false if purpose == Some("encryption") => {
                    let reason = "assertions are encrypted to RSA keys of 2048 bits or more";
                    metadata.left_out.push(format!("An encryption certificate: {reason}."));
                }
                false => {}
            }
        }
    }
    Ok(())
}

/// WS-Federation tokens are not encrypted, nor are requests signed there; without SAML 2.0 the certificates mean nothing.
pub(super) fn settle(metadata: &mut RelyingPartyMetadata) {
    if metadata.consumers.is_empty() && !(metadata.signing_certificates.is_empty()) {
        metadata.signing_certificates.clear();
    }
    if metadata.consumers.is_empty() && metadata.encryption_certificate.take().is_some() {
        metadata.left_out.push("The encryption certificate: WS-Federation tokens are not encrypted.".to_owned());
    }
    if metadata.requests_signed && metadata.signing_certificates.is_empty() {
        metadata.requests_signed = false;
        metadata.left_out.push("AuthnRequestsSigned: there is no certificate to check the signatures with.".to_owned());
    }
}

fn certificate(text: &str) -> Result<X509, MetadataError> {
    let packed: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(packed).map_err(|_| MetadataError::Certificate)?;
    let certificate = X509::from_der(&der).map_err(|_| MetadataError::Certificate)?;
    certificate.public_key().map_err(|_| MetadataError::Certificate)?;
    Ok(certificate)
}

fn holds(known: &[X509], certificate: &X509Ref) -> bool {
    let der = certificate.to_der().ok();
    known.iter().any(|known| known.to_der().ok() == der)
}
