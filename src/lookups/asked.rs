//! What a sign-in may ask of the outside world, as one small trait: the live world, a memory of it, or a recording.

use crate::directory::{DirectoryFailure, DirectoryQuery, Entry};
use crate::revocation::ocsp::OcspWanted;
use crate::revocation::{CrlAnswer, CrlWanted, OcspAnswered};
use async_trait::async_trait;

/// Every outbound question of a sign-in goes through here.
#[async_trait]
pub trait Lookups: Send + Sync {
    /// The CRL for each certificate of a path, or why there is none; in the order asked.
    async fn crls(&self, wanted: &[CrlWanted]) -> Vec<CrlAnswer>;

    /// What responders answer to each question.
    async fn ocsp(&self, wanted: Vec<OcspWanted>) -> Vec<OcspAnswered>;

    /// The entries a query matches.
    ///
    /// # Errors
    /// When the directory gives no answer.
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure>;
}
