//! The certificates of relying parties: whose signatures are believed, and what assertions are encrypted to.

use super::{Builder, Located};
use crate::clock::Clock;
use crate::config::SamlSection;
use crate::federation::SamlTrust;
use crate::xml_encryption::{MINIMUM_RSA_BITS, check_recipient};
use openssl::asn1::Asn1Time;
use openssl::x509::X509;
use std::path::{Path, PathBuf};

impl Builder<'_> {
    pub(super) fn saml_trust(&mut self, section: &SamlSection) -> Option<SamlTrust> {
        let signing = self.request_signing_certificates(&section.request_signing_certificates);
        let encryption = match &section.encryption_certificate {
            Some(path) => self.encryption_certificate(path).map(Some),
            None => Some(None),
        };
        Some(SamlTrust {
            consumers: section.consumers.clone(),
            logout: section.logout.clone(),
            request_signing_certificates: signing?,
            signed_requests_required: section.signed_requests_required,
            response_signature: section.response_signature,
            encryption_certificate: encryption?.filter(|_| section.encrypt_claims),
            encryption_algorithm: section.encryption_algorithm,
        })
    }

    fn request_signing_certificates(&mut self, files: &Located<Vec<PathBuf>>) -> Option<Vec<X509>> {
        let mut certificates = Some(Vec::new());
        for file in &files.value {
            let path = Located { value: file.clone(), line: files.line, column: files.column, key: files.key.clone() };
            match self.certificates(&path) {
                Some(read) => {
                    self.warn_of_validity(file, &read, "requests that its key signed are still believed");
                    certificates.iter_mut().for_each(|known| known.extend(read.clone()));
                }
                None => certificates = None,
            }
        }
        certificates
    }

    fn encryption_certificate(&mut self, path: &Located<PathBuf>) -> Option<X509> {
        let read = self.certificates(path)?;
        let [certificate] = read.as_slice() else {
            let message = format!("names {}, which has {} certificates", path.value.display(), read.len());
            self.problem(path, message, "Leave the one whose key the application decrypts with.");
            return None;
        };
        if check_recipient(certificate).is_err() {
            let message =
                format!("names {}, whose key is not RSA of {MINIMUM_RSA_BITS} bits or more", path.value.display());
            self.problem(path, message, "Have the application make such a key, or remove the certificate.");
            return None;
        }
        self.warn_of_validity(&path.value, &read, "assertions are still encrypted to it");
        Some(certificate.clone())
    }

    fn certificates(&mut self, path: &Located<PathBuf>) -> Option<Vec<X509>> {
        let bytes = self.read(path)?;
        let read = match X509::stack_from_pem(&bytes).unwrap_or_default() {
            certificates if certificates.is_empty() => X509::from_der(&bytes).ok().into_iter().collect(),
            certificates => certificates,
        };
        if read.is_empty() || !read.iter().all(|certificate: &X509| certificate.public_key().is_ok()) {
            let message = format!("names {}, which is no certificate", path.value.display());
            self.problem(path, message, "Name a file with the application's certificate, PEM or DER.");
            return None;
        }
        Some(read)
    }

    /// The certificate is pinned, so a date in it decides nothing: an application that forgot to renew keeps working.
    fn warn_of_validity(&mut self, file: &Path, certificates: &[X509], consequence: &str) {
        let Ok(now) = Asn1Time::from_unix(Clock::System.now().as_second()) else { return };
        for certificate in certificates {
            let (from, until) = (certificate.not_before(), certificate.not_after());
            let fault = match () {
                () if until < now => format!("the certificate ended on {until}"),
                () if from > now => format!("the certificate begins on {from} only"),
                () => continue,
            };
            self.warn(format!("{}: {fault}; {consequence}", file.display()));
        }
    }
}
