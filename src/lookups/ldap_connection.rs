//! One bound LDAP connection: making it, searching on it, and saying exactly what went wrong.

use super::ldap::{LdapSettings, LdapSettingsError};
use crate::directory::{
    DirectoryFailure, DirectoryQuery, Entry, Password, PasswordAnswer, PasswordRefusal, SearchPlace,
};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Scope, SearchEntry, SearchOptions};
use native_tls::{Certificate, TlsConnector};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::task::JoinHandle;

/// LDAP result codes that have a meaning of their own here (RFC 4511 section 4.1.9).
const SUCCESS: u32 = 0;
const TIME_LIMIT_EXCEEDED: u32 = 3;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;
const INAPPROPRIATE_AUTHENTICATION: u32 = 48;
const INVALID_CREDENTIALS: u32 = 49;
const BUSY: u32 = 51;
const UNAVAILABLE: u32 = 52;

/// Makes connections.
pub(super) struct Connector {
    settings: LdapSettings,
    tls: TlsConnector,
}

impl Connector {
    pub(super) fn new(settings: LdapSettings) -> Result<Self, LdapSettingsError> {
        let mut builder = TlsConnector::builder();
        if let Some(pem) = &settings.ca_certificate {
            let unusable = |error: native_tls::Error| LdapSettingsError::Authority(error.to_string());
            let authorities = Certificate::stack_from_pem(pem).map_err(unusable)?;
            if authorities.is_empty() {
                return Err(LdapSettingsError::Authority("it holds no PEM certificate".to_owned()));
            }
            builder.disable_built_in_roots(true);
            for authority in authorities {
                builder.add_root_certificate(authority);
            }
        }
        let tls = builder.build().map_err(|error| LdapSettingsError::Authority(error.to_string()))?;
        Ok(Self { settings, tls })
    }

    /// Connects, agrees on TLS and binds, all within the connect timeout.
    pub(super) async fn connect(&self) -> Result<Link, DirectoryFailure> {
        let limit = self.settings.connect_timeout;
        match tokio::time::timeout(limit, self.connect_and_bind()).await {
            Ok(link) => link,
            Err(_) => Err(DirectoryFailure::TimedOut { server: self.settings.url.clone(), seconds: limit.as_secs() }),
        }
    }

    async fn connect_and_bind(&self) -> Result<Link, DirectoryFailure> {
        let mut link = self.open().await?;
        if let Some((dn, password)) = &self.settings.bind {
            let answer = link.ldap.simple_bind(dn, password).await.map_err(|error| self.unreachable(&error))?;
            if answer.rc != SUCCESS {
                let server = self.settings.url.clone();
                return Err(DirectoryFailure::BindRefused { server, detail: describe(&answer) });
            }
        }
        Ok(link)
    }

    /// A connection on which nobody is bound yet.
    async fn open(&self) -> Result<Link, DirectoryFailure> {
        let LdapSettings { url, start_tls, .. } = &self.settings;
        let settings = LdapConnSettings::new().set_starttls(*start_tls).set_connector(self.tls.clone());
        let opened = LdapConnAsync::with_settings(settings, url).await;
        let (connection, ldap) = opened.map_err(|error| self.unreachable(&error))?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "a directory connection ended");
            }
        });
        Ok(Link { ldap, driver, asking: false })
    }

    /// Binds as somebody on a connection of its own, which ends with the answer: a connection that was bound as a person is
    /// never used for anything else.
    pub(super) async fn check_password(
        &self,
        account: &str,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure> {
        let server = self.settings.url.clone();
        // RFC 4513 section 5.1.1: with an empty name any bind is anonymous, and succeeds.
        if account.trim().is_empty() {
            return Ok(PasswordAnswer::Refused(PasswordRefusal::NoSuchAccount));
        }
        let mut link = self.open().await?;
        let answer = link.ldap.simple_bind(account, password.expose()).await;
        link.close().await;
        let answer = answer.map_err(|error| self.unreachable(&error))?;
        match answer.rc {
            SUCCESS => Ok(PasswordAnswer::Right),
            INVALID_CREDENTIALS => Ok(PasswordAnswer::Refused(PasswordRefusal::of_diagnostic(&answer.text))),
            // The account has no password.
            INAPPROPRIATE_AUTHENTICATION => Ok(PasswordAnswer::Refused(PasswordRefusal::Wrong)),
            NO_SUCH_OBJECT => Ok(PasswordAnswer::Refused(PasswordRefusal::NoSuchAccount)),
            BUSY | UNAVAILABLE => Err(DirectoryFailure::Unreachable { server, detail: describe(&answer) }),
            code => Err(DirectoryFailure::Rejected { server, code, detail: answer.text }),
        }
    }

    fn unreachable(&self, error: &LdapError) -> DirectoryFailure {
        DirectoryFailure::Unreachable { server: self.settings.url.clone(), detail: error.to_string() }
    }
}

fn describe(answer: &LdapResult) -> String {
    format!("result code {} {}", answer.rc, answer.text).trim_end().to_owned()
}

/// One bound connection. Its socket closes with it.
pub(super) struct Link {
    ldap: Ldap,
    driver: JoinHandle<()>,
    asking: bool,
}

impl Link {
    /// Whether it is open and its last search came to an end. A search that was given up halfway (the client went away, or
    /// time ran out) leaves an answer behind that nobody expects any more.
    pub(super) fn is_usable(&mut self) -> bool {
        !self.asking && !self.ldap.is_closed()
    }

    /// Closes the socket now.
    pub(super) async fn close(&mut self) {
        self.driver.abort();
        let _ = (&mut self.driver).await;
    }

    /// Searches; an answer that is not complete within the limit is none. (ldap3's own limit starts anew with every entry.)
    pub(super) async fn search(
        &mut self,
        query: &DirectoryQuery,
        settings: &LdapSettings,
        limit: Duration,
    ) -> Result<Vec<Entry>, DirectoryFailure> {
        self.asking = true;
        let Ok(answer) = tokio::time::timeout(limit, self.ask(query, settings)).await else {
            let (server, seconds) = (settings.url.clone(), settings.operation_timeout.as_secs());
            return Err(DirectoryFailure::TimedOut { server, seconds });
        };
        self.asking = false;
        answer
    }

    async fn ask(&mut self, query: &DirectoryQuery, settings: &LdapSettings) -> Result<Vec<Entry>, DirectoryFailure> {
        let limit = query.most.unwrap_or(settings.maximum_entries);
        // One more than the limit tells "exactly the limit" from "too many".
        let options = SearchOptions::new().sizelimit(i32::try_from(limit).unwrap_or(i32::MAX - 1) + 1);
        let filter = query.filter.to_text(settings.dialect);
        let (base, scope) = match &query.place {
            SearchPlace::Accounts => (settings.base_dn.as_str(), Scope::Subtree),
            SearchPlace::Below(dn) => (dn.as_str(), Scope::Subtree),
            SearchPlace::Entry(dn) => (dn.as_str(), Scope::Base),
        };
        let search = self.ldap.with_search_options(options).search(base, scope, &filter, &query.attributes).await;
        let answer = search.map_err(|error| failure(&error, settings))?;
        let (found, result) = (answer.0, answer.1);
        let server = settings.url.clone();
        let found = found.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        let entries = found.map(read_entry).collect::<Result<Vec<Entry>, u32>>();
        let entries = entries.map_err(|limit| DirectoryFailure::TooManyEntries { server: server.clone(), limit })?;
        let too_many = u32::try_from(entries.len()).unwrap_or(u32::MAX) > limit;
        match result.rc {
            SUCCESS if !too_many => Ok(entries),
            SUCCESS | SIZE_LIMIT_EXCEEDED => Err(DirectoryFailure::TooManyEntries { server, limit }),
            TIME_LIMIT_EXCEEDED => {
                Err(DirectoryFailure::TimedOut { server, seconds: settings.operation_timeout.as_secs() })
            }
            BUSY | UNAVAILABLE => Err(DirectoryFailure::Unreachable { server, detail: describe(&result) }),
            NO_SUCH_OBJECT => Err(DirectoryFailure::Rejected {
                server,
                code: NO_SUCH_OBJECT,
                detail: format!("{base} does not exist or may not be read. {}", result.text),
            }),
            code => Err(DirectoryFailure::Rejected { server, code, detail: result.text }),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

fn failure(error: &LdapError, settings: &LdapSettings) -> DirectoryFailure {
    let server = settings.url.clone();
    match error {
        LdapError::Io { source } if source.kind() == ErrorKind::TimedOut => {
            DirectoryFailure::TimedOut { server, seconds: settings.operation_timeout.as_secs() }
        }
        _ => DirectoryFailure::Unreachable { server, detail: error.to_string() },
    }
}

/// ldap3 sorts attributes into textual and binary ones by looking at the values; here they come together again.
///
/// # Errors
/// When an attribute has more values than the server gives at once; the number is how many it gave. Half of the values would
/// pass for all of them.
fn read_entry(entry: ldap3::ResultEntry) -> Result<Entry, u32> {
    let entry = SearchEntry::construct(entry);
    if let Some(given) = entry.attrs.keys().chain(entry.bin_attrs.keys()).find_map(|name| given_of_more(name)) {
        return Err(given);
    }
    let texts = entry
        .attrs
        .into_iter()
        .map(|(name, values)| (name, values.into_iter().map(String::into_bytes).collect::<Vec<_>>()));
    Ok(Entry::new(entry.dn, texts.chain(entry.bin_attrs)))
}

/// 1500 of `member;range=0-1499`; a range that ends in `*` is the last (MS-ADTS section 3.1.1.3.1.3.3).
fn given_of_more(name: &str) -> Option<u32> {
    let range = name.split(';').skip(1).find_map(|option| option.strip_prefix("range="))?;
    range.split_once('-')?.1.parse::<u32>().ok().map(|last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::given_of_more;

    #[test]
    fn a_part_of_the_values_is_not_taken_for_all() {
        assert_eq!(given_of_more("member;range=0-1499"), Some(1500));
        assert_eq!(given_of_more("member;binary;range=0-0"), Some(1));
        for whole in ["member", "userCertificate;binary", "member;range=1500-*", "member;range="] {
            assert_eq!(given_of_more(whole), None, "{whole}");
        }
    }
}
