//! A signing key held in memory, parsed once.

use super::{SignatureAlgorithm, Signer, SigningError};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::x509::X509;
use std::fmt;

const MINIMUM_RSA_BITS: u32 = 2048;
/// Octets of one coordinate on P-256.
const P256_OCTETS: i32 = 32;

/// A [`Signer`] over a private key in memory.
pub struct KeySigner {
    algorithm: SignatureAlgorithm,
    certificate_base64: String,
    key: PKey<Private>,
}

/// Why a certificate and a private key cannot sign tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Not a PEM certificate.
    #[error("the token signing certificate is not a PEM certificate: {detail}")]
    CertificateUnreadable {
        /// What the cryptographic library said.
        detail: String,
    },
    /// Not a PEM private key.
    #[error("the token signing key is not a PEM private key: {detail}")]
    KeyUnreadable {
        /// What the cryptographic library said.
        detail: String,
    },
    /// The key is behind a passphrase, and nobody is there to type it.
    #[error("the token signing key is encrypted")]
    KeyEncrypted,
    /// Two halves of different pairs.
    #[error("the token signing key does not belong to the token signing certificate")]
    Mismatch,
    /// Too short to be believed.
    #[error("the token signing key is RSA with {bits} bits; at least {MINIMUM_RSA_BITS} are needed")]
    RsaTooShort {
        /// The modulus length.
        bits: u32,
    },
    /// Neither RSA nor P-256.
    #[error("the token signing key is {found}; it must be RSA or an elliptic curve key on P-256")]
    Unsupported {
        /// What it is.
        found: String,
    },
}

/// One half of a key pair: what the operator may have to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPairHalf {
    /// The certificate.
    Certificate,
    /// The private key.
    PrivateKey,
}

impl KeyProblem {
    /// Which half is at fault. Of two that do not match it is the key: the certificate is what relying parties know.
    pub fn half(&self) -> KeyPairHalf {
        match self {
            Self::CertificateUnreadable { .. } => KeyPairHalf::Certificate,
            Self::KeyUnreadable { .. }
            | Self::KeyEncrypted
            | Self::Mismatch
            | Self::RsaTooShort { .. }
            | Self::Unsupported { .. } => KeyPairHalf::PrivateKey,
        }
    }
}

impl KeySigner {
    /// Reads a certificate and its private key. Of several certificates in the text the first counts.
    pub fn new(certificate_pem: &[u8], private_key_pem: &[u8]) -> Result<Self, KeyProblem> {
        let unreadable = |error: ErrorStack| KeyProblem::CertificateUnreadable { detail: error.to_string() };
        let certificate = X509::from_pem(certificate_pem).map_err(unreadable)?;
        let certificate_base64 = BASE64_STANDARD.encode(certificate.to_der().map_err(unreadable)?);
        let key = read_key(private_key_pem)?;
        let algorithm = algorithm_of(&key)?;
        match certificate.public_key() {
            Ok(public) if public.public_eq(&key) => Ok(Self { algorithm, certificate_base64, key }),
            _ => Err(KeyProblem::Mismatch),
        }
    }
}

/// Without a callback OpenSSL would ask the terminal for a passphrase and the gateway would wait for ever.
fn read_key(pem: &[u8]) -> Result<PKey<Private>, KeyProblem> {
    let mut asked = false;
    let key = PKey::private_key_from_pem_callback(pem, |_| {
        asked = true;
        Ok(0)
    });
    key.map_err(|error| match asked {
        true => KeyProblem::KeyEncrypted,
        false => KeyProblem::KeyUnreadable { detail: error.to_string() },
    })
}

fn algorithm_of(key: &PKey<Private>) -> Result<SignatureAlgorithm, KeyProblem> {
    match key.id() {
        Id::RSA if key.bits() < MINIMUM_RSA_BITS => Err(KeyProblem::RsaTooShort { bits: key.bits() }),
        Id::RSA => Ok(SignatureAlgorithm::RsaSha256),
        Id::EC => match key.ec_key().ok().and_then(|key| key.group().curve_name()) {
            Some(Nid::X9_62_PRIME256V1) => Ok(SignatureAlgorithm::EcdsaP256Sha256),
            curve => Err(KeyProblem::Unsupported { found: format!("on the curve {}", curve_name(curve)) }),
        },
        other => Err(KeyProblem::Unsupported { found: format!("of OpenSSL's kind {}", other.as_raw()) }),
    }
}

fn curve_name(curve: Option<Nid>) -> &'static str {
    curve.and_then(|curve| curve.short_name().ok()).unwrap_or("without a name")
}

impl Signer for KeySigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn certificate_base64(&self) -> &str {
        &self.certificate_base64
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let signed = openssl::sign::Signer::new(MessageDigest::sha256(), &self.key)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message));
        let signature = match self.algorithm {
            SignatureAlgorithm::RsaSha256 => signed,
            SignatureAlgorithm::EcdsaP256Sha256 => signed.and_then(|der| raw_ecdsa(&der)),
        };
        signature.map_err(|error| SigningError { detail: error.to_string() })
    }
}

/// XML-DSig concatenates the two numbers, each as long as the field (XML Signature 1.1 section 6.4.3).
fn raw_ecdsa(der: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let signature = EcdsaSig::from_der(der)?;
    let mut raw = signature.r().to_vec_padded(P256_OCTETS)?;
    raw.extend(signature.s().to_vec_padded(P256_OCTETS)?);
    Ok(raw)
}

impl fmt::Debug for KeySigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySigner").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
