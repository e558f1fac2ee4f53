//! The algorithms a message may be signed with: RSA and ECDSA over SHA-2. No HMAC, no DSA, and SHA-1 only where an operator
//! accepts it for messages that old clients sign.

use super::SignatureFault;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{Id, PKey, Public};
use openssl::sign::Verifier;
use openssl::x509::X509;

/// Whether RSA over SHA-1 counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sha1 {
    /// Two messages with one digest can be made, so a signature over the one is one over the other.
    #[default]
    Refused,
    /// It does: some clients make no other.
    Accepted,
}

#[derive(Clone, Copy)]
enum Family {
    Rsa,
    Ecdsa,
}

const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

/// A signature algorithm of the list.
#[derive(Clone, Copy)]
pub(super) struct Algorithm {
    family: Family,
    digest: fn() -> MessageDigest,
}

impl Algorithm {
    /// By its URI (RFC 9231 sections 2.3.2 and 2.3.6).
    pub(super) fn from_uri(uri: &str) -> Result<Self, SignatureFault> {
        let (family, digest): (_, fn() -> MessageDigest) =
            match uri.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#").unwrap_or_default() {
                "rsa-sha256" => (Family::Rsa, MessageDigest::sha256),
                "rsa-sha384" => (Family::Rsa, MessageDigest::sha384),
                "rsa-sha512" => (Family::Rsa, MessageDigest::sha512),
                "ecdsa-sha256" => (Family::Ecdsa, MessageDigest::sha256),
                "ecdsa-sha384" => (Family::Ecdsa, MessageDigest::sha384),
                "ecdsa-sha512" => (Family::Ecdsa, MessageDigest::sha512),
                _ => return Err(SignatureFault::Algorithm(uri.to_owned())),
            };
        Ok(Self { family, digest })
    }

    /// Likewise, or RSA over SHA-1.
    pub(super) fn from_uri_with(uri: &str, sha1: Sha1) -> Result<Self, SignatureFault> {
        match (uri, sha1) {
            (RSA_SHA1, Sha1::Accepted) => Ok(Self { family: Family::Rsa, digest: MessageDigest::sha1 }),
            _ => Self::from_uri(uri),
        }
    }

    /// Whether one of the certificates' keys made `value` over `message`. A key is used with its own family only.
    pub(super) fn verify(self, certificates: &[X509], message: &[u8], value: &[u8]) -> Result<(), SignatureFault> {
        let made_by = |certificate: &X509| certificate.public_key().is_ok_and(|key| self.accepts(&key, message, value));
        match certificates.iter().any(made_by) {
            true => Ok(()),
            false => Err(SignatureFault::NoCertificateMatches { certificates: certificates.len() }),
        }
    }

    fn accepts(self, key: &PKey<Public>, message: &[u8], value: &[u8]) -> bool {
        let value = match (self.family, key.id()) {
            (Family::Rsa, Id::RSA) => Some(value.to_vec()),
            (Family::Ecdsa, Id::EC) => ecdsa_der(key, value),
            _ => None,
        };
        value.is_some_and(|value| {
            Verifier::new((self.digest)(), key)
                .and_then(|mut verifier| verifier.verify_oneshot(&value, message))
                .unwrap_or(false)
        })
    }
}

/// XML-DSig concatenates the two numbers, each as long as the field (XML Signature 1.1 section 6.4.3).
fn ecdsa_der(key: &PKey<Public>, raw: &[u8]) -> Option<Vec<u8>> {
    let octets = usize::try_from(key.bits().div_ceil(8)).ok()?;
    let (r, s) = raw.split_at_checked(octets).filter(|(_, s)| s.len() == octets)?;
    let number = |octets| BigNum::from_slice(octets).ok();
    EcdsaSig::from_private_components(number(r)?, number(s)?).ok()?.to_der().ok()
}

/// The digest of `octets` by the digest algorithm `uri`.
pub(super) fn digest(uri: &str, octets: &[u8]) -> Result<Vec<u8>, SignatureFault> {
    let algorithm = match uri {
        "http://www.w3.org/2001/04/xmlenc#sha256" => MessageDigest::sha256(),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => MessageDigest::sha384(),
        "http://www.w3.org/2001/04/xmlenc#sha512" => MessageDigest::sha512(),
        _ => return Err(SignatureFault::Algorithm(uri.to_owned())),
    };
    hash(algorithm, octets).map(|digest| digest.to_vec()).map_err(|_| SignatureFault::Digest)
}

/// Likewise, or by SHA-1.
pub(super) fn digest_with(uri: &str, octets: &[u8], sha1: Sha1) -> Result<Vec<u8>, SignatureFault> {
    match (uri, sha1) {
        (SHA1, Sha1::Accepted) => {
            hash(MessageDigest::sha1(), octets).map(|digest| digest.to_vec()).map_err(|_| SignatureFault::Digest)
        }
        _ => digest(uri, octets),
    }
}
