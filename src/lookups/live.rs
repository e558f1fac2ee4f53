//! The live world: CRLs over the network, the configured directory.

use super::{CrlSource, Directory, Lookups};
use crate::directory::{DirectoryFailure, DirectoryQuery, Entry};
use crate::revocation::{CrlAnswer, CrlWanted};
use async_trait::async_trait;
use futures_util::future::join_all;
use std::sync::Arc;

/// Asks for real.
pub struct LiveLookups {
    crls: CrlSource,
    directory: Arc<dyn Directory>,
}

impl LiveLookups {
    /// Asks these.
    pub fn new(crls: CrlSource, directory: Arc<dyn Directory>) -> Self {
        Self { crls, directory }
    }
}

#[async_trait]
impl Lookups for LiveLookups {
    async fn crls(&self, wanted: &[CrlWanted]) -> Vec<CrlAnswer> {
        join_all(wanted.iter().map(|wanted| self.crls.answer(wanted))).await
    }

    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure> {
        self.directory.search(query).await
    }
}
