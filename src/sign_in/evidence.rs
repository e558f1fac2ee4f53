//! What is known when a sign-in begins: plain data, gathered at the edge, believed by nobody yet.

use crate::chain::PresentedChain;
use jiff::Timestamp;
use uuid::Uuid;

/// Everything a sign-in is decided on, apart from what [`crate::lookups`] answers.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The moment everything is judged at.
    pub at: Timestamp,
    /// Names this sign-in on every page, fault, record and report.
    pub correlation: Uuid,
    /// Becomes the identifier of the assertion, if one is issued.
    pub assertion: Uuid,
    /// What TLS told us.
    pub connection: ConnectionEvidence,
    /// What HTTP told us.
    pub request: RequestEvidence,
}

/// What TLS told us. The chain is unvalidated: TLS proved possession of the leaf's key and nothing else.
#[derive(Debug, Clone)]
pub struct ConnectionEvidence {
    /// Which listener accepted the connection.
    pub listener: ListenerRole,
    /// Address and port of the peer.
    pub peer: String,
    /// Port the connection arrived on.
    pub port: u16,
    /// Protocol, cipher and name.
    pub tls: TlsFacts,
    /// The certificates the client sent; `None` when it sent none.
    pub presented: Option<PresentedChain>,
}

/// Which listener accepted a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListenerRole {
    /// 49443: asks for a user certificate.
    UserTls,
    /// 443: never asks.
    Service,
}

/// Facts of the TLS session for the record.
#[derive(Debug, Clone, Default)]
pub struct TlsFacts {
    /// `TLSv1.3`.
    pub version: String,
    /// Cipher suite.
    pub cipher: String,
    /// The name the client asked for.
    pub server_name: Option<String>,
    /// Whether the session was resumed. Resumption is off; `true` here would be a fault of ours.
    pub resumed: bool,
}

/// What HTTP told us.
#[derive(Debug, Clone)]
pub struct RequestEvidence {
    /// Path as the client spelled it.
    pub path: String,
    /// Content-Type header.
    pub content_type: Option<String>,
    /// SOAPAction header, if any.
    pub soap_action: Option<String>,
    /// The client's own request identifier, for the record only.
    pub client_request_id: Option<String>,
    /// User-Agent header, for the record only.
    pub user_agent: Option<String>,
    /// The body, or why there is none.
    pub body: Result<Vec<u8>, BodyProblem>,
}

/// Why a body could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyProblem {
    /// Longer than the limit, in bytes.
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Broke off or did not arrive in time.
    Interrupted {
        /// What the transport said.
        reason: String,
    },
}
