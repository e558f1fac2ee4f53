//! The other end of the socket, for the commands.

use super::report::{Refreshed, Status};
use super::server::RefreshRequest;
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the gateway knows, it says at once. Fetches take as long as they take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a gateway did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens.
    #[error("no gateway is running at {}: {detail}", .socket.display())]
    NotRunning {
        /// The socket.
        socket: PathBuf,
        /// How it shows.
        detail: &'static str,
    },
    /// The socket is another user's.
    #[error("you may not use {}: run this as the user who runs the gateway, or as root", .0.display())]
    NotAllowed(PathBuf),
    /// Something listens that answers otherwise.
    #[error("what listens at {} gave no answer to use: {detail}", .socket.display())]
    NoAnswer {
        /// The socket.
        socket: PathBuf,
        /// What came.
        detail: String,
    },
}

/// Talks to the gateway behind one socket.
#[derive(Debug)]
pub struct Client {
    socket: PathBuf,
    http: reqwest::Client,
}

impl Client {
    /// Sees whether somebody listens.
    ///
    /// # Errors
    /// When nobody does, or not for this user.
    pub fn connect(socket: &Path) -> Result<Self, ClientError> {
        let not_running = |detail| ClientError::NotRunning { socket: socket.to_owned(), detail };
        let no_answer = |detail| ClientError::NoAnswer { socket: socket.to_owned(), detail };
        match UnixStream::connect(socket) {
            Ok(_) => {}
            Err(error) => {
                return Err(match error.kind() {
                    ErrorKind::NotFound => not_running("there is no such socket"),
                    ErrorKind::ConnectionRefused => not_running("nobody listens there any more"),
                    ErrorKind::PermissionDenied => ClientError::NotAllowed(socket.to_owned()),
                    _ => no_answer(error.to_string()),
                });
            }
        }
        let http = reqwest::Client::builder().unix_socket(socket).no_proxy().build();
        Ok(Self { socket: socket.to_owned(), http: http.map_err(|error| no_answer(error.to_string()))? })
    }

    /// The CRLs and exemptions.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn status(&self) -> Result<Status, ClientError> {
        self.json(self.http.get("http://gateway/crls").timeout(PATIENCE)).await
    }

    /// Has these addresses fetched now, or all, and waits.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn refresh(&self, urls: Option<Vec<String>>) -> Result<Vec<Refreshed>, ClientError> {
        let wanted = serde_json::to_vec(&RefreshRequest { urls }).map_err(|error| self.no_answer(error.to_string()))?;
        let request = self.http.post("http://gateway/crls/refresh").header(CONTENT_TYPE, "application/json");
        self.json(request.body(wanted)).await
    }

    /// The numbers.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn metrics(&self) -> Result<String, ClientError> {
        self.text(self.http.get("http://gateway/metrics").timeout(PATIENCE)).await
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ClientError> {
        let text = self.text(request).await?;
        serde_json::from_str(&text).map_err(|error| self.no_answer(error.to_string()))
    }

    async fn text(&self, request: RequestBuilder) -> Result<String, ClientError> {
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        let text = match answer {
            Ok(answer) => answer.text().await,
            Err(error) => Err(error),
        };
        text.map_err(|error| self.no_answer(error.to_string()))
    }

    fn no_answer(&self, detail: String) -> ClientError {
        ClientError::NoAnswer { socket: self.socket.clone(), detail }
    }
}
