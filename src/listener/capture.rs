//! The one point where a connection's facts are captured, before any request on it is read.

use super::alternate_host::role_of;
use super::watch::watch;
use crate::chain::PresentedChain;
use crate::http::Activity;
use crate::sign_in::evidence::{ConnectionEvidence, ListenerRole, TlsFacts};
use actix_tls::accept::openssl::TlsStream;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use openssl::ssl::{NameType, SslRef};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// Captures what the handshake showed, and has the connection watched. Runs once per connection.
pub(super) fn capture(role: ListenerRole, patience: Duration, connection: &dyn Any, extensions: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>() else {
        // Without evidence every sign-in on the connection is refused as one without a certificate.
        tracing::error!("a connection arrived that is not TLS over TCP; it can present no certificate");
        return;
    };
    let (ssl, socket) = (stream.ssl(), stream.get_ref());
    extensions.insert(ConnectionEvidence {
        listener: role_of(ssl, role),
        peer: socket.peer_addr().map_or_else(|_| "unknown".to_owned(), |peer| peer.to_string()),
        port: socket.local_addr().map_or(0, |local| local.port()),
        tls: facts(ssl),
        presented: presented(ssl),
    });
    let activity = Arc::<Activity>::default();
    match watch(socket, patience, activity.clone()) {
        Ok(lifeline) => {
            extensions.insert(lifeline);
        }
        Err(error) => tracing::warn!(%error, "a connection is served without being watched"),
    }
    extensions.insert(activity);
}

fn facts(ssl: &SslRef) -> TlsFacts {
    TlsFacts {
        version: ssl.version_str().to_owned(),
        cipher: ssl.current_cipher().map_or_else(String::new, |cipher| cipher.name().to_owned()),
        server_name: ssl.servername(NameType::HOST_NAME).map(str::to_owned),
        resumed: ssl.session_reused(),
    }
}

/// OpenSSL's server side keeps the leaf apart from the rest of the chain.
fn presented(ssl: &SslRef) -> Option<PresentedChain> {
    let leaf = ssl.peer_certificate()?.to_der().ok()?;
    let sent = ssl.peer_cert_chain().into_iter().flatten().filter_map(|certificate| certificate.to_der().ok());
    Some(PresentedChain::new(leaf, sent.collect()))
}
