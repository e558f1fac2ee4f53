//! A directory, whatever stands behind it. One conformance suite runs against every implementation.

use crate::directory::{DirectoryFailure, DirectoryQuery, Entry};
use async_trait::async_trait;

/// Something that can be searched.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The entries that match, with the attributes asked for.
    ///
    /// # Errors
    /// When there is no answer; an empty answer is an answer.
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure>;

    /// Whether it computes `tokenGroups` (MS-ADTS section 3.1.1.4.5.19), as Active Directory and Samba do.
    fn computes_token_groups(&self) -> bool {
        false
    }

    /// What it is, for the operator.
    fn describe(&self) -> String;
}
