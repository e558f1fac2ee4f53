//! From claims to a signed token: what the token says ([`describe`]), its SAML 1.1 form ([`saml11`]), its signature
//! ([`Signer`]).
//!
//! Pure given the key, the identifier and the time. A claim becomes an attribute by the rules of ADFS-PROTOCOLS
//! section 4.1.

mod authentication_method;
mod description;
mod error;
mod key_signer;
pub mod saml11;
mod signature;
mod signer;

pub use authentication_method::saml11_method;
pub use description::{TokenContext, TokenDescription, describe};
pub use error::TokenError;
pub use key_signer::{KeyPairHalf, KeyProblem, KeySigner};
pub use saml11::SignedToken;
pub use signer::{SignatureAlgorithm, Signer, SigningError};

#[cfg(test)]
pub(crate) mod tests;
