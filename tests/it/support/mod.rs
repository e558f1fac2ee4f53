//! What the tests need around fedgate: small real servers and the certificates they show.

pub mod server_certificate;
pub mod slapd;
