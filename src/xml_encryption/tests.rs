use super::*;
use crate::token::tests::judges::xmlsec1_decrypts;
use crate::token::tests::keys::{certificate_for, ec, rsa};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use std::sync::LazyLock;

static KEY: LazyLock<PKey<Private>> = LazyLock::new(|| rsa(2048));
const CONTENT: ContentKey = ContentKey { key: [7; 32], iv: [9; 16] };

fn encrypted(plain: &str, key: &PKey<Private>, algorithm: ContentEncryption) -> Result<String, EncryptionError> {
    let mut xml = CanonicalWriter::with_capacity(0);
    let recipient = X509::from_pem(&certificate_for(key)).unwrap();
    encrypt_element(&mut xml, plain, &recipient, algorithm, &CONTENT)?;
    Ok(xml.into_string())
}

#[test]
fn xmlsec1_decrypts_every_length_of_content() {
    for algorithm in [ContentEncryption::Aes256Cbc, ContentEncryption::Aes256Gcm] {
        // around the length of a block, where padding goes wrong
        for length in [1, 7, 8, 9, 23, 24, 25, 4000] {
            let plain = format!("<a>{}</a>", "x".repeat(length));
            let xml = encrypted(&plain, &KEY, algorithm).unwrap();
            let decrypted = xmlsec1_decrypts(&xml, &KEY).unwrap();
            assert!(decrypted.ends_with(&format!("{plain}\n")), "{algorithm:?} {length}: {decrypted}");
        }
    }
}

#[test]
fn another_key_or_an_altered_tag_decrypts_nothing() {
    let xml = encrypted("<a>b</a>", &KEY, ContentEncryption::Aes256Gcm).unwrap();
    assert!(xmlsec1_decrypts(&xml, &rsa(2048)).is_err());
    let end = "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>";
    let at = xml.rfind(end).unwrap() - 8;
    let replacement = if &xml[at..=at] == "A" { "B" } else { "A" };
    let altered = [&xml[..at], replacement, &xml[at + 1..]].concat();
    assert!(xmlsec1_decrypts(&altered, &KEY).is_err());
}

#[test]
fn recipients_without_a_long_rsa_key_are_refused() {
    for key in [ec(Nid::X9_62_PRIME256V1), rsa(1024)] {
        assert_eq!(encrypted("<a></a>", &key, ContentEncryption::default()), Err(EncryptionError::Key));
    }
}
