//! The listeners over real sockets: what TLS proves, what arrives as evidence, and how HTTP behaves at its edges.

mod alternate_host;
mod ca_hints;
mod evidence;
mod handshake;
mod http_edges;
mod http_limits;
mod possession;
mod tls_policy;
