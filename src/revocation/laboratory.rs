//! Certificates and CRLs for tests: keys made by OpenSSL, certificates by rcgen, CRLs written octet by octet so that they
//! can be of every kind, signed by OpenSSL.

use crate::certificate::Certificate;
use jiff::Timestamp;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, KeyIdMethod, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    SerialNumber,
};
use std::sync::Arc;
use time::OffsetDateTime;

/// The moment all tests play at.
pub(crate) const NOW: &str = "2026-06-15T12:00:00Z";

/// `NOW` and so many hours.
pub(crate) fn hours(offset: i64) -> Timestamp {
    Timestamp::from_second(NOW.parse::<Timestamp>().unwrap().as_second() + offset * 3600).unwrap()
}

pub(crate) struct EcSigner {
    key: PKey<Private>,
    public: Vec<u8>,
}

impl EcSigner {
    pub(crate) fn generate() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let mut context = openssl::bn::BigNumContext::new().unwrap();
        let form = openssl::ec::PointConversionForm::UNCOMPRESSED;
        let public = key.public_key().to_bytes(&group, form, &mut context).unwrap();
        Self { key: PKey::from_ec_key(key).unwrap(), public }
    }

    pub(crate) fn private(&self) -> &PKey<Private> {
        &self.key
    }
}

impl rcgen::PublicKeyData for EcSigner {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }
    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for EcSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Signer::new(MessageDigest::sha256(), &self.key).unwrap().sign_oneshot_to_vec(message).unwrap())
    }
}

/// An authority: its certificate and its key.
pub(crate) struct Authority {
    pub(crate) certificate: Arc<Certificate>,
    pub(crate) issuer: rcgen::Issuer<'static, EcSigner>,
}

fn parameters(name: &str, serial: u8) -> CertificateParams {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = OffsetDateTime::from_unix_timestamp(hours(-24_000).as_second()).unwrap();
    parameters.not_after = OffsetDateTime::from_unix_timestamp(hours(24_000).as_second()).unwrap();
    parameters.serial_number = Some(SerialNumber::from_slice(&[serial]));
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(vec![serial; 20]);
    parameters.use_authority_key_identifier_extension = true;
    parameters
}

fn authority_parameters(name: &str, serial: u8, usages: &[KeyUsagePurpose]) -> CertificateParams {
    let mut parameters = parameters(name, serial);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = usages.to_vec();
    parameters
}

const SIGNS_BOTH: &[KeyUsagePurpose] = &[KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];

impl Authority {
    pub(crate) fn root(name: &str, serial: u8) -> Self {
        Self::root_with_usages(name, serial, SIGNS_BOTH)
    }

    pub(crate) fn root_with_usages(name: &str, serial: u8, usages: &[KeyUsagePurpose]) -> Self {
        let (parameters, key) = (authority_parameters(name, serial, usages), EcSigner::generate());
        let certificate = parameters.self_signed(&key).unwrap();
        Self::new(certificate.der(), rcgen::Issuer::new(parameters, key))
    }

    pub(crate) fn subordinate(&self, name: &str, serial: u8, urls: &[&str]) -> Self {
        self.subordinate_with(name, serial, urls, |_| ())
    }

    pub(crate) fn subordinate_with(
        &self,
        name: &str,
        serial: u8,
        urls: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let (mut parameters, key) = (authority_parameters(name, serial, SIGNS_BOTH), EcSigner::generate());
        parameters.crl_distribution_points = distribution_points(urls);
        change(&mut parameters);
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        Self::new(certificate.der(), rcgen::Issuer::new(parameters, key))
    }

    fn new(der: &[u8], issuer: rcgen::Issuer<'static, EcSigner>) -> Self {
        Self { certificate: Arc::new(Certificate::read_der(der).unwrap()), issuer }
    }

    /// A user's certificate, good for client authentication.
    pub(crate) fn user(&self, name: &str, serial: u8, urls: &[&str]) -> Arc<Certificate> {
        let mut parameters = parameters(name, serial);
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        parameters.crl_distribution_points = distribution_points(urls);
        let certificate = parameters.signed_by(&EcSigner::generate(), &self.issuer).unwrap();
        Arc::new(Certificate::read_der(certificate.der()).unwrap())
    }

    /// The same with extensions by the last number of their identifier under 2.5.29.
    pub(crate) fn user_with(&self, name: &str, serial: u8, extensions: &[(u64, Vec<u8>)]) -> Arc<Certificate> {
        let mut parameters = parameters(name, serial);
        let custom = |(last, value): &(u64, Vec<u8>)| {
            rcgen::CustomExtension::from_oid_content(&[2, 5, 29, *last], value.clone())
        };
        parameters.custom_extensions = extensions.iter().map(custom).collect();
        let certificate = parameters.signed_by(&EcSigner::generate(), &self.issuer).unwrap();
        Arc::new(Certificate::read_der(certificate.der()).unwrap())
    }

    /// A CRL of this authority, valid for a day around [`NOW`], listing nothing yet.
    pub(crate) fn crl(&self) -> TestCrl {
        TestCrl {
            issuer: self.certificate.subject().der().to_vec(),
            this_update: hours(-12),
            next_update: Some(hours(12)),
            entries: Vec::new(),
            extensions: vec![number(1), authority_key(self.certificate.subject_key_identifier().unwrap())],
            key: self.issuer.key().key.clone(),
            scheme: Scheme::Plain,
        }
    }
}

fn distribution_points(urls: &[&str]) -> Vec<rcgen::CrlDistributionPoint> {
    urls.iter().map(|url| rcgen::CrlDistributionPoint { uris: vec![(*url).to_owned()] }).collect()
}

/// An RSA key and a root with it, for RSA signatures.
pub(crate) fn rsa_root(name: &str) -> (Certificate, PKey<Private>) {
    use openssl::x509::{X509Builder, X509NameBuilder};
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&subject).unwrap();
    builder.set_issuer_name(&subject).unwrap();
    let at = |offset| openssl::asn1::Asn1Time::from_unix(hours(offset).as_second()).unwrap();
    builder.set_not_before(&at(-24_000)).unwrap();
    builder.set_not_after(&at(24_000)).unwrap();
    builder.set_serial_number(&openssl::bn::BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    (Certificate::read_der(&builder.build().to_der().unwrap()).unwrap(), key)
}

#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    Plain,
    PlainSha1,
    Pss,
}

/// A CRL to be.
#[derive(Clone)]
pub(crate) struct TestCrl {
    pub(crate) issuer: Vec<u8>,
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) key: PKey<Private>,
    pub(crate) scheme: Scheme,
}

impl TestCrl {
    pub(crate) fn lists(mut self, serial: &[u8], reason: Option<u8>) -> Self {
        self.entries.push(entry(serial, "2026-06-01T00:00:00Z", reason));
        self
    }

    pub(crate) fn valid(mut self, this_update: Timestamp, next_update: Option<Timestamp>) -> Self {
        (self.this_update, self.next_update) = (this_update, next_update);
        self
    }

    pub(crate) fn numbered(mut self, value: u8) -> Self {
        self.extensions[0] = number(value);
        self
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let algorithm = self.algorithm();
        let mut fields = vec![tlv(0x02, &[1]), algorithm.clone(), self.issuer.clone(), utc_time_of(self.this_update)];
        fields.extend(self.next_update.map(utc_time_of));
        if !self.entries.is_empty() {
            fields.push(tlv(0x30, &self.entries.concat()));
        }
        fields.push(tlv(0xa0, &tlv(0x30, &self.extensions.concat())));
        let tbs = tlv(0x30, &fields.concat());
        let signature = [vec![0], self.sign(&tbs)].concat();
        tlv(0x30, &[tbs, algorithm, tlv(0x03, &signature)].concat())
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        let crl = openssl::x509::X509Crl::from_der(&self.der()).unwrap();
        crl.to_pem().unwrap()
    }

    fn sign(&self, tbs: &[u8]) -> Vec<u8> {
        let digest =
            if matches!(self.scheme, Scheme::PlainSha1) { MessageDigest::sha1() } else { MessageDigest::sha256() };
        let mut signer = Signer::new(digest, &self.key).unwrap();
        if matches!(self.scheme, Scheme::Pss) {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_mgf1_md(MessageDigest::sha256()).unwrap();
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(32)).unwrap();
        }
        signer.sign_oneshot_to_vec(tbs).unwrap()
    }

    fn algorithm(&self) -> Vec<u8> {
        let rsa = self.key.id() == openssl::pkey::Id::RSA;
        let null = tlv(0x05, &[]);
        let pkcs1 = |last: u8| oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, last]);
        let content = match self.scheme {
            Scheme::Plain if rsa => [pkcs1(11), null].concat(),
            Scheme::PlainSha1 if rsa => [pkcs1(5), null].concat(),
            Scheme::Plain => oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
            Scheme::PlainSha1 => oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01]),
            Scheme::Pss => {
                let sha256 = tlv(0x30, &oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]));
                let mask = tlv(0x30, &[pkcs1(8), sha256.clone()].concat());
                let fields = [tlv(0xa0, &sha256), tlv(0xa1, &mask), tlv(0xa2, &tlv(0x02, &[32]))].concat();
                [pkcs1(10), tlv(0x30, &fields)].concat()
            }
        };
        tlv(0x30, &content)
    }
}

/// One value in DER.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, length as u8],
        0x100..=0xffff => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        _ => vec![tag, 0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8],
    };
    [head, content.to_vec()].concat()
}

fn oid(content: &[u8]) -> Vec<u8> {
    tlv(0x06, content)
}

fn utc_time_of(moment: Timestamp) -> Vec<u8> {
    utc_time(&moment.to_string())
}

/// From `2026-01-02T03:04:05Z`.
pub(crate) fn utc_time(text: &str) -> Vec<u8> {
    let digits: String = text[2..19].chars().filter(char::is_ascii_digit).collect();
    tlv(0x17, format!("{digits}Z").as_bytes())
}

/// An extension by the last octet of its identifier under 2.5.29.
pub(crate) fn extension(last: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(0x01, &[0xff]) } else { Vec::new() };
    tlv(0x30, &[oid(&[0x55, 0x1d, last]), critical, tlv(0x04, value)].concat())
}

pub(crate) fn number(value: u8) -> Vec<u8> {
    extension(20, false, &tlv(0x02, &[value]))
}

pub(crate) fn authority_key(identifier: &[u8]) -> Vec<u8> {
    extension(35, false, &tlv(0x30, &tlv(0x80, identifier)))
}

/// An issuing distribution point with a URI, when given, and further fields.
pub(crate) fn distribution_point(uri: Option<&str>, further: &[u8]) -> Vec<u8> {
    let name = uri.map(|uri| tlv(0xa0, &tlv(0xa0, &tlv(0x86, uri.as_bytes())))).unwrap_or_default();
    extension(28, true, &tlv(0x30, &[name, further.to_vec()].concat()))
}

/// An entry of `revokedCertificates`.
pub(crate) fn entry(serial: &[u8], revoked_at: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| tlv(0x30, &extension(21, false, &tlv(0x0a, &[code])))).unwrap_or_default();
    tlv(0x30, &[tlv(0x02, serial), utc_time(revoked_at), reason].concat())
}

/// What a chain of these certificates, leaf first, would want.
pub(crate) fn wanted(path: &[Arc<Certificate>], policy: &super::RevocationPolicy) -> Vec<super::CrlWanted> {
    super::required::required_for(path, policy)
}
