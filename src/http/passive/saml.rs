//! Answers of SAML 2.0, as bytes: a form with a response, or a logout message on its way.

use super::page::Showing;
use crate::pages::{self, RenderedPage};
use crate::protocol::samlp::{Carried, Envelope, render_post, write_failure};
use crate::sign_in::passive::{Carrier, NewCookies, SamlDelivery};
use crate::sign_in::{Verdict, is_told_to_relying_party, saml_status};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};

impl Showing<'_> {
    pub(super) fn saml_response(&self, delivery: &SamlDelivery, response: &str, cookies: &NewCookies) -> HttpResponse {
        let relay_state = delivery.relay_state.as_deref();
        self.form(&delivery.consumer, Carried::Response, response, relay_state, cookies)
    }

    /// The response that says why there is no token; `None` where the person must see it and nobody else, or where even that
    /// cannot be signed.
    pub(super) fn saml_failure(
        &self,
        delivery: &SamlDelivery,
        verdict: &Verdict,
        cookies: &NewCookies,
    ) -> Option<HttpResponse> {
        if !is_told_to_relying_party(verdict.outcome, delivery.silent) {
            return None;
        }
        let status = saml_status(verdict.outcome, self.evidence.correlation)?;
        let farm = self.gateway.farm.load();
        // no assertion has it
        let id = format!("_{}", self.evidence.assertion);
        let envelope = Envelope {
            id: &id,
            in_response_to: Some(&delivery.in_response_to),
            destination: &delivery.consumer,
            issuer: &farm.identifier,
            at: self.evidence.at,
        };
        let signer = delivery.sign_failure.then_some(farm.signer.as_ref());
        let response = write_failure(envelope, &status, signer)
            .inspect_err(|error| tracing::error!(%error, "a SAML 2.0 response was not signed"))
            .ok()?;
        Some(self.saml_response(delivery, &response, cookies))
    }

    pub(super) fn carry(&self, carrier: &Carrier, cookies: &NewCookies) -> HttpResponse {
        match carrier {
            Carrier::Form { action, carried, message, relay_state } => {
                self.form(action, *carried, message, relay_state.as_deref(), cookies)
            }
            Carrier::Redirect(address) => {
                let page =
                    RenderedPage { html: String::new(), content_security_policy: "default-src 'none'".to_owned() };
                let mut response = self.respond(StatusCode::FOUND.as_u16(), page, cookies);
                if let Ok(address) = HeaderValue::from_str(address) {
                    response.headers_mut().insert(LOCATION, address);
                }
                response
            }
        }
    }

    fn form(
        &self,
        action: &str,
        carried: Carried,
        message: &str,
        relay_state: Option<&str>,
        cookies: &NewCookies,
    ) -> HttpResponse {
        let html = render_post(action, carried, message, relay_state);
        let content_security_policy = pages::form_content_policy(action);
        self.respond(200, RenderedPage { html, content_security_policy }, cookies)
    }
}
