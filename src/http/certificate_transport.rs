//! `/adfs/services/trust/2005/certificatetransport`: gathers the evidence, asks for a verdict, renders it.

use super::routes::CERTIFICATE_TRANSPORT;
use super::{Gateway, plain, render};
use crate::entropy;
use crate::federation::Endpoint;
use crate::sign_in::evidence::{
    BodyProblem, ConnectionEvidence, Evidence, ListenerRole, ProxyHeader, ProxyHeaderName, RequestEvidence, TlsFacts,
};
use crate::sign_in::{SignInRecord, federated};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What a GET of this endpoint does. AD FS keeps such a connection open, and its troubleshooting guide tells operators to
/// look for that; fedgate answers at once unless asked to do the same, within bounds.
#[derive(Debug, Clone)]
pub enum GetAnswer {
    /// Say what this is, at once.
    AtOnce,
    /// Keep the connection open for a while first.
    Hold(HoldLimits),
}

/// Bounds of held connections.
#[derive(Debug, Clone)]
pub struct HoldLimits {
    /// How long one is held.
    pub duration: Duration,
    /// How many at once; beyond that the answer comes at once.
    pub places: Arc<Semaphore>,
}

/// Serves one token request, at whichever endpoint of WS-Trust it arrived.
pub(super) async fn post(request: &HttpRequest, endpoint: Endpoint, payload: web::Payload) -> HttpResponse {
    let Some(gateway) = request.app_data::<web::Data<Gateway>>().cloned() else { return plain::not_found() };
    let stopwatch = gateway.clock.stopwatch();
    let body = read_body(payload, gateway.request_bytes, gateway.request_timeout).await;
    let evidence = Evidence {
        at: gateway.clock.now(),
        correlation: entropy::uuid(),
        assertion: entropy::uuid(),
        connection: connection_evidence(request),
        request: request_evidence(request, endpoint.path(), body),
    };
    let farm = gateway.farm.load_full();
    let verdict = federated::sign_in(&evidence, &farm, gateway.lookups.as_ref(), stopwatch).await;
    let answer = render::answer(&verdict, &evidence);
    gateway.recorder.record(SignInRecord::new(&evidence, &verdict));
    render::respond(answer, &evidence)
}

/// Says what this endpoint is, whether a certificate arrived, and under which reference.
pub(super) async fn get(request: &HttpRequest) -> HttpResponse {
    let Some(gateway) = request.app_data::<web::Data<Gateway>>() else { return plain::not_found() };
    if let GetAnswer::Hold(limits) = &gateway.get_answer
        && let Ok(_place) = limits.places.try_acquire()
    {
        tokio::time::sleep(limits.duration).await;
    }
    let correlation = entropy::uuid();
    let connection = connection_evidence(request);
    let mut body = format!(
        "{CERTIFICATE_TRANSPORT} of {} is reachable.\n\n\
         It issues security tokens to clients that POST a WS-Trust request (February 2005) over a connection\n\
         authenticated with a user certificate. A browser has nothing to do here.\n\n",
        gateway.service_name
    );
    let certificate = match (&connection.presented, connection.listener) {
        (Some(presented), _) => format!("A certificate arrived, with {} more beside it.", presented.sent().len()),
        (None, ListenerRole::UserTls) => "No certificate arrived.".to_owned(),
        (None, ListenerRole::Service) => "This port does not ask for certificates.".to_owned(),
    };
    let _ = writeln!(body, "{certificate}\nReference {correlation}");
    tracing::info!(
        correlation_id = %correlation,
        peer = %connection.peer,
        port = connection.port,
        certificate = connection.presented.is_some(),
        "certificatetransport was visited with GET"
    );
    let mut response = plain::text(StatusCode::METHOD_NOT_ALLOWED, body);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    if let Ok(value) = HeaderValue::from_str(&correlation.to_string()) {
        response.headers_mut().insert(plain::REQUEST_ID, value);
    }
    response
}

/// Memory that a body gets at once.
const MOST_RESERVED: usize = 64 * 1024;

/// What the listener captured when it accepted the connection. Without a capture there is no certificate to believe in,
/// and the sign-in is refused.
pub(super) fn connection_evidence(request: &HttpRequest) -> ConnectionEvidence {
    let listener = request.app_data::<web::Data<ListenerRole>>().map_or(ListenerRole::Service, |role| ***role);
    request.conn_data::<ConnectionEvidence>().cloned().unwrap_or_else(|| ConnectionEvidence {
        listener,
        peer: request.peer_addr().map_or_else(String::new, |peer| peer.to_string()),
        port: request.app_config().local_addr().port(),
        tls: TlsFacts::default(),
        presented: None,
    })
}

pub(super) fn request_evidence(
    request: &HttpRequest,
    endpoint: &'static str,
    body: Result<Vec<u8>, BodyProblem>,
) -> RequestEvidence {
    let header = |name: &str| {
        let value = request.headers().get(name)?.to_str().ok()?;
        Some(value.chars().take(256).collect::<String>())
    };
    RequestEvidence {
        path: request.path().to_owned(),
        endpoint,
        content_type: header(CONTENT_TYPE.as_str()),
        soap_action: header("soapaction"),
        client_request_id: header("client-request-id"),
        user_agent: header(USER_AGENT.as_str()),
        proxy_headers: proxy_headers(request.headers()),
        body,
    }
}

/// Every line of every header a proxy may have written, in the order they came.
fn proxy_headers(headers: &HeaderMap) -> Vec<ProxyHeader> {
    let lines = |name: ProxyHeaderName| {
        headers.get_all(name.as_str()).map(move |value| ProxyHeader { name, value: value.as_bytes().to_vec() })
    };
    ProxyHeaderName::ALL.into_iter().flat_map(lines).collect()
}

pub(super) async fn read_body(
    mut payload: web::Payload,
    limit: usize,
    timeout: Duration,
) -> Result<Vec<u8>, BodyProblem> {
    let interrupted = |reason: String| BodyProblem::Interrupted { reason };
    let read = async {
        // Never longer than this, so that it never moves: what it held would stay behind.
        let mut body = Vec::with_capacity(limit.min(MOST_RESERVED));
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| interrupted(error.to_string()))?;
            if body.len() + chunk.len() > limit {
                return Err(BodyProblem::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    match tokio::time::timeout(timeout, read).await {
        Ok(body) => body,
        Err(_) => Err(interrupted(format!("not complete within {} s", timeout.as_secs()))),
    }
}
