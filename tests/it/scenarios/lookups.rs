//! The outside world of a scenario: CRLs by the authority that signs them, one directory, and what goes wrong with them.

use super::pki::{Authority, OcspSigner, Pki};
use super::recipe::{self, Crl, Moment, Ocsp, Scenario, Served};
use super::{Mistake, crl, ocsp, people};
use async_trait::async_trait;
use fedgate::certificate::Certificate;
use fedgate::claims::StoreRows;
use fedgate::claims::stores::opaque_id::{self, FarmSecret};
use fedgate::claims::stores::{StoreFailure, StoreQuestion};
use fedgate::directory::{DirectoryFailure, DirectoryQuery, Entry, Groups, Password, PasswordAnswer, PasswordRefusal};
use fedgate::lookups::{
    ActiveDirectoryStore, AttributeStores, ComputedStore, Directory, LdifDirectory, Lookups, WindowsDomain, groups_of,
};
use fedgate::revocation::ocsp::OcspWanted;
use fedgate::revocation::{CrlAnswer, CrlFailure, CrlUnavailable, CrlWanted, FoundCrl, OcspAnswered, VerifiedCrl};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What comes of asking for a CRL, and its bytes.
type Server = (Served, Vec<u8>);

/// Answers that were prepared before the question.
pub(super) struct Prepared<'a> {
    /// By the fingerprint of the authority's certificate: the complete CRL and the delta announced for it.
    crls: HashMap<[u8; 32], (Server, Option<Server>)>,
    /// Likewise.
    responders: HashMap<[u8; 32], (Ocsp, OcspSigner)>,
    at: Moment,
    pki: &'a Pki,
    directory: Arc<Prone>,
    stores: AttributeStores,
}

/// A directory that fails as the scenario says.
struct Prone {
    directory: LdifDirectory,
    failure: Option<DirectoryFailure>,
    refuses_passwords: Option<String>,
    passwords: AtomicUsize,
    fails_after: usize,
    searches: AtomicUsize,
}

#[async_trait]
impl Directory for Prone {
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure> {
        let earlier = self.searches.fetch_add(1, Ordering::Relaxed);
        match &self.failure {
            Some(failure) if earlier >= self.fails_after => Err(failure.clone()),
            _ => self.directory.search(query).await,
        }
    }

    async fn check_password(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure> {
        self.passwords.fetch_add(1, Ordering::Relaxed);
        match &self.refuses_passwords {
            Some(code) => {
                Ok(PasswordAnswer::Refused(PasswordRefusal::of_diagnostic(&format!("error, data {code}, v2580"))))
            }
            None => self.directory.check_password(account, password).await,
        }
    }

    fn describe(&self) -> String {
        self.directory.describe()
    }
}

impl<'a> Prepared<'a> {
    pub(super) fn new(scenario: &Scenario, pki: &'a Pki) -> Result<Self, Mistake> {
        if let Some(stranger) = scenario.crl.keys().find(|name| !pki.authorities.contains_key(*name)) {
            return Err(format!("[crl.{stranger}] is the CRL of no authority").into());
        }
        let usual = Crl::default();
        let mut crls = HashMap::new();
        for (name, Authority { der, .. }) in &pki.authorities {
            let recipe = scenario.crl.get(name).unwrap_or(&usual);
            let delta = recipe.delta.as_ref().map(|delta| server(name, delta, pki)).transpose()?;
            crls.insert(*Certificate::read_der(der)?.fingerprint(), (server(name, recipe, pki)?, delta));
        }
        let mut responders = HashMap::new();
        for (name, recipe) in &scenario.ocsp {
            let issuer = Certificate::read_der(&pki.authority(name)?.der)?;
            responders.insert(*issuer.fingerprint(), (recipe.clone(), pki.ocsp_signer(name, recipe)?));
        }
        let ldif = people::ldif(scenario, pki);
        let directory = Arc::new(Prone {
            directory: LdifDirectory::read(&ldif).map_err(|error| format!("{error} of\n{ldif}"))?,
            failure: scenario.directory.failure.map(directory_failure),
            refuses_passwords: scenario.directory.refuses_passwords.clone(),
            passwords: AtomicUsize::new(0),
            fails_after: scenario.directory.fails_after,
            searches: AtomicUsize::new(0),
        });
        let mut stores = AttributeStores::built_in();
        let domain = WindowsDomain::new("CONTOSO", "DC=contoso,DC=test");
        stores.put("Active Directory", Arc::new(ActiveDirectoryStore::new(directory.clone(), domain, 1_000)));
        stores.put(opaque_id::NAME, Arc::new(ComputedStore::OpaqueId(FarmSecret::new(&[7; 32])?)));
        Ok(Self { crls, responders, at: scenario.at, pki, directory, stores })
    }

    /// How often a password was tried.
    pub(super) fn passwords_tried(&self) -> usize {
        self.directory.passwords.load(Ordering::Relaxed)
    }

    fn crl(&self, wanted: &CrlWanted) -> Option<CrlAnswer> {
        let Some(url) = wanted.urls.first().cloned() else {
            let issuer = wanted.issuer.subject().dotnet().to_owned();
            return Some(Err(CrlFailure::NoUrl { issuer }.into()));
        };
        let (complete, delta) = self.crls.get(wanted.issuer.fingerprint())?;
        let complete = match served(complete, url.clone(), wanted)? {
            Ok(complete) => complete,
            Err(failure) => return Some(Err(failure)),
        };
        let delta = delta.as_ref().and_then(|delta| served(delta, format!("{url}+"), wanted));
        Some(Ok(FoundCrl { complete, delta }.into()))
    }
}

fn server(authority: &str, recipe: &Crl, pki: &Pki) -> Result<Server, Mistake> {
    let bytes = match &recipe.served {
        Served::Text(text) => text.clone().into_bytes(),
        _ => crl::write(authority, recipe, pki)?,
    };
    Ok((recipe.served.clone(), bytes))
}

fn served(
    (served, bytes): &Server,
    url: String,
    wanted: &CrlWanted,
) -> Option<Result<Arc<VerifiedCrl>, CrlUnavailable>> {
    let failure = match served {
        Served::Whole | Served::Text(_) => {
            return Some(wanted.verify(&url, bytes).map(Arc::new).map_err(Into::into));
        }
        Served::Unanswered => return None,
        Served::Unreachable => CrlFailure::Unreachable { url, detail: "connection refused".to_owned() },
        Served::TimedOut => CrlFailure::TimedOut { url, seconds: 10 },
        Served::HttpStatus(status) => CrlFailure::HttpStatus { url, status: *status },
        Served::BrokenOff => {
            CrlFailure::BrokenOff { url, received: 4096, detail: "the connection was reset".to_owned() }
        }
        Served::TooLarge => CrlFailure::TooLarge { url, limit: 47_185_920 },
        Served::UnsupportedScheme => CrlFailure::UnsupportedScheme { url, detail: "it names no directory server" },
        Served::AddressForbidden => CrlFailure::AddressForbidden {
            url,
            place: "169.254.169.254".to_owned(),
            rule: "a link-local address".to_owned(),
        },
        Served::Redirected => {
            let detail = format!("{url} redirects in a circle, to {url}");
            CrlFailure::Redirected { url, detail }
        }
        Served::Compressed => CrlFailure::Compressed { url, coding: "gzip".to_owned() },
        Served::RolledBack => CrlFailure::RolledBack { url, held: "42".to_owned(), offered: "41".to_owned() },
    };
    Some(Err(failure.into()))
}

#[async_trait]
impl Lookups for Prepared<'_> {
    async fn crls(&self, wanted: &[CrlWanted]) -> Vec<CrlAnswer> {
        wanted.iter().map_while(|wanted| self.crl(wanted)).collect()
    }

    async fn ocsp(&self, wanted: Vec<OcspWanted>) -> Vec<OcspAnswered> {
        let answered = wanted.into_iter().filter_map(|wanted| {
            let (recipe, signer) = self.responders.get(wanted.issuer.fingerprint())?;
            let answer = ocsp::answer(&wanted, recipe, signer, self.at, self.pki).expect("an answer can be written");
            Some(OcspAnswered { wanted, answer })
        });
        answered.collect()
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
        groups_of(&*self.directory, account).await
    }

    async fn ask(&self, question: StoreQuestion<'_>) -> Result<StoreRows, StoreFailure> {
        self.stores.ask(question).await
    }
}

fn directory_failure(failure: recipe::DirectoryFailure) -> DirectoryFailure {
    let server = "ldaps://dc1.contoso.test".to_owned();
    match failure {
        recipe::DirectoryFailure::Unreachable => {
            DirectoryFailure::Unreachable { server, detail: "connection refused".to_owned() }
        }
        recipe::DirectoryFailure::TimedOut => DirectoryFailure::TimedOut { server, seconds: 5 },
        recipe::DirectoryFailure::BindRefused => {
            DirectoryFailure::BindRefused { server, detail: "result code 49: invalid credentials".to_owned() }
        }
        recipe::DirectoryFailure::Rejected => {
            DirectoryFailure::Rejected { server, code: 32, detail: "no such object".to_owned() }
        }
        recipe::DirectoryFailure::TooManyEntries => DirectoryFailure::TooManyEntries { server, limit: 16 },
        recipe::DirectoryFailure::Busy => DirectoryFailure::Busy { server, seconds: 3 },
    }
}
