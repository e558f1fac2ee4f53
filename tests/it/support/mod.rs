//! What the tests need around fedgate: small real servers and the certificates they show, labs, and the real command.

pub mod fedgate;
pub mod gateway;
pub mod http_client;
pub mod lab;
pub mod openssl_client;
pub mod postgres;
pub mod python;
pub mod samba;
pub mod server_certificate;
pub mod signature;
pub mod slapd;
pub mod sockets;
pub mod tls_client;
pub mod token_request;
