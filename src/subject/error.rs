//! Why a certificate maps to no usable account. One variant per fact; the catalogue names each.

use super::{Attempt, Binding};
use jiff::Timestamp;
use std::fmt::{self, Display};

/// The part of the certificate that the directory must agree with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateField {
    /// `require_equal_serial_attribute`.
    SerialNumber,
    /// `require_equal_issuer_attribute`.
    Issuer,
}

impl Display for CertificateField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SerialNumber => "serial number",
            Self::Issuer => "issuer",
        })
    }
}

/// Why there is no account to sign in to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// The directory need not be asked.
    #[error("the certificate {subject:?} holds no name for the bindings {}", list(bindings))]
    NothingToMap {
        /// The certificate's subject.
        subject: String,
        /// The bindings in use.
        bindings: Vec<Binding>,
    },
    /// The directory answered, and no entry is meant.
    #[error("no account matches the certificate; tried {}{}", list(tried), unmatched_note(unmatched))]
    NoAccount {
        /// Every binding with what it looked for.
        tried: Vec<Attempt>,
        /// Entries that the directory thought equal and that differ in more than case.
        unmatched: Vec<String>,
    },
    /// One binding means several entries, disabled ones included: which of them is current is not for the gateway to guess.
    #[error("{} accounts match the certificate by {binding}: {}", dns.len(), dns.join("; "))]
    Ambiguous {
        /// The binding that decides.
        binding: Binding,
        /// The entries.
        dns: Vec<String>,
    },
    /// `userAccountControl` has ACCOUNTDISABLE.
    #[error("the account {dn} is disabled")]
    Disabled {
        /// The account.
        dn: String,
    },
    /// `accountExpires` is past.
    #[error("the account {dn} expired at {expired_at}")]
    AccountExpired {
        /// The account.
        dn: String,
        /// When it did.
        expired_at: Timestamp,
    },
    /// Locked after wrong passwords. A domain controller refuses a certificate for such an account as well.
    #[error("the account {dn} is locked out")]
    LockedOut {
        /// The account.
        dn: String,
    },
    /// The operator demands agreement, and there is none.
    #[error("the account {dn} has {attribute} {directory:?}, but the certificate's {which} is {certificate:?}")]
    CertificateAttributeMismatch {
        /// The account.
        dn: String,
        /// What was compared.
        which: CertificateField,
        /// The directory's attribute.
        attribute: String,
        /// Its values.
        directory: String,
        /// What the certificate says.
        certificate: String,
    },
    /// The operator demands agreement, and the directory says nothing.
    #[error("the account {dn} has no {attribute}, which must equal the certificate's {which}")]
    CertificateAttributeMissing {
        /// The account.
        dn: String,
        /// What would have been compared.
        which: CertificateField,
        /// The directory's attribute.
        attribute: String,
    },
    /// An attribute that a sign-in cannot do without is missing or unreadable; unreadable is never taken for "all is well".
    #[error("the account {dn} cannot be used: its {attribute} {reason}")]
    AccountUnusable {
        /// The account.
        dn: String,
        /// The attribute.
        attribute: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

fn list(items: &[impl Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn unmatched_note(unmatched: &[String]) -> String {
    if unmatched.is_empty() {
        return String::new();
    }
    format!("; the directory also answered {}, which differs in more than case", unmatched.join("; "))
}
