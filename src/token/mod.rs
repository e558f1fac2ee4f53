//! From claims to a signed token: what the token says ([`describe`]), its SAML 1.1 form ([`saml11`]) or its SAML 2.0 form
//! ([`saml20`]), its signature ([`Signer`]).
//!
//! Pure given the key, the identifier and the time. A claim becomes an attribute by the rules of ADFS-PROTOCOLS
//! section 4.1.

mod authentication_method;
mod description;
mod error;
mod key_signer;
pub mod saml11;
pub mod saml20;
pub(crate) mod signature;
mod signed;
mod signer;

pub use authentication_method::{saml11_method, saml20_class};
pub use description::{TokenContext, TokenDescription, describe};
pub use error::TokenError;
pub use key_signer::{KeyPairHalf, KeyProblem, KeySigner};
pub use signed::SignedToken;
pub use signer::{SignatureAlgorithm, Signer, SigningError};

#[cfg(test)]
pub(crate) mod tests;
