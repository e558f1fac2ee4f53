//! Whose certificates may sign in, and how their revocation is asked.

use super::{Builder, Located, Place, signed};
use crate::certificate::Certificate;
use crate::chain::{ChainPolicy, ContainerDefect, TrustContainer, TrustStore, TrustStoreProblem};
use crate::config::revocation::TYPES;
use crate::config::{AuthoritySection, OcspKeys};
use crate::outcome::printable;
use crate::revocation::ocsp::{OcspMode, OcspSettings};
use crate::revocation::{AuthoritySettings, Exemption, RevocationPolicy};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use openssl::x509::X509;
use std::path::PathBuf;

impl Builder<'_> {
    pub(super) fn trust(&mut self) -> Option<TrustStore> {
        let section = &self.configuration.trust;
        let (roots, intermediates) = (self.read_folder(&section.roots), self.read_folder(&section.intermediates));
        let complete = roots.complete && intermediates.complete;
        match TrustStore::build(roots.files, intermediates.files) {
            Ok(store) => complete.then_some(store),
            Err(mut problems) => {
                // A root container that could not be read only looks empty.
                problems.retain(|problem| roots.complete || problem.defect != ContainerDefect::NoRoots);
                problems.into_iter().for_each(|problem| self.trust_store_problem(problem));
                None
            }
        }
    }

    fn trust_store_problem(&mut self, problem: TrustStoreProblem) {
        let section = &self.configuration.trust;
        let at = match problem.container {
            TrustContainer::Roots => &section.roots,
            TrustContainer::Intermediates => &section.intermediates,
        };
        let cure = problem.defect.cure();
        match problem.file {
            Some(file) => {
                let place = Place { file: file.into(), line: None, column: None };
                self.problem_in(place, at, printable(problem.defect.to_string()), cure);
            }
            None => {
                let message = printable(format!("names {}, but {}", at.value.display(), problem.defect));
                self.problem(at, message, cure);
            }
        }
    }

    pub(super) fn chain_policy(&self) -> ChainPolicy {
        let section = &self.configuration.trust;
        ChainPolicy {
            minimum_rsa_bits: section.minimum_rsa_bits,
            minimum_ec_bits: section.minimum_ec_bits,
            maximum_depth: section.maximum_depth,
            allow_sha1: section.allow_sha1,
            extended_key_usages: section.extended_key_usages.clone(),
            strict_profile: section.strict_profile,
            initial_policies: section.certificate_policies.clone(),
            explicit_policy: section.explicit_policy,
            inhibit_policy_mapping: section.inhibit_policy_mapping,
            inhibit_any_policy: section.inhibit_any_policy,
            ..ChainPolicy::default()
        }
    }

    pub(super) fn revocation(&mut self) -> RevocationPolicy {
        let mut policy = RevocationPolicy {
            clock_skew: signed(self.configuration.service.clock_skew),
            strict_profile: self.configuration.trust.strict_profile,
            signer_paths: RevocationPolicy::signer_paths(self.chain_policy()),
            ..RevocationPolicy::default()
        };
        for section in &self.configuration.revocation.authorities {
            let Some(certificate) = self.certificate(&section.certificate) else { continue };
            if let (OcspMode::Off, Some(url)) = (section.ocsp.mode, &section.ocsp.url) {
                self.warn(format!("{} does nothing, for ocsp is \"off\"", url.key));
            }
            self.check_authority_type(section, &certificate);
            let name = certificate.subject().dotnet().to_owned();
            let exemption = section.exemption.as_ref().map(|(reason, last_day)| {
                let until = last_day.tomorrow().unwrap_or(Date::MAX).to_datetime(Time::midnight());
                Exemption { reason: reason.clone(), until: Offset::UTC.to_timestamp(until).unwrap_or(Timestamp::MAX) }
            });
            let settings = AuthoritySettings {
                name,
                crl_distribution_points: section.crl_distribution_point.value.clone(),
                delta_crl_distribution_point: section
                    .delta_crl_distribution_point
                    .as_ref()
                    .map(|url| url.value.clone()),
                exemption,
                ocsp: ocsp_settings(&section.ocsp),
            };
            if let Some(first) = policy.authorities.insert(*certificate.fingerprint(), settings) {
                let message = format!("names the certificate of \"{}\", which another section has too", first.name);
                self.problem(&section.certificate, message, "An authority has one CRL: remove one of the sections.");
            }
        }
        policy
    }

    fn check_authority_type(&mut self, section: &AuthoritySection, certificate: &Certificate) {
        let Some(given) = &section.authority_type else { return };
        let actual = if certificate.is_self_issued() { "root" } else { "intermediate" };
        if given.value != actual && TYPES.contains(&given.value.as_str()) {
            let message = format!(
                "is {:?}, but the certificate of \"{}\" is of type {actual:?}",
                given.value,
                certificate.subject().dotnet()
            );
            self.problem(given, message, "Name the other certificate, or correct the type.");
        }
    }

    pub(super) fn certificate(&mut self, path: &Located<PathBuf>) -> Option<Certificate> {
        let bytes = self.read(path)?;
        let certificate = read_certificate(&bytes);
        if certificate.is_none() {
            let message = format!("names {}, which is not one certificate", path.value.display());
            self.problem(path, message, "Name a file that holds the authority's certificate and no other, PEM or DER.");
        }
        certificate
    }
}

fn ocsp_settings(keys: &OcspKeys) -> OcspSettings {
    OcspSettings { mode: keys.mode, url: keys.url.as_ref().map(|url| url.value.clone()), nonce: keys.nonce }
}

fn read_certificate(bytes: &[u8]) -> Option<Certificate> {
    let der = match X509::stack_from_pem(bytes).unwrap_or_default().as_slice() {
        [] => bytes.to_vec(),
        [certificate] => certificate.to_der().ok()?,
        _ => return None,
    };
    Certificate::read_der(&der).ok()
}
