//! Verifies the signatures of incoming messages against the certificates a trust names, and gives back what was signed.
//!
//! What a caller gets is read from the very octets whose digest was right, never from the document they came in, so that
//! wrapping a genuine signed element into another document leads nowhere. The key in the message counts for nothing, but for
//! [`verify_message`], where somebody signs in with it and the certificate is judged afterwards as one from TLS is.

mod algorithm;
mod detached;
mod enveloped;
mod error;
mod message;
mod signed_info;

pub use algorithm::Sha1;
pub use detached::verify_query;
pub use enveloped::verify_enveloped;
pub use error::SignatureFault;
pub use message::{MessageFault, SignedMessage, verify_message};
pub(crate) use signed_info::DSIG;

#[cfg(test)]
mod tests;
