//! The subject's public key, measured.

use super::{CertificateError, oid};
use x509_parser::asn1_rs::{Any, FromDer, Tag};
use x509_parser::x509::SubjectPublicKeyInfo;

/// A public key as the certificate carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeyInfo {
    /// The whole `SubjectPublicKeyInfo` in DER.
    pub spki_der: Vec<u8>,
    /// What kind of key.
    pub kind: KeyKind,
    /// Modulus length for RSA, field size for elliptic curves, 0 when unknown.
    pub bits: u32,
    rsa: Option<RsaNumbers>,
}

impl PublicKeyInfo {
    /// Modulus and exponent of an RSA key, big-endian without a sign octet.
    pub fn rsa_numbers(&self) -> Option<(&[u8], &[u8])> {
        self.rsa.as_ref().map(|numbers| (&*numbers.modulus, &*numbers.exponent))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct RsaNumbers {
    modulus: Box<[u8]>,
    exponent: Box<[u8]>,
}

/// The kind of a public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, with or without the restriction to PSS.
    Rsa,
    /// DSA; no longer approved for signing (FIPS 186-5).
    Dsa,
    /// An elliptic curve named by its dotted OID.
    Ec(String),
    /// Something else, by the dotted OID of its algorithm.
    Other(String),
}

pub(super) fn read(spki: &SubjectPublicKeyInfo<'_>) -> Result<PublicKeyInfo, CertificateError> {
    let algorithm = &spki.algorithm.algorithm;
    let unreadable = || CertificateError::PublicKey { algorithm: algorithm.to_id_string() };
    let key = &spki.subject_public_key.data;
    let mut rsa = None;
    let (kind, bits) = match algorithm.as_bytes() {
        oid::RSA_ENCRYPTION | oid::RSASSA_PSS => {
            let (modulus, exponent) = rsa_numbers(key).ok_or_else(unreadable)?;
            let bits = bit_length(modulus).ok_or_else(unreadable)?;
            rsa = exponent.map(|exponent| RsaNumbers { modulus: modulus.into(), exponent: exponent.into() });
            (KeyKind::Rsa, bits)
        }
        oid::EC_PUBLIC_KEY => {
            let curve = spki.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
            let curve = curve.ok_or_else(unreadable)?.to_id_string();
            let bits = curve_bits(&curve).or_else(|| field_bits(key)).ok_or_else(unreadable)?;
            (KeyKind::Ec(curve), bits)
        }
        oid::DSA => {
            // RFC 3279 section 2.3.2: the parameters may be the issuer's, and then this key is not measured.
            let parameters = spki.algorithm.parameters.as_ref().and_then(|parameters| positive(parameters.data));
            let bits = parameters.and_then(|(modulus, _)| bit_length(modulus)).unwrap_or(0);
            (KeyKind::Dsa, bits)
        }
        _ => {
            let name = algorithm.to_id_string();
            let bits = edwards_bits(&name);
            (KeyKind::Other(name), bits)
        }
    };
    Ok(PublicKeyInfo { spki_der: spki.raw.to_vec(), kind, bits, rsa })
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017 appendix A.1.1); a certificate lives without a readable exponent.
fn rsa_numbers(key: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let (_, sequence) = Any::from_der(key).ok().filter(|(rest, any)| rest.is_empty() && any.tag() == Tag::Sequence)?;
    let (rest, modulus) = positive(sequence.data)?;
    Some((modulus, positive(rest).map(|(_, exponent)| exponent)))
}

/// The octets of a positive INTEGER without its sign octet, and what follows it.
fn positive(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, number) = Any::from_der(der).ok().filter(|(_, any)| any.tag() == Tag::Integer)?;
    let significant = number.data.iter().position(|octet| *octet != 0)?;
    let negative = significant == 0 && number.data[0] & 0x80 != 0;
    (!negative).then(|| (rest, &number.data[significant..]))
}

fn bit_length(octets: &[u8]) -> Option<u32> {
    u32::try_from(octets.len()).ok()?.checked_mul(8)?.checked_sub(octets.first()?.leading_zeros())
}

fn curve_bits(curve: &str) -> Option<u32> {
    match curve {
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" | "1.3.36.3.3.2.8.1.1.7" => Some(256),
        "1.3.132.0.33" => Some(224),
        "1.3.132.0.34" | "1.3.36.3.3.2.8.1.1.11" => Some(384),
        "1.3.132.0.35" => Some(521),
        "1.2.840.10045.3.1.1" => Some(192),
        _ => None,
    }
}

/// From an encoded point: uncompressed `04 x y`, compressed `02|03 x` (SEC 1 section 2.3.3).
fn field_bits(point: &[u8]) -> Option<u32> {
    let (form, coordinates) = point.split_first()?;
    let octets = if *form == 4 { coordinates.len() / 2 } else { coordinates.len() };
    u32::try_from(octets).ok()?.checked_mul(8)
}

fn edwards_bits(algorithm: &str) -> u32 {
    match algorithm {
        "1.3.101.112" => 256,
        "1.3.101.113" => 456,
        _ => 0,
    }
}
