//! The one door to randomness: identifiers for tokens, sign-ins and certificates.

use uuid::Uuid;

/// Fills an array from OpenSSL's random generator.
///
/// # Panics
/// When the generator is not seeded: the process must not go on issuing predictable identifiers.
#[allow(clippy::disallowed_methods)] // the one place that may
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    openssl::rand::rand_bytes(&mut bytes).expect("the system's random generator is available");
    bytes
}

/// A fresh version 4 UUID.
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid()
}
