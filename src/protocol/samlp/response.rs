//! `samlp:Response` (SAML core section 3.3.3), written in canonical form so that it can be signed around an assertion that
//! is signed already.

use super::status::{Status, write_status};
use crate::federation::SamlResponseSignature;
use crate::token::saml20::{self, Saml20Description};
use crate::token::signature::sign_between;
use crate::token::{SignedToken, Signer, SigningError};
use crate::xml::canonical::CanonicalWriter;
use crate::xml_encryption::{ContentEncryption, ContentKey, EncryptionError, encrypt_element};
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use openssl::x509::X509;

/// Octets of a response's own markup.
const MARKUP: usize = 1200;
pub(super) static MILLISECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// What every response says. The texts come from the configuration and from a request that was read, so XML can carry them.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// A fresh identifier: `_` and a UUID.
    pub id: &'a str,
    /// The request's identifier; `None` when there was no request.
    pub in_response_to: Option<&'a str>,
    /// The assertion consumer service it is posted to.
    pub destination: &'a str,
    /// Our identifier.
    pub issuer: &'a str,
    /// Now.
    pub at: Timestamp,
}

/// How the token of a response is protected, as the trust wants it.
#[derive(Debug, Clone, Copy)]
pub struct Protection<'a> {
    /// What is signed.
    pub signature: SamlResponseSignature,
    /// For whom the assertion is encrypted, if it is.
    pub encryption: Option<EncryptFor<'a>>,
}

/// The recipient of an encrypted assertion.
#[derive(Debug, Clone, Copy)]
pub struct EncryptFor<'a> {
    /// `EncryptionCertificate` of the trust.
    pub certificate: &'a X509,
    /// How.
    pub algorithm: ContentEncryption,
    /// A fresh key.
    pub content_key: &'a ContentKey,
}

/// Why a response with a token cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// The signing key failed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The trust's encryption certificate is of no use.
    #[error(transparent)]
    Encryption(#[from] EncryptionError),
}

/// Writes a response with a token: signs the assertion, encrypts it, signs the response, as far as the trust wants each.
///
/// # Errors
/// When the key does not sign, or nothing can be encrypted for the recipient.
pub fn write_success(
    envelope: Envelope<'_>,
    token: &Saml20Description,
    protection: Protection<'_>,
    signer: &dyn Signer,
) -> Result<SignedToken, ResponseError> {
    let signed;
    let bare;
    let assertion = if protection.signature.of_assertion() {
        signed = saml20::write(token, signer)?;
        signed.document()
    } else {
        bare = saml20::write_bare(token);
        &bare
    };
    // Base64 makes it a third longer, and the key and its certificate stand beside it
    let growth = if protection.encryption.is_some() { 2 } else { 1 };
    let mut rest = CanonicalWriter::with_capacity(MARKUP + growth * assertion.as_str().len());
    write_status(&mut rest, None);
    match protection.encryption {
        None => {
            rest.embed(assertion);
        }
        Some(EncryptFor { certificate, algorithm, content_key }) => {
            rest.literal(r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">"#);
            encrypt_element(&mut rest, assertion.as_str(), certificate, algorithm, content_key)?;
            rest.literal("</saml:EncryptedAssertion>");
        }
    }
    let message = write(envelope, rest, protection.signature.of_message().then_some(signer))?;
    Ok(saml20::delivered(token, message))
}

/// A response that says why there is no token.
///
/// # Errors
/// When the key does not sign.
pub fn write_failure(
    envelope: Envelope<'_>,
    status: &Status,
    signer: Option<&dyn Signer>,
) -> Result<String, SigningError> {
    let mut rest = CanonicalWriter::with_capacity(MARKUP);
    write_status(&mut rest, Some(status));
    write(envelope, rest, signer).map(CanonicalWriter::into_string)
}

fn write(
    envelope: Envelope<'_>,
    mut rest: CanonicalWriter,
    signer: Option<&dyn Signer>,
) -> Result<CanonicalWriter, SigningError> {
    rest.literal("</samlp:Response>");
    let mut xml = CanonicalWriter::with_capacity(MARKUP + rest.position());
    start(&mut xml, envelope);
    match signer {
        Some(signer) => sign_between(&mut xml, &rest, envelope.id, signer)?,
        None => {
            xml.embed(&rest);
        }
    }
    Ok(xml)
}

/// The prefix of the issuer is declared on the issuer, so that the assertion keeps the declaration it was signed with.
fn start(xml: &mut CanonicalWriter, envelope: Envelope<'_>) {
    xml.literal(concat!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" "#,
        r#"Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination=""#
    ));
    xml.attribute_value(envelope.destination).literal(r#"" ID=""#).attribute_value(envelope.id);
    if let Some(request) = envelope.in_response_to {
        xml.literal(r#"" InResponseTo=""#).attribute_value(request);
    }
    xml.literal(r#"" IssueInstant=""#);
    // printing into memory cannot fail
    let _ = MILLISECONDS.print_timestamp(&envelope.at, xml.unescaped());
    xml.literal(r#"" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">"#);
    xml.text(envelope.issuer).literal("</saml:Issuer>");
}

#[cfg(test)]
mod tests;
