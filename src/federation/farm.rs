//! The farm: everything a sign-in is judged by, built once and then only read.

use super::prompt::AuthenticationPolicy;
use super::{AdditionalAuthentication, ClaimsProviderTrust, ContextPolicy, RelyingPartyTrust, RelyingPartyTrusts};
use crate::chain::{ChainPolicy, TrustStore};
use crate::claims;
use crate::revocation::RevocationPolicy;
use crate::sign_in::RequestPolicy;
use crate::sign_in::lockout::Lockout;
use crate::sign_in::seen_messages::SeenMessages;
use crate::sign_in::session::SessionPolicy;
use crate::subject::SubjectPolicy;
use crate::token::Signer;
use jiff::SignedDuration;
use std::sync::Arc;

/// The runtime form of a whole configuration. Immutable: a change builds another one.
#[derive(Debug)]
pub struct Farm {
    /// The issuer of every token.
    pub identifier: String,
    /// How long a token holds, unless its trust says otherwise.
    pub token_lifetime: SignedDuration,
    /// What requests may look like.
    pub request: RequestPolicy,
    /// Whose word about a request counts.
    pub request_context: ContextPolicy,
    /// Wrong passwords from outside. A farm that takes the place of another takes over its counts.
    pub lockout: Arc<Lockout>,
    /// Signed messages that were honoured, likewise.
    pub seen_messages: Arc<SeenMessages>,
    /// Root and intermediate containers.
    pub trust: TrustStore,
    /// What a path must satisfy.
    pub chain: ChainPolicy,
    /// How revocation is asked and judged.
    pub revocation: RevocationPolicy,
    /// How a certificate becomes an account.
    pub subject: SubjectPolicy,
    /// Where claims come from.
    pub claims_provider: ClaimsProviderTrust,
    /// Where tokens go.
    pub relying_parties: RelyingPartyTrusts,
    /// When a second factor is demanded.
    pub additional_authentication: AdditionalAuthentication,
    /// How people may sign in.
    pub authentication_policy: AuthenticationPolicy,
    /// How long they stay signed in.
    pub sessions: SessionPolicy,
    /// How much one evaluation of rules may do.
    pub claim_limits: claims::Limits,
    /// The token-signing key.
    pub signer: Arc<dyn Signer>,
    /// The certificate of the key that will sign next, DER in Base64: published, and not used.
    pub next_signing_certificate: Option<String>,
}

impl Farm {
    /// How long a token for a trust holds.
    pub fn token_lifetime_for(&self, trust: &RelyingPartyTrust) -> SignedDuration {
        trust.token_lifetime.unwrap_or(self.token_lifetime)
    }

    /// How people may sign in to a trust.
    pub fn authentication_policy_for(&self, trust: &RelyingPartyTrust) -> AuthenticationPolicy {
        let everywhere = self.authentication_policy;
        let password_demand = trust.password_demand.unwrap_or(everywhere.password_demand);
        AuthenticationPolicy { password_demand, ..everywhere }
    }
}
