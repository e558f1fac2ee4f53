//! What is known when a sign-in begins: plain data, gathered at the edge, believed by nobody yet.

use crate::chain::PresentedChain;
use jiff::Timestamp;
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroize;

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
    /// Which listener accepted the connection, or which one the host name it came by stands for.
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

/// Which listener accepted a connection, or which one it stands for: a host name of the service listener may ask too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListenerRole {
    /// 49443: asks for a user certificate.
    UserTls,
    /// 443: does not ask.
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
#[derive(Clone)]
pub struct RequestEvidence {
    /// Path as the client spelled it.
    pub path: String,
    /// The endpoint that serves it, in AD FS's spelling.
    pub endpoint: &'static str,
    /// Content-Type header.
    pub content_type: Option<String>,
    /// SOAPAction header, if any.
    pub soap_action: Option<String>,
    /// The client's own request identifier, for the record and the claim of that name.
    pub client_request_id: Option<String>,
    /// User-Agent header, for the record and the claim of that name.
    pub user_agent: Option<String>,
    /// What a proxy says of the request. Unvalidated: anybody can write such headers.
    pub proxy_headers: Vec<ProxyHeader>,
    /// The body, or why there is none.
    pub body: Result<Vec<u8>, BodyProblem>,
}

/// There may be a password in the body, of a form or of a message.
impl Drop for RequestEvidence {
    fn drop(&mut self) {
        if let Ok(body) = &mut self.body {
            body.zeroize();
        }
    }
}

/// Without the body: there may be a password in it.
impl fmt::Debug for RequestEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_ref().map(Vec::len);
        f.debug_struct("RequestEvidence").field("path", &self.path).field("body_bytes", &body).finish_non_exhaustive()
    }
}

/// One header line of a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyHeader {
    /// Which header.
    pub name: ProxyHeaderName,
    /// Its value as it came.
    pub value: Vec<u8>,
}

/// The headers in which a proxy tells of its client (MS-ADFSPIP section 2.2.1) and passes on what Exchange Online tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHeaderName {
    /// What program the person uses.
    ClientApplication,
    /// That program's user agent.
    ClientUserAgent,
    /// The address as the client wrote it.
    EndpointAbsolutePath,
    /// The client's addresses, every hop's appended.
    ForwardedClientIp,
    /// The proxy's name.
    Proxy,
    /// Where the proxy was connected from.
    ProxyClientIp,
}

impl ProxyHeaderName {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::ClientApplication,
        Self::ClientUserAgent,
        Self::EndpointAbsolutePath,
        Self::ForwardedClientIp,
        Self::Proxy,
        Self::ProxyClientIp,
    ];

    /// As it is written on the wire, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientApplication => "x-ms-client-application",
            Self::ClientUserAgent => "x-ms-client-user-agent",
            Self::EndpointAbsolutePath => "x-ms-endpoint-absolute-path",
            Self::ForwardedClientIp => "x-ms-forwarded-client-ip",
            Self::Proxy => "x-ms-proxy",
            Self::ProxyClientIp => "x-ms-adfs-proxy-client-ip",
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_never_printed() {
        let request = RequestEvidence {
            path: "/adfs/ls/".to_owned(),
            endpoint: "/adfs/ls/",
            content_type: None,
            soap_action: None,
            client_request_id: None,
            user_agent: None,
            proxy_headers: Vec::new(),
            body: Ok(b"Password=secret".to_vec()),
        };
        assert_eq!(format!("{request:?}"), "RequestEvidence { path: \"/adfs/ls/\", body_bytes: Ok(15), .. }");
    }
}
