//! What the tests need around fedgate: small real servers and the certificates they show, labs, and the real command.

pub mod fedgate;
pub mod lab;
pub mod python;
pub mod server_certificate;
pub mod slapd;
