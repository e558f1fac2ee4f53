//! The federated path: what AD FS does with a certificate sign-in, as one function that reads like its table of stages.

use super::evidence::{ConnectionEvidence, Evidence, ListenerRole};
use super::occasion::Occasion;
use super::trail::Trail;
use super::{Issued, Stage, Verdict, certificate_proof, findings, issuance, request};
use crate::chain::PresentedChain;
use crate::clock::Stopwatch;
use crate::federation::{self, Credential, Farm, RequestContext, TokenForm};
use crate::lookups::Lookups;
use crate::outcome::{Outcome, Refusal};

/// Decides one sign-in. Nothing here reads a clock, a file or a socket: what is not in the evidence comes from `lookups`.
pub async fn sign_in(evidence: &Evidence, farm: &Farm, lookups: &dyn Lookups, stopwatch: Stopwatch) -> Verdict {
    let mut trail = Trail::new(stopwatch);
    let occasion = Occasion { at: evidence.at, farm, lookups };
    let ended = decide(evidence, occasion, &mut trail).await;
    trail.end(ended)
}

async fn decide(evidence: &Evidence, occasion: Occasion<'_>, trail: &mut Trail) -> Result<Issued, Refusal> {
    let Occasion { at, farm, .. } = occasion;
    let context = RequestContext::of(evidence, &farm.request_context);
    trail.identifiers.extend(context.facts());
    let presented = trail.step(Stage::Connection, presented(&evidence.connection), findings::connection)?;

    let reading = request::read(&evidence.request, &farm.request, at);
    trail.relates_to = reading.message_id;
    let request = trail.step(Stage::Request, reading.request, findings::request)?;
    findings::describe_request(&request, &mut trail.identifiers);

    let admitted = federation::admit(request.applies_to.as_deref(), farm);
    let admitted = trail.step(Stage::Admission, admitted, findings::admission)?;
    trail.relying_party = Some(admitted.trust().name.clone());

    let caller = certificate_proof::prove(presented, Credential::TlsCertificate, occasion, trail).await?;
    issuance::issue(&caller, &admitted, &context, TokenForm::Saml11, evidence.assertion, occasion, trail).await
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
