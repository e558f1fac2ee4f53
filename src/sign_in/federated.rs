//! The federated path: what AD FS does with a sign-in over WS-Trust, as one function that reads like its table of stages.

use super::evidence::{ConnectionEvidence, Evidence, ListenerRole};
use super::issuance::Wanted;
use super::occasion::Occasion;
use super::request::{self, MessageCredential};
use super::trail::Trail;
use super::{Issued, Stage, Verdict, certificate_proof, findings, issuance, password_proof};
use crate::chain::PresentedChain;
use crate::clock::Stopwatch;
use crate::federation::{self, Credential, Endpoint, Farm, RequestContext};
use crate::lookups::Lookups;
use crate::outcome::{Outcome, Refusal};
use crate::protocol::Version;
use crate::protocol::mex::{self, Binding};
use crate::protocol::username_token::UsernameToken;

/// Decides one sign-in. Nothing here reads a clock, a file or a socket: what is not in the evidence comes from `lookups`.
pub async fn sign_in(evidence: &Evidence, farm: &Farm, lookups: &dyn Lookups, stopwatch: Stopwatch) -> Verdict {
    let mut trail = Trail::new(stopwatch);
    let occasion = Occasion { at: evidence.at, farm, lookups };
    let ended = decide(evidence, occasion, &mut trail).await;
    trail.end(ended)
}

async fn decide(evidence: &Evidence, occasion: Occasion<'_>, trail: &mut Trail) -> Result<Issued, Refusal> {
    let Occasion { at, farm, .. } = occasion;
    let binding = Endpoint::at(evidence.request.endpoint).and_then(Endpoint::binding).unwrap_or(CERTIFICATE_TRANSPORT);
    let context = RequestContext::of(evidence, &farm.request_context);
    trail.identifiers.extend(context.facts());
    let presented = presented(&evidence.connection, binding.credential);
    let presented = trail.step(Stage::Connection, presented, findings::connection)?;

    let reading = request::read(&evidence.request, binding, &farm.request, at);
    trail.relates_to = reading.message_id;
    let request = trail.step(Stage::Request, reading.request, findings::request)?;
    findings::describe_request(&request, &mut trail.identifiers);

    let admitted = federation::admit(request.applies_to.as_deref(), farm);
    let admitted = trail.step(Stage::Admission, admitted, findings::admission)?;
    trail.relying_party = Some(admitted.trust().name.clone());

    let caller = match (&request.credential, presented) {
        (MessageCredential::Password(token), _) => {
            let UsernameToken { name, password } = token;
            password_proof::prove(name, password, Credential::UserNameToken, &context, occasion, trail).await?
        }
        (MessageCredential::Signature { message, replayable_until }, _) => {
            certificate_proof::prove_once(message, *replayable_until, occasion, trail).await?
        }
        (MessageCredential::None, Some(presented)) => {
            certificate_proof::prove(presented, Credential::TlsCertificate, occasion, trail).await?
        }
        (MessageCredential::None, None) => return Err(no_certificate(&evidence.connection)),
    };
    let form = request.token_form.unwrap_or(admitted.trust().token_form);
    issuance::issue(&caller, &admitted, &context, Wanted::Token(form), evidence.assertion, occasion, trail).await
}

/// What an endpoint is taken for that asks for tokens in no other way.
const CERTIFICATE_TRANSPORT: Binding =
    Binding { credential: mex::Credential::CertificateTransport, version: Version::February2005 };

/// The TLS certificate, where it is the credential; only the user TLS listener asks for one. Elsewhere the message has to
/// prove who sent it, and a certificate in the handshake proves nothing.
fn presented(connection: &ConnectionEvidence, credential: mex::Credential) -> Result<Option<&PresentedChain>, Refusal> {
    if credential != mex::Credential::CertificateTransport {
        return Ok(None);
    }
    match (&connection.presented, connection.listener) {
        (Some(presented), ListenerRole::UserTls) => Ok(Some(presented)),
        (None, ListenerRole::UserTls) => Err(no_certificate(connection)),
        (_, ListenerRole::Service) => Err(refusal_at(
            connection,
            Outcome::WrongListener,
            format!("The request came to port {}, where no certificate is asked for.", connection.port),
        )),
    }
}

fn no_certificate(connection: &ConnectionEvidence) -> Refusal {
    let finding = "The client presented no certificate in the TLS handshake.".to_owned();
    refusal_at(connection, Outcome::NoCertificate, finding)
}

fn refusal_at(connection: &ConnectionEvidence, outcome: Outcome, finding: String) -> Refusal {
    Refusal::new(outcome, finding).with("peer", &connection.peer).with("port", connection.port.to_string())
}
