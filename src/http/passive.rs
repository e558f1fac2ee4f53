//! `/adfs/ls/`: gathers what a browser brings, asks what it gets, and renders that.

mod page;
mod saml;

use super::certificate_transport::{connection_evidence, read_body, request_evidence};
use super::{Gateway, cookies};
use crate::entropy;
use crate::federation::Endpoint;
use crate::sign_in::SignInRecord;
use crate::sign_in::evidence::Evidence;
use crate::sign_in::passive::{self, Answer, Cookies, Desk, Randomness, Visit};
use crate::xml_encryption::ContentKey;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use page::Showing;

/// What browsers say about where a request comes from (Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Serves one request of a browser.
pub(super) async fn serve(request: &HttpRequest, payload: web::Payload, gateway: &web::Data<Gateway>) -> HttpResponse {
    let stopwatch = gateway.clock.stopwatch();
    let posted = request.method() == Method::POST;
    let body =
        if posted { read_body(payload, gateway.request_bytes, gateway.request_timeout).await } else { Ok(Vec::new()) };
    let evidence = Evidence {
        at: gateway.clock.now(),
        correlation: entropy::uuid(),
        assertion: entropy::uuid(),
        connection: connection_evidence(request),
        request: request_evidence(request, Endpoint::Passive.path(), body),
    };
    let moved = if posted { passive::moved_into_query(&evidence.request) } else { None };
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let brought = cookies::brought(request);
    let visit = Visit {
        query: moved.as_deref().unwrap_or(request.query_string()),
        posted: posted && moved.is_none(),
        cookies: Cookies {
            session: brought.session.as_deref(),
            browser: brought.browser,
            visits: brought.visits.as_deref(),
            relying_parties: brought.relying_parties.as_deref(),
            participants: brought.participants.as_deref(),
            logout_round: brought.logout_round.as_deref(),
        },
        cross_site: header(SEC_FETCH_SITE) == Some("cross-site"),
        random: randomness(),
    };
    let farm = gateway.farm.load_full();
    let names = [Some(gateway.service_name.as_str()), gateway.endpoints.user_tls_host.as_deref()];
    let hosts: Vec<&str> = names.into_iter().flatten().collect();
    let desk = Desk {
        farm: &farm,
        lookups: gateway.lookups.as_ref(),
        keys: &gateway.sealing_keys,
        hosts: &hosts,
        memory: &gateway.browsers,
    };
    let answer = passive::attend(&evidence, &visit, &desk, stopwatch).await;
    let verdict = match &answer {
        Answer::Ended(ended) => Some(&ended.verdict),
        Answer::Question(question) => question.failed.as_ref(),
        Answer::Carries(_) | Answer::SignedOut(_) | Answer::CleanedUp(_) => None,
    };
    if let Some(verdict) = verdict {
        gateway.recorder.record(SignInRecord::new(&evidence, verdict));
    }
    tell(&answer, &evidence);
    let language = gateway.pages.language(header(ACCEPT_LANGUAGE));
    let body = evidence.request.body.as_deref().ok().filter(|_| visit.posted);
    let query = &passive::request_text(visit.query, body);
    Showing { gateway, evidence: &evidence, query, language }.answer(&answer)
}

/// What is no end of a sign-in has no record, but somebody may ask what a person was shown, and why they are signed out.
fn tell(answer: &Answer, evidence: &Evidence) {
    let Evidence { correlation, connection, .. } = evidence;
    match answer {
        Answer::Question(question) => tracing::info!(
            correlation_id = %correlation,
            peer = %connection.peer,
            asked = %question.ask,
            "somebody was asked who they are"
        ),
        Answer::SignedOut(signed_out) => tracing::info!(
            correlation_id = %correlation,
            peer = %connection.peer,
            told = signed_out.clean_up.len(),
            "a browser was signed out"
        ),
        Answer::CleanedUp(_) => tracing::info!(
            correlation_id = %correlation,
            peer = %connection.peer,
            "a browser was signed out on behalf of somebody else"
        ),
        Answer::Carries(_) => tracing::info!(
            correlation_id = %correlation,
            peer = %connection.peer,
            "a browser carries a message of single logout"
        ),
        Answer::Ended(_) => {}
    }
}

fn randomness() -> Randomness {
    Randomness {
        transaction: entropy::random_bytes(),
        browser: entropy::random_bytes(),
        session: entropy::random_bytes(),
        state_nonce: entropy::random_bytes(),
        session_nonce: entropy::random_bytes(),
        participants_nonce: entropy::random_bytes(),
        message: entropy::uuid(),
        content_key: ContentKey { key: entropy::random_bytes(), iv: entropy::random_bytes() },
    }
}
