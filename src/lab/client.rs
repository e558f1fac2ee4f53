//! A client of certificatetransport as it would be anywhere: a TLS connection of its own with a certificate, one request,
//! one answer. It knows the gateway only by its address and the lab's root.

use openssl::ssl::{SslConnector, SslFiletype, SslMethod};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
/// No answer of the gateway is nearly as long.
const LONGEST_ANSWER: u64 = 1 << 20;

/// Whom to call and as whom.
#[derive(Debug, Clone)]
pub struct Client {
    /// Where the gateway listens.
    pub address: SocketAddr,
    /// The name it must prove.
    pub server_name: String,
    /// PEM of the root it is believed by.
    pub root: PathBuf,
    /// PEM chain and key of the person; `None` to come without a certificate.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Answer {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn read(bytes: &[u8]) -> Result<Self, ClientError> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").ok_or(ClientError::NotHttp)?;
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
        let headers = headers.collect();
        Ok(Self { status: status.ok_or(ClientError::NotHttp)?, headers, body: body.to_owned() })
    }
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The connection could not be made or broke.
    #[error("the connection failed: {0}")]
    Connection(#[from] std::io::Error),
    /// The client's own certificate or key cannot be used.
    #[error("the client's certificate or key cannot be used: {0}")]
    Certificate(#[from] openssl::error::ErrorStack),
    /// No handshake.
    #[error("the TLS handshake failed: {0}")]
    Handshake(String),
    /// Bytes that are not an HTTP answer.
    #[error("the answer is not HTTP")]
    NotHttp,
}

impl Client {
    /// Posts one SOAP message and waits for the whole answer.
    ///
    /// # Errors
    /// When no HTTP answer comes back.
    pub fn post(&self, path: &str, message: &str) -> Result<Answer, ClientError> {
        let socket = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let mut stream = self
            .connector()?
            .connect(&self.server_name, socket)
            .map_err(|error| ClientError::Handshake(error.to_string()))?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/soap+xml; charset=utf-8\r\n\
             User-Agent: fedgate-lab\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{message}",
            self.server_name,
            self.address.port(),
            message.len()
        )?;
        stream.flush()?;
        let mut answer = Vec::new();
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
        Answer::read(&answer)
    }

    fn connector(&self) -> Result<SslConnector, ClientError> {
        let mut builder = SslConnector::builder(SslMethod::tls_client())?;
        builder.set_ca_file(&self.root)?;
        // A client with a weak key must reach the gateway, or nobody would see it refused.
        builder.set_security_level(0);
        if let Some((chain, key)) = &self.certificate {
            builder.set_certificate_chain_file(chain)?;
            builder.set_private_key_file(key, SslFiletype::PEM)?;
        }
        Ok(builder.build())
    }
}
