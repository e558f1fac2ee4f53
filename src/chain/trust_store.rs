//! The root and intermediate containers, and the memory of paths already verified.

use super::{ChainPolicy, ContainerDefect, TrustContainer, TrustStoreProblem, checks, container, second_judge};
use crate::certificate::{Certificate, CertificateError, DistinguishedName};
use moka::sync::Cache;
use std::collections::HashMap;
use std::sync::Arc;

/// Most verified paths remembered; one entry is some hundred bytes.
const REMEMBERED_PATHS: u64 = 50_000;
/// Most intermediates remembered. Only our own authorities can add to them.
const REMEMBERED_INTERMEDIATES: u64 = 1_000;

/// A certificate of a container and where it came from.
#[derive(Debug, Clone)]
pub struct StoredCertificate {
    /// The file it was read from.
    pub file: String,
    /// The certificate.
    pub certificate: Arc<Certificate>,
}

/// The two containers, checked and indexed. Only certificates of the root container can anchor a path.
#[derive(Debug)]
pub struct TrustStore {
    roots: Container,
    intermediates: Container,
    verified: Cache<[u8; 32], ()>,
    /// Intermediates that stood in a verified path, by fingerprint: a client sends the same ones every time.
    known_intermediates: Cache<[u8; 32], Arc<Certificate>>,
}

type Index = HashMap<Box<[u8]>, Vec<Arc<Certificate>>>;

/// Certificates in the order of their files, indexed by their subject: by its DER, which is what nearly every certificate
/// repeats exactly, and by what RFC 5280 section 7.1 compares.
#[derive(Debug, Default)]
struct Container {
    stored: Vec<StoredCertificate>,
    by_subject: Index,
    by_matching_key: Index,
}

impl TrustStore {
    /// Builds the store from (file name, content) pairs, or says everything that is wrong with them.
    pub fn build(
        roots: Vec<(String, Vec<u8>)>,
        intermediates: Vec<(String, Vec<u8>)>,
    ) -> Result<Self, Vec<TrustStoreProblem>> {
        let mut problems = Vec::new();
        let roots_given = !roots.is_empty();
        let roots = Container::read(&roots, judge_root, |file, defect| {
            problems.push(TrustStoreProblem { container: TrustContainer::Roots, file: Some(file), defect });
        });
        let intermediates = Container::read(&intermediates, judge_intermediate, |file, defect| {
            problems.push(TrustStoreProblem { container: TrustContainer::Intermediates, file: Some(file), defect });
        });
        if !roots_given {
            let (container, defect) = (TrustContainer::Roots, ContainerDefect::NoRoots);
            problems.push(TrustStoreProblem { container, file: None, defect });
        }
        if problems.is_empty() {
            Ok(Self {
                roots,
                intermediates,
                verified: Cache::new(REMEMBERED_PATHS),
                known_intermediates: Cache::new(REMEMBERED_INTERMEDIATES),
            })
        } else {
            Err(problems)
        }
    }

    /// The trust anchors, in file order.
    pub fn roots(&self) -> &[StoredCertificate] {
        &self.roots.stored
    }

    /// The stored intermediates, in file order.
    pub fn intermediates(&self) -> &[StoredCertificate] {
        &self.intermediates.stored
    }

    pub(super) fn is_root(&self, certificate: &Certificate) -> bool {
        self.roots.holds(certificate)
    }

    pub(super) fn holds(&self, certificate: &Certificate) -> bool {
        self.roots.holds(certificate) || self.intermediates.holds(certificate)
    }

    /// Stored authorities of this name, roots first.
    pub(super) fn named(&self, subject: &DistinguishedName) -> impl Iterator<Item = &Arc<Certificate>> {
        let exact = [&self.roots, &self.intermediates].map(|container| find(&container.by_subject, subject.der()));
        let found = if exact.iter().all(|certificates| certificates.is_empty()) {
            let key = subject.matching_key();
            [&self.roots, &self.intermediates].map(|container| find(&container.by_matching_key, key))
        } else {
            exact
        };
        found.into_iter().flatten()
    }

    /// Whether the signatures, names and policies of exactly this path were verified under these demands and OpenSSL
    /// agreed. None of it depends on time.
    pub(super) fn is_verified(&self, path: &[Arc<Certificate>], policy: &ChainPolicy) -> bool {
        self.verified.contains_key(&path_key(path, policy))
    }

    pub(super) fn remember_verified(&self, path: &[Arc<Certificate>], policy: &ChainPolicy) {
        for intermediate in path.iter().take(path.len().saturating_sub(1)).skip(1) {
            self.known_intermediates.insert(*intermediate.fingerprint(), Arc::clone(intermediate));
        }
        self.verified.insert(path_key(path, policy), ());
    }

    /// Reads a sent certificate, or finds that it was read before.
    pub(super) fn read_sent(&self, der: &[u8]) -> Result<Arc<Certificate>, CertificateError> {
        match self.known_intermediates.get(&openssl::sha::sha256(der)) {
            Some(known) => Ok(known),
            None => Certificate::read_der(der).map(Arc::new),
        }
    }
}

/// The path, and the demands that [`ChainPolicy`] makes on what is remembered.
fn path_key(path: &[Arc<Certificate>], policy: &ChainPolicy) -> [u8; 32] {
    let mut hash = openssl::sha::Sha256::new();
    path.iter().for_each(|certificate| hash.update(certificate.fingerprint()));
    let demands =
        [policy.explicit_policy, policy.inhibit_policy_mapping, policy.inhibit_any_policy, policy.strict_profile];
    hash.update(&demands.map(u8::from));
    for oid in &policy.initial_policies {
        hash.update(oid.as_bytes());
        hash.update(b",");
    }
    hash.finish()
}

type Judge = fn(&Certificate) -> Option<ContainerDefect>;

impl Container {
    fn read(files: &[(String, Vec<u8>)], judge: Judge, mut report: impl FnMut(String, ContainerDefect)) -> Self {
        let mut read = Self::default();
        for (file, bytes) in files {
            let mut defects = Vec::new();
            for certificate in container::read(bytes, &mut defects) {
                match judge(&certificate).or_else(|| read.duplicate(&certificate)) {
                    Some(defect) => defects.push(defect),
                    None => read.add(file, certificate),
                }
            }
            defects.into_iter().for_each(|defect| report(file.clone(), defect));
        }
        read
    }

    fn duplicate(&self, certificate: &Certificate) -> Option<ContainerDefect> {
        let first = self.stored.iter().find(|stored| *stored.certificate == *certificate)?;
        Some(ContainerDefect::Duplicate {
            subject: certificate.subject().dotnet().to_owned(),
            first_file: first.file.clone(),
        })
    }

    fn add(&mut self, file: &str, certificate: Certificate) {
        let certificate = Arc::new(certificate);
        let (der, key) = (certificate.subject().der().into(), certificate.subject().matching_key().into());
        self.by_subject.entry(der).or_default().push(Arc::clone(&certificate));
        self.by_matching_key.entry(key).or_default().push(Arc::clone(&certificate));
        self.stored.push(StoredCertificate { file: file.to_owned(), certificate });
    }

    fn holds(&self, certificate: &Certificate) -> bool {
        find(&self.by_subject, certificate.subject().der()).iter().any(|stored| **stored == *certificate)
    }
}

fn find<'a>(index: &'a Index, key: &[u8]) -> &'a [Arc<Certificate>] {
    index.get(key).map_or(&[], Vec::as_slice)
}

fn judge_root(certificate: &Certificate) -> Option<ContainerDefect> {
    let subject = certificate.subject().dotnet().to_owned();
    if !certificate.is_self_issued() {
        let issuer = certificate.issuer().dotnet().to_owned();
        return Some(ContainerDefect::RootNotSelfSigned { subject, issuer });
    }
    if let Some(defect) = checks::authority_defect(certificate) {
        return Some(ContainerDefect::NotACertificateAuthority { subject, defect });
    }
    let signed = second_judge::signed_by(certificate, certificate);
    (!signed).then_some(ContainerDefect::RootSignatureInvalid { subject })
}

fn judge_intermediate(certificate: &Certificate) -> Option<ContainerDefect> {
    let subject = certificate.subject().dotnet().to_owned();
    if certificate.is_self_issued() && second_judge::signed_by(certificate, certificate) {
        return Some(ContainerDefect::IntermediateSelfSigned { subject });
    }
    let defect = checks::authority_defect(certificate)?;
    Some(ContainerDefect::NotACertificateAuthority { subject, defect })
}
