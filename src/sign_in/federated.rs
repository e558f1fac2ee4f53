//! The federated path: what AD FS does with a certificate sign-in, as one function that reads like its table of stages.

use super::evidence::{ConnectionEvidence, Evidence, ListenerRole};
use super::{Issued, Stage, Steps, Verdict, findings, issuance, request};
use crate::chain::{self, PresentedChain};
use crate::clock::Stopwatch;
use crate::federation::{self, Farm, RequestContext};
use crate::lookups::Lookups;
use crate::outcome::{Detail, Outcome, Refusal};
use crate::subject::Binding;
use crate::{revocation, subject};

/// Decides one sign-in. Nothing here reads a clock, a file or a socket: what is not in the evidence comes from `lookups`.
pub async fn sign_in(evidence: &Evidence, farm: &Farm, lookups: &dyn Lookups, stopwatch: Stopwatch) -> Verdict {
    let mut trail = Trail {
        steps: Steps::new(stopwatch),
        relates_to: None,
        relying_party: None,
        identifiers: Vec::with_capacity(8),
    };
    let ended = decide(evidence, farm, lookups, &mut trail).await;
    trail.end(ended)
}

/// What a sign-in leaves behind, however it ends.
struct Trail {
    steps: Steps,
    relates_to: Option<String>,
    relying_party: Option<String>,
    identifiers: Vec<Detail>,
}

async fn decide(evidence: &Evidence, farm: &Farm, lookups: &dyn Lookups, trail: &mut Trail) -> Result<Issued, Refusal> {
    let Trail { steps, relates_to, relying_party, identifiers } = trail;
    let at = evidence.at;

    let context = RequestContext::of(evidence, &farm.request_context);
    identifiers.extend(context.facts());
    let presented = steps.take(Stage::Connection, presented(&evidence.connection), findings::connection)?;

    let reading = request::read(&evidence.request, &farm.request, at);
    *relates_to = reading.message_id;
    let request = steps.take(Stage::Request, reading.request, findings::request)?;
    findings::describe_request(&request, identifiers);

    let admitted = steps.take(Stage::Admission, federation::admit(&request, farm), findings::admission)?;
    *relying_party = Some(admitted.trust().name.clone());

    findings::describe_presented(presented, identifiers);
    let chain = chain::validate(presented, &farm.trust, &farm.chain, at);
    let chain = steps.take(Stage::Chain, chain, findings::chain)?;

    let wanted = revocation::required(&chain, &farm.revocation);
    let crls = lookups.crls(&wanted).await;
    let ocsp = revocation::required_ocsp(&chain, &wanted, &crls, &farm.revocation, at);
    let ocsp = lookups.ocsp(ocsp).await;
    let answers = revocation::Answers { crls: &crls, ocsp: &ocsp };
    let chain = revocation::judge(chain, &wanted, answers, &farm.revocation, at);
    let chain = steps.take(Stage::Revocation, chain, findings::revocation)?;
    findings::describe_revocation(&chain, identifiers);

    let mapped = map_subject(&chain, farm, lookups, at).await;
    let mapped = steps.take(Stage::Subject, mapped, findings::subject)?;
    findings::describe_account(&mapped, identifiers);

    let claims = issuance::issue_claims(&mapped, &chain, &admitted, &context, evidence, farm, lookups).await;
    let claims = steps.take(Stage::Claims, claims, findings::claims)?;

    let token = issuance::issue_token(&claims, &admitted, evidence, farm);
    let token = steps.take(Stage::Token, token, findings::token)?;
    identifiers.push(("assertion_id", token.assertion_id().to_owned()));

    Ok(Issued {
        missing_certificate_claims: claims.missing_certificate_claims(),
        binding: mapped.binding(),
        applies_to: admitted.applies_to().to_owned(),
        token,
        claims,
    })
}

/// The certificate is the only credential here, and only the user TLS listener asks for one.
fn presented(connection: &ConnectionEvidence) -> Result<&PresentedChain, Refusal> {
    let here = |outcome, finding: String| {
        Err(Refusal::new(outcome, finding).with("peer", &connection.peer).with("port", connection.port.to_string()))
    };
    match (&connection.presented, connection.listener) {
        (Some(presented), ListenerRole::UserTls) => Ok(presented),
        (None, ListenerRole::UserTls) => {
            here(Outcome::NoCertificate, "The client presented no certificate in the TLS handshake.".to_owned())
        }
        (_, ListenerRole::Service) => here(
            Outcome::WrongListener,
            format!("The request came to port {}, where no certificate is asked for.", connection.port),
        ),
    }
}

/// Who was found how firmly is worth a code of its own: directories are being moved to strong mappings (KB5014754).
fn signed_in(binding: Binding) -> Outcome {
    match binding {
        Binding::AltSecurityIdentities | Binding::UserCertificate => Outcome::SignedInByStrongMapping,
        Binding::UserPrincipalName => Outcome::SignedIn,
        Binding::Rfc822 => Outcome::SignedInByMailAddress,
    }
}

async fn map_subject(
    chain: &revocation::AcceptedChain,
    farm: &Farm,
    lookups: &dyn Lookups,
    at: jiff::Timestamp,
) -> Result<subject::MappedSubject, Refusal> {
    let query = subject::query(chain, &farm.subject)?;
    let entries = lookups.search(query.search()).await?;
    Ok(subject::resolve(chain, query, entries, &farm.subject, at)?)
}

impl Trail {
    fn end(self, ended: Result<Issued, Refusal>) -> Verdict {
        let (outcome, finding, details, issued) = match ended {
            Ok(issued) => {
                let to = self.relying_party.as_deref().unwrap_or(&issued.applies_to);
                let finding = format!("A token was issued for {to}.");
                (signed_in(issued.binding), finding, Vec::new(), Some(issued))
            }
            Err(refusal) => (refusal.outcome, refusal.finding, refusal.details, None),
        };
        Verdict {
            outcome,
            finding,
            details,
            steps: self.steps.into_taken(),
            relates_to: self.relates_to,
            relying_party: self.relying_party,
            identifiers: self.identifiers,
            issued,
        }
    }
}
