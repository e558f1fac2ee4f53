//! Keys are made once for the whole run, one for each name and kind.

use super::Mistake;
use fedgate::lab::LabKey;
use fedgate::lab::cast::KeyShape;
use fedgate::token::{KeySigner, SignatureAlgorithm, Signer, SigningError};
use rcgen::{CertificateParams, SerialNumber};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The key of this owner.
pub(super) fn key(owner: &str, kind: &str) -> Result<Arc<LabKey>, Mistake> {
    static MADE: OnceLock<Mutex<HashMap<String, Arc<LabKey>>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let name = format!("{kind} of {owner}");
    if let Some(known) = made.get(&name) {
        return Ok(Arc::clone(known));
    }
    let shape = match kind.split_once('-') {
        None if kind == "p256" => KeyShape::P256,
        Some(("rsa", bits)) => KeyShape::Rsa(bits.parse().map_err(|_| format!("{kind:?} is no kind of key"))?),
        _ => return Err(format!("{kind:?} is no kind of key; p256 and rsa-2048 are").into()),
    };
    let key = Arc::new(LabKey::generate(shape)?);
    made.insert(name, Arc::clone(&key));
    Ok(key)
}

/// What signs every token.
pub(super) fn token_signer() -> Result<Arc<KeySigner>, Mistake> {
    static MADE: OnceLock<Arc<KeySigner>> = OnceLock::new();
    if let Some(known) = MADE.get() {
        return Ok(Arc::clone(known));
    }
    let key = key("token signing", "rsa-2048")?;
    let mut parameters = CertificateParams::default();
    parameters.serial_number = Some(SerialNumber::from_slice(&[1]));
    let certificate = parameters.self_signed(&*key)?.pem();
    let signer = Arc::new(KeySigner::new(certificate.as_bytes(), &key.private().private_key_to_pem_pkcs8()?)?);
    Ok(Arc::clone(MADE.get_or_init(|| signer)))
}

/// A hardware key whose device is gone.
#[derive(Debug)]
pub(super) struct BrokenSigner;

impl Signer for BrokenSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RsaSha256
    }

    fn certificate_base64(&self) -> &str {
        ""
    }

    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SigningError> {
        Err(SigningError { detail: "the token is not in its slot".to_owned() })
    }
}
