//! Whether a connection is still being used for requests.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What the requests of one connection leave behind; the listener looks at it.
#[derive(Debug, Default)]
pub struct Activity {
    running: AtomicUsize,
    changes: AtomicU64,
}

impl Activity {
    /// A request begins. It ends with what is returned.
    pub(super) fn begin(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        self.changes.fetch_add(1, Ordering::Relaxed);
        Running(self)
    }

    /// Whether a request is being served at this moment.
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::Relaxed) > 0
    }

    /// How many times a request has begun or ended.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }
}

/// A request being served.
pub(super) struct Running<'a>(&'a Activity);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
        self.0.changes.fetch_add(1, Ordering::Relaxed);
    }
}
