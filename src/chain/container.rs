//! Reading the files of a container: PEM or DER by content, several PEM blocks per file, every problem reported.

use super::AuthorityDefect;
use crate::certificate::{Certificate, CertificateError};
use x509_parser::pem::Pem;

/// Why a file cannot be part of the trust store. Each says which file and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustStoreProblem {
    /// Without a root nobody can sign in.
    #[error("the root container holds no certificate; put the self-signed certificate of the root authority there")]
    NoRoots,
    /// Neither PEM nor DER.
    #[error("{file} holds no certificate; store it as PEM or DER (a PKCS#7 or PKCS#12 file has to be unpacked first)")]
    NoCertificate {
        /// The file.
        file: String,
    },
    /// One certificate of the file cannot be read.
    #[error("certificate {position} in {file} cannot be read: {reason}; export it again from the authority")]
    Unreadable {
        /// The file.
        file: String,
        /// Which block, from 1.
        position: usize,
        /// What is wrong.
        reason: CertificateError,
    },
    /// A private key lies among public certificates.
    #[error("{file} holds a private key; remove the key from this file, and consider it disclosed")]
    PrivateKey {
        /// The file.
        file: String,
    },
    /// Something else lies among the certificates.
    #[error("{file} holds a PEM block \"{label}\"; only certificates belong into a container")]
    NotACertificateBlock {
        /// The file.
        file: String,
        /// The PEM label.
        label: String,
    },
    /// An intermediate in the root container would be trusted by itself.
    #[error(
        "{file}: \"{subject}\" was issued by \"{issuer}\", so it is no root; move the file to the intermediate container \
         and put the root certificate here"
    )]
    RootNotSelfSigned {
        /// The file.
        file: String,
        /// Its subject.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// Subject and issuer agree, the signature does not.
    #[error(
        "{file}: the signature of \"{subject}\" was not made by its own key; if it is a key rollover certificate, move \
         the file to the intermediate container, otherwise export the root certificate again"
    )]
    RootSignatureInvalid {
        /// The file.
        file: String,
        /// Its subject.
        subject: String,
    },
    /// A root in the intermediate container would not be trusted, to the surprise of whoever put it there.
    #[error("{file}: \"{subject}\" is self-signed, so it is no intermediate; move the file to the root container")]
    IntermediateSelfSigned {
        /// The file.
        file: String,
        /// Its subject.
        subject: String,
    },
    /// A user's or server's certificate.
    #[error("{file}: \"{subject}\" is not the certificate of an authority: {defect}; remove the file")]
    NotACertificateAuthority {
        /// The file.
        file: String,
        /// Its subject.
        subject: String,
        /// What it lacks.
        defect: AuthorityDefect,
    },
    /// The same certificate twice.
    #[error("{file}: \"{subject}\" is already in {first_file}; remove one of the two")]
    Duplicate {
        /// The file read later.
        file: String,
        /// The certificate's subject.
        subject: String,
        /// The file read first.
        first_file: String,
    },
}

/// The certificates of one file.
pub(super) fn read(file: &str, bytes: &[u8], problems: &mut Vec<TrustStoreProblem>) -> Vec<Certificate> {
    let blocks = match pem_blocks(file, bytes, problems) {
        Some(blocks) => blocks,
        None if bytes.first() == Some(&0x30) => vec![bytes.to_vec()],
        None => {
            problems.push(TrustStoreProblem::NoCertificate { file: file.to_owned() });
            return Vec::new();
        }
    };
    let mut certificates = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        match Certificate::read_der(block) {
            Ok(certificate) => certificates.push(certificate),
            Err(reason) => {
                problems.push(TrustStoreProblem::Unreadable { file: file.to_owned(), position: index + 1, reason })
            }
        }
    }
    certificates
}

/// The certificate blocks of a PEM file; `None` when there is no PEM in it.
fn pem_blocks(file: &str, bytes: &[u8], problems: &mut Vec<TrustStoreProblem>) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    if !bytes.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return None;
    }
    let mut blocks = Vec::new();
    let problems_before = problems.len();
    for block in Pem::iter_from_buffer(bytes) {
        let file = file.to_owned();
        match block {
            Ok(Pem { label, contents }) => match label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" => blocks.push(contents),
                label if label.ends_with("PRIVATE KEY") => problems.push(TrustStoreProblem::PrivateKey { file }),
                _ => problems.push(TrustStoreProblem::NotACertificateBlock { file, label }),
            },
            Err(_) => {
                let position = blocks.len() + 1;
                let reason = CertificateError::NotACertificate;
                problems.push(TrustStoreProblem::Unreadable { file, position, reason });
                break;
            }
        }
    }
    if blocks.is_empty() && problems.len() == problems_before {
        problems.push(TrustStoreProblem::NoCertificate { file: file.to_owned() });
    }
    Some(blocks)
}
