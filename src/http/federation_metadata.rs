//! `/FederationMetadata/2007-06/FederationMetadata.xml`: what relying parties import, and read again for the next certificate.

use super::{Gateway, plain};
use crate::entropy;
use crate::federation::{Endpoint, Farm};
use crate::protocol::federation_metadata::{FederationMetadata, TokenService};
use crate::token::SigningError;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;

/// Names the endpoints that this client, inside the corporate network or not, can use.
pub(super) fn get(gateway: &Gateway, inside: bool) -> HttpResponse {
    match render(gateway, &gateway.farm.load(), inside) {
        Ok(Some(xml)) => HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/samlmetadata+xml")).body(xml),
        Ok(None) => plain::not_found(),
        Err(error) => {
            tracing::error!(%error, "federation metadata was not signed");
            let said = "The federation metadata cannot be signed at the moment.\n".to_owned();
            plain::text(StatusCode::INTERNAL_SERVER_ERROR, said)
        }
    }
}

fn render(gateway: &Gateway, farm: &Farm, inside: bool) -> Result<Option<String>, SigningError> {
    let endpoints = &gateway.endpoints;
    let address = |endpoint| endpoints.serves(endpoint, inside).then(|| endpoints.url(endpoint, &gateway.service_name));
    // as AD FS, where it is served
    let token_service =
        [Endpoint::CertificateMixed2005, Endpoint::CertificateTransport2005, Endpoint::UserNameMixed2005]
            .into_iter()
            .find_map(address);
    let passive = address(Endpoint::Passive);
    let metadata_exchange = address(Endpoint::MetadataExchange);
    let certificates: Vec<&str> = [Some(farm.signer.certificate_base64()), farm.next_signing_certificate.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let id = format!("_{}", entropy::uuid());
    let metadata = FederationMetadata {
        id: &id,
        entity_id: &farm.identifier,
        display_name: &gateway.service_name,
        signing_certificates: &certificates,
        token_service: token_service
            .as_deref()
            .map(|address| TokenService { address, metadata_exchange: metadata_exchange.as_deref() }),
        passive: passive.as_deref(),
        saml: passive.as_deref(),
    };
    metadata.render(farm.signer.as_ref())
}
