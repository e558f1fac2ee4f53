//! What the gateway proves itself with: the token signing key and the listeners' TLS certificates.

use super::Builder;
use crate::config::ListenerSection;
use crate::listener::{TlsIdentity, TlsIdentityError};
use crate::token::{KeyPairHalf, KeyProblem, KeySigner};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use openssl::x509::X509;

const DECRYPT: &str = "Store the key without a passphrase (`openssl pkey -in FILE -out FILE`) in a file that only the gateway \
                       may read.";

impl Builder<'_> {
    pub(super) fn signer(&mut self) -> Option<KeySigner> {
        let section = &self.configuration.token_signing;
        let (certificate, key) = (self.read(&section.certificate), self.read(&section.private_key));
        match KeySigner::new(&certificate?, &key?) {
            Ok(signer) => Some(signer),
            Err(problem) => {
                let at = match problem.half() {
                    KeyPairHalf::Certificate => &section.certificate,
                    KeyPairHalf::PrivateKey => &section.private_key,
                };
                let message = format!("names {}, which cannot be used: {problem}", at.value.display());
                self.problem(at, message, signing_cure(&problem));
                None
            }
        }
    }

    /// The outer `None` is a certificate that cannot be published.
    pub(super) fn next_signing_certificate(&mut self) -> Option<Option<String>> {
        let Some(file) = &self.configuration.token_signing.next_certificate else { return Some(None) };
        let pem = self.read(file)?;
        match X509::from_pem(&pem).and_then(|certificate| certificate.to_der()) {
            Ok(der) => Some(Some(BASE64_STANDARD.encode(der))),
            Err(error) => {
                let message = format!("names {}, which is not a PEM certificate: {error}", file.value.display());
                self.problem(file, message, "Name a PEM file with the certificate of the next token signing key.");
                None
            }
        }
    }

    /// What the user TLS listener shows. Under its second host name clients refuse a certificate that does not have the name.
    pub(super) fn user_tls_identity(&mut self) -> Option<TlsIdentity> {
        let section = &self.configuration.user_tls;
        let identity = self.identity(&section.listener)?;
        if let Some(name) = section.host_name.as_ref().filter(|name| !identity.covers(&name.value)) {
            self.warn(format!(
                "{} is {}, and {} does not have that name: clients will refuse it there",
                name.key,
                name.value,
                section.listener.certificate.value.display()
            ));
        }
        Some(identity)
    }

    pub(super) fn identity(&mut self, section: &ListenerSection) -> Option<TlsIdentity> {
        let (certificate, key) = (self.read(&section.certificate), self.read(&section.private_key));
        match TlsIdentity::from_pem(&certificate?, &key?) {
            Ok(identity) => Some(identity),
            Err(error) => {
                let (at, cure) = match error {
                    TlsIdentityError::NoCertificate => {
                        (&section.certificate, "Name a PEM file with the listener's chain, its own certificate first.")
                    }
                    TlsIdentityError::NoKey => (&section.private_key, DECRYPT),
                    TlsIdentityError::Mismatch => (
                        &section.private_key,
                        "Name the key of the first certificate in the chain; the listener's own comes first.",
                    ),
                };
                self.problem(at, format!("names {}, which {error}", at.value.display()), cure);
                None
            }
        }
    }
}

fn signing_cure(problem: &KeyProblem) -> &'static str {
    match problem {
        KeyProblem::CertificateUnreadable { .. } => "Name a PEM file with the token signing certificate.",
        KeyProblem::KeyUnreadable { .. } => "Name a PEM file with the private key of the token signing certificate.",
        KeyProblem::KeyEncrypted => DECRYPT,
        KeyProblem::Mismatch => "Name the key of the certificate that the relying parties know.",
        KeyProblem::RsaTooShort { .. } | KeyProblem::Unsupported { .. } => {
            "Make a new pair, such as with `openssl req -x509 -newkey rsa:2048 -noenc`, and give its certificate to the \
             relying parties."
        }
    }
}
