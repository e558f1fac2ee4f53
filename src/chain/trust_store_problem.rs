//! Why the trust store cannot be built: which container, which file, what is wrong with it and what to do.

use super::AuthorityDefect;
use crate::certificate::CertificateError;
use crate::typesetting::spelled_out;
use std::fmt;

/// One of the two containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustContainer {
    /// Trust anchors.
    Roots,
    /// Authorities between the anchors and the users.
    Intermediates,
}

/// One thing wrong with the trust store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustStoreProblem {
    /// The container the file lies in.
    pub container: TrustContainer,
    /// The file as it was called; `None` when the container as a whole is at fault.
    pub file: Option<String>,
    /// What is wrong.
    pub defect: ContainerDefect,
}

impl fmt::Display for TrustStoreProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", spelled_out(file))?;
        }
        write!(f, "{}. {}", spelled_out(&self.defect.to_string()), self.defect.cure())
    }
}

impl std::error::Error for TrustStoreProblem {}

/// What is wrong with a file of a container.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerDefect {
    /// Without a root nobody can sign in.
    #[error("the root container holds no certificate")]
    NoRoots,
    /// Neither PEM nor DER.
    #[error("holds no certificate")]
    NoCertificate,
    /// One certificate of the file cannot be read.
    #[error("certificate {position} cannot be read: {reason}")]
    Unreadable {
        /// Which block, from 1.
        position: usize,
        /// What is wrong.
        reason: CertificateError,
    },
    /// A private key lies among public certificates.
    #[error("holds a private key")]
    PrivateKey,
    /// Something else lies among the certificates.
    #[error("holds a PEM block \"{label}\"")]
    NotACertificateBlock {
        /// The PEM label.
        label: String,
    },
    /// An intermediate in the root container would be trusted by itself.
    #[error("\"{subject}\" was issued by \"{issuer}\", so it is no root")]
    RootNotSelfSigned {
        /// Its subject.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// Subject and issuer agree, the signature does not.
    #[error("the signature of \"{subject}\" was not made by its own key")]
    RootSignatureInvalid {
        /// Its subject.
        subject: String,
    },
    /// A root in the intermediate container would not be trusted, to the surprise of whoever put it there.
    #[error("\"{subject}\" is self-signed, so it is no intermediate")]
    IntermediateSelfSigned {
        /// Its subject.
        subject: String,
    },
    /// A user's or server's certificate.
    #[error("\"{subject}\" is not the certificate of an authority: {defect}")]
    NotACertificateAuthority {
        /// Its subject.
        subject: String,
        /// What it lacks.
        defect: AuthorityDefect,
    },
    /// The same certificate twice.
    #[error("\"{subject}\" is already in {first_file}")]
    Duplicate {
        /// The certificate's subject.
        subject: String,
        /// The file read first.
        first_file: String,
    },
}

impl ContainerDefect {
    /// What to do, as a sentence.
    pub fn cure(&self) -> &'static str {
        match self {
            Self::NoRoots => "Put the self-signed certificate of the root authority there.",
            Self::NoCertificate => {
                "Store it as PEM or DER (a PKCS#7 or PKCS#12 file has to be unpacked first), or remove the file."
            }
            Self::Unreadable { .. } => "Export it again from the authority.",
            Self::PrivateKey => "Remove the key from this file, and consider it disclosed.",
            Self::NotACertificateBlock { .. } => "Only certificates belong into a container; remove the block.",
            Self::RootNotSelfSigned { .. } => {
                "Move the file to the intermediate container if the certificate is an authority's, and put the root certificate \
                 here; a user's or a server's certificate belongs into neither."
            }
            Self::RootSignatureInvalid { .. } => {
                "If it is a key rollover certificate, move the file to the intermediate container; otherwise export the root \
                 certificate again."
            }
            Self::IntermediateSelfSigned { .. } => "Move the file to the root container.",
            Self::NotACertificateAuthority { .. } => "Remove the file.",
            Self::Duplicate { .. } => "Remove one of the two.",
        }
    }
}
