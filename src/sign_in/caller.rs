//! Whoever signs in, after they have proved it: an account, how and when it was proved, and the certificate if there is one.

use crate::certificate::Certificate;
use crate::federation::{Authentication, Credential};
use crate::revocation::AcceptedChain;
use crate::subject::{Account, Binding, MappedSubject};
use jiff::Timestamp;

/// Somebody who proved who they are.
#[derive(Debug)]
pub struct Caller {
    account: Account,
    chain: Option<AcceptedChain>,
    found: Found,
    authentication: Authentication,
}

/// How the account was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// From the certificate.
    ByCertificate(Binding),
    /// By the name that the person gave.
    ByName,
}

impl Caller {
    /// Whoever holds the key of an accepted certificate.
    pub(super) fn by_certificate(
        subject: MappedSubject,
        chain: AcceptedChain,
        credential: Credential,
        at: Timestamp,
    ) -> Self {
        Self {
            found: Found::ByCertificate(subject.binding()),
            account: subject.into_account(),
            chain: Some(chain),
            authentication: Authentication::by(credential, at),
        }
    }

    /// Whoever knows the password of an account.
    pub(super) fn by_password(account: Account, credential: Credential, at: Timestamp) -> Self {
        Self { account, chain: None, found: Found::ByName, authentication: Authentication::by(credential, at) }
    }

    /// The same person, who proved it so and then: what a session says of them.
    #[must_use]
    pub(super) fn authenticated(self, authentication: Authentication) -> Self {
        Self { authentication, ..self }
    }

    /// Whose account it is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The certificate, if one was presented.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.as_ref().map(|chain| chain.leaf().as_ref())
    }

    /// How the account was found.
    pub fn found(&self) -> Found {
        self.found
    }

    /// How and when it was proved.
    pub fn authentication(&self) -> &Authentication {
        &self.authentication
    }

    /// Whether two methods were used, or the certificate counts as two factors where the configuration says so.
    pub fn had_several_factors(&self, certificate_is_multi_factor: bool) -> bool {
        self.authentication.is_multiple() || (certificate_is_multi_factor && self.chain.is_some())
    }
}
