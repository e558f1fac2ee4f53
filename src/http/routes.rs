//! The route table: one line per endpoint. Paths are matched without regard to case and to a final slash, because
//! HTTP.SYS did so and clients rely on it.

use super::{Activity, Gateway, certificate_transport, federation_metadata, metadata_exchange, origin, passive, plain};
use crate::federation::Endpoint;
use crate::sign_in::evidence::ListenerRole;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use std::sync::Arc;

/// WS-Trust of February 2005, authenticated by the TLS client certificate.
pub const CERTIFICATE_TRANSPORT: &str = Endpoint::CertificateTransport2005.path();
/// Health probe of load balancers.
pub const PROBE: &str = "/adfs/probe";

/// Mounts every endpoint of a listener.
pub fn mount(config: &mut ServiceConfig, listener: ListenerRole) {
    config.app_data(web::Data::new(listener)).default_service(web::to(dispatch));
}

async fn dispatch(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let _running = request.conn_data::<Arc<Activity>>().map(|activity| activity.begin());
    let mut response = answer(&request, payload).await;
    plain::harden(&mut response);
    response
}

async fn answer(request: &HttpRequest, payload: web::Payload) -> HttpResponse {
    let method = request.method();
    if request.path().trim_end_matches('/').eq_ignore_ascii_case(PROBE) {
        return match *method {
            Method::GET | Method::HEAD => HttpResponse::Ok().finish(),
            _ => plain::method_not_allowed("GET, HEAD"),
        };
    }
    let Some(gateway) = request.app_data::<web::Data<Gateway>>() else { return plain::not_found() };
    let Some(endpoint) = Endpoint::at(request.path()) else { return plain::not_found() };
    let endpoints = &gateway.endpoints;
    let inside = !endpoints.ask_for_origin() || origin::is_inside(request, &gateway.farm.load().request_context);
    if !endpoints.serves(endpoint, inside) {
        return plain::not_found();
    }
    match (endpoint, method) {
        (Endpoint::Passive, &Method::GET | &Method::POST) => passive::serve(request, payload, gateway).await,
        (Endpoint::Passive, _) => plain::method_not_allowed("GET, POST"),
        (Endpoint::CertificateTransport2005, &Method::GET) => certificate_transport::get(request).await,
        (Endpoint::MetadataExchange, &Method::GET) => metadata_exchange::get(gateway, inside),
        (Endpoint::MetadataExchange, _) => plain::method_not_allowed("GET"),
        (Endpoint::FederationMetadata, &Method::GET) => federation_metadata::get(gateway, inside),
        (Endpoint::FederationMetadata, _) => plain::method_not_allowed("GET"),
        (
            Endpoint::CertificateMixed2005
            | Endpoint::CertificateTransport2005
            | Endpoint::UserNameMixed2005
            | Endpoint::CertificateMixed13
            | Endpoint::UserNameMixed13,
            method,
        ) => match *method {
            Method::POST => certificate_transport::post(request, endpoint, payload).await,
            _ => plain::method_not_allowed("POST"),
        },
    }
}
