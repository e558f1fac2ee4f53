//! WS-Federation passive requestor profile: what a browser carries to `/adfs/ls/` and back (ADFS-PROTOCOLS sections 4.4, 5.1).

mod form;
mod parameters;
mod request;

pub use super::hidden_form::{FORM_SCRIPT, FORM_SCRIPT_HASH};
pub use form::{PassiveResponse, render_form};
pub use parameters::{ParameterError, Parameters};
pub use request::{PassiveRequest, PassiveRequestError, SignInMessage, SignOutMessage, read_passive_request};
