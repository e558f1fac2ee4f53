//! SAML 2.0's own protocol: the two bindings, the request to sign a user in, and the response.

mod authn_request;
mod binding;
mod response;
mod status;

pub use authn_request::{
    AuthnRequest, AuthnRequestError, Comparison, ConsumerService, RequestedContext, read_authn_request,
};
pub use binding::{BindingError, MESSAGE_OCTETS, from_post, from_redirect};
pub use response::{EncryptFor, Envelope, Protection, ResponseError, write_failure, write_success};
pub use status::{Detail, Party, Status};

/// Protocol messages.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Assertions and the names in them.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
