//! What a token asks of a signing key, wherever the key lives.

use std::fmt::Debug;

/// The signature algorithms of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
}

impl SignatureAlgorithm {
    /// Its URI in XML-DSig (RFC 9231 sections 2.3.2 and 2.3.6).
    pub fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::EcdsaP256Sha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        }
    }
}

/// Signs tokens. A hardware key is another implementation.
pub trait Signer: Send + Sync + Debug {
    /// What [`sign`](Self::sign) produces.
    fn algorithm(&self) -> SignatureAlgorithm;
    /// The certificate that relying parties know the key by: its DER in Base64, as every token carries it.
    fn certificate_base64(&self) -> &str;
    /// The signature value over `message` as XML-DSig wants it: for ECDSA the raw `r` and `s`, not their DER.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError>;
}

/// The private-key operation failed. Nothing about the sign-in is wrong; the key or its hardware is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the token signing key did not sign: {detail}")]
pub struct SigningError {
    /// What the cryptographic library said.
    pub detail: String,
}
