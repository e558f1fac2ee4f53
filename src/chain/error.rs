//! Every way a chain can fail, each with the facts an operator needs.

use super::ProfileDefect;
use crate::certificate::CertificateError;
use jiff::Timestamp;
use std::fmt::{self, Display};

/// Where in the path a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateRole {
    /// The user's certificate.
    Leaf,
    /// A certificate authority between leaf and root; 1 is the leaf's issuer.
    Intermediate {
        /// Steps above the leaf.
        position: usize,
    },
    /// The trust anchor.
    Root,
}

impl Display for CertificateRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf => f.write_str("user certificate"),
            Self::Intermediate { position } => write!(f, "intermediate certificate {position} above the user's"),
            Self::Root => f.write_str("root certificate"),
        }
    }
}

/// Why a certificate may not issue certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityDefect {
    /// RFC 5280 section 6.1.4 (k).
    #[error("it has no basicConstraints extension")]
    NoBasicConstraints,
    /// RFC 5280 section 6.1.4 (k).
    #[error("its basicConstraints say that it is not a certificate authority")]
    NotAnAuthority,
    /// RFC 5280 section 6.1.4 (n).
    #[error("its keyUsage does not allow signing certificates")]
    MayNotSignCertificates,
}

/// Why no path was accepted. Names are in .NET spelling.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The leaf is not a readable certificate.
    #[error("the presented certificate cannot be read: {0}")]
    UnreadableCertificate(#[from] CertificateError),
    /// The chain is complete, and it ends in a self-signed certificate that is not ours (Windows: untrusted root).
    #[error("the chain of \"{leaf}\" ends in \"{top}\", which is not in the root container")]
    UnknownIssuer {
        /// Subject of the leaf.
        leaf: String,
        /// Subject of the self-signed certificate.
        top: String,
    },
    /// The chain breaks off: an issuer's certificate is neither sent nor stored (Windows: partial chain). A certificate of
    /// the same name whose key identifier differs does not count; a renewed authority has one.
    #[error(
        "the certificate of \"{missing}\", which issued \"{below}\", is neither sent by the client nor stored here{}",
        unreadable_note(*unreadable)
    )]
    MissingIntermediate {
        /// Name of the issuer nobody has a certificate of.
        missing: String,
        /// Subject of the certificate it issued.
        below: String,
        /// How many of the sent certificates cannot be read; the missing one may be among them.
        unreadable: usize,
    },
    /// More ways to combine certificates than one sign-in may cost.
    #[error("the search for a path was given up after {limit} {unit}")]
    BudgetExhausted {
        /// The limit that ran out.
        limit: usize,
        /// What was counted.
        unit: &'static str,
    },
    /// Longer than the policy allows.
    #[error("no path to a root was found within {maximum} certificates")]
    DepthExceeded {
        /// The policy's limit.
        maximum: usize,
    },
    /// A certificate names an issuer whose key did not sign it.
    #[error("the signature of the {role} \"{subject}\" was not made by the key of \"{issuer}\"")]
    SignatureInvalid {
        /// Position of the certificate with the bad signature.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// The issuer whose key was tried.
        issuer: String,
    },
    /// A certificate was used as an issuer without the right to be one.
    #[error("the {role} \"{subject}\" issued a certificate but may not: {defect}")]
    NotACertificateAuthority {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// What it lacks.
        defect: AuthorityDefect,
    },
    /// RFC 5280 section 6.1.4 (l): more authorities below one than it allows.
    #[error("\"{subject}\" allows {allowed} certificate authorities below it, and there are {found}")]
    PathTooLong {
        /// The authority with the constraint.
        subject: String,
        /// Its `pathLenConstraint`.
        allowed: u32,
        /// Intermediates below it that are not self-issued.
        found: usize,
    },
    /// RFC 5280 section 4.2: a critical extension that nobody here knows.
    #[error("the {role} \"{subject}\" has the critical extension {oid}, which is not understood here")]
    UnhandledCriticalExtension {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// Dotted OID of the first such extension.
        oid: String,
    },
    /// RFC 5280 section 4 forbids an authority to issue such a certificate.
    #[error("the {role} \"{subject}\" breaks the profile of RFC 5280: {defect}")]
    Profile {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// What is forbidden.
        defect: ProfileDefect,
    },
    /// A name lies outside what an authority above it may certify (RFC 5280 section 4.2.1.10).
    #[error("a name in \"{subject}\" lies outside the name constraints of an authority above it: {detail}")]
    NameConstraints {
        /// The certificate with the name.
        subject: String,
        /// Which name, and which authority.
        detail: String,
    },
    /// A name constraint of a kind that cannot be evaluated, such as one over otherName.
    #[error("the name constraints above \"{subject}\" cannot be evaluated: {detail}")]
    NameConstraintsUnsupported {
        /// The certificate below the constraint.
        subject: String,
        /// Which name, and which authority.
        detail: String,
    },
    /// Certificate policies, their mappings and constraints leave nothing (RFC 5280 section 6.1.5 (g)).
    #[error("the certificate policies along the path to \"{subject}\" are not acceptable: {detail}")]
    CertificatePolicies {
        /// The certificate at which it failed.
        subject: String,
        /// What failed.
        detail: String,
    },
    /// The second judge said no for another reason.
    #[error("OpenSSL refused \"{subject}\" with error {code}: {text}")]
    RefusedByOpenssl {
        /// `X509_V_ERR_…`.
        code: i32,
        /// OpenSSL's words.
        text: String,
        /// The certificate at which it failed.
        subject: String,
    },
    /// Below the policy's key length.
    #[error("the key of the {role} \"{subject}\" has {bits} bits; {minimum} are required")]
    WeakKey {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// The key's length.
        bits: u32,
        /// The policy's minimum for this kind of key.
        minimum: u32,
    },
    /// A kind of key that no minimum is defined for.
    #[error("the {role} \"{subject}\" has a key of an unsupported kind ({algorithm})")]
    UnsupportedKey {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// Dotted OID of the key algorithm.
        algorithm: String,
    },
    /// Signed with a broken or unknown digest.
    #[error("the {role} \"{subject}\" is signed with {algorithm}, which is not accepted")]
    WeakSignature {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// Dotted OID of the signature algorithm.
        algorithm: String,
    },
    /// Validity has not begun.
    #[error("the {role} \"{subject}\" is not valid before {from}")]
    NotYetValid {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// When validity begins.
        from: Timestamp,
    },
    /// Validity is over.
    #[error("the {role} \"{subject}\" expired; it was valid until {until}")]
    Expired {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// When validity ended.
        until: Timestamp,
    },
    /// RFC 8446 section 4.4.2.2: the key of a TLS client must be allowed to make signatures.
    #[error(
        "the keyUsage of the user certificate \"{subject}\" does not allow digital signatures, which a sign-in makes"
    )]
    WrongKeyUsage {
        /// The leaf's subject.
        subject: String,
    },
    /// None of the uses that the policy asks for.
    #[error("the {role} \"{subject}\" is not for sign-in; its extended key usages are [{}]", found.join(", "))]
    WrongExtendedKeyUsage {
        /// Its position.
        role: CertificateRole,
        /// Its subject.
        subject: String,
        /// Dotted OIDs it carries.
        found: Vec<String>,
    },
}

fn unreadable_note(unreadable: usize) -> String {
    match unreadable {
        0 => String::new(),
        count => format!("; {count} of the certificates it sent cannot be read"),
    }
}

impl ChainError {
    /// Which reason wins when several paths fail: the one whose path came furthest. Reasons about a certificate (expired,
    /// wrong use) presuppose a signed path to one of our roots, so a foreign certificate is foreign before it is expired.
    pub fn rank(&self) -> u8 {
        match self {
            Self::MissingIntermediate { .. } => 10,
            Self::UnknownIssuer { .. } => 20,
            Self::DepthExceeded { .. } => 25,
            Self::SignatureInvalid { .. } => 30,
            Self::BudgetExhausted { .. } => 35,
            Self::NotACertificateAuthority { .. } => 40,
            Self::PathTooLong { .. } => 42,
            Self::UnhandledCriticalExtension { .. } => 44,
            Self::Profile { .. } => 46,
            Self::RefusedByOpenssl { .. } => 50,
            Self::CertificatePolicies { .. } => 52,
            Self::NameConstraintsUnsupported { .. } => 54,
            Self::NameConstraints { .. } => 56,
            Self::WeakSignature { .. } => 60,
            Self::UnsupportedKey { .. } => 61,
            Self::WeakKey { .. } => 62,
            Self::NotYetValid { .. } => 70,
            Self::Expired { .. } => 72,
            Self::WrongKeyUsage { .. } => 79,
            Self::WrongExtendedKeyUsage { .. } => 80,
            Self::UnreadableCertificate(_) => 90,
        }
    }
}
