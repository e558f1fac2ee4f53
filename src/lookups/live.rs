//! The live world: CRLs and OCSP over the network, the configured directory.

use super::{AttributeStores, CrlSource, Directory, Lookups, OcspSource, groups};
use crate::claims::StoreRows;
use crate::claims::stores::{StoreFailure, StoreQuestion};
use crate::directory::{DirectoryFailure, DirectoryQuery, Entry, Groups, Password, PasswordAnswer};
use crate::revocation::ocsp::OcspWanted;
use crate::revocation::{CrlAnswer, CrlWanted, OcspAnswered};
use async_trait::async_trait;
use futures_util::future::join_all;
use std::sync::Arc;

/// Asks for real.
pub struct LiveLookups {
    crls: CrlSource,
    ocsp: OcspSource,
    directory: Arc<dyn Directory>,
    stores: AttributeStores,
}

impl LiveLookups {
    /// Asks these.
    pub fn new(crls: CrlSource, ocsp: OcspSource, directory: Arc<dyn Directory>, stores: AttributeStores) -> Self {
        Self { crls, ocsp, directory, stores }
    }
}

#[async_trait]
impl Lookups for LiveLookups {
    async fn crls(&self, wanted: &[CrlWanted]) -> Vec<CrlAnswer> {
        join_all(wanted.iter().map(|wanted| self.crls.answer(wanted))).await
    }

    async fn ocsp(&self, wanted: Vec<OcspWanted>) -> Vec<OcspAnswered> {
        let answered = wanted.into_iter().map(async |wanted| {
            let answer = self.ocsp.answer(&wanted).await;
            OcspAnswered { wanted, answer }
        });
        join_all(answered).await
    }

    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure> {
        self.directory.search(query).await
    }

    async fn check_password(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure> {
        self.directory.check_password(account, password).await
    }

    async fn groups(&self, account: &str) -> Result<Groups, DirectoryFailure> {
        groups::of_account(&*self.directory, account).await
    }

    async fn ask(&self, question: StoreQuestion<'_>) -> Result<StoreRows, StoreFailure> {
        self.stores.ask(question).await
    }
}
