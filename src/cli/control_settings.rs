//! Which running gateway a command talks to, and what is said when there is none.

use super::{EXIT_CONFIGURATION, terminal};
use crate::config::Configuration;
use crate::control::{Client, ClientError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What was named is not there, or there is more than one of it.
pub(super) const EXIT_CHOICE: u8 = 2;

/// No gateway runs (EX_UNAVAILABLE of sysexits(3)).
const EXIT_UNAVAILABLE: u8 = 69;

/// The gateway is another user's (EX_NOPERM).
const EXIT_NOT_ALLOWED: u8 = 77;

/// Where the gateway is.
#[derive(clap::Args)]
pub(super) struct Gateway {
    /// The configuration that the gateway runs on; its [control] socket is used
    #[arg(long, short, value_name = "FILE", default_value = "fedgate.toml")]
    config: PathBuf,
    /// The control socket itself, whatever a configuration says
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    socket: Option<PathBuf>,
}

/// Why a command ends early.
pub(super) struct Stopped {
    pub(super) code: u8,
    pub(super) message: String,
}

impl Stopped {
    /// Says so.
    pub(super) fn tell(self) -> ExitCode {
        terminal::complain_safely(&self.message);
        ExitCode::from(self.code)
    }
}

impl From<ClientError> for Stopped {
    fn from(error: ClientError) -> Self {
        let code = match error {
            ClientError::NotAllowed(_) => EXIT_NOT_ALLOWED,
            ClientError::NotRunning { .. } | ClientError::NoAnswer { .. } => EXIT_UNAVAILABLE,
        };
        Self { code, message: format!("fedgate: {error}") }
    }
}

impl Gateway {
    /// Asks the gateway.
    pub(super) fn ask<T>(&self, question: impl AsyncFnOnce(Client) -> Result<T, ClientError>) -> Result<T, Stopped> {
        let socket = match &self.socket {
            Some(socket) => socket.clone(),
            None => socket_of(&self.config)?,
        };
        let answer = actix_web::rt::System::new().block_on(async { question(Client::connect(&socket)?).await });
        Ok(answer?)
    }
}

fn socket_of(file: &Path) -> Result<PathBuf, Stopped> {
    let stopped = |message| Stopped { code: EXIT_CONFIGURATION, message };
    let configuration = Configuration::load(file).map_err(|problems| {
        stopped(format!("{problems} To talk to a gateway that still runs on what was there before, use --socket."))
    })?;
    let socket = configuration.control.socket.map(|socket| socket.value);
    socket.ok_or_else(|| {
        stopped(format!(
            "fedgate: {}: [control] socket is not set, so a gateway that runs on this configuration cannot be talked to; \
             set it and start the gateway again",
            configuration.file.display()
        ))
    })
}
