use super::*;
use crate::token::tests::keys::{certificate_for, ec, rsa};
use openssl::symm::Cipher;

fn pem(key: &PKey<Private>) -> Vec<u8> {
    key.private_key_to_pem_pkcs8().unwrap()
}

fn problem(certificate: &[u8], key: &[u8]) -> KeyProblem {
    KeySigner::new(certificate, key).unwrap_err()
}

#[test]
fn refuses_keys_that_cannot_sign_tokens() {
    let good = rsa(2048);
    let certificate = certificate_for(&good);
    let short = rsa(1024);
    let curve = ec(Nid::SECP384R1);
    let edwards = PKey::generate_ed25519().unwrap();
    assert_eq!(problem(&certificate, &pem(&rsa(2048))), KeyProblem::Mismatch);
    assert_eq!(problem(&certificate_for(&ec(Nid::X9_62_PRIME256V1)), &pem(&good)), KeyProblem::Mismatch);
    assert_eq!(problem(&certificate_for(&short), &pem(&short)), KeyProblem::RsaTooShort { bits: 1024 });
    assert_eq!(
        problem(&certificate_for(&curve), &pem(&curve)),
        KeyProblem::Unsupported { found: "on the curve secp384r1".to_owned() }
    );
    assert!(matches!(problem(&certificate, &pem(&edwards)), KeyProblem::Unsupported { .. }));
    let encrypted = good.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret").unwrap();
    assert_eq!(problem(&certificate, &encrypted), KeyProblem::KeyEncrypted);
    assert!(matches!(problem(&certificate, b"no key"), KeyProblem::KeyUnreadable { .. }));
    assert!(matches!(problem(b"no certificate", &pem(&good)), KeyProblem::CertificateUnreadable { .. }));
    assert_eq!(problem(b"no certificate", &pem(&good)).half(), KeyPairHalf::Certificate);
    assert_eq!(problem(&certificate, b"no key").half(), KeyPairHalf::PrivateKey);
    assert_eq!(KeyProblem::Mismatch.half(), KeyPairHalf::PrivateKey);
}

#[test]
fn ecdsa_signatures_have_the_length_of_the_curve() {
    let key = ec(Nid::X9_62_PRIME256V1);
    let signer = KeySigner::new(&certificate_for(&key), &pem(&key)).unwrap();
    assert_eq!(signer.algorithm(), SignatureAlgorithm::EcdsaP256Sha256);
    for message in 0..64u8 {
        assert_eq!(signer.sign(&[message]).unwrap().len(), 64);
    }
}

#[test]
fn debug_shows_no_key() {
    let key = rsa(2048);
    let signer = KeySigner::new(&certificate_for(&key), &pem(&key)).unwrap();
    assert_eq!(format!("{signer:?}"), "KeySigner { algorithm: RsaSha256, .. }");
}
