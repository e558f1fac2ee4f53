//! OpenSSL keys as rcgen wants to see them. rcgen is built without a crypto library of its own: the process has one already.

use super::cast::KeyShape;
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use rcgen::{PublicKeyData, SignatureAlgorithm, SigningKey};

/// A private key that rcgen can sign with.
pub struct LabKey {
    private: PKey<Private>,
    public: Vec<u8>,
    algorithm: &'static SignatureAlgorithm,
}

impl LabKey {
    /// Makes a key. OpenSSL draws the randomness itself.
    pub fn generate(shape: KeyShape) -> Result<Self, ErrorStack> {
        match shape {
            KeyShape::Rsa(bits) => {
                let rsa = Rsa::generate(bits)?;
                let public = rsa.public_key_to_der_pkcs1()?;
                Ok(Self { private: PKey::from_rsa(rsa)?, public, algorithm: &rcgen::PKCS_RSA_SHA256 })
            }
            KeyShape::P256 => {
                let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
                let key = EcKey::generate(&group)?;
                let mut context = openssl::bn::BigNumContext::new()?;
                let public = key.public_key().to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context)?;
                Ok(Self { private: PKey::from_ec_key(key)?, public, algorithm: &rcgen::PKCS_ECDSA_P256_SHA256 })
            }
        }
    }

    /// The private key.
    pub fn private(&self) -> &PKey<Private> {
        &self.private
    }

    /// The subject key identifier (RFC 5280 section 4.2.1.2, method 1).
    pub fn identifier(&self) -> Vec<u8> {
        openssl::sha::sha1(&self.public).to_vec()
    }
}

impl PublicKeyData for LabKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for LabKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Signer::new(MessageDigest::sha256(), &self.private)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(message))
            .map_err(|_| rcgen::Error::RemoteKeyError)
    }
}
