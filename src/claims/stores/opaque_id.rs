//! The store `_OpaqueIdStore`: identifiers that say nothing about a person. AD FS does not publish how it computes them, so
//! they differ from AD FS's; they are as stable as the farm's secret (CLAIM-RULES section 5.4).

use super::{StoreFailure, StoreQuestion};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;

/// How rules name the store.
pub const NAME: &str = "_OpaqueIdStore";

/// What identifiers are made with.
#[derive(Clone)]
pub struct FarmSecret(PKey<Private>);

/// Not the secret.
impl std::fmt::Debug for FarmSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FarmSecret")
    }
}

/// Why a secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// HMAC-SHA256 is as strong as 32 octets (RFC 2104 section 3).
    #[error("it is shorter than 32 octets")]
    Short,
    /// OpenSSL does not take it.
    #[error("OpenSSL does not take it: {0}")]
    Key(#[from] ErrorStack),
}

impl FarmSecret {
    /// Octets from a file.
    ///
    /// # Errors
    /// When they are too few.
    pub fn new(octets: &[u8]) -> Result<Self, SecretError> {
        if octets.len() < 32 { Err(SecretError::Short) } else { Ok(Self(PKey::hmac(octets)?)) }
    }

    /// Each part goes in with its length, so that no two lists of parts are the same octets.
    fn code(&self, parts: &[&str]) -> Result<String, ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
        for part in parts {
            signer.update(&(part.len() as u64).to_be_bytes())?;
            signer.update(part.as_bytes())?;
        }
        Ok(STANDARD.encode(signer.sign_to_vec()?))
    }
}

/// `{0};{1};{2}` with `ppid`, a value and its original issuer: the same for one person at one relying party for ever.
/// `useEntropy` takes the moment of the sign-in besides, and whatever else is listed: another at every sign-in.
pub fn answer(question: &StoreQuestion<'_>, secret: &FarmSecret) -> Result<String, StoreFailure> {
    let listed = question.listed()?;
    let parts: Vec<&str> = listed.iter().map(String::as_str).collect();
    let form = "the query is {0};{1};{2} with \"ppid\", a value and its original issuer, or {0};{1};{2};{3};{4} with \
                \"useEntropy\", a value, its original issuer, \"\" and the authentication instant";
    let known = matches!(parts.as_slice(), ["ppid", _, _] | ["useEntropy", _, _, _, _]);
    if !known {
        return Err(StoreFailure::Query { reason: form.to_owned() });
    }
    let mut input = vec![question.relying_party];
    input.extend(parts);
    secret.code(&input).map_err(|error| StoreFailure::Unusable { reason: format!("OpenSSL: {error}") })
}

#[cfg(test)]
mod tests {
    use super::super::testing::question;
    use super::*;

    #[test]
    fn one_person_has_one_identifier_at_one_relying_party() {
        let secret = FarmSecret::new(&[7; 32]).unwrap();
        let id = |party: &'static str, params: &[&str], secret: &FarmSecret| {
            question("{0};{1};{2}", params, |question| {
                answer(&StoreQuestion { relying_party: party, ..question }, secret)
            })
        };
        let alice = id("urn:a", &["ppid", "alice", "AD AUTHORITY"], &secret).unwrap();
        assert_eq!(alice.len(), 44);
        assert_eq!(id("urn:a", &["ppid", "alice", "AD AUTHORITY"], &secret).unwrap(), alice);
        let others = [
            id("urn:b", &["ppid", "alice", "AD AUTHORITY"], &secret),
            id("urn:a", &["ppid", "alic", "eAD AUTHORITY"], &secret),
            id("urn:a", &["ppid", "alice", "AD AUTHORITY"], &FarmSecret::new(&[8; 32]).unwrap()),
        ];
        for other in others {
            assert_ne!(other.unwrap(), alice);
        }
        assert!(matches!(id("urn:a", &["PPID", "a", "b"], &secret), Err(StoreFailure::Query { .. })));
        assert!(matches!(FarmSecret::new(&[7; 31]), Err(SecretError::Short)));
    }

    /// The code is an HMAC that Python's own implementation computes too: `hmac.new(b"\x07" * 32, parts, "sha256")`.
    #[test]
    fn the_code_is_hmac_sha256() {
        let secret = FarmSecret::new(&[7; 32]).unwrap();
        assert_eq!(secret.code(&["urn:a", "ppid"]).unwrap(), PYTHON_SAYS);
    }

    const PYTHON_SAYS: &str = "+kGkDq4acF7QzRFq2rIGfU8rhKh3X1D2jospHRjqE10=";

    #[test]
    fn entropy_makes_every_session_another() {
        let secret = FarmSecret::new(&[7; 32]).unwrap();
        let id = |instant: &str| {
            let params = ["useEntropy", "alice", "AD AUTHORITY", "", instant];
            question("{0};{1};{2};{3};{4}", &params, |question| answer(&question, &secret)).unwrap()
        };
        assert_ne!(id("2026-01-10T10:00:00.000Z"), id("2026-01-10T10:00:01.000Z"));
    }
}
