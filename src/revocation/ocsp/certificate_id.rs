//! `CertID` (RFC 6960 section 4.1.1): which certificate is meant, by hashes of its issuer and its serial number.

use super::super::der::{BIT_STRING, DerError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE};
use super::encode::{sequence, value};
use crate::certificate::Certificate;

const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// A `CertID` as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct CertificateId<'a> {
    algorithm: &'a [u8],
    issuer_name_hash: &'a [u8],
    issuer_key_hash: &'a [u8],
    serial: &'a [u8],
}

impl<'a> CertificateId<'a> {
    pub(super) fn read(fields: &mut Reader<'a>) -> Result<Self, DerError> {
        const WHAT: &str = "a certificate's identifier";
        let mut id = fields.sequence(WHAT)?;
        let mut algorithm = id.sequence(WHAT)?;
        let read = Self {
            algorithm: algorithm.expect(OBJECT_IDENTIFIER, WHAT)?.content,
            issuer_name_hash: id.expect(OCTET_STRING, WHAT)?.content,
            issuer_key_hash: id.expect(OCTET_STRING, WHAT)?.content,
            serial: id.expect(INTEGER, WHAT)?.content,
        };
        id.end(WHAT)?;
        Ok(read)
    }

    /// Whether it means this certificate of this issuer. A responder may answer with another hash than it was asked with;
    /// an identifier, not a proof, so SHA-1 will do.
    pub(super) fn means(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let is_hash = |hash: &[u8], octets: &[u8]| match self.algorithm {
            SHA1 => hash == openssl::sha::sha1(octets),
            SHA256 => hash == openssl::sha::sha256(octets),
            _ => false,
        };
        self.serial == certificate.serial().octets()
            && is_hash(self.issuer_name_hash, certificate.issuer().der())
            && key_octets(issuer).is_some_and(|key| is_hash(self.issuer_key_hash, key))
    }
}

/// The `CertID` with SHA-1, which RFC 5019 section 2.1.1 demands and the only one every responder indexes by; `None` when
/// the issuer's key has no readable structure.
pub(super) fn write(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let key = key_octets(issuer)?;
    let algorithm = sequence(&[&value(OBJECT_IDENTIFIER, SHA1), &[0x05, 0x00]]);
    Some(sequence(&[
        &algorithm,
        &value(OCTET_STRING, &openssl::sha::sha1(certificate.issuer().der())),
        &value(OCTET_STRING, &openssl::sha::sha1(key)),
        &value(INTEGER, certificate.serial().octets()),
    ]))
}

/// SHA-1 of the key, as `byKey` of a `ResponderID` has it.
pub(super) fn key_hash(certificate: &Certificate) -> Option<[u8; 20]> {
    key_octets(certificate).map(openssl::sha::sha1)
}

/// The value of `subjectPublicKey` without tag, length and the count of unused bits.
fn key_octets(certificate: &Certificate) -> Option<&[u8]> {
    let mut info = Reader::new(&certificate.public_key().spki_der).sequence("a key").ok()?;
    info.expect(SEQUENCE, "a key's algorithm").ok()?;
    let (unused_bits, octets) = info.expect(BIT_STRING, "a key").ok()?.content.split_first()?;
    (*unused_bits == 0).then_some(octets)
}
