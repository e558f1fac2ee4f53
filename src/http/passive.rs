//! `/adfs/ls/`: gathers what a browser brings, asks what it gets, and renders that.

mod page;

use super::certificate_transport::{connection_evidence, read_body, request_evidence};
use super::{Gateway, cookies};
use crate::entropy;
use crate::federation::Endpoint;
use crate::sign_in::SignInRecord;
use crate::sign_in::evidence::Evidence;
use crate::sign_in::passive::{self, Answer, Cookies, Desk, Randomness, Visit};
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
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let brought = cookies::brought(request);
    let visit = Visit {
        query: request.query_string(),
        posted,
        cookies: Cookies {
            session: brought.session.as_deref(),
            browser: brought.browser,
            visits: brought.visits.as_deref(),
            relying_parties: brought.relying_parties.as_deref(),
        },
        cross_site: header(SEC_FETCH_SITE) == Some("cross-site"),
        random: randomness(),
    };
    let farm = gateway.farm.load_full();
    let desk =
        Desk { farm: &farm, lookups: gateway.lookups.as_ref(), keys: &gateway.sealing_keys, memory: &gateway.browsers };
    let answer = passive::attend(&evidence, &visit, &desk, stopwatch).await;
    let verdict = match &answer {
        Answer::Ended(ended) => Some(&ended.verdict),
        Answer::Question(question) => question.failed.as_ref(),
        Answer::SignedOut(_) | Answer::CleanedUp(_) => None,
    };
    if let Some(verdict) = verdict {
        gateway.recorder.record(SignInRecord::new(&evidence, verdict));
    }
    tell(&answer, &evidence);
    let language = gateway.pages.language(header(ACCEPT_LANGUAGE));
    let body = evidence.request.body.as_deref().ok().filter(|_| posted);
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
    }
}
