//! The one signature check of a CRL, over the octets that were signed; OpenSSL never parses the list itself, which would
//! cost half a second and 190 MB for 500,000 entries.

use super::der::{INTEGER, OBJECT_IDENTIFIER, Reader, SEQUENCE, context_constructed, dotted};
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

/// How a signature was made.
#[derive(Clone, Copy)]
enum Scheme {
    RsaPkcs1(MessageDigest),
    RsaPss { digest: MessageDigest, salt_octets: i32 },
    Ecdsa(MessageDigest),
    Dsa(MessageDigest),
}

/// Whether a digest that is broken for signatures counts. One decision of the operator's, `[trust] allow_sha1`, for
/// certificates, CRLs and OCSP answers alike: whoever can forge one of them needs no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sha1 {
    /// It does not count.
    #[default]
    Refused,
    /// It counts.
    Allowed,
}

/// Why no statement about the signature can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignatureProblem {
    /// An algorithm that is unknown, or too weak to believe.
    Algorithm(String),
    /// SHA-1 where it is not allowed, by the algorithm's object identifier.
    Sha1(String),
    /// It does not verify with this key.
    Wrong,
}

/// Verifies `signature` over `tbs` with the public key in `spki`.
pub(super) fn verify(
    spki: &[u8],
    algorithm: &[u8],
    tbs: &[u8],
    signature: &[u8],
    sha1: Sha1,
) -> Result<(), SignatureProblem> {
    let scheme = read_scheme(algorithm, sha1)?;
    let key = PKey::public_key_from_der(spki).map_err(|_| SignatureProblem::Wrong)?;
    let verified = fits(scheme, key.id()) && holds(scheme, &key, tbs, signature).unwrap_or(false);
    if verified { Ok(()) } else { Err(SignatureProblem::Wrong) }
}

fn fits(scheme: Scheme, key: Id) -> bool {
    match scheme {
        Scheme::RsaPkcs1(_) => key == Id::RSA,
        Scheme::RsaPss { .. } => key == Id::RSA || key == Id::RSA_PSS,
        Scheme::Ecdsa(_) => key == Id::EC,
        Scheme::Dsa(_) => key == Id::DSA,
    }
}

fn holds(scheme: Scheme, key: &PKey<Public>, tbs: &[u8], signature: &[u8]) -> Result<bool, openssl::error::ErrorStack> {
    let mut verifier = match scheme {
        Scheme::RsaPkcs1(digest) | Scheme::Ecdsa(digest) | Scheme::Dsa(digest) | Scheme::RsaPss { digest, .. } => {
            Verifier::new(digest, key)?
        }
    };
    if let Scheme::RsaPss { digest, salt_octets } = scheme {
        verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
        verifier.set_rsa_mgf1_md(digest)?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt_octets))?;
    }
    verifier.verify_oneshot(signature, tbs)
}

/// The scheme an `AlgorithmIdentifier` names. SHA-1 is refused unless allowed: whoever can make two CRLs with one digest can hide a
/// revocation.
fn read_scheme(algorithm: &[u8], sha1: Sha1) -> Result<Scheme, SignatureProblem> {
    let unreadable = |_| SignatureProblem::Algorithm("that cannot be read".to_owned());
    let mut fields = Reader::new(algorithm).sequence("an algorithm").map_err(unreadable)?;
    let identifier = fields.expect(OBJECT_IDENTIFIER, "an algorithm").map_err(unreadable)?.content;
    let name = dotted(identifier).unwrap_or_default();
    Ok(match name.as_str() {
        "1.2.840.113549.1.1.11" => Scheme::RsaPkcs1(MessageDigest::sha256()),
        "1.2.840.113549.1.1.12" => Scheme::RsaPkcs1(MessageDigest::sha384()),
        "1.2.840.113549.1.1.13" => Scheme::RsaPkcs1(MessageDigest::sha512()),
        "1.2.840.10045.4.3.2" => Scheme::Ecdsa(MessageDigest::sha256()),
        "1.2.840.10045.4.3.3" => Scheme::Ecdsa(MessageDigest::sha384()),
        "1.2.840.10045.4.3.4" => Scheme::Ecdsa(MessageDigest::sha512()),
        "1.2.840.113549.1.1.10" => read_pss(fields)
            .ok_or_else(|| SignatureProblem::Algorithm("RSASSA-PSS with parameters other than SHA-2".to_owned()))?,
        "2.16.840.1.101.3.4.3.2" => Scheme::Dsa(MessageDigest::sha256()),
        "1.2.840.113549.1.1.5" if sha1 == Sha1::Allowed => Scheme::RsaPkcs1(MessageDigest::sha1()),
        "1.2.840.10045.4.1" if sha1 == Sha1::Allowed => Scheme::Ecdsa(MessageDigest::sha1()),
        "1.2.840.10040.4.3" if sha1 == Sha1::Allowed => Scheme::Dsa(MessageDigest::sha1()),
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" => {
            return Err(SignatureProblem::Sha1(name));
        }
        _ => return Err(SignatureProblem::Algorithm(name)),
    })
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1); its defaults are SHA-1, so the digest must be named, and the mask must use
/// the same one.
fn read_pss(mut fields: Reader<'_>) -> Option<Scheme> {
    let mut parameters = fields.sequence("PSS parameters").ok()?;
    let digest = parameters.expect(context_constructed(0), "the PSS digest").ok()?;
    let mask = parameters.expect(context_constructed(1), "the PSS mask").ok()?;
    let mut mask = Reader::new(mask.content).sequence("the PSS mask").ok()?;
    let mask_function = dotted(mask.expect(OBJECT_IDENTIFIER, "the PSS mask").ok()?.content)?;
    let mask_digest = mask.expect(SEQUENCE, "the PSS mask's digest").ok()?;
    let salt_octets = match parameters.optional(context_constructed(2), "the PSS salt length").ok()? {
        None => 20,
        Some(salt) => match Reader::new(salt.content).expect(INTEGER, "the PSS salt length").ok()?.content {
            [octets @ 0..=0x7f] => i32::from(*octets),
            _ => return None,
        },
    };
    let digest = read_digest(digest.content)?;
    let same = mask_function == "1.2.840.113549.1.1.8" && read_digest(mask_digest.whole)?.type_() == digest.type_();
    same.then_some(Scheme::RsaPss { digest, salt_octets })
}

fn read_digest(algorithm: &[u8]) -> Option<MessageDigest> {
    let mut fields = Reader::new(algorithm).sequence("a digest").ok()?;
    match dotted(fields.expect(OBJECT_IDENTIFIER, "a digest").ok()?.content)?.as_str() {
        "2.16.840.1.101.3.4.2.1" => Some(MessageDigest::sha256()),
        "2.16.840.1.101.3.4.2.2" => Some(MessageDigest::sha384()),
        "2.16.840.1.101.3.4.2.3" => Some(MessageDigest::sha512()),
        _ => None,
    }
}
