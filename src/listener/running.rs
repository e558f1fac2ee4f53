//! A gateway that serves: both listeners, one shared state, one stop.

use super::alternate_host::ask_under;
use super::{ListenerSettings, TlsIdentity, acceptor, start};
use crate::http::Gateway;
use crate::sign_in::evidence::ListenerRole;
use actix_web::dev::ServerHandle;
use actix_web::web;
use std::net::{SocketAddr, TcpListener};

/// What one listener needs.
#[derive(Debug)]
pub struct ListenerParts {
    /// A bound socket. Binding comes first, so that a port that is taken is noticed before anything else starts.
    pub socket: TcpListener,
    /// The certificate it shows.
    pub identity: TlsIdentity,
    /// What it may spend on clients.
    pub settings: ListenerSettings,
}

/// Both listeners, serving.
#[derive(Debug)]
pub struct RunningGateway {
    /// Where user certificates are asked for.
    pub user_tls: SocketAddr,
    /// Everything else.
    pub service: SocketAddr,
    gateway: web::Data<Gateway>,
    handles: Vec<ServerHandle>,
    tasks: Vec<tokio::task::JoinHandle<std::io::Result<()>>>,
}

impl RunningGateway {
    /// Starts both listeners on the current runtime.
    ///
    /// # Errors
    /// When a socket or a certificate cannot be used.
    pub fn start(user_tls: ListenerParts, mut service: ListenerParts, gateway: Gateway) -> std::io::Result<Self> {
        let (at_user_tls, at_service) = (user_tls.socket.local_addr()?, service.socket.local_addr()?);
        let endpoints = gateway.endpoints.clone().on_ports(at_user_tls.port(), at_service.port());
        let gateway = web::Data::new(Gateway { endpoints, ..gateway });
        let mut running = Self {
            user_tls: at_user_tls,
            service: at_service,
            gateway: gateway.clone(),
            handles: Vec::new(),
            tasks: Vec::new(),
        };
        let mut at_service = acceptor(&service.identity, ListenerRole::Service)?;
        let at_user_tls = acceptor(&user_tls.identity, ListenerRole::UserTls)?;
        if let Some(host) = gateway.endpoints.user_tls_host.clone() {
            let context = acceptor(&user_tls.identity, ListenerRole::UserTls)?.build().into_context();
            ask_under(&mut at_service, host, context)?;
            // which of the two a client means is known only in the handshake
            let patience = &mut service.settings.handshake_timeout;
            *patience = user_tls.settings.handshake_timeout.max(*patience);
        }
        for (role, parts, acceptor) in
            [(ListenerRole::UserTls, user_tls, at_user_tls), (ListenerRole::Service, service, at_service)]
        {
            let server = start(role, parts.socket, acceptor, gateway.clone(), parts.settings)?;
            running.handles.push(server.handle());
            running.tasks.push(tokio::spawn(server));
        }
        Ok(running)
    }

    /// The shared state.
    pub fn gateway(&self) -> web::Data<Gateway> {
        self.gateway.clone()
    }

    /// Has another server of the same gateway stop with it.
    pub fn attach(&mut self, handle: ServerHandle, task: tokio::task::JoinHandle<std::io::Result<()>>) {
        self.handles.push(handle);
        self.tasks.push(task);
    }

    /// Stops accepting, lets requests in flight finish, then ends.
    pub async fn stop(self) {
        for handle in &self.handles {
            handle.stop(true).await;
        }
        for task in self.tasks {
            let _ = task.await;
        }
    }
}
