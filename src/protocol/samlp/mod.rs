//! SAML 2.0's own protocol: the two bindings, the request to sign a user in, the response, and single logout.

mod authn_request;
mod binding;
mod form;
mod logout;
mod message;
mod redirect;
mod response;
mod status;

pub use authn_request::{AuthnRequest, Comparison, ConsumerService, RequestedContext, read_authn_request};
pub use binding::{BindingError, MESSAGE_OCTETS, from_post, from_redirect};
pub use form::{Carried, RELAY_STATE_OCTETS, render_post};
pub use logout::{
    LogoutEnvelope, LogoutRequest, LogoutResponse, NameId, read_logout_request, read_logout_response,
    write_logout_request, write_logout_response,
};
pub use message::MessageError;
pub use redirect::{redirect_address, redirect_query};
pub use response::{EncryptFor, Envelope, Protection, ResponseError, write_failure, write_success};
pub use status::{Detail, Party, Status};

/// Protocol messages.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Assertions and the names in them.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
