//! TLS acceptors and the servers behind them. The user TLS listener, or a host name of its own on the other, asks for a client certificate in the first handshake,
//! accepts any, and judges none: a refused client gets an answer it can read, not a TLS alert.

mod acceptor;
mod alternate_host;
mod capture;
mod running;
mod server;
mod watch;

pub use acceptor::{TlsIdentity, TlsIdentityError, acceptor};
pub use running::{ListenerParts, RunningGateway};
pub use server::{ListenerSettings, start};
