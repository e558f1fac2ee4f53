//! OCSP (RFC 6960): the question about one certificate, and what a responder's answer is worth. Nothing here fetches; the
//! edge is [`crate::lookups`].
//!
//! An answer is believed when the CA itself signed it, or a responder whose certificate that CA issued for the purpose. It
//! is never parsed by anybody else's code: [`VerifiedOcsp::verify`] reads it with the cursor that reads CRLs.

mod certificate_id;
mod encode;
mod failure;
mod request;
mod responder;
mod response;
mod verified;
mod wanted;

pub use failure::{OcspAttempt, OcspFailure, OcspUnavailable};
pub use request::{NONCE_OCTETS, OcspRequest};
pub use response::{CertificateStatus, ResponseStatus};
pub use verified::{OcspAnswer, VerifiedOcsp};
pub use wanted::{OcspMode, OcspSettings, OcspWanted};

#[cfg(test)]
pub(crate) mod laboratory;
#[cfg(test)]
mod tests;
