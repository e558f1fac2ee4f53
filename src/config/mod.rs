//! `fedgate.toml` → runtime types. Every problem is reported at once, with file, line and key; nothing starts half read.
//!
//! Two steps: [`Configuration::parse`] reads the text and touches nothing else, [`assemble`] reads the files it names and
//! builds what the gateway runs on.

mod assemble;
mod directory;
mod document;
mod federation_service;
mod listeners;
mod problem;
mod trust;
mod trusts;

pub(crate) use assemble::listener_settings;
pub use assemble::{Assembled, assemble};
pub use directory::{DirectorySection, LdapSection, SubjectSection};
pub use document::Located;
pub use federation_service::{LimitsSection, LogFormat, ServiceSection};
pub use listeners::{ListenerSection, UserTlsSection};
pub use problem::{Place, Problem, Problems};
pub use trust::{AuthoritySection, RevocationSection, TrustSection};
pub use trusts::{RelyingPartySection, TokenSigningSection};

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
    /// `[limits]`.
    pub limits: LimitsSection,
    /// `[trust]`.
    pub trust: TrustSection,
    /// `[revocation]`.
    pub revocation: RevocationSection,
    /// `[directory]`.
    pub directory: DirectorySection,
    /// `[subject]`.
    pub subject: SubjectSection,
    /// `[token_signing]`.
    pub token_signing: TokenSigningSection,
    /// `[claims_provider]` acceptance_rules.
    pub acceptance_rules: Located<PathBuf>,
    /// `[[relying_party]]`.
    pub relying_parties: Vec<RelyingPartySection>,
    /// `[log]` format.
    pub log: LogFormat,
}

impl Configuration {
    /// Reads a file.
    ///
    /// # Errors
    /// Every problem of the file, or that it cannot be read.
    pub fn load(file: &Path) -> Result<Self, Problems> {
        match std::fs::read_to_string(file) {
            Ok(text) => Self::parse(file, &text),
            Err(error) => {
                let at = Located { value: (), line: 1, column: 1, key: "the file".to_owned() };
                let mut problems = Problems::default();
                let cure = "Name the configuration with --config; `fedgate lab` makes one to start from.";
                problems.push(Problem::new(file, &at, format!("cannot be read: {error}"), cure));
                Err(problems)
            }
        }
    }

    /// Reads a text. Relative paths are relative to the folder of `file`.
    ///
    /// # Errors
    /// Every problem of the text.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Problems> {
        let source = Source { file, text };
        let document = DeTable::parse(text).map_err(|error| syntax_problem(&source, &error))?;
        let mut problems = Problems::default();
        let configuration = read(&source, document.get_ref(), &mut problems);
        if problems.is_empty() { Ok(configuration) } else { Err(problems) }
    }
}

fn syntax_problem(source: &Source<'_>, error: &toml::de::Error) -> Problems {
    let (line, column) = source.position(error.span().map_or(0, |span| span.start));
    let at = Located { value: (), line, column, key: "the text".to_owned() };
    let mut problems = Problems::default();
    let message = format!("is not TOML: {}", error.message().replace('\n', ", "));
    problems.push(Problem::new(source.file, &at, message, "Correct the line; the rest was not read."));
    problems
}

fn read<'d>(source: &Source<'_>, document: &'d DeTable<'d>, problems: &mut Problems) -> Configuration {
    let mut root = Section::new("", source, Some((document, 0)));
    let service = federation_service::service(root.table(problems, "service"), problems);
    let mut listener = root.table(problems, "listener");
    let user_tls = listeners::user_tls(listener.table(problems, "user_tls"), problems);
    let service_listener = listeners::service(listener.table(problems, "service"), problems);
    listeners::reject_same_address(source, &user_tls.listener, &service_listener, problems);
    listener.finish(problems);
    let configuration = Configuration {
        file: source.file.to_owned(),
        service,
        user_tls,
        service_listener,
        limits: federation_service::limits(root.table(problems, "limits"), problems),
        trust: trust::trust(root.table(problems, "trust"), problems),
        revocation: trust::revocation(root.table(problems, "revocation"), source, problems),
        directory: directory::directory(root.table(problems, "directory"), source, problems),
        subject: directory::subject(root.table(problems, "subject"), source, problems),
        token_signing: trusts::token_signing(root.table(problems, "token_signing"), problems),
        acceptance_rules: trusts::claims_provider(root.table(problems, "claims_provider"), problems),
        relying_parties: trusts::relying_parties(&mut root, source, problems),
        log: federation_service::log(root.table(problems, "log"), problems),
    };
    root.finish(problems);
    configuration
}

#[cfg(test)]
mod tests;
