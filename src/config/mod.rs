//! `fedgate.toml` → runtime types. Every problem is reported at once, with file, line and key; nothing starts half read.
//!
//! Two steps: [`Configuration::parse`] reads the text and touches nothing else, [`assemble`] reads the files it names and
//! builds what the gateway runs on. [`open`] does both and reports what is wrong with either. Every key is described once, in
//! a constant beside its reader (`keys.rs`), and [`reference_markdown`] prints them all.

mod assemble;
mod attribute_stores;
mod authentication;
mod ca_hints;
mod control;
mod database;
mod directory;
mod document;
mod endpoints;
mod extranet_lockout;
mod federation_service;
mod https_address;
mod keys;
mod ldap;
mod limits;
mod listeners;
mod log;
mod office_365;
mod pages;
mod problem;
mod proxy;
mod reference;
mod relying_party;
mod revocation;
mod saml;
mod sessions;
mod shapes;
mod subject;
mod trust;
mod trusts;
mod values;

pub(crate) use assemble::listener_settings;
pub use assemble::{Assembled, assemble, assemble_fetcher, assemble_pages, assemble_revocation, assemble_trust};
pub use attribute_stores::{AttributeStoreKind, AttributeStoreSection};
pub use ca_hints::CaHints;
pub use control::ControlSection;
pub use database::{PostgresSection, SqliteSection};
pub use directory::DirectorySection;
pub use document::Located;
pub use federation_service::ServiceSection;
pub use ldap::LdapSection;
pub use limits::LimitsSection;
pub use listeners::{ListenerSection, UserTlsSection};
pub use log::LogFormat;
pub use office_365::Preset;
pub use pages::PagesSection;
pub use problem::{Place, Problem, Problems};
pub use reference::reference_markdown;
pub use relying_party::RelyingPartySection;
pub use revocation::{AuthoritySection, OcspKeys, RevocationSection};
pub use saml::SamlSection;
pub use sessions::SessionsSection;
pub use subject::SubjectSection;
pub use trust::TrustSection;
pub use trusts::{AdditionalAuthenticationSection, ClaimsProviderSection, TokenSigningSection};

use crate::federation::prompt::AuthenticationPolicy;
use crate::federation::{ContextPolicy, Endpoints};
use crate::sign_in::lockout::LockoutPolicy;
use document::{Section, Source};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// A configuration, read and consistent in itself. It holds no secret: passwords stay in files of their own.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The file it was read from.
    pub file: PathBuf,
    /// `[service]`.
    pub service: ServiceSection,
    /// `[listener.user_tls]`.
    pub user_tls: UserTlsSection,
    /// `[listener.service]`.
    pub service_listener: ListenerSection,
    /// `[endpoints]`.
    pub endpoints: Endpoints,
    /// `[proxy]`.
    pub proxy: ContextPolicy,
    /// `[extranet_lockout]`.
    pub extranet_lockout: LockoutPolicy,
    /// `[limits]`.
    pub limits: LimitsSection,
    /// `[trust]`.
    pub trust: TrustSection,
    /// `[revocation]`.
    pub revocation: RevocationSection,
    /// `[directory]`.
    pub directory: DirectorySection,
    /// `[[attribute_store]]`.
    pub attribute_stores: Vec<AttributeStoreSection>,
    /// `[subject]`.
    pub subject: SubjectSection,
    /// `[token_signing]`.
    pub token_signing: TokenSigningSection,
    /// `[claims_provider]`.
    pub claims_provider: ClaimsProviderSection,
    /// `[additional_authentication]`.
    pub additional_authentication: AdditionalAuthenticationSection,
    /// `[authentication_policy]`; `[additional_authentication]` says what a certificate counts as.
    pub authentication_policy: AuthenticationPolicy,
    /// `[sessions]`.
    pub sessions: SessionsSection,
    /// `[[relying_party]]`.
    pub relying_parties: Vec<RelyingPartySection>,
    /// `[pages]`.
    pub pages: PagesSection,
    /// `[control]`.
    pub control: ControlSection,
    /// `[log]` format.
    pub log: LogFormat,
}

impl Configuration {
    /// Reads a file.
    ///
    /// # Errors
    /// Every problem of the file, or that it cannot be read.
    pub fn load(file: &Path) -> Result<Self, Problems> {
        complete(load(file))
    }

    /// Reads a text. Relative paths are relative to the folder of `file`.
    ///
    /// # Errors
    /// Every problem of the text.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Problems> {
        complete(parse(file, text))
    }
}

/// Reads a configuration and assembles what it names, even where the configuration has problems: an operator who has to
/// correct a key learns of the missing file in the same run.
///
/// # Errors
/// Every problem of the file and of everything it names.
pub fn open(file: &Path) -> Result<(Configuration, Assembled), Problems> {
    let (configuration, mut problems) = load(file);
    let Some(configuration) = configuration else { return Err(problems) };
    match assemble(&configuration) {
        Ok(assembled) if problems.is_empty() => Ok((configuration, assembled)),
        Ok(_) => Err(problems),
        Err(found) => {
            problems.add_consequences(found);
            Err(problems)
        }
    }
}

fn complete((configuration, problems): (Option<Configuration>, Problems)) -> Result<Configuration, Problems> {
    configuration.filter(|_| problems.is_empty()).ok_or(problems)
}

/// The file's absolute name stands in every message: who reads a log does not know where the gateway was started.
fn load(file: &Path) -> (Option<Configuration>, Problems) {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let cannot = |offset, text: &str, message: String, cure: &str| {
        let source = Source::new(&file, text);
        source.problem(&source.locate((), offset, "the file".to_owned()), message, cure);
        (None, source.into_problems())
    };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let cure = "Name the configuration with --config; `fedgate lab` makes one to start from.";
            return cannot(0, "", format!("cannot be read: {error}"), cure);
        }
    };
    match str::from_utf8(&bytes) {
        Ok(text) => parse(&file, text),
        Err(error) => {
            let sound = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            cannot(sound.len(), &sound, "is not UTF-8 text".to_owned(), "Save it as UTF-8.")
        }
    }
}

fn parse(file: &Path, text: &str) -> (Option<Configuration>, Problems) {
    let source = Source::new(file, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = source.locate((), error.span().map_or(0, |span| span.start), "the text".to_owned());
        let message = format!("is not TOML here: {}", error.message());
        source.problem(&at, message, "Correct the line; keys and files are judged once the text can be read.");
    }
    let configuration = errors.is_empty().then(|| read(&source, document.get_ref()));
    (configuration, source.into_problems())
}

/// Reads everything; what is missing or wrong has a stand-in and a problem.
fn read<'d>(source: &Source<'_>, document: &'d DeTable<'d>) -> Configuration {
    let mut document = Section::document(source, document);
    let service = federation_service::service(document.section(&federation_service::SERVICE));
    let mut listener = document.group("listener");
    let user_tls = listeners::user_tls(listener.section(&listeners::USER_TLS));
    let service_listener = listeners::service(listener.section(&listeners::SERVICE_LISTENER));
    listeners::reject_same_name(source, &user_tls, &service.name);
    listeners::reject_same_address(source, &user_tls.listener, &service_listener);
    listener.finish();
    let user_tls_host = user_tls.host_name.as_ref().map(|name| name.value.clone());
    let user_tls_port_first = user_tls.port_first;
    let configuration = Configuration {
        file: source.file.to_owned(),
        service,
        user_tls,
        service_listener,
        endpoints: Endpoints {
            user_tls_host,
            user_tls_port_first,
            ..endpoints::endpoints(document.section(&endpoints::ENDPOINTS))
        },
        proxy: proxy::proxy(document.section(&proxy::PROXY)),
        extranet_lockout: extranet_lockout::extranet_lockout(document.section(&extranet_lockout::EXTRANET_LOCKOUT)),
        limits: limits::limits(document.section(&limits::LIMITS)),
        trust: trust::trust(document.section(&trust::TRUST)),
        revocation: revocation::revocation(document.section(&revocation::REVOCATION)),
        directory: directory::directory(document.section(&directory::DIRECTORY)),
        attribute_stores: attribute_stores::attribute_stores(&mut document),
        subject: subject::subject(document.section(&subject::SUBJECT)),
        token_signing: trusts::token_signing(document.section(&trusts::TOKEN_SIGNING)),
        claims_provider: trusts::claims_provider(document.section(&trusts::CLAIMS_PROVIDER)),
        additional_authentication: trusts::additional_authentication(
            document.section(&trusts::ADDITIONAL_AUTHENTICATION),
        ),
        authentication_policy: authentication::authentication_policy(
            document.section(&authentication::AUTHENTICATION_POLICY),
        ),
        sessions: sessions::sessions(document.section(&sessions::SESSIONS)),
        relying_parties: relying_party::relying_parties(&mut document),
        pages: pages::pages(document.section(&pages::PAGES)),
        control: control::control(document.section(&control::CONTROL)),
        log: log::log(document.section(&log::LOG)),
    };
    document.finish();
    configuration
}

#[cfg(test)]
pub(crate) mod tests;
