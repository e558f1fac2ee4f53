//! `/FederationMetadata/2007-06/FederationMetadata.xml`: what relying parties import, and read again for the next certificate.

use super::{Gateway, plain};
use crate::entropy;
use crate::federation::{Endpoint, Farm};
use crate::protocol::federation_metadata::{FederationMetadata, TokenService};
use crate::token::SigningError;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use std::sync::{Arc, Mutex, PoisonError};

/// The document for clients outside the corporate network and inside. It is signed once: whoever asks for it is a stranger, and
/// must not make the token-signing key work.
#[derive(Debug, Default)]
pub struct PublishedMetadata {
    outside: Mutex<Option<Published>>,
    inside: Mutex<Option<Published>>,
}

/// A signed document, and the farm that it is true of.
#[derive(Debug)]
struct Published {
    farm: Arc<Farm>,
    document: String,
}

/// Names the endpoints that this client, inside the corporate network or not, can use.
pub(super) fn get(gateway: &Gateway, inside: bool) -> HttpResponse {
    match published(gateway, inside) {
        Ok(Some(xml)) => HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/samlmetadata+xml")).body(xml),
        Ok(None) => plain::not_found(),
        Err(error) => {
            tracing::error!(%error, "federation metadata was not signed");
            let said = "The federation metadata cannot be signed at the moment.\n".to_owned();
            plain::text(StatusCode::INTERNAL_SERVER_ERROR, said)
        }
    }
}

fn published(gateway: &Gateway, inside: bool) -> Result<Option<String>, SigningError> {
    let farm = gateway.farm.load_full();
    let place = if inside { &gateway.metadata.inside } else { &gateway.metadata.outside };
    let mut known = place.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(published) = known.as_ref().filter(|published| Arc::ptr_eq(&published.farm, &farm)) {
        return Ok(Some(published.document.clone()));
    }
    let document = render(gateway, &farm, inside)?;
    *known = document.clone().map(|document| Published { farm, document });
    Ok(document)
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
