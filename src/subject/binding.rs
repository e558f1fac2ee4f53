//! The ways from a certificate to an account.

use crate::directory::Filter;
use std::fmt::{self, Display};

/// One way to find the account. KB5014754 calls a mapping strong when it cannot be reused by somebody who merely gets a
/// certificate with a chosen name from any trusted authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binding {
    /// Strong: `altSecurityIdentities` holds issuer and serial number, the subject key identifier, or the SHA-1 of this
    /// certificate. The weak forms (`<I><S>`, `<S>`, `<RFC822>`) are never looked for.
    AltSecurityIdentities,
    /// Strong: `userCertificate` holds exactly this certificate.
    UserCertificate,
    /// Weak: a user principal name in the certificate is the account's `userPrincipalName`. As good as the authorities'
    /// care for that name.
    UserPrincipalName,
    /// Weak: an e-mail address in the certificate is in `mail` or `proxyAddresses`. As good as the authorities' care and
    /// that of everybody who may write these attributes.
    Rfc822,
}

impl Binding {
    /// No name that somebody else could be given leads to the account.
    pub fn is_strong(self) -> bool {
        matches!(self, Self::AltSecurityIdentities | Self::UserCertificate)
    }
}

/// As the configuration spells it.
impl Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AltSecurityIdentities => "alt-security-identities",
            Self::UserCertificate => "user-certificate",
            Self::UserPrincipalName => "user-principal-name",
            Self::Rfc822 => "rfc822",
        })
    }
}

/// How accounts are found and what they must agree on with the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectPolicy {
    /// In this order; the first that finds an account decides.
    pub bindings: Vec<Binding>,
    /// Which entries can be accounts at all; `None` for every entry. A mail contact has the address of the person it
    /// stands for, and would make two of one.
    pub account_filter: Option<Filter>,
    /// A directory attribute that must equal the certificate's serial number.
    pub require_equal_serial_attribute: Option<String>,
    /// A directory attribute that must equal the certificate's issuer.
    pub require_equal_issuer_attribute: Option<String>,
    /// The `CONTOSO` of `CONTOSO\alice`.
    pub netbios_domain: String,
}
