//! The server behind an acceptor.

use super::capture::capture;
use crate::http::{Gateway, routes};
use crate::sign_in::evidence::ListenerRole;
use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use openssl::ssl::SslAcceptorBuilder;
use std::net::TcpListener;
use std::time::Duration;

/// What a listener may spend on its clients.
#[derive(Debug, Clone, Copy)]
pub struct ListenerSettings {
    /// How long a handshake may take. A person types a PIN inside it.
    pub handshake_timeout: Duration,
    /// How long the head of a request may take.
    pub request_timeout: Duration,
    /// Open connections, per worker.
    pub maximum_connections: usize,
    /// Worker threads.
    pub workers: usize,
}

/// How long a connection may lie silent between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Starts serving on a bound socket. The future ends when the server is told to stop.
///
/// # Errors
/// When the socket cannot be served.
pub fn start(
    role: ListenerRole,
    socket: TcpListener,
    acceptor: SslAcceptorBuilder,
    gateway: web::Data<Gateway>,
    settings: ListenerSettings,
) -> std::io::Result<Server> {
    let patience = settings.request_timeout + KEEP_ALIVE;
    let server =
        HttpServer::new(move || App::new().app_data(gateway.clone()).configure(|config| routes::mount(config, role)))
            // Must come before the socket is handed over: later it would silently have no effect, and nobody could sign in.
            .on_connect(move |connection, extensions| capture(role, patience, connection, extensions))
            .workers(settings.workers)
            .max_connections(settings.maximum_connections)
            .max_connection_rate(settings.maximum_connections)
            .tls_handshake_timeout(settings.handshake_timeout)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(settings.request_timeout)
            .shutdown_timeout(10)
            .disable_signals()
            .listen_openssl(socket, acceptor)?;
    Ok(server.run())
}
