//! SAML 2.0's own protocol: the two bindings, and the request to sign a user in.

mod authn_request;
mod binding;

pub use authn_request::{
    AuthnRequest, AuthnRequestError, Comparison, ConsumerService, RequestedContext, read_authn_request,
};
pub use binding::{BindingError, MESSAGE_OCTETS, from_post, from_redirect};

/// Protocol messages.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Assertions and the names in them.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
