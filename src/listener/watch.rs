//! Ends connections that nobody limits any more.
//!
//! actix-http 3.20 limits the head of the first request, our endpoints limit bodies and lookups, and keep-alive limits the
//! silence between requests. Nothing there limits a later head once it has begun, nor a chunked body whose request was
//! answered early: a client that vanishes at such a moment would hold its connection for ever.

use crate::http::Activity;
use actix_web::rt::net::TcpStream;
use std::net::{self, Shutdown};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Lives as long as its connection.
pub(super) struct Lifeline {
    _held: oneshot::Sender<()>,
}

/// Watches a connection: when nothing was requested on it for this long, and at the latest after twice as long, it ends.
///
/// # Errors
/// When the system has no file descriptor left.
pub(super) fn watch(connection: &TcpStream, patience: Duration, activity: Arc<Activity>) -> std::io::Result<Lifeline> {
    let socket = net::TcpStream::from(connection.as_fd().try_clone_to_owned()?);
    let (held, mut released) = oneshot::channel();
    tokio::spawn(async move {
        let mut changes = activity.changes();
        while tokio::time::timeout(patience, &mut released).await.is_err() {
            if activity.changes() == changes && !activity.is_running() {
                let _ = socket.shutdown(Shutdown::Both);
                return;
            }
            changes = activity.changes();
        }
    });
    Ok(Lifeline { _held: held })
}
