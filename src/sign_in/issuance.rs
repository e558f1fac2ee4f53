//! The claims and token stages: acceptance, authorization and issuance rules, then the token they describe.

use super::Evidence;
use crate::claims::language::RuleSet;
use crate::claims::{
    AuthorizationDecision, Claim, Evaluated, Evaluation, Progress, StoreQuery, StoreRows, active_directory_store,
    authorization, claim_types as types,
};
use crate::federation::{self, AdmittedRequest, Farm, RequestContext};
use crate::lookups::Lookups;
use crate::outcome::{Outcome, Refusal};
use crate::revocation::AcceptedChain;
use crate::subject::MappedSubject;
use crate::token::{self, SignedToken, TokenContext};

/// The claims that go into a token. Only [`issue_claims`] makes them, after the authorization rules have permitted it.
#[derive(Debug)]
pub struct IssuedClaims {
    claims: Vec<Claim>,
    evaluations: Vec<(RuleSetRole, Evaluated)>,
}

/// Which rule set an evaluation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleSetRole {
    /// Of the claims provider trust.
    Acceptance,
    /// Of the relying party trust: who gets a token.
    Authorization,
    /// Of the relying party trust: what it says.
    Transform,
}

impl RuleSetRole {
    /// The name of AD FS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance transform rules",
            Self::Authorization => "issuance authorization rules",
            Self::Transform => "issuance transform rules",
        }
    }
}

impl IssuedClaims {
    /// The claims in the order they were issued.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// What every rule did, set by set.
    pub fn evaluations(&self) -> &[(RuleSetRole, Evaluated)] {
        &self.evaluations
    }

    /// The claims Entra ID needs to notice a revoked certificate later, and which are missing.
    pub fn missing_certificate_claims(&self) -> Vec<&'static str> {
        let issued = |wanted: &str| self.claims.iter().any(|claim| claim.claim_type == wanted);
        [types::SERIAL_NUMBER, types::CERTIFICATE_ISSUER].into_iter().filter(|wanted| !issued(wanted)).collect()
    }
}

/// Runs the three rule sets of a sign-in.
pub(super) async fn issue_claims(
    subject: &MappedSubject,
    chain: &AcceptedChain,
    admitted: &AdmittedRequest,
    context: &RequestContext<'_>,
    evidence: &Evidence,
    farm: &Farm,
    lookups: &dyn Lookups,
) -> Result<IssuedClaims, Refusal> {
    let shell = Shell { farm, lookups };
    let trust = admitted.trust();

    let acceptance = &farm.claims_provider.acceptance;
    let incoming = federation::incoming_claims(subject, chain.leaf(), evidence.at, |wanted| acceptance.reads(wanted));
    let accepted = shell.run(RuleSetRole::Acceptance, acceptance, incoming).await?;

    let known = |rules: &RuleSet| {
        let accepted = accepted.output().filter(|claim| rules.reads(&claim.claim_type)).cloned();
        accepted.chain(context.claims(admitted.applies_to(), |wanted| rules.reads(wanted))).collect()
    };
    let authorization = &trust.authorization;
    let authorized = shell.run(RuleSetRole::Authorization, authorization, known(authorization)).await?;
    permit(&authorized, &trust.name)?;

    let transformed = shell.run(RuleSetRole::Transform, &trust.transform, known(&trust.transform)).await?;
    let mut claims = transformed.output().cloned().collect();
    federation::complete_authentication(&mut claims, evidence.at);
    let evaluations = vec![
        (RuleSetRole::Acceptance, accepted),
        (RuleSetRole::Authorization, authorized),
        (RuleSetRole::Transform, transformed),
    ];
    Ok(IssuedClaims { claims, evaluations })
}

fn permit(authorized: &Evaluated, relying_party: &str) -> Result<(), Refusal> {
    match authorization::decide(authorized.output()) {
        AuthorizationDecision::Permit => Ok(()),
        AuthorizationDecision::Denied => {
            let rule = authorized.trace().rule_that_issued(types::DENY).unwrap_or("an unnamed rule").to_owned();
            Err(Refusal::new(Outcome::IssuanceDenied, format!("{rule} denies {relying_party} to this user."))
                .with("rule", rule))
        }
        AuthorizationDecision::NoPermit => Err(Refusal::new(
            Outcome::IssuanceNotPermitted,
            format!("No authorization rule of {relying_party} permits this user."),
        )),
    }
}

/// Answers the engine's questions: the engine says what it wants, the shell fetches, the engine goes on.
struct Shell<'a> {
    farm: &'a Farm,
    lookups: &'a dyn Lookups,
}

impl Shell<'_> {
    async fn run(&self, role: RuleSetRole, rules: &RuleSet, input: Vec<Claim>) -> Result<Evaluated, Refusal> {
        let mut evaluation = Evaluation::start(rules, input, &self.farm.claim_limits);
        loop {
            let progress = evaluation.advance().map_err(|error| {
                Refusal::new(Outcome::ClaimRuleFailed, format!("In the {}: {error}", role.name()))
                    .with("rule_set", role.name())
                    .with("rule", error.rule().to_string())
                    .with("reason", error.to_string())
            })?;
            match progress {
                Progress::Finished => return Ok(evaluation.finish()),
                Progress::Wants(queries) => {
                    let mut answers = Vec::with_capacity(queries.len());
                    for query in &queries {
                        answers.push(self.answer(role, query).await?);
                    }
                    evaluation.supply(answers);
                }
            }
        }
    }

    async fn answer(&self, role: RuleSetRole, query: &StoreQuery) -> Result<StoreRows, Refusal> {
        if query.store != active_directory_store::NAME {
            let finding =
                format!("The {} name the attribute store {:?}, which does not exist.", role.name(), query.store);
            return Err(Refusal::new(Outcome::AttributeStoreUnknown, finding)
                .with("rule_set", role.name())
                .with("store", query.store.as_str()));
        }
        let wanted = active_directory_store::read_query(query).map_err(|error| {
            let finding = format!("The {} ask {:?}: {error}", role.name(), query.query);
            Refusal::new(Outcome::AttributeStoreQueryInvalid, finding)
                .with("rule_set", role.name())
                .with("query", query.query.as_str())
                .with("reason", error.to_string())
        })?;
        let entries = self.lookups.search(wanted.search()).await?;
        Ok(wanted.columns(&entries))
    }
}

/// Writes and signs the token the claims describe.
pub(super) fn issue_token(
    claims: &IssuedClaims,
    admitted: &AdmittedRequest,
    evidence: &Evidence,
    farm: &Farm,
) -> Result<SignedToken, Refusal> {
    let assertion_id = format!("_{}", evidence.assertion);
    let context = TokenContext {
        issuer: &farm.identifier,
        audience: admitted.applies_to(),
        assertion_id: &assertion_id,
        issued_at: evidence.at,
        authenticated_at: evidence.at,
        lifetime: farm.token_lifetime,
    };
    let description = token::describe(claims.claims(), context)?;
    Ok(token::saml11::write(&description, farm.signer.as_ref())?)
}
