//! What a SAML 2.0 request to sign somebody in demands, and where its answer goes.

use super::saml::SamlSignIn;
use super::{Desk, Randomness, SamlDelivery};
use crate::federation::RelyingPartyTrust;
use crate::federation::prompt::{ContextComparison, Location, SignInDemand};
use crate::federation::saml_request::{Arrival, arrived, consumer};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::samlp::Comparison;
use crate::sign_in::saml_response::SamlResponse;
use jiff::Timestamp;

impl SamlSignIn {
    pub(super) fn demand(&self, location: Location) -> SignInDemand {
        let context = self.request.context.as_ref();
        let classes = context.map(|context| context.classes.iter().map(String::as_str).collect::<Vec<_>>());
        let comparison = context.map_or(ContextComparison::Exact, |context| compared(context.comparison));
        SignInDemand::of_saml(self.request.force_authn, &classes.unwrap_or_default(), comparison, location)
    }

    pub(super) fn delivery(&self, trust: &RelyingPartyTrust) -> Result<SamlDelivery, Refusal> {
        Ok(SamlDelivery {
            consumer: consumer(&self.request, &trust.saml.consumers)?.address.clone(),
            in_response_to: self.request.id.clone(),
            relay_state: self.relay_state.clone(),
            sign_failure: trust.saml.response_signature.of_message(),
            silent: self.request.is_passive,
        })
    }

    /// Whether the request was meant for us, and made about `at`.
    pub(super) fn arrived(&self, desk: &Desk<'_>, at: Timestamp) -> Result<(), Refusal> {
        let window = desk.farm.request.clock_skew;
        Ok(arrived(&self.request, Arrival { hosts: desk.hosts, at, window })?)
    }

    pub(super) fn response<'a>(&'a self, delivery: &'a SamlDelivery, random: &'a Randomness) -> SamlResponse<'a> {
        SamlResponse {
            consumer: &delivery.consumer,
            in_response_to: &self.request.id,
            name_format: self.request.name_format.as_deref(),
            message: random.message,
            content_key: &random.content_key,
        }
    }

    /// Whether the person may be asked for something.
    pub(super) fn may_ask(&self) -> Result<(), Refusal> {
        if self.request.is_passive { Err(not_passive()) } else { Ok(()) }
    }
}

fn not_passive() -> Refusal {
    Refusal::new(
        Outcome::SamlNotPassive,
        "The request forbids to ask anything (IsPassive), and somebody must be asked.",
    )
}

fn compared(comparison: Comparison) -> ContextComparison {
    match comparison {
        Comparison::Exact => ContextComparison::Exact,
        Comparison::Minimum => ContextComparison::Minimum,
        Comparison::Maximum => ContextComparison::Maximum,
        Comparison::Better => ContextComparison::Better,
    }
}
