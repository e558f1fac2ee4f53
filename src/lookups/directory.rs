//! A directory, whatever stands behind it. One conformance suite runs against every implementation.

use crate::directory::{DirectoryFailure, DirectoryQuery, Entry, Password, PasswordAnswer};
use async_trait::async_trait;

/// Something that can be searched.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The entries that match, with the attributes asked for.
    ///
    /// # Errors
    /// When there is no answer; an empty answer is an answer.
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure>;

    /// Whether the password is that of the account of this distinguished name. Without an account as much is asked as with
    /// one, so that nobody can tell by the time it takes.
    ///
    /// # Errors
    /// When there is no answer; a refused password is an answer.
    async fn check_password(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure>;

    /// Whether it computes `tokenGroups` (MS-ADTS section 3.1.1.4.5.19), as Active Directory and Samba do.
    fn computes_token_groups(&self) -> bool {
        false
    }

    /// What it is, for the operator.
    fn describe(&self) -> String;
}
