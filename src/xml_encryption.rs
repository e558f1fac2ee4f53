//! Encrypts an element for one recipient (XML Encryption 1.0): a content key of its own for each message, and that key under
//! the recipient's RSA key by OAEP, as AD FS does. Written in canonical form, so that it can stand in what is signed.

use crate::xml::canonical::CanonicalWriter;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use openssl::encrypt::Encrypter;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Padding;
use openssl::symm::{Cipher, encrypt, encrypt_aead};
use openssl::x509::{X509, X509Ref};

/// How the element itself is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentEncryption {
    /// `aes256-cbc`, as AD FS does. Nothing protects it from being altered, so what is inside, or the message around it, must
    /// be signed.
    #[default]
    Aes256Cbc,
    /// `aes256-gcm` (XML Encryption 1.1 section 5.2.4).
    Aes256Gcm,
}

/// The key of one message and its initialization vector, fresh from the random generator.
#[derive(Clone, Copy)]
pub struct ContentKey {
    /// AES-256.
    pub key: [u8; 32],
    /// CBC takes all of it, GCM the first 12 octets.
    pub iv: [u8; 16],
}

/// A key must not get into a log line.
impl std::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContentKey").finish_non_exhaustive()
    }
}

/// Why an element cannot be encrypted for a recipient.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncryptionError {
    /// OAEP is for RSA.
    #[error("the encryption certificate has no RSA key of 2048 bits or more")]
    Key,
    /// OpenSSL failed.
    #[error("OpenSSL did not encrypt: {0}")]
    Library(String),
}

impl From<ErrorStack> for EncryptionError {
    fn from(error: ErrorStack) -> Self {
        Self::Library(error.to_string())
    }
}

/// What an encryption key must have at least (NIST SP 800-131A).
pub const MINIMUM_RSA_BITS: u32 = 2048;

/// Whether elements can be encrypted for the holder of a certificate: its key.
///
/// # Errors
/// When its key is not RSA, or too short.
pub fn check_recipient(certificate: &X509Ref) -> Result<PKey<Public>, EncryptionError> {
    let key = certificate.public_key()?;
    if key.id() == Id::RSA && key.bits() >= MINIMUM_RSA_BITS { Ok(key) } else { Err(EncryptionError::Key) }
}

/// Appends `xenc:EncryptedData` in place of the element `plain`, which must declare every prefix it uses.
///
/// # Errors
/// When the certificate's key is not RSA, or OpenSSL fails.
pub(crate) fn encrypt_element(
    xml: &mut CanonicalWriter,
    plain: &str,
    recipient: &X509,
    algorithm: ContentEncryption,
    content: &ContentKey,
) -> Result<(), EncryptionError> {
    let key = check_recipient(recipient)?;
    let (wrapped, cipher_text) = (wrap(&content.key, &key)?, cipher_text(plain.as_bytes(), algorithm, content)?);
    xml.literal(concat!(
        r#"<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" "#,
        r#"Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm=""#
    ));
    xml.literal(match algorithm {
        ContentEncryption::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        ContentEncryption::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    });
    xml.literal(concat!(
        r#""></xenc:EncryptionMethod><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>"#,
        r#"<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">"#,
        r#"<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"></DigestMethod></xenc:EncryptionMethod>"#,
        "<KeyInfo><X509Data><X509Certificate>"
    ));
    BASE64_STANDARD.encode_string(recipient.to_der()?, xml.unescaped());
    xml.literal("</X509Certificate></X509Data></KeyInfo><xenc:CipherData><xenc:CipherValue>");
    BASE64_STANDARD.encode_string(wrapped, xml.unescaped());
    xml.literal(
        "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></KeyInfo><xenc:CipherData><xenc:CipherValue>",
    );
    BASE64_STANDARD.encode_string(cipher_text, xml.unescaped());
    xml.literal("</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>");
    Ok(())
}

/// `rsa-oaep-mgf1p` (section 5.4.2). SHA-1 is a mask there, not a signature: nothing weak about it is known, and it is what
/// every recipient understands.
fn wrap(key: &[u8; 32], recipient: &PKey<Public>) -> Result<Vec<u8>, ErrorStack> {
    let mut encrypter = Encrypter::new(recipient)?;
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    encrypter.set_rsa_oaep_md(MessageDigest::sha1())?;
    encrypter.set_rsa_mgf1_md(MessageDigest::sha1())?;
    let mut wrapped = vec![0; encrypter.encrypt_len(key)?];
    let length = encrypter.encrypt(key, &mut wrapped)?;
    wrapped.truncate(length);
    Ok(wrapped)
}

/// Initialization vector, cipher text and, for GCM, the tag.
fn cipher_text(plain: &[u8], algorithm: ContentEncryption, content: &ContentKey) -> Result<Vec<u8>, ErrorStack> {
    match algorithm {
        ContentEncryption::Aes256Cbc => {
            let encrypted = encrypt(Cipher::aes_256_cbc(), &content.key, Some(&content.iv), plain)?;
            Ok([&content.iv[..], &encrypted].concat())
        }
        ContentEncryption::Aes256Gcm => {
            let (iv, mut tag) = (&content.iv[..12], [0; 16]);
            let encrypted = encrypt_aead(Cipher::aes_256_gcm(), &content.key, Some(iv), &[], plain, &mut tag)?;
            Ok([iv, &encrypted, &tag].concat())
        }
    }
}

#[cfg(test)]
mod tests;
