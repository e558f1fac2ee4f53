//! `{SSHA512}`, the one form in which the embedded directory holds a password: Base64 of SHA-512 over password and salt,
//! then the salt, as OpenLDAP's pw-sha2 writes `userPassword`.

use crate::directory::Password;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::memcmp;
use openssl::sha::Sha512;
use std::fmt;

const SCHEME: &str = "{SSHA512}";
const DIGEST: usize = 64;

/// A password of which only the digest is known.
#[derive(Clone, PartialEq, Eq)]
pub struct SaltedHash {
    digest: [u8; DIGEST],
    salt: Vec<u8>,
}

impl SaltedHash {
    /// Digests a password with this salt.
    pub fn make(password: &Password, salt: [u8; 16]) -> Self {
        Self { digest: digest(password, &salt), salt: salt.to_vec() }
    }

    /// Reads a value of `userPassword`. `None` for every other scheme, and for a password in the clear.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let text = str::from_utf8(value).ok()?;
        let encoded = text.get(..SCHEME.len()).filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME))?.len();
        let octets = STANDARD.decode(text[encoded..].trim()).ok()?;
        let (digest, salt) = octets.split_first_chunk::<DIGEST>()?;
        Some(Self { digest: *digest, salt: salt.to_vec() })
    }

    /// Of a password that nobody has.
    pub(super) fn of_nobody() -> Self {
        Self { digest: [0; DIGEST], salt: vec![0; 16] }
    }

    /// Compared in the same time wherever they differ.
    pub(super) fn is_of(&self, password: &Password) -> bool {
        memcmp::eq(&digest(password, &self.salt), &self.digest)
    }
}

fn digest(password: &Password, salt: &[u8]) -> [u8; DIGEST] {
    let mut digest = Sha512::new();
    digest.update(password.expose().as_bytes());
    digest.update(salt);
    digest.finish()
}

/// As `userPassword` holds it.
impl fmt::Display for SaltedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", STANDARD.encode([&self.digest[..], &self.salt].concat()))
    }
}

/// A digest can be tried against guesses, so it is not shown.
impl fmt::Debug for SaltedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltedHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `slappasswd -o module-load=pw-sha2 -h '{SSHA512}' -s secret`.
    const OPENLDAP: &str = concat!(
        "{SSHA512}i5ARIXBP/unsDCDJGc7pO99gJnDENntyyWNJgii06slsqICLs+JYIQZMF3cir",
        "ex4iE0WLGuInUOpQDQ3130tjnta4aNVFP5o"
    );

    #[test]
    fn only_salted_sha512_is_read() {
        let secret = Password::new("secret").unwrap();
        let made = SaltedHash::make(&secret, *b"0123456789abcdef");
        assert_eq!(SaltedHash::read(made.to_string().as_bytes()), Some(made.clone()));
        assert!(made.is_of(&secret) && !made.is_of(&Password::new("Secret").unwrap()));
        assert!(SaltedHash::read(OPENLDAP.as_bytes()).unwrap().is_of(&secret));
        let lower = made.to_string().replace("SSHA", "ssha");
        assert_eq!(SaltedHash::read(lower.as_bytes()), Some(made));
        for other in ["secret", "{SSHA}AAAA", "{SSHA512}", "{SSHA512}AAAA", "{SSHA512}*", "{é", ""] {
            assert_eq!(SaltedHash::read(other.as_bytes()), None, "{other}");
        }
    }
}
