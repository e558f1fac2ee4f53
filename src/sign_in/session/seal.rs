//! Sealed texts: what a browser keeps for us and cannot read, alter or make (AES-256-GCM, RFC 5116 section 5.2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::sha::Sha256;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use std::fmt;

/// The form of a sealed text.
const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// A nonce, never used twice with a key: take it from the random generator, and change keys long before 2^32 texts
/// (NIST SP 800-38D section 8.3).
pub type Nonce = [u8; NONCE_BYTES];

/// What a text is sealed for. One kind never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The session cookie.
    Session,
    /// The state of a sign-in under way.
    Transaction,
    /// The relying parties of a session that speak SAML 2.0.
    Participants,
    /// The state of a single logout under way.
    LogoutRound,
}

/// One key.
#[derive(Clone)]
pub struct SealingKey {
    id: [u8; KEY_ID_BYTES],
    bytes: [u8; 32],
}

/// The key that seals, and those before it that still open.
#[derive(Debug, Clone)]
pub struct SealingKeys {
    current: SealingKey,
    previous: Vec<SealingKey>,
}

/// Why a text cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not a sealed text at all.
    #[error("this is no sealed text")]
    Malformed,
    /// Sealed with a key that was retired, or by somebody else.
    #[error("the text was sealed with a key that is not held here")]
    UnknownKey,
    /// Altered, or sealed for something else.
    #[error("the text was altered, or sealed for another purpose")]
    Altered,
    /// OpenSSL failed.
    #[error("sealing failed")]
    Failed,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"fedgate session",
            Self::Transaction => b"fedgate transaction",
            Self::Participants => b"fedgate participants",
            Self::LogoutRound => b"fedgate logout round",
        }
    }
}

impl SealingKey {
    /// A key of 32 random bytes. Its identifier follows from it and tells nothing about it.
    pub fn new(bytes: [u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"fedgate sealing key");
        hash.update(&bytes);
        let [a, b, c, d, ..] = hash.finish();
        Self { id: [a, b, c, d], bytes }
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SealingKeys {
    /// Begins with one key.
    pub fn new(current: SealingKey) -> Self {
        Self { current, previous: Vec::new() }
    }

    /// Seals with a new key from now on; the last `kept` before it still open.
    #[must_use]
    pub fn rotated(mut self, next: SealingKey, kept: usize) -> Self {
        self.previous.insert(0, self.current);
        self.previous.truncate(kept);
        Self { current: next, previous: self.previous }
    }

    /// Seals some bytes, as text for a cookie or a form field.
    ///
    /// # Errors
    /// When OpenSSL fails.
    pub fn seal(&self, purpose: Purpose, bytes: &[u8], nonce: &Nonce) -> Result<String, SealError> {
        let mut sealed = Vec::with_capacity(HEADER_BYTES + bytes.len() + TAG_BYTES);
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.current.id);
        let bound = bound(purpose, &sealed);
        sealed.extend_from_slice(nonce);
        let mut tag = [0; TAG_BYTES];
        let encrypted = encrypt_aead(Cipher::aes_256_gcm(), &self.current.bytes, Some(nonce), &bound, bytes, &mut tag)
            .map_err(|_| SealError::Failed)?;
        sealed.extend_from_slice(&encrypted);
        sealed.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// When it was not sealed here, for this purpose, with a key that is still held.
    pub fn open(&self, purpose: Purpose, text: &str) -> Result<Vec<u8>, SealError> {
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Malformed)?;
        let (header, rest) = sealed.split_at_checked(1 + KEY_ID_BYTES).ok_or(SealError::Malformed)?;
        let (nonce, rest) = rest.split_at_checked(NONCE_BYTES).ok_or(SealError::Malformed)?;
        let end = rest.len().checked_sub(TAG_BYTES).ok_or(SealError::Malformed)?;
        let (encrypted, tag) = rest.split_at(end);
        let [VERSION, id @ ..] = header else { return Err(SealError::Malformed) };
        let key = self.keys().find(|key| key.id == id).ok_or(SealError::UnknownKey)?;
        decrypt_aead(Cipher::aes_256_gcm(), &key.bytes, Some(nonce), &bound(purpose, header), encrypted, tag)
            .map_err(|_| SealError::Altered)
    }

    fn keys(&self) -> impl Iterator<Item = &SealingKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

/// What the tag vouches for beside the text: what it is for, and how it says it was sealed.
fn bound(purpose: Purpose, header: &[u8]) -> Vec<u8> {
    [purpose.label(), header].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONCE: Nonce = [7; NONCE_BYTES];

    fn keys(byte: u8) -> SealingKeys {
        SealingKeys::new(SealingKey::new([byte; 32]))
    }

    #[test]
    fn nothing_altered_is_opened() {
        let keys = keys(1);
        let sealed = keys.seal(Purpose::Session, b"alice", &NONCE).unwrap();
        assert_eq!(keys.open(Purpose::Session, &sealed).unwrap(), b"alice");
        assert_eq!(keys.open(Purpose::Transaction, &sealed), Err(SealError::Altered));
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[place] ^= 1 << bit;
                assert!(keys.open(Purpose::Session, &URL_SAFE_NO_PAD.encode(&altered)).is_err(), "{place} {bit}");
            }
        }
        for length in 0..bytes.len() {
            assert!(keys.open(Purpose::Session, &URL_SAFE_NO_PAD.encode(&bytes[..length])).is_err(), "{length}");
        }
    }

    #[test]
    fn a_retired_key_opens_nothing() {
        let first = keys(1);
        let sealed = first.seal(Purpose::Session, b"alice", &NONCE).unwrap();
        let second = first.rotated(SealingKey::new([2; 32]), 1);
        assert_eq!(second.open(Purpose::Session, &sealed).unwrap(), b"alice");
        let third = second.rotated(SealingKey::new([3; 32]), 1);
        assert_eq!(third.open(Purpose::Session, &sealed), Err(SealError::UnknownKey));
    }

    #[test]
    fn a_key_is_not_printed() {
        assert!(!format!("{:?}", keys(201)).contains("201, 201"));
    }

    proptest! {
        #[test]
        fn every_text_comes_back(bytes: Vec<u8>, nonce: Nonce) {
            let keys = keys(1);
            let sealed = keys.seal(Purpose::Transaction, &bytes, &nonce).unwrap();
            prop_assert_eq!(keys.open(Purpose::Transaction, &sealed).unwrap(), bytes);
        }

        #[test]
        fn nothing_foreign_is_opened(text in "\\PC*") {
            prop_assert!(keys(1).open(Purpose::Session, &text).is_err());
        }
    }
}
