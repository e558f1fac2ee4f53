//! A file of this machine.

use super::failure::FetchFailure;
use futures_util::TryFutureExt;
use std::path::Path;
use tokio::io::AsyncReadExt;

pub(super) async fn read(path: &Path, limit: usize) -> Result<Vec<u8>, FetchFailure> {
    let unreachable = |error: std::io::Error| FetchFailure::Unreachable(error.to_string());
    // Looked at before it is opened: opening a pipe would wait for a writer outside the time limit.
    if !tokio::fs::metadata(path).map_err(unreachable).await?.is_file() {
        return Err(FetchFailure::Unreachable("it is not a regular file".to_owned()));
    }
    let file = tokio::fs::File::open(path).map_err(unreachable).await?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreachable).await?;
    if bytes.len() > limit {
        return Err(FetchFailure::TooLarge(limit));
    }
    Ok(bytes)
}
