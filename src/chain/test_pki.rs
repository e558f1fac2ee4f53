//! Certificates for tests, made at fixed times: nothing here ever expires in reality.

use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose,
    PublicKeyData, SerialNumber, SignatureAlgorithm, SigningKey, date_time_ymd,
};

/// A private key that rcgen can use.
pub(crate) struct TestKey {
    pkey: PKey<Private>,
    public: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl TestKey {
    pub(crate) fn ec() -> Self {
        Self::on_curve(Nid::X9_62_PRIME256V1, &rcgen::PKCS_ECDSA_P256_SHA256)
    }

    fn on_curve(curve: Nid, algorithm: &'static SignatureAlgorithm) -> Self {
        let group = EcGroup::from_curve_name(curve).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let mut context = openssl::bn::BigNumContext::new().unwrap();
        let public = key.public_key().to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context).unwrap();
        Self { pkey: PKey::from_ec_key(key).unwrap(), public, algorithm }
    }

    pub(crate) fn rsa(bits: u32) -> Self {
        let key = Rsa::generate(bits).unwrap();
        let public = key.public_key_to_der_pkcs1().unwrap();
        Self { pkey: PKey::from_rsa(key).unwrap(), public, algorithm: &rcgen::PKCS_RSA_SHA256 }
    }

    pub(crate) fn pkey(&self) -> &PKey<Private> {
        &self.pkey
    }

    fn identifier(&self) -> KeyIdMethod {
        KeyIdMethod::PreSpecified(openssl::sha::sha1(&self.public).to_vec())
    }
}

impl PublicKeyData for TestKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for TestKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.pkey).unwrap();
        Ok(signer.sign_oneshot_to_vec(message).unwrap())
    }
}

/// A certificate with its key and the recipe it was made from.
pub(crate) struct Node {
    params: CertificateParams,
    key: TestKey,
    pub(crate) der: Vec<u8>,
}

impl Node {
    /// Self-signed.
    pub(crate) fn root(mut params: CertificateParams, key: TestKey) -> Self {
        params.key_identifier_method = key.identifier();
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { params, key, der }
    }

    /// Signed by this authority.
    pub(crate) fn issue(&self, mut params: CertificateParams, key: TestKey) -> Self {
        params.key_identifier_method = key.identifier();
        let der = self.sign(&params, &key);
        Self { params, key, der }
    }

    /// Another certificate for the key of `subject`, signed by this authority: a cross certificate or a renewal.
    pub(crate) fn certify_again(&self, subject: &Self, change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut params = subject.params.clone();
        change(&mut params);
        self.sign(&params, &subject.key)
    }

    /// As [`Self::issue`], the issuer's name spelled differently.
    pub(crate) fn issue_as(&self, spelling: &str, mut params: CertificateParams, key: TestKey) -> Self {
        params.key_identifier_method = key.identifier();
        let mut own = self.params.clone();
        own.distinguished_name = named(spelling).distinguished_name;
        let der = params.signed_by(&key, &Issuer::from_params(&own, &self.key)).unwrap().der().to_vec();
        Self { params, key, der }
    }

    fn sign(&self, params: &CertificateParams, key: &TestKey) -> Vec<u8> {
        let issuer = Issuer::from_params(&self.params, &self.key);
        params.signed_by(key, &issuer).unwrap().der().to_vec()
    }

    pub(crate) fn key(&self) -> &TestKey {
        &self.key
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        openssl::x509::X509::from_der(&self.der).unwrap().to_pem().unwrap()
    }
}

/// What every certificate here has: the name, a serial of its own, validity 2025 to 2030.
fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let serial = [&[0x10], name.as_bytes()].concat();
    params.serial_number = Some(SerialNumber::from_slice(&serial[..serial.len().min(16)]));
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

/// A certificate authority without a path length.
pub(crate) fn authority(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A user with TLS client authentication and an e-mail address.
pub(crate) fn user(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.subject_alt_names = vec![rcgen::SanType::Rfc822Name(format!("{name}@contoso.test").try_into().unwrap())];
    params
}
