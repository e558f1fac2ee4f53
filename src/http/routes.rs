//! The route table: one line per endpoint. Paths are matched without regard to case and to a final slash, because
//! HTTP.SYS did so and clients rely on it.

use super::{Activity, certificate_transport, plain};
use crate::sign_in::evidence::ListenerRole;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use std::sync::Arc;

/// WS-Trust of February 2005, authenticated by the TLS client certificate.
pub const CERTIFICATE_TRANSPORT: &str = "/adfs/services/trust/2005/certificatetransport";
/// Health probe of load balancers.
pub const PROBE: &str = "/adfs/probe";

/// Mounts every endpoint of a listener.
pub fn mount(config: &mut ServiceConfig, listener: ListenerRole) {
    config.app_data(web::Data::new(listener)).default_service(web::to(dispatch));
}

async fn dispatch(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let _running = request.conn_data::<Arc<Activity>>().map(|activity| activity.begin());
    let path = request.path().trim_end_matches('/').to_ascii_lowercase();
    let method = request.method().clone();
    let mut response = match (path.as_str(), method) {
        (CERTIFICATE_TRANSPORT, Method::POST) => certificate_transport::post(&request, payload).await,
        (CERTIFICATE_TRANSPORT, Method::GET) => certificate_transport::get(&request).await,
        (CERTIFICATE_TRANSPORT, _) => plain::method_not_allowed("POST"),
        (PROBE, Method::GET | Method::HEAD) => HttpResponse::Ok().finish(),
        (PROBE, _) => plain::method_not_allowed("GET, HEAD"),
        _ => plain::not_found(),
    };
    plain::harden(&mut response);
    response
}
