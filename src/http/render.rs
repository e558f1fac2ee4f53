//! A verdict as bytes. Nothing else turns a verdict into an answer, so the code and the correlation id always agree.

use super::plain;
use crate::federation::Endpoint;
use crate::outcome::Wire;
use crate::protocol::Version;
use crate::protocol::soap::{self, FaultContext};
use crate::protocol::wstrust::{self, TokenResponse};
use crate::sign_in::{Evidence, Issued, Verdict};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};

const SOAP: &str = "application/soap+xml; charset=utf-8";

/// The status and body of an answer, before HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Content-Type.
    pub content_type: &'static str,
    /// Body.
    pub body: String,
}

/// Renders a verdict for an active (SOAP) client.
pub fn answer(verdict: &Verdict, evidence: &Evidence) -> Answer {
    let relates_to = verdict.relates_to.as_deref();
    let wire = verdict.outcome.entry().wire;
    let (content_type, body) = match (wire, &verdict.issued) {
        (Wire::Token, Some(issued)) => (SOAP, token_response(issued, version_at(evidence), relates_to)),
        (Wire::Fault(fault), _) => {
            (SOAP, soap::render_fault(fault, fault_context(verdict, version_at(evidence)), evidence.at))
        }
        _ => ("text/plain; charset=utf-8", explanation(verdict, evidence)),
    };
    Answer { status: wire.http_status(), content_type, body }
}

/// What the endpoint speaks that the request came to.
fn version_at(evidence: &Evidence) -> Version {
    let binding = Endpoint::at(evidence.request.endpoint).and_then(Endpoint::binding);
    binding.map(|binding| binding.version).unwrap_or_default()
}

/// The client learns which of its own headers was not understood, and nothing else.
fn fault_context(verdict: &Verdict, version: Version) -> FaultContext<'_> {
    let header = verdict.details.iter().find(|(field, _)| *field == "header").map(|(_, value)| value.as_str());
    let qualified = header.and_then(|header| header.strip_prefix('{')?.rsplit_once('}'));
    FaultContext { version, relates_to: verdict.relates_to.as_deref(), not_understood: qualified }
}

fn token_response(issued: &Issued, version: Version, relates_to: Option<&str>) -> String {
    wstrust::render_response(&response_of(issued, version, relates_to))
}

/// What is issued, as WS-Trust and WS-Federation carry it.
pub(super) fn response_of<'i>(issued: &'i Issued, version: Version, relates_to: Option<&'i str>) -> TokenResponse<'i> {
    let token = &issued.token;
    TokenResponse {
        version,
        relates_to,
        applies_to: &issued.applies_to,
        assertion: token.as_str(),
        form: issued.form,
        assertion_id: token.assertion_id(),
        created: token.not_before(),
        expires: token.not_on_or_after(),
    }
}

/// What a person may read: what to do next, the code and the reference. The codes of these answers tell nothing about a
/// certificate or an account, only about the request.
fn explanation(verdict: &Verdict, evidence: &Evidence) -> String {
    let entry = verdict.outcome.entry();
    format!("{}\n\n{}  reference {}\n", entry.user_text, entry.code, evidence.correlation)
}

/// Turns an answer into the response of this sign-in.
pub(super) fn respond(answer: Answer, evidence: &Evidence) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status).insert_header((CONTENT_TYPE, answer.content_type)).body(answer.body);
    if let Ok(value) = HeaderValue::from_str(&evidence.correlation.to_string()) {
        response.headers_mut().insert(plain::REQUEST_ID, value);
    }
    response
}
