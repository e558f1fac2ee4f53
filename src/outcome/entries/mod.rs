//! The entries themselves, one file per stage.

pub(super) mod admission;
pub(super) mod attribute_stores;
pub(super) mod browser;
pub(super) mod chain;
pub(super) mod claims;
pub(super) mod connection;
pub(super) mod directory;
pub(super) mod ocsp;
pub(super) mod password;
pub(super) mod request;
pub(super) mod revocation;
pub(super) mod saml;
pub(super) mod subject;
pub(super) mod token;

/// What a person reads when the reason must not be told.
const GENERIC_USER_TEXT: &str =
    "We could not sign you in with this certificate. Give your help desk the reference below; they can see the reason.";
