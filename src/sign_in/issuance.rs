//! The claims and token stages: the rule sets of a sign-in, then the token they describe.

use super::occasion::Occasion;
use super::saml_response::SamlResponse;
use super::trail::Trail;
use super::{Caller, Issued, Stage, findings, refusals};
use crate::claims::language::RuleSet;
use crate::claims::stores::StoreQuestion;
use crate::claims::{
    AuthorizationDecision, Claim, Evaluated, Evaluation, EvaluationError, Progress, RuleStage, StoreQuery, StoreRows,
    authorization, claim_types as types, demands_second_factor,
};
use crate::federation::{self, AdmittedRequest, Authentication, RelyingPartyTrust, RequestContext, TokenForm};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::NameId;
use crate::token::{self, SignedToken, TokenContext};
use futures_util::future::join_all;
use std::time::Duration;
use uuid::Uuid;

/// What a sign-in is to end with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// A token by itself.
    Token(TokenForm),
    /// A response of SAML 2.0 with a token in it.
    Response(SamlResponse<'a>),
}

impl Wanted<'_> {
    fn form(&self) -> TokenForm {
        match self {
            Self::Token(form) => *form,
            Self::Response(_) => TokenForm::Saml20,
        }
    }
}

/// The claims that go into a token. Only [`issue_claims`] makes them, after the authorization rules have permitted it.
#[derive(Debug)]
pub struct IssuedClaims {
    claims: Vec<Claim>,
    evaluations: Vec<(RuleStage, Evaluated)>,
}

impl IssuedClaims {
    /// The claims in the order they were issued.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// What every rule did, set by set.
    pub fn evaluations(&self) -> &[(RuleStage, Evaluated)] {
        &self.evaluations
    }

    /// The claims Entra ID needs to notice a revoked certificate later, and which are missing.
    pub fn missing_certificate_claims(&self) -> Vec<&'static str> {
        let issued = |wanted: &str| self.claims.iter().any(|claim| claim.claim_type == wanted);
        [types::SERIAL_NUMBER, types::CERTIFICATE_ISSUER].into_iter().filter(|wanted| !issued(wanted)).collect()
    }
}

/// The claims and token stages, for whoever proved who they are.
pub(super) async fn issue(
    caller: &Caller,
    admitted: &AdmittedRequest,
    context: &RequestContext<'_>,
    wanted: Wanted<'_>,
    assertion: Uuid,
    occasion: Occasion<'_>,
    trail: &mut Trail,
) -> Result<Issued, Refusal> {
    let claims = issue_claims(caller, admitted, context, occasion).await;
    let claims = trail.step(Stage::Claims, claims, findings::claims)?;
    let form = wanted.form();
    let token = issue_token(&claims, caller, admitted, wanted, assertion, occasion);
    let token = trail.step(Stage::Token, token, |(token, _)| findings::token(token, form));
    let (token, saml_name) = token?;
    trail.identifiers.push(("assertion_id", token.assertion_id().to_owned()));
    Ok(Issued {
        missing_certificate_claims: match caller.certificate() {
            Some(_) => claims.missing_certificate_claims(),
            None => Vec::new(),
        },
        form,
        saml_name,
        found: caller.found(),
        applies_to: admitted.applies_to().to_owned(),
        token,
        claims,
    })
}

/// Runs the rule sets of a sign-in, in the order of AD FS: who it is, with how many factors, whether a token, which claims.
async fn issue_claims(
    caller: &Caller,
    admitted: &AdmittedRequest,
    context: &RequestContext<'_>,
    occasion: Occasion<'_>,
) -> Result<IssuedClaims, Refusal> {
    let Occasion { farm, lookups, .. } = occasion;
    let (trust, authentication) = (admitted.trust(), caller.authentication());
    let mut shell = Shell { occasion, trust, known: Vec::new() };

    let acceptance = &farm.claims_provider.acceptance;
    let wanted = |wanted: &str| acceptance.reads(wanted);
    let mut incoming = federation::incoming_claims(caller.account(), caller.certificate(), authentication, wanted);
    let certificate_counts = farm.additional_authentication.certificate_is_multi_factor;
    let several_factors = caller.had_several_factors(certificate_counts);
    if several_factors && !authentication.is_multiple() {
        incoming.push(federation::multiple_authentication());
    }
    let additional = [&farm.additional_authentication.rules, &trust.additional_authentication];
    let behind = [additional[0], additional[1], &trust.authorization, &trust.transform];
    if federation::wants_groups(acceptance, &behind) {
        let groups = lookups.groups(&caller.account().entry().dn).await?;
        incoming.extend(federation::group_claims(&groups, |wanted| acceptance.reads(wanted)));
    }
    let accepted = shell.run(RuleStage::Acceptance, acceptance, incoming).await?;

    let known = |rules: &RuleSet| -> Vec<Claim> {
        let accepted = accepted.output().filter(|claim| rules.reads(&claim.claim_type)).cloned();
        let about_request = || context.claims(admitted.applies_to(), |wanted| rules.reads(wanted)).into_iter();
        accepted.chain(rules.reads_request_context().then(about_request).into_iter().flatten()).collect()
    };
    let mut evaluations = Vec::with_capacity(4);
    let mut demand = None;
    for rules in additional {
        if !rules.is_empty() {
            let evaluated = shell.run(RuleStage::AdditionalAuthentication, rules, known(rules)).await?;
            demand = demand.or_else(|| demand_of(rules, &evaluated));
            evaluations.push((RuleStage::AdditionalAuthentication, evaluated));
        }
    }
    let demand = demand.filter(|_| !several_factors && !says_several_factors(&accepted));

    let authorization = &trust.authorization;
    let authorized = shell.run(RuleStage::Authorization, authorization, known(authorization)).await?;
    permit(&authorized, demand, authentication, &trust.name)?;

    let transformed = shell.run(RuleStage::Transform, &trust.transform, known(&trust.transform)).await?;
    let mut claims = transformed.output().cloned().collect();
    federation::complete_authentication(&mut claims, authentication);
    evaluations.insert(0, (RuleStage::Acceptance, accepted));
    evaluations.push((RuleStage::Authorization, authorized));
    evaluations.push((RuleStage::Transform, transformed));
    Ok(IssuedClaims { claims, evaluations })
}

/// Who demands a second factor.
struct Demand {
    rule_set: String,
    rule: String,
}

fn demand_of(rules: &RuleSet, evaluated: &Evaluated) -> Option<Demand> {
    demands_second_factor(evaluated.output()).then(|| {
        let rule = evaluated.rule_that_issued(types::AUTHENTICATION_METHOD).unwrap_or("an unnamed rule");
        Demand { rule_set: rules.source_name().to_owned(), rule: rule.to_owned() }
    })
}

/// A certificate is one factor to AD FS. The configuration may say otherwise for all of them, and the acceptance rules for
/// some: a claims provider that says "multiple authentication" among the methods is believed.
fn says_several_factors(accepted: &Evaluated) -> bool {
    accepted.output().any(|claim| {
        claim.claim_type == types::AUTHENTICATION_METHODS_REFERENCES && claim.value == types::MULTIPLE_AUTHENTICATION
    })
}

/// A deny is final, whatever further factors somebody had. A permit may be missing only for want of one, so an unmet demand
/// is told before that.
fn permit(
    authorized: &Evaluated,
    demand: Option<Demand>,
    authentication: &Authentication,
    relying_party: &str,
) -> Result<(), Refusal> {
    match (authorization::decide(authorized.output()), demand) {
        (AuthorizationDecision::Denied, _) => {
            let rule = authorized.rule_that_issued(types::DENY).unwrap_or("an unnamed rule").to_owned();
            Err(Refusal::new(Outcome::IssuanceDenied, format!("{rule} denies {relying_party} to this user."))
                .with("rule", rule))
        }
        (_, Some(Demand { rule_set, rule })) => Err(Refusal::new(
            Outcome::MultiFactorDemanded,
            format!(
                "{rule} in {rule_set} demands a second factor for {relying_party}, and the {} is one.",
                authentication.primary.method()
            ),
        )
        .with("rule_set", RuleStage::AdditionalAuthentication.name())
        .with("rule", rule)),
        (AuthorizationDecision::Permit, None) => Ok(()),
        (AuthorizationDecision::NoPermit, None) => Err(Refusal::new(
            Outcome::IssuanceNotPermitted,
            format!("No authorization rule of {relying_party} permits this user."),
        )),
    }
}

/// A rule that failed, or would have done too much.
fn failed(stage: RuleStage, error: &EvaluationError) -> Refusal {
    let outcome = if error.is_limit() { Outcome::ClaimRuleLimitExceeded } else { Outcome::ClaimRuleFailed };
    Refusal::new(outcome, format!("In the {}: {error}", stage.name()))
        .with("rule_set", stage.name())
        .with("rule", error.rule().to_string())
        .with("reason", error.to_string())
}

/// Answers the engine's questions: the engine says what it wants, the shell fetches, the engine goes on.
struct Shell<'a> {
    occasion: Occasion<'a>,
    trust: &'a RelyingPartyTrust,
    /// Every answer of this sign-in: what one rule set asked, another gets without asking again.
    known: Vec<(StoreQuery, StoreRows)>,
}

impl Shell<'_> {
    async fn run(&mut self, role: RuleStage, rules: &RuleSet, input: Vec<Claim>) -> Result<Evaluated, Refusal> {
        let mut evaluation = Evaluation::start(rules, input, &self.occasion.farm.claim_limits);
        loop {
            let progress = evaluation.advance().map_err(|error| failed(role, &error))?;
            match progress {
                Progress::Finished => return Ok(evaluation.finish()),
                Progress::Wants(queries) => {
                    evaluation.supply(self.answers(role, queries).await?);
                }
            }
        }
    }

    /// Answers in the order of the questions. What is not known yet is asked at once, each question by itself.
    async fn answers(&mut self, role: RuleStage, queries: Vec<StoreQuery>) -> Result<Vec<StoreRows>, Refusal> {
        let asking = queries.iter().map(async |query| match self.known(query) {
            Some(rows) => Ok((true, StoreRows { took: Duration::ZERO, ..rows.clone() })),
            None => self.ask(role, query).await.map(|rows| (false, rows)),
        });
        let answers: Result<Vec<(bool, StoreRows)>, Refusal> = join_all(asking).await.into_iter().collect();
        let mut rows = Vec::with_capacity(queries.len());
        for (query, (known, answer)) in queries.into_iter().zip(answers?) {
            if !known {
                self.known.push((query, answer.clone()));
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

    async fn ask(&self, role: RuleStage, query: &StoreQuery) -> Result<StoreRows, Refusal> {
        let relying_party = self.trust.identifiers.first().map_or("", String::as_str);
        let question = StoreQuestion { query, at: self.occasion.at, relying_party };
        let answer = self.occasion.lookups.ask(question).await;
        answer.map_err(|failure| refusals::attribute_store(role, query, failure))
    }
}

/// Writes and signs the token the claims describe.
fn issue_token(
    claims: &IssuedClaims,
    caller: &Caller,
    admitted: &AdmittedRequest,
    wanted: Wanted<'_>,
    assertion: Uuid,
    Occasion { at, farm, .. }: Occasion<'_>,
) -> Result<(SignedToken, Option<NameId>), Refusal> {
    let assertion_id = format!("_{assertion}");
    let context = TokenContext {
        issuer: &farm.identifier,
        audience: admitted.applies_to(),
        assertion_id: &assertion_id,
        issued_at: at,
        authenticated_at: caller.authentication().at,
        lifetime: farm.token_lifetime_for(admitted.trust()),
    };
    let signer = farm.signer.as_ref();
    match wanted {
        Wanted::Token(TokenForm::Saml11) => {
            Ok((token::saml11::write(&token::describe(claims.claims(), context)?, signer)?, None))
        }
        Wanted::Token(TokenForm::Saml20) => {
            let description = token::saml20::describe(claims.claims(), context, token::saml20::Delivery::default())?;
            Ok((token::saml20::write(&description, signer)?, None))
        }
        Wanted::Response(response) => {
            let description = token::saml20::describe(claims.claims(), context, response.delivery())?;
            let name = description.name_id();
            response.accepts(name.as_ref())?;
            Ok((response.write(&description, &admitted.trust().saml, farm, at)?, name))
        }
    }
}
