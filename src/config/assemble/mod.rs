//! From a configuration to what the gateway runs on: reads every file it names and builds every part, and reports all that
//! is wrong together, each at the line that names the file.

mod attribute_stores;
mod ca_hints;
mod control;
mod directory;
mod fetching;
mod files;
mod gateway;
mod key_pairs;
mod pages;
mod saml;
mod sessions;
mod trust;
mod trusts;

pub(crate) use gateway::listener_settings;

use super::{Configuration, Located, Place, Problem, Problems};
use crate::chain::{ChainPolicy, TrustStore};
use crate::federation::Farm;
use crate::federation::prompt::AuthenticationPolicy;
use crate::listener::TlsIdentity;
use crate::lookups::{AttributeStores, CrlSettings, Directory, Fetcher};
use crate::pages::Pages;
use crate::revocation::RevocationPolicy;
use crate::sign_in::RequestPolicy;
use crate::sign_in::lockout::Lockout;
use crate::sign_in::session::SealingKeys;
use crate::xml::reader::XmlLimits;
use crate::xml_signature::Sha1;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;

/// Everything built.
pub struct Assembled {
    /// What sign-ins are judged by.
    pub farm: Farm,
    /// Where accounts are.
    pub directory: Arc<dyn Directory>,
    /// What claim rules can ask.
    pub attribute_stores: AttributeStores,
    /// What people see.
    pub pages: Pages,
    /// What fetches CRLs.
    pub fetcher: Fetcher,
    /// How CRLs are kept.
    pub crl_settings: CrlSettings,
    /// What sessions are sealed with; without any, keys are made at the start and end with the process.
    pub sealing_keys: Option<SealingKeys>,
    /// What the user TLS listener shows.
    pub user_tls: TlsIdentity,
    /// What the service listener shows.
    pub service: TlsIdentity,
    /// What an operator should know although nothing is wrong.
    pub warnings: Vec<String>,
    /// What is worth knowing and no reason to do anything.
    pub notes: Vec<String>,
}

/// Reads the files and builds the parts.
///
/// # Errors
/// Every problem found.
pub fn assemble(configuration: &Configuration) -> Result<Assembled, Problems> {
    let mut builder = Builder { configuration, problems: Problems::default(), warnings: Vec::new(), notes: Vec::new() };
    match builder.build() {
        Some(assembled) if builder.problems.is_empty() => {
            Ok(Assembled { warnings: builder.warnings, notes: builder.notes, ..assembled })
        }
        _ => Err(builder.problems),
    }
}

/// Reads only what chains and revocation are judged by: no key has to be readable for that.
///
/// # Errors
/// Every problem found there.
pub fn assemble_trust(configuration: &Configuration) -> Result<(TrustStore, ChainPolicy, RevocationPolicy), Problems> {
    let mut builder = Builder { configuration, problems: Problems::default(), warnings: Vec::new(), notes: Vec::new() };
    let (trust, chain, revocation) = (builder.trust(), builder.chain_policy(), builder.revocation());
    match trust {
        Some(trust) if builder.problems.is_empty() => {
            let revocation = revocation.with_signers_of(&trust);
            Ok((trust, chain, revocation))
        }
        _ => Err(builder.problems),
    }
}

/// The same for revocation alone, whatever the containers hold.
///
/// # Errors
/// Every problem found there.
pub fn assemble_revocation(configuration: &Configuration) -> Result<RevocationPolicy, Problems> {
    let mut builder = Builder { configuration, problems: Problems::default(), warnings: Vec::new(), notes: Vec::new() };
    let revocation = builder.revocation();
    if builder.problems.is_empty() { Ok(revocation) } else { Err(builder.problems) }
}

/// The same for what fetches CRLs.
///
/// # Errors
/// Every problem found there.
pub fn assemble_fetcher(configuration: &Configuration) -> Result<Fetcher, Problems> {
    let mut builder = Builder { configuration, problems: Problems::default(), warnings: Vec::new(), notes: Vec::new() };
    match builder.fetcher() {
        Some(fetcher) if builder.problems.is_empty() => Ok(fetcher),
        _ => Err(builder.problems),
    }
}

/// The same for the pages.
///
/// # Errors
/// Every problem found there.
pub fn assemble_pages(configuration: &Configuration) -> Result<Pages, Problems> {
    let mut builder = Builder { configuration, problems: Problems::default(), warnings: Vec::new(), notes: Vec::new() };
    match builder.pages() {
        Some(pages) if builder.problems.is_empty() => Ok(pages),
        _ => Err(builder.problems),
    }
}

struct Builder<'c> {
    configuration: &'c Configuration,
    problems: Problems,
    warnings: Vec<String>,
    notes: Vec<String>,
}

impl Builder<'_> {
    /// Every part is tried, whatever became of the others; a part that fails has reported why.
    fn build(&mut self) -> Option<Assembled> {
        let configuration = self.configuration;
        let trust = self.trust();
        let mut revocation = self.revocation();
        if let Some(trust) = &trust {
            revocation = revocation.with_signers_of(trust);
        }
        if configuration.trust.allow_sha1 {
            self.warn(
                "[trust] allow_sha1 is true: certificates, CRLs and OCSP answers with SHA-1 signatures are accepted, \
                 which can be forged"
                    .to_owned(),
            );
        }
        if configuration.endpoints.message_sha1 == Sha1::Accepted {
            self.warn(
                "[endpoints] certificate_mixed_sha1 is true: messages with SHA-1 signatures are accepted, which can be forged"
                    .to_owned(),
            );
        }
        let fetcher = self.fetcher();
        self.check_control_socket();
        let claims_provider = self.claims_provider();
        let additional_authentication = self.additional_authentication();
        let relying_parties = self.relying_parties();
        let sealing_keys = self.sealing_keys();
        let signer = self.signer();
        let next_signing_certificate = self.next_signing_certificate();
        let directory = self.directory();
        let subject = self.subject_policy();
        let attribute_stores = self.attribute_stores(directory.as_ref());
        if let Some(stores) = &attribute_stores {
            let everywhere = additional_authentication.as_ref();
            self.check_stores(stores, claims_provider.as_ref(), everywhere, relying_parties.as_ref());
        }
        let pages = self.pages();
        let hints = self.ca_hints(trust.as_ref());
        let user_tls = self.user_tls_identity();
        let service = self.identity(&configuration.service_listener);
        Some(Assembled {
            farm: Farm {
                identifier: configuration.service.identifier.clone(),
                token_lifetime: signed(configuration.service.token_lifetime),
                request: self.request_policy(),
                request_context: configuration.proxy.clone(),
                lockout: Arc::new(Lockout::new(configuration.extranet_lockout)),
                seen_messages: Arc::default(),
                trust: trust?,
                chain: self.chain_policy(),
                revocation,
                subject,
                claims_provider: claims_provider?,
                relying_parties: relying_parties?,
                authentication_policy: AuthenticationPolicy {
                    certificate_is_multi_factor: configuration.additional_authentication.certificate_is_multi_factor,
                    ..configuration.authentication_policy
                },
                sessions: configuration.sessions.policy,
                additional_authentication: additional_authentication?,
                claim_limits: configuration.limits.claims,
                signer: Arc::new(signer?),
                next_signing_certificate: next_signing_certificate?,
            },
            directory: directory?,
            attribute_stores: attribute_stores?,
            pages: pages?,
            fetcher: fetcher?,
            crl_settings: CrlSettings {
                retry_after: configuration.revocation.retry_after,
                cache_folder: configuration.revocation.cache_folder.as_ref().map(|folder| folder.value.clone()),
            },
            sealing_keys: sealing_keys.ok()?,
            user_tls: user_tls?.naming_authorities(hints),
            service: service?,
            warnings: Vec::new(),
            notes: Vec::new(),
        })
    }

    fn request_policy(&self) -> RequestPolicy {
        let limits = self.configuration.limits;
        RequestPolicy {
            xml: XmlLimits {
                depth: limits.xml_depth,
                attributes: limits.xml_attributes,
                text_bytes: limits.xml_text_bytes,
            },
            clock_skew: signed(self.configuration.service.clock_skew),
            message_sha1: self.configuration.endpoints.message_sha1,
            service_name: self.configuration.service.name.value.as_str().into(),
        }
    }

    /// Reports what is wrong with the value of a key.
    fn problem<T>(&mut self, at: &Located<T>, message: impl Into<String>, cure: impl Into<String>) {
        self.problems.push(Problem::new(&self.configuration.file, at, message, cure));
    }

    /// Reports what is wrong inside a file that a key names.
    fn problem_in<T>(&mut self, place: Place, at: &Located<T>, message: impl Into<String>, cure: impl Into<String>) {
        self.problems.push(Problem::new(&self.configuration.file, at, message, cure).in_file(place));
    }

    /// Two keys may name one file; what it warns of is said once.
    fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
