//! As much DER as it takes to write CRLs of every kind and to re-sign a certificate with something about it changed.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::sign::Signer;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const SEQUENCE: u8 = 0x30;

/// One value: tag, length, content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    let length = content.len();
    let octets = length.to_be_bytes();
    let significant = &octets[octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len() - 1)..];
    if length >= 0x80 {
        der.push(0x80 | significant.len() as u8);
    }
    der.extend_from_slice(significant);
    der.extend_from_slice(content);
    der
}

/// A SEQUENCE of values.
pub(super) fn sequence(values: &[Vec<u8>]) -> Vec<u8> {
    value(SEQUENCE, &values.concat())
}

/// An object identifier from its dotted form.
pub(super) fn object_identifier(dotted: &str) -> Result<Vec<u8>, String> {
    let arcs = arcs(dotted)?;
    let [first, second, rest @ ..] = arcs.as_slice() else { return Err(format!("{dotted} is too short an OID")) };
    let mut content = Vec::new();
    for arc in std::iter::once(&(first * 40 + second)).chain(rest) {
        let groups = (0..10).rev().map(|group| (arc >> (7 * group)) & 0x7f).skip_while(|group| *group == 0);
        let mut groups: Vec<u8> = groups.map(|group| group as u8 | 0x80).collect();
        if groups.is_empty() {
            groups.push(0x80);
        }
        *groups.last_mut().ok_or("an arc has octets")? &= 0x7f;
        content.extend(groups);
    }
    Ok(value(OBJECT_IDENTIFIER, &content))
}

/// The numbers of a dotted object identifier.
pub(super) fn arcs(dotted: &str) -> Result<Vec<u64>, String> {
    dotted.split('.').map(|arc| arc.parse().map_err(|_| format!("{dotted} is no OID"))).collect()
}

/// An extension (RFC 5280 section 4.2 and 5.2).
pub(super) fn extension(dotted: &str, critical: bool, content: &[u8]) -> Result<Vec<u8>, String> {
    let critical = if critical { value(BOOLEAN, &[0xff]) } else { Vec::new() };
    Ok(sequence(&[object_identifier(dotted)?, critical, value(OCTET_STRING, content)]))
}

/// Octets from hexadecimal; blanks between them are allowed.
pub(super) fn octets(hexadecimal: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<char> = hexadecimal.chars().filter(|digit| !digit.is_whitespace()).collect();
    let octet = |pair: &[char]| {
        let pair: String = pair.iter().collect();
        u8::from_str_radix(&pair, 16).map_err(|_| format!("{pair:?} in {hexadecimal:?} is no octet"))
    };
    digits.chunks(2).map(octet).collect()
}

/// The values inside a constructed value.
fn members(der: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut rest = content(der)?.0;
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (_, after) = content(rest)?;
        members.push(rest[..rest.len() - after.len()].to_vec());
        rest = after;
    }
    Ok(members)
}

/// The content of the first value, and what follows it.
fn content(der: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let short = || "DER ends too early".to_owned();
    let first = usize::from(*der.get(1).ok_or_else(short)?);
    let (length, start) = match first {
        0..0x80 => (first, 2),
        _ => {
            let end = 2 + (first & 0x7f);
            let octets = der.get(2..end).ok_or_else(short)?;
            (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), end)
        }
    };
    let content = der.get(start..start + length).ok_or_else(short)?;
    Ok((content, &der[start + length..]))
}

/// How something is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha1,
}

/// The three parts that certificates and CRLs have in common: what is signed, how, and the signature.
pub(super) fn signed(to_be_signed: Vec<u8>, key: &PKey<Private>, digest: Digest) -> Result<Vec<u8>, String> {
    signed_with(to_be_signed, key, digest, &[])
}

/// The same with something after the signature, as OCSP has it.
pub(super) fn signed_with(
    to_be_signed: Vec<u8>,
    key: &PKey<Private>,
    digest: Digest,
    after: &[u8],
) -> Result<Vec<u8>, String> {
    let failed = |error: ErrorStack| error.to_string();
    let message_digest = match digest {
        Digest::Sha256 => MessageDigest::sha256(),
        Digest::Sha1 => MessageDigest::sha1(),
    };
    let mut signer = Signer::new(message_digest, key).map_err(failed)?;
    let signature = signer.sign_oneshot_to_vec(&to_be_signed).map_err(failed)?;
    let algorithm = signature_algorithm(key, digest)?;
    Ok(sequence(&[to_be_signed, algorithm, value(BIT_STRING, &[vec![0], signature].concat()), after.to_vec()]))
}

/// The AlgorithmIdentifier of a signature (RFC 4055 section 5, RFC 5758 section 3.2).
pub(super) fn signature_algorithm(key: &PKey<Private>, digest: Digest) -> Result<Vec<u8>, String> {
    let null = value(0x05, &[]);
    Ok(match (key.id(), digest) {
        (Id::RSA, Digest::Sha256) => sequence(&[object_identifier("1.2.840.113549.1.1.11")?, null]),
        (Id::RSA, Digest::Sha1) => sequence(&[object_identifier("1.2.840.113549.1.1.5")?, null]),
        (_, Digest::Sha256) => sequence(&[object_identifier("1.2.840.10045.4.3.2")?]),
        (_, Digest::Sha1) => sequence(&[object_identifier("1.2.840.10045.4.1")?]),
    })
}

/// The same certificate with another subject key, if one is given, signed anew.
pub(super) fn sign_again(
    certificate: &[u8],
    subject_public_key: Option<Vec<u8>>,
    key: &PKey<Private>,
    digest: Digest,
) -> Result<Vec<u8>, String> {
    let parts = members(certificate)?;
    let mut fields = members(parts.first().ok_or("a certificate has three parts")?)?;
    // version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, … (RFC 5280 section 4.1)
    *fields.get_mut(2).ok_or("no signature field")? = signature_algorithm(key, digest)?;
    if let Some(other) = subject_public_key {
        *fields.get_mut(6).ok_or("no public key field")? = other;
    }
    signed(sequence(&fields), key, digest)
}

/// SubjectPublicKeyInfo of an X25519 key (RFC 8410): a key that can agree on secrets and sign nothing.
pub(super) fn x25519_public_key() -> Result<Vec<u8>, String> {
    let algorithm = sequence(&[object_identifier("1.3.101.110")?]);
    Ok(sequence(&[algorithm, value(BIT_STRING, &[[0].as_slice(), &[9; 32]].concat())]))
}
