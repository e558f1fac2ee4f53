//! What was fetched and is not the CRL of the authority it was fetched for. Somebody else may have signed it who may sign for
//! the same certificates, and their slot tries it without asking the server again.

use crate::lookups::fetch::FetchFacts;
use crate::revocation::UrlSource;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};

/// Most bodies kept at once.
const MOST: usize = 16;

/// A body and how it came.
#[derive(Debug, Clone)]
pub(super) struct Download {
    pub(super) bytes: Arc<Vec<u8>>,
    pub(super) facts: FetchFacts,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    url: String,
    source: UrlSource,
    until: Timestamp,
    download: Download,
}

/// The bodies, together no larger than one may be. Looked at only when a slot would fetch.
#[derive(Debug)]
pub(super) struct Downloads {
    maximum_bytes: usize,
    kept: Mutex<(u64, Vec<Kept>)>,
}

impl Downloads {
    pub(super) fn new(maximum_bytes: usize) -> Self {
        Self { maximum_bytes, kept: Mutex::default() }
    }

    /// Keeps a body until then, in place of an earlier one from the same address; says its number, which is never 0.
    pub(super) fn keep(&self, url: &str, source: UrlSource, download: Download, until: Timestamp) -> u64 {
        let mut guard = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, kept) = &mut *guard;
        *last += 1;
        kept.retain(|other| other.url != url || other.source != source);
        kept.push(Kept { number: *last, url: url.to_owned(), source, until, download });
        let bytes = |kept: &[Kept]| kept.iter().map(|kept| kept.download.bytes.len()).sum::<usize>();
        while kept.len() > MOST || bytes(kept) > self.maximum_bytes {
            kept.remove(0);
        }
        *last
    }

    /// The body from this address, with its number, unless it is the one with this number or older.
    pub(super) fn newer_than(
        &self,
        tried: u64,
        url: &str,
        source: UrlSource,
        now: Timestamp,
    ) -> Option<(u64, Download)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |kept: &&Kept| kept.url == url && kept.source == source && kept.number > tried && now < kept.until;
        kept.1.iter().find(is_it).map(|kept| (kept.number, kept.download.clone()))
    }

    /// Gives back the memory of what is too old to be tried.
    pub(super) fn forget(&self, now: Timestamp) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1.retain(|kept| now < kept.until);
    }
}
