//! What a sign-in may ask of the outside world, as one small trait: the live world, a memory of it, or a recording.

use crate::claims::StoreRows;
use crate::claims::stores::{StoreFailure, StoreQuestion};
use crate::directory::{DirectoryFailure, DirectoryQuery, Entry, Groups, Password, PasswordAnswer};
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

    /// Whether the password is that of the account of this distinguished name. Without an account as much is asked as with
    /// one.
    ///
    /// # Errors
    /// When the directory gives no answer; a refused password is an answer.
    async fn check_password(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure>;

    /// The groups of the account of this distinguished name, as a domain controller puts them into a logon.
    ///
    /// # Errors
    /// When the directory gives no answer.
    async fn groups(&self, account: &str) -> Result<Groups, DirectoryFailure>;

    /// What an attribute store answers to a rule.
    ///
    /// # Errors
    /// When there is no answer.
    async fn ask(&self, question: StoreQuestion<'_>) -> Result<StoreRows, StoreFailure>;
}
