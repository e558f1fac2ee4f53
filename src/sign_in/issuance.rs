//! The claims and token stages: acceptance, authorization and issuance rules, then the token they describe.

use super::{Evidence, refusals};
use crate::claims::language::RuleSet;
use crate::claims::stores::StoreQuestion;
use crate::claims::{
    AuthorizationDecision, Claim, Evaluated, Evaluation, Progress, StoreQuery, StoreRows, authorization,
    claim_types as types,
};
use crate::federation::{self, AdmittedRequest, Farm, RelyingPartyTrust};
use crate::lookups::Lookups;
use crate::outcome::{Outcome, Refusal};
use crate::revocation::AcceptedChain;
use crate::subject::MappedSubject;
use crate::token::{self, SignedToken, TokenContext};
use futures_util::future::join_all;

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
    evidence: &Evidence,
    farm: &Farm,
    lookups: &dyn Lookups,
) -> Result<IssuedClaims, Refusal> {
    let trust = admitted.trust();
    let mut shell = Shell { farm, lookups, evidence, trust, known: Vec::new() };

    let acceptance = &farm.claims_provider.acceptance;
    let mut incoming =
        federation::incoming_claims(subject, chain.leaf(), evidence.at, |wanted| acceptance.reads(wanted));
    if federation::wants_groups(acceptance, trust) {
        let groups = lookups.groups(&subject.entry().dn).await?;
        incoming.extend(federation::group_claims(&groups, |wanted| acceptance.reads(wanted)));
    }
    let accepted = shell.run(RuleSetRole::Acceptance, acceptance, incoming).await?;

    let known = |rules: &RuleSet| {
        let accepted = accepted.output().filter(|claim| rules.reads(&claim.claim_type)).cloned();
        accepted.chain(federation::request_context(evidence, |wanted| rules.reads(wanted))).collect()
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
    evidence: &'a Evidence,
    trust: &'a RelyingPartyTrust,
    /// Every answer of this sign-in: what one rule set asked, another gets without asking again.
    known: Vec<(StoreQuery, StoreRows)>,
}

impl Shell<'_> {
    async fn run(&mut self, role: RuleSetRole, rules: &RuleSet, input: Vec<Claim>) -> Result<Evaluated, Refusal> {
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
                    evaluation.supply(self.answers(role, &queries).await?);
                }
            }
        }
    }

    /// Answers in the order of the questions. What is not known yet is asked at once, each question by itself.
    async fn answers(&mut self, role: RuleSetRole, queries: &[StoreQuery]) -> Result<Vec<StoreRows>, Refusal> {
        let asking = queries.iter().map(async |query| match self.known(query) {
            Some(rows) => Ok((true, StoreRows::new(rows.columns.clone()))),
            None => self.ask(role, query).await.map(|rows| (false, rows)),
        });
        let answers: Result<Vec<(bool, StoreRows)>, Refusal> = join_all(asking).await.into_iter().collect();
        let mut rows = Vec::with_capacity(queries.len());
        for (query, (known, answer)) in queries.iter().zip(answers?) {
            if !known {
                self.known.push((query.clone(), answer.clone()));
            }
            rows.push(answer);
        }
        Ok(rows)
    }

    fn known(&self, asked: &StoreQuery) -> Option<&StoreRows> {
        let same = |query: &StoreQuery| {
            let StoreQuery { store, query, params, types, template: _, rule: _ } = query;
            *query == asked.query && *params == asked.params && *types == asked.types && *store == asked.store
        };
        self.known.iter().find(|(query, _)| same(query)).map(|(_, rows)| rows)
    }

    async fn ask(&self, role: RuleSetRole, query: &StoreQuery) -> Result<StoreRows, Refusal> {
        let relying_party = self.trust.identifiers.first().map_or("", String::as_str);
        let question = StoreQuestion { query, at: self.evidence.at, relying_party };
        let answer = self.lookups.ask(question).await;
        answer.map_err(|failure| refusals::attribute_store(role, query, failure))
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
