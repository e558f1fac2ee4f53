//! `/adfs/services/trust/mex`: where active clients learn which WS-Trust endpoints there are.

use super::Gateway;
use crate::federation::Endpoint;
use crate::protocol::mex::{self, Port};
use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;

/// Names the endpoints that this client, inside the corporate network or not, can use. The addresses are those that clients
/// see, whatever name this request came by.
pub(super) fn get(gateway: &Gateway, inside: bool) -> HttpResponse {
    let endpoints = &gateway.endpoints;
    let served = Endpoint::ALL.into_iter().filter(|endpoint| endpoints.serves(*endpoint, inside));
    let ports: Vec<Port> = served
        .filter_map(|endpoint| {
            let address = endpoints.url(endpoint, &gateway.service_name);
            Some(Port { binding: endpoint.binding()?, address })
        })
        .collect();
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/xml; charset=UTF-8")).body(mex::render(&ports))
}
