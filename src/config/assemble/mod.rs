//! From a configuration to what the gateway runs on: reads every file it names and builds every part, and reports all that
//! is wrong together, each at the line that names the file.

use super::{
    AuthoritySection, Configuration, DirectorySection, LdapSection, ListenerSection, Located, Problem, Problems,
};
use crate::certificate::Certificate;
use crate::chain::{ChainPolicy, TrustStore, TrustStoreProblem};
use crate::claims::{self, language};
use crate::clock::Clock;
use crate::directory::Dialect;
use crate::federation::{ClaimsProviderTrust, Farm, RelyingPartyTrust, RelyingPartyTrusts};
use crate::http::{Gateway, GetAnswer, HoldLimits};
use crate::listener::{ListenerSettings, TlsIdentity, TlsIdentityError};
use crate::lookups::{
    CrlLimits, CrlSource, Directory, LdapDirectory, LdapSettings, LdapSettingsError, LdifDirectory, LiveLookups,
};
use crate::revocation::{AuthoritySettings, RevocationPolicy};
use crate::sign_in::{Recorder, RequestPolicy};
use crate::subject::SubjectPolicy;
use crate::token::KeySigner;
use crate::xml::reader::XmlLimits;
use arc_swap::ArcSwap;
use jiff::SignedDuration;
use openssl::x509::X509;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Everything built.
pub struct Assembled {
    /// What sign-ins are judged by.
    pub farm: Farm,
    /// Where accounts are.
    pub directory: Arc<dyn Directory>,
    /// How CRLs are fetched.
    pub crl_limits: CrlLimits,
    /// What the user TLS listener shows.
    pub user_tls: TlsIdentity,
    /// What the service listener shows.
    pub service: TlsIdentity,
    /// What an operator should know although nothing is wrong.
    pub warnings: Vec<String>,
}

/// Reads the files and builds the parts.
///
/// # Errors
/// Every problem found.
pub fn assemble(configuration: &Configuration) -> Result<Assembled, Problems> {
    let mut builder = Builder { configuration, problems: Problems::default(), warnings: Vec::new() };
    let assembled = builder.build();
    match assembled {
        Some(assembled) if builder.problems.is_empty() => Ok(Assembled { warnings: builder.warnings, ..assembled }),
        _ => Err(builder.problems),
    }
}

impl Assembled {
    /// The shared state of the running gateway, and what its listeners show: user TLS first, then service.
    pub fn into_gateway(
        self,
        configuration: &Configuration,
        clock: Clock,
        recorder: Recorder,
    ) -> (Gateway, [TlsIdentity; 2]) {
        let user_tls = &configuration.user_tls;
        let get_answer = if user_tls.hold_get {
            let places = Arc::new(Semaphore::new(user_tls.hold_connections));
            GetAnswer::Hold(HoldLimits { duration: user_tls.hold, places })
        } else {
            GetAnswer::AtOnce
        };
        let gateway = Gateway {
            farm: ArcSwap::from_pointee(self.farm),
            lookups: Arc::new(LiveLookups::new(CrlSource::new(self.crl_limits, clock), self.directory)),
            recorder,
            clock,
            service_name: configuration.service.name.value.clone(),
            request_bytes: configuration.limits.request_bytes,
            request_timeout: user_tls.listener.request_timeout,
            get_answer,
        };
        (gateway, [self.user_tls, self.service])
    }
}

/// What a listener may spend, from its section.
pub(crate) fn listener_settings(section: &ListenerSection, workers: usize) -> ListenerSettings {
    ListenerSettings {
        handshake_timeout: section.handshake_timeout,
        request_timeout: section.request_timeout,
        maximum_connections: section.maximum_connections.div_ceil(workers.max(1)),
        workers,
    }
}

struct Builder<'c> {
    configuration: &'c Configuration,
    problems: Problems,
    warnings: Vec<String>,
}

impl Builder<'_> {
    /// Every part is tried, whatever became of the others.
    fn build(&mut self) -> Option<Assembled> {
        let configuration = self.configuration;
        let trust = self.trust();
        let revocation = self.revocation();
        let claims_provider =
            self.rules(&configuration.acceptance_rules).map(|acceptance| ClaimsProviderTrust { acceptance });
        let relying_parties = self.relying_parties();
        let signer = self.signer();
        let directory = self.directory();
        let user_tls = self.identity(&configuration.user_tls.listener);
        let service = self.identity(&configuration.service_listener);
        Some(Assembled {
            farm: Farm {
                identifier: configuration.service.identifier.clone(),
                token_lifetime: signed(configuration.service.token_lifetime),
                request: self.request_policy(),
                trust: trust?,
                chain: self.chain_policy(),
                revocation,
                subject: self.subject_policy(),
                claims_provider: claims_provider?,
                relying_parties: relying_parties?,
                claim_limits: claims::Limits::default(),
                signer: Arc::new(signer?),
            },
            directory: directory?,
            crl_limits: CrlLimits {
                fetch_timeout: configuration.revocation.fetch_timeout,
                maximum_bytes: configuration.revocation.maximum_crl_bytes,
                retry_after: configuration.revocation.retry_after,
            },
            user_tls: user_tls?,
            service: service?,
            warnings: Vec::new(),
        })
    }

    fn problem<T>(&mut self, at: &Located<T>, message: impl Into<String>, cure: impl Into<String>) {
        self.problems.push(Problem::new(&self.configuration.file, at, message, cure));
    }

    fn read(&mut self, path: &Located<PathBuf>) -> Option<Vec<u8>> {
        match std::fs::read(&path.value) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let message = format!("names {}, which cannot be read: {error}", path.value.display());
                self.problem(path, message, "Correct the path, or let the gateway's user read the file.");
                None
            }
        }
    }

    /// The files of a folder by name, hidden ones left out.
    fn read_folder(&mut self, folder: &Located<PathBuf>) -> Option<Vec<(String, Vec<u8>)>> {
        match files_of(&folder.value) {
            Ok(files) => Some(files),
            Err(error) => {
                let message = format!("names {}, which cannot be read as a folder: {error}", folder.value.display());
                self.problem(folder, message, "Correct the path, or let the gateway's user read the folder.");
                None
            }
        }
    }

    fn trust(&mut self) -> Option<TrustStore> {
        let section = &self.configuration.trust;
        let (roots, intermediates) = (self.read_folder(&section.roots), self.read_folder(&section.intermediates));
        let (roots, intermediates) = (roots?, intermediates?);
        let root_files: Vec<String> = roots.iter().map(|(name, _)| name.clone()).collect();
        match TrustStore::build(roots, intermediates) {
            Ok(store) => Some(store),
            Err(problems) => {
                for problem in problems {
                    let of_roots = matches!(problem, TrustStoreProblem::NoRoots)
                        || root_files.iter().any(|file| problem.to_string().contains(file.as_str()));
                    let at = if of_roots { &section.roots } else { &section.intermediates };
                    self.problem(
                        at,
                        format!("cannot be used: {problem}"),
                        "Put each certificate into the container it belongs to.",
                    );
                }
                None
            }
        }
    }

    fn revocation(&mut self) -> RevocationPolicy {
        let sections: &[AuthoritySection] = &self.configuration.revocation.authorities;
        let mut policy = RevocationPolicy {
            clock_skew: signed(self.configuration.service.clock_skew),
            ..RevocationPolicy::default()
        };
        for section in sections {
            let Some(bytes) = self.read(&section.certificate) else { continue };
            match read_certificate(&bytes) {
                Some(certificate) => {
                    let settings = AuthoritySettings {
                        name: certificate.subject().dotnet().to_owned(),
                        crl_distribution_point: Some(section.crl_distribution_point.value.clone()),
                    };
                    policy.authorities.insert(*certificate.fingerprint(), settings);
                }
                None => self.problem(
                    &section.certificate,
                    format!("names {}, which is not one certificate", section.certificate.value.display()),
                    "Name the authority's certificate, PEM or DER.",
                ),
            }
        }
        policy
    }

    fn rules(&mut self, path: &Located<PathBuf>) -> Option<language::RuleSet> {
        let bytes = self.read(path)?;
        let name = path.value.display().to_string();
        let Ok(text) = String::from_utf8(bytes) else {
            self.problem(path, format!("names {name}, which is not UTF-8"), "Save the rules as UTF-8 text.");
            return None;
        };
        match language::parse(&name, &text, language::Strictness::Strict) {
            Ok(rules) => {
                self.warnings.extend(rules.warnings().iter().map(ToString::to_string));
                Some(rules)
            }
            Err(diagnostics) => {
                for diagnostic in diagnostics {
                    self.problem(path, format!("names rules that cannot be used: {diagnostic}"), "Correct the rule.");
                }
                None
            }
        }
    }

    fn relying_parties(&mut self) -> Option<RelyingPartyTrusts> {
        let mut trusts = Vec::new();
        let sections = &self.configuration.relying_parties;
        for section in sections {
            let (authorization, transform) =
                (self.rules(&section.authorization_rules), self.rules(&section.transform_rules));
            let (Some(authorization), Some(transform)) = (authorization, transform) else { continue };
            if authorization.is_empty() {
                let name = &section.name.value;
                self.warnings.push(format!("{name}: the authorization rules are empty, so nobody gets a token"));
            }
            trusts.push(RelyingPartyTrust {
                name: section.name.value.clone(),
                identifiers: section.identifiers.value.clone(),
                enabled: section.enabled,
                authorization,
                transform,
            });
        }
        let complete = trusts.len() == sections.len();
        RelyingPartyTrusts::new(trusts).ok().filter(|_| complete)
    }

    fn signer(&mut self) -> Option<KeySigner> {
        let section = &self.configuration.token_signing;
        let (certificate, key) = (self.read(&section.certificate), self.read(&section.private_key));
        match KeySigner::new(&certificate?, &key?) {
            Ok(signer) => Some(signer),
            Err(problem) => {
                let at = if blames_certificate(&problem) { &section.certificate } else { &section.private_key };
                self.problem(
                    at,
                    format!("cannot be used: {problem}"),
                    "Make a key with `openssl req -x509` or take the farm's.",
                );
                None
            }
        }
    }

    fn identity(&mut self, section: &ListenerSection) -> Option<TlsIdentity> {
        let (certificate, key) = (self.read(&section.certificate), self.read(&section.private_key));
        match TlsIdentity::from_pem(&certificate?, &key?) {
            Ok(identity) => Some(identity),
            Err(error) => {
                let at = match error {
                    TlsIdentityError::NoCertificate => &section.certificate,
                    TlsIdentityError::NoKey | TlsIdentityError::Mismatch => &section.private_key,
                };
                self.problem(
                    at,
                    format!("names a file that {error}"),
                    "Name the PEM chain, leaf first, and its unencrypted key.",
                );
                None
            }
        }
    }

    fn directory(&mut self) -> Option<Arc<dyn Directory>> {
        match &self.configuration.directory {
            DirectorySection::Ldif { file, .. } => {
                let bytes = self.read(file)?;
                match LdifDirectory::read(&String::from_utf8_lossy(&bytes)) {
                    Ok(directory) => Some(Arc::new(directory)),
                    Err(error) => {
                        let message = format!("names {}, which cannot be read: {error}", file.value.display());
                        self.problem(file, message, "Correct the line; the form is LDIF (RFC 2849).");
                        None
                    }
                }
            }
            DirectorySection::Ldap(section) => self.ldap(section),
        }
    }

    fn ldap(&mut self, section: &LdapSection) -> Option<Arc<dyn Directory>> {
        let ca_certificate = match &section.ca_certificate {
            Some(path) => Some(self.read(path)?),
            None => None,
        };
        let bind = match (&section.bind_dn, &section.bind_password_file) {
            (Some(dn), Some(path)) => {
                let password = String::from_utf8_lossy(&self.read(path)?).trim_end_matches(['\r', '\n']).to_owned();
                Some((dn.value.clone(), password))
            }
            _ => None,
        };
        let directory = LdapDirectory::new(LdapSettings {
            url: section.url.value.clone(),
            start_tls: section.start_tls,
            ca_certificate,
            bind,
            base_dn: section.base_dn.value.clone(),
            dialect: if section.open_ldap { Dialect::OpenLdap } else { Dialect::ActiveDirectory },
            connections: section.connections,
            connect_timeout: section.connect_timeout,
            operation_timeout: section.operation_timeout,
            maximum_entries: section.maximum_entries,
        });
        match directory {
            Ok(directory) => Some(Arc::new(directory)),
            Err(error) => {
                let cure = match error {
                    LdapSettingsError::EmptyPassword => "Put the password into bind_password_file.",
                    LdapSettingsError::Authority(_) => "Name a PEM file of the authority in ca_certificate.",
                    LdapSettingsError::Url(_) | LdapSettingsError::Plain(_) => "Write ldaps://host.",
                };
                self.problem(&section.url, format!("cannot be used: {error}"), cure);
                None
            }
        }
    }

    fn chain_policy(&self) -> ChainPolicy {
        let section = &self.configuration.trust;
        ChainPolicy {
            minimum_rsa_bits: section.minimum_rsa_bits,
            minimum_ec_bits: section.minimum_ec_bits,
            maximum_depth: section.maximum_depth,
            allow_sha1: section.allow_sha1,
            extended_key_usages: section.extended_key_usages.clone(),
        }
    }

    fn subject_policy(&self) -> SubjectPolicy {
        let section = &self.configuration.subject;
        let netbios_domain = match &self.configuration.directory {
            DirectorySection::Ldif { netbios_domain, .. } => netbios_domain,
            DirectorySection::Ldap(section) => &section.netbios_domain,
        };
        SubjectPolicy {
            bindings: section.bindings.clone(),
            require_equal_serial_attribute: section.require_equal_serial_attribute.clone(),
            require_equal_issuer_attribute: section.require_equal_issuer_attribute.clone(),
            netbios_domain: netbios_domain.clone(),
        }
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
        }
    }
}

fn blames_certificate(problem: &impl Display) -> bool {
    problem.to_string().contains("certificate")
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

fn files_of(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_note = name.starts_with('.') || name.to_ascii_lowercase().ends_with(".md");
        if path.is_file() && !is_note {
            files.push((path.display().to_string(), std::fs::read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn read_certificate(bytes: &[u8]) -> Option<Certificate> {
    let der = match X509::from_pem(bytes) {
        Ok(certificate) => certificate.to_der().ok()?,
        Err(_) => bytes.to_vec(),
    };
    Certificate::read_der(&der).ok()
}
