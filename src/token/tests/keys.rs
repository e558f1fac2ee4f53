//! Throw-away keys and certificates.

use crate::token::KeySigner;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use std::sync::LazyLock;

pub(crate) fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

pub(crate) fn ec(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

pub(crate) fn certificate_for(key: &PKey<Private>) -> Vec<u8> {
    let mut name = X509Name::builder().unwrap();
    name.append_entry_by_text("CN", "Token signing").unwrap();
    let name = name.build();
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_serial_number(&BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap()).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_not_before(&Asn1Time::from_unix(1_767_225_600).unwrap()).unwrap();
    certificate.set_not_after(&Asn1Time::from_unix(4_102_444_800).unwrap()).unwrap();
    certificate.set_pubkey(key).unwrap();
    certificate.sign(key, MessageDigest::sha256()).unwrap();
    certificate.build().to_pem().unwrap()
}

pub(crate) struct Pair {
    pub(crate) certificate_pem: Vec<u8>,
    pub(crate) signer: KeySigner,
}

fn pair(key: &PKey<Private>) -> Pair {
    let certificate_pem = certificate_for(key);
    let signer = KeySigner::new(&certificate_pem, &key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    Pair { certificate_pem, signer }
}

pub(crate) static RSA: LazyLock<Pair> = LazyLock::new(|| pair(&rsa(2048)));
pub(crate) static EC: LazyLock<Pair> = LazyLock::new(|| pair(&ec(Nid::X9_62_PRIME256V1)));
