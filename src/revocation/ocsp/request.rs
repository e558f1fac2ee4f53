//! `OCSPRequest` (RFC 6960 section 4.1): one certificate per request, so that one answer can be kept for one certificate.

use super::super::der::{OBJECT_IDENTIFIER, OCTET_STRING, context_constructed};
use super::certificate_id;
use super::encode::{sequence, value};
use crate::certificate::Certificate;

/// How many octets a nonce has (RFC 9654 section 2.1 asks for 32, which RFC 8954 allowed too).
pub const NONCE_OCTETS: usize = 32;

/// `id-pkix-ocsp-nonce`.
pub(super) const NONCE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 2];

/// A question, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspRequest {
    der: Vec<u8>,
    nonce: Option<[u8; NONCE_OCTETS]>,
}

impl OcspRequest {
    /// Asks about `certificate`, which `issuer` issued. With a nonce an answer is for this question alone and no cache on
    /// the way can serve it. `None` when the issuer's key has no readable structure.
    pub fn new(certificate: &Certificate, issuer: &Certificate, nonce: Option<[u8; NONCE_OCTETS]>) -> Option<Self> {
        let request = sequence(&[&certificate_id::write(certificate, issuer)?]);
        let mut fields = vec![sequence(&[&request])];
        if let Some(nonce) = &nonce {
            let extension =
                sequence(&[&value(OBJECT_IDENTIFIER, NONCE), &value(OCTET_STRING, &value(OCTET_STRING, nonce))]);
            fields.push(value(context_constructed(2), &sequence(&[&extension])));
        }
        let to_be_signed = sequence(&fields.iter().map(Vec::as_slice).collect::<Vec<_>>());
        Some(Self { der: sequence(&[&to_be_signed]), nonce })
    }

    /// The octets to send.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The nonce an answer should repeat.
    pub fn nonce(&self) -> Option<&[u8; NONCE_OCTETS]> {
        self.nonce.as_ref()
    }
}
