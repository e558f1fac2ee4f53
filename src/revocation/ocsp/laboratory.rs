//! OCSP responders for tests: answers written octet by octet so that they can be of every kind, signed by OpenSSL.

use super::request::NONCE;
use crate::certificate::Certificate;
pub(crate) use crate::revocation::laboratory::tlv;
use crate::revocation::laboratory::{Authority, EcSigner, hours};
use jiff::Timestamp;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use rcgen::{CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use std::sync::Arc;

pub(crate) const URL: &str = "http://ocsp.contoso.test/";

/// Where a certificate's OCSP responder is.
pub(crate) fn access(url: &str) -> CustomExtension {
    let method = tlv(0x06, &[0x2b, 6, 1, 5, 5, 7, 48, 1]);
    let description = tlv(0x30, &[method, tlv(0x86, url.as_bytes())].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], tlv(0x30, &description))
}

pub(crate) fn no_check() -> CustomExtension {
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], vec![0x05, 0x00])
}

/// Somebody who signs answers.
#[derive(Clone)]
pub(crate) struct TestResponder {
    pub(crate) certificate: Arc<Certificate>,
    pub(crate) key: PKey<Private>,
}

impl TestResponder {
    pub(crate) fn authority(authority: &Authority) -> Self {
        Self { certificate: Arc::clone(&authority.certificate), key: authority.issuer.key().private().clone() }
    }

    /// A good delegated responder of this authority, changed.
    pub(crate) fn delegated(authority: &Authority, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name = rcgen::DistinguishedName::new();
        parameters.distinguished_name.push(DnType::CommonName, "Contoso OCSP");
        parameters.serial_number = Some(rcgen::SerialNumber::from_slice(&[0x71]));
        parameters.not_before = rcgen::date_time_ymd(2026, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(9999, 12, 31);
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
        parameters.custom_extensions = vec![no_check()];
        change(&mut parameters);
        let key = EcSigner::generate();
        let certificate = parameters.signed_by(&key, &authority.issuer).unwrap();
        Self { certificate: Arc::new(Certificate::read_der(certificate.der()).unwrap()), key: key.private().clone() }
    }
}

/// An answer to be; good, an hour old and good for a day, unless changed.
#[derive(Clone)]
pub(crate) struct TestAnswer {
    pub(crate) ids: Vec<Vec<u8>>,
    pub(crate) status: Vec<u8>,
    pub(crate) this_update: Timestamp,
    pub(crate) produced_at: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) nonce: Option<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) responder: TestResponder,
    pub(crate) by_key: bool,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) algorithm: u8,
}

impl TestAnswer {
    pub(crate) fn about(certificate: &Certificate, issuer: &Certificate, responder: &TestResponder) -> Self {
        let sent = responder.certificate.der() != issuer.der();
        Self {
            ids: vec![super::certificate_id::write(certificate, issuer).unwrap()],
            status: tlv(0x80, &[]),
            this_update: hours(-1),
            produced_at: hours(-1),
            next_update: Some(hours(23)),
            nonce: None,
            extensions: Vec::new(),
            responder: responder.clone(),
            by_key: false,
            certificates: if sent { vec![responder.certificate.der().to_vec()] } else { Vec::new() },
            algorithm: 2,
        }
    }

    pub(crate) fn revoked(mut self, reason: Option<u8>) -> Self {
        let reason = reason.map(|code| tlv(0xa0, &tlv(0x0a, &[code]))).unwrap_or_default();
        self.status = tlv(0xa1, &[time(hours(-48)), reason].concat());
        self
    }

    pub(crate) fn unknown(mut self) -> Self {
        self.status = tlv(0x82, &[]);
        self
    }

    fn signed_part(&self) -> Vec<u8> {
        let key_hash = super::certificate_id::key_hash(&self.responder.certificate).unwrap();
        let id = match self.by_key {
            true => tlv(0xa2, &tlv(0x04, &key_hash)),
            false => tlv(0xa1, self.responder.certificate.subject().der()),
        };
        let next_update = self.next_update.map(|moment| tlv(0xa0, &time(moment))).unwrap_or_default();
        let singles: Vec<u8> = self
            .ids
            .iter()
            .flat_map(|id| {
                let fields = [id.clone(), self.status.clone(), time(self.this_update), next_update.clone()];
                tlv(0x30, &fields.concat())
            })
            .collect();
        let nonce = self.nonce.as_ref().map(|nonce| extension(NONCE, false, &tlv(0x04, nonce)));
        let extensions: Vec<u8> = self.extensions.iter().cloned().chain(nonce).flatten().collect();
        let extensions = if extensions.is_empty() { extensions } else { tlv(0xa1, &tlv(0x30, &extensions)) };
        tlv(0x30, &[id, time(self.produced_at), tlv(0x30, &singles), extensions].concat())
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let signed = self.signed_part();
        let digest = if self.algorithm == 1 { MessageDigest::sha1() } else { MessageDigest::sha256() };
        let signature = Signer::new(digest, &self.responder.key).unwrap().sign_oneshot_to_vec(&signed).unwrap();
        // ecdsa-with-SHA256, or ecdsa-with-SHA1
        let oid: &[u8] = match self.algorithm {
            1 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
            _ => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
        };
        let certificates = match self.certificates.is_empty() {
            true => Vec::new(),
            false => tlv(0xa0, &tlv(0x30, &self.certificates.concat())),
        };
        let signature = tlv(0x03, &[vec![0], signature].concat());
        let basic = tlv(0x30, &[signed, tlv(0x30, &tlv(0x06, oid)), signature, certificates].concat());
        let kind = tlv(0x06, &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1]);
        let bytes = tlv(0xa0, &tlv(0x30, &[kind, tlv(0x04, &basic)].concat()));
        tlv(0x30, &[tlv(0x0a, &[0]), bytes].concat())
    }
}

pub(crate) fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(0x01, &[0xff]) } else { Vec::new() };
    tlv(0x30, &[tlv(0x06, oid), critical, tlv(0x04, value)].concat())
}

fn time(moment: Timestamp) -> Vec<u8> {
    tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())
}
