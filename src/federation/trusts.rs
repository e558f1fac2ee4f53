//! Trusts: who we take claims from, and who we make tokens for.

use super::prompt::PasswordDemand;
use super::{ReplyAddresses, SamlTrust};
use crate::claims::language::RuleSet;
use jiff::SignedDuration;
use std::collections::HashMap;
use std::sync::Arc;

/// The trust towards the directory, AD FS's "Active Directory" claims provider.
#[derive(Debug)]
pub struct ClaimsProviderTrust {
    /// Which incoming claims are accepted, and in what form.
    pub acceptance: RuleSet,
}

/// When a second factor is demanded whatever the relying party, and whether a certificate is one.
#[derive(Debug, Default)]
pub struct AdditionalAuthentication {
    /// Rules for every relying party, beside those of its trust: either may demand.
    pub rules: RuleSet,
    /// Whether a certificate satisfies the demand.
    pub certificate_is_multi_factor: bool,
}

/// The trust towards one application. The default is disabled and admits nobody.
#[derive(Debug, Default)]
pub struct RelyingPartyTrust {
    /// Display name, for records.
    pub name: String,
    /// Every identifier that means this application.
    pub identifiers: Vec<String>,
    /// A disabled trust is known but not served.
    pub enabled: bool,
    /// Who gets a token at all. Empty means nobody.
    pub authorization: RuleSet,
    /// When a second factor is demanded. Empty means never.
    pub additional_authentication: RuleSet,
    /// Who may act for somebody else. Empty means nobody.
    pub delegation_authorization: RuleSet,
    /// Who may be somebody else. Empty means nobody.
    pub impersonation_authorization: RuleSet,
    /// What the token says.
    pub transform: RuleSet,
    /// `WSFedEndpoint` and `AdditionalWSFedEndpoint`. Without any there is no WS-Federation sign-in.
    pub reply_addresses: ReplyAddresses,
    /// What SAML 2.0 needs to know.
    pub saml: SamlTrust,
    /// `TokenLifetime`, where it is not the farm's.
    pub token_lifetime: Option<SignedDuration>,
    /// `AlwaysRequireAuthentication`: no session will do.
    pub always_require_authentication: bool,
    /// What a demand for a password meets here, where it is not what the farm says.
    pub password_demand: Option<PasswordDemand>,
    /// What WS-Federation carries, and WS-Trust where the request names no type.
    pub token_form: TokenForm,
}

/// The version of SAML that a token is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenForm {
    /// What AD FS gives to every WS-Federation relying party.
    #[default]
    Saml11,
    /// What SAML 2.0 requests always get.
    Saml20,
}

/// All relying party trusts, by identifier. Identifiers are compared ordinally, as AD FS compares them.
#[derive(Debug, Default)]
pub struct RelyingPartyTrusts {
    by_identifier: HashMap<String, Arc<RelyingPartyTrust>>,
}

/// Two trusts claim the same identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the identifier {0:?} belongs to two relying party trusts")]
pub struct DuplicateIdentifier(pub String);

impl RelyingPartyTrusts {
    /// Indexes the trusts.
    ///
    /// # Errors
    /// When an identifier is used twice.
    pub fn new(trusts: impl IntoIterator<Item = RelyingPartyTrust>) -> Result<Self, DuplicateIdentifier> {
        let mut by_identifier = HashMap::new();
        for trust in trusts.into_iter().map(Arc::new) {
            for identifier in &trust.identifiers {
                if by_identifier.insert(identifier.clone(), Arc::clone(&trust)).is_some() {
                    return Err(DuplicateIdentifier(identifier.clone()));
                }
            }
        }
        Ok(Self { by_identifier })
    }

    /// Every trust once, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<RelyingPartyTrust>> {
        let mut trusts: Vec<_> = self.by_identifier.values().collect();
        trusts.sort_by(|a, b| a.name.cmp(&b.name));
        trusts.dedup_by(|a, b| Arc::ptr_eq(a, b));
        trusts.into_iter()
    }

    /// The trust with this identifier.
    pub fn find(&self, identifier: &str) -> Option<&Arc<RelyingPartyTrust>> {
        self.by_identifier.get(identifier)
    }
}
