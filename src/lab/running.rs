//! A lab that runs: the CRL server and the real gateway, on the lab's own configuration.

use super::crl_server::CrlServer;
use super::folder::Lab;
use crate::cli::start_on;
use crate::clock::Clock;
use crate::config::{Configuration, assemble};
use crate::listener::RunningGateway;
use crate::sign_in::{Recorder, SignInRecord};
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The sockets of a lab, bound before anything is made: the certificates name the CRL server's port.
#[derive(Debug)]
pub struct LabPorts {
    /// Where user certificates are asked for.
    pub user_tls: TcpListener,
    /// Everything else.
    pub service: TcpListener,
    /// The CRL server.
    pub crl: TcpListener,
    /// A sentence about every port that was taken.
    pub notes: Vec<String>,
}

impl LabPorts {
    /// Binds the wished-for ports, or free ones where they are taken.
    ///
    /// # Errors
    /// When not even a free port can be bound.
    pub fn bind(user_tls: u16, service: u16, crl: u16) -> std::io::Result<Self> {
        let mut notes = Vec::new();
        let mut bind = |what: &str, wanted: u16| {
            let loopback = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
            loopback(wanted).or_else(|_| {
                let socket = loopback(0)?;
                let port = socket.local_addr()?.port();
                notes.push(format!("Port {wanted} is taken; {what} is on {port} instead."));
                std::io::Result::Ok(socket)
            })
        };
        let user_tls = bind("the user TLS listener", user_tls)?;
        let service = bind("the service listener", service)?;
        let crl = bind("the CRL server", crl)?;
        Ok(Self { user_tls, service, crl, notes })
    }

    /// Where they are: user TLS, service, CRL.
    ///
    /// # Errors
    /// When a socket does not know.
    pub fn addresses(&self) -> std::io::Result<[SocketAddr; 3]> {
        Ok([self.user_tls.local_addr()?, self.service.local_addr()?, self.crl.local_addr()?])
    }
}

/// How many sign-ins are remembered.
const REMEMBERED: usize = 256;

/// What became of the last sign-ins.
#[derive(Debug, Default)]
pub(super) struct Records(Mutex<VecDeque<SignInRecord>>);

impl Records {
    fn keep(&self, record: SignInRecord) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.truncate(REMEMBERED - 1);
        records.push_front(record);
    }

    /// The record of one sign-in. It is kept before the client has its answer.
    pub(super) fn find(&self, correlation: Uuid) -> Option<SignInRecord> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.iter().find(|record| record.correlation == correlation).cloned()
    }
}

/// A running lab.
#[derive(Debug)]
pub struct RunningLab {
    /// Its files.
    pub lab: Lab,
    pub(super) records: Arc<Records>,
    gateway: RunningGateway,
    crl: CrlServer,
}

impl RunningLab {
    /// Starts the CRL server and the gateway. `onlooker` sees every record after the lab has kept it.
    ///
    /// # Errors
    /// When the lab's configuration is not in order or a socket cannot be served.
    pub fn start(
        lab: Lab,
        ports: LabPorts,
        onlooker: impl Fn(&SignInRecord) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let configuration = Configuration::load(&lab.path("fedgate.toml")).map_err(std::io::Error::other)?;
        let assembled = assemble(&configuration).map_err(std::io::Error::other)?;
        let records = Arc::new(Records::default());
        let keeper = Arc::clone(&records);
        let recorder = Recorder::watched(move |record| {
            onlooker(&record);
            keeper.keep(record);
        });
        let crl = CrlServer::start(ports.crl, &lab.path("crl"))?;
        let gateway = start_on(&configuration, assembled, Clock::System, recorder, ports.user_tls, ports.service)?;
        Ok(Self { lab, records, gateway, crl })
    }

    /// Where user certificates are asked for.
    pub fn user_tls(&self) -> SocketAddr {
        self.gateway.user_tls
    }

    /// Where everything else is.
    pub fn service(&self) -> SocketAddr {
        self.gateway.service
    }

    /// Stops the gateway, then the CRL server.
    pub async fn stop(self) {
        self.gateway.stop().await;
        self.crl.stop().await;
    }
}
