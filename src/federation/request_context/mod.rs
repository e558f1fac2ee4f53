//! What is known of the request itself: where it came from, through which proxy, by what program. A web application proxy
//! says so in `X-MS-*` headers (MS-ADFSPIP section 2.2.1), which anybody can write. They are believed from configured peers
//! only; what is not believed is told, never dropped without a word (ADFS-PROTOCOLS section 10).

mod forwarded;
mod judgement;

use crate::claims::{Claim, claim_types as types};
use crate::lookups::AddressRange;
use crate::outcome::{Detail, printable};
use crate::sign_in::evidence::{Evidence, ProxyHeaderName};
use core::net::IpAddr;
use std::borrow::Cow;
use uuid::Uuid;

/// Who makes statements about the request rather than the person.
const CLIENT_CONTEXT: &str = "CLIENT CONTEXT";
const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
/// What a proxy would put its host name in, where the gateway is its own.
const OWN_PROXY_NAME: &str = "fedgate";
/// Facts about headers in one record; further ones are counted.
const FACTS_TOLD: usize = 8;

macro_rules! context {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/01/requestcontext/claims/", $name)
    };
}

/// Whose word about a request counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextPolicy {
    /// Proxies that are believed.
    pub trusted_peers: Vec<AddressRange>,
    /// Where Exchange Online connects to the proxy from. Empty: the proxy is believed whoever connected to it, as in AD FS.
    pub exchange_online: Vec<AddressRange>,
    /// Where clients are inside the corporate network.
    pub corporate_networks: Vec<AddressRange>,
}

/// The circumstances of one request, judged once.
#[derive(Debug)]
pub struct RequestContext<'e> {
    evidence: &'e Evidence,
    peer: Option<IpAddr>,
    /// The proxy's name, when the request came through one; `None` for a client inside the corporate network.
    proxy: Option<&'e str>,
    /// Addresses of the user, the one the proxy saw last.
    forwarded: Vec<IpAddr>,
    application: Option<&'e str>,
    user_agent: Option<&'e str>,
    path: Cow<'e, str>,
    disbelieved: Vec<Disbelieved<'e>>,
}

/// A header, or a part of one, that is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Disbelieved<'e> {
    name: ProxyHeaderName,
    value: &'e [u8],
    reason: &'static str,
}

impl<'e> RequestContext<'e> {
    /// Judges who may say what about this request.
    pub fn of(evidence: &'e Evidence, policy: &ContextPolicy) -> Self {
        judgement::judge(evidence, policy)
    }

    /// Whether the client is inside the corporate network.
    pub fn is_inside(&self) -> bool {
        self.proxy.is_none()
    }

    /// Every address the request came by: where the client sits, and every hop that is believed. Somebody is at a familiar
    /// place only if all of them are familiar (ADFS-PROTOCOLS section 13.3).
    pub fn addresses(&self) -> Vec<IpAddr> {
        let mut addresses: Vec<IpAddr> = self.forwarded.iter().copied().chain(self.peer).collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    /// The claims, as far as their types are wanted. The rules of a relying party see these without an acceptance rule, as
    /// in AD FS from 2012 R2. Several addresses are one value with commas, which is what rules with `\b` expect. Claims
    /// about devices are never made: no device has been asked.
    pub fn claims(&self, relying_party: &str, wanted: impl Fn(&str) -> bool) -> Vec<Claim> {
        let mut claims = Vec::with_capacity(9);
        if wanted(types::INSIDE_CORPORATE_NETWORK) {
            let inside = if self.is_inside() { "true" } else { "false" };
            let inside = Claim::new(types::INSIDE_CORPORATE_NETWORK, inside, CLIENT_CONTEXT);
            claims.push(inside.with_value_type(XSD_BOOLEAN));
        }
        let mut say = |claim_type: &'static str, value: &dyn Fn() -> Option<String>| {
            if let Some(value) = wanted(claim_type).then(value).flatten() {
                claims.push(Claim::new(claim_type, value, CLIENT_CONTEXT));
            }
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let peer = || self.peer.map(|peer| peer.to_string());
        say(context!("x-ms-endpoint-absolute-path"), &|| Some(self.path.clone().into_owned()));
        say(context!("x-ms-proxy"), &|| owned(self.proxy));
        say(context!("x-ms-client-ip"), &peer);
        say(context!("x-ms-forwarded-client-ip"), &|| self.forwarded_text());
        say(context!("userip"), &|| if self.is_inside() { peer() } else { self.forwarded_text() });
        say(context!("x-ms-client-application"), &|| owned(self.application));
        let browser = self.evidence.request.user_agent.as_deref();
        say(context!("x-ms-client-user-agent"), &|| owned(self.user_agent.or(browser)));
        say(context!("client-request-id"), &|| Some(self.client_request_id().to_string()));
        say(context!("relyingpartytrustid"), &|| Some(relying_party.to_owned()));
        claims
    }

    fn forwarded_text(&self) -> Option<String> {
        let addresses: Vec<String> = self.forwarded.iter().map(ToString::to_string).collect();
        (!addresses.is_empty()).then(|| addresses.join(","))
    }

    /// The client's own, if it is one; the gateway's otherwise.
    fn client_request_id(&self) -> Uuid {
        let own = self.evidence.request.client_request_id.as_deref();
        own.and_then(|own| own.parse().ok()).unwrap_or(self.evidence.correlation)
    }

    /// What the record says of it: nothing of a request without such headers from outside.
    pub fn facts(&self) -> Vec<Detail> {
        const SHOWN: usize = 96;
        let mut facts: Vec<Detail> = Vec::new();
        if self.is_inside() {
            facts.push(("inside_corporate_network", "true".to_owned()));
        }
        if let Some(proxy) = self.proxy.filter(|proxy| *proxy != OWN_PROXY_NAME) {
            facts.push(("proxy", proxy.to_owned()));
            facts.extend(self.forwarded_text().map(|addresses| ("forwarded_client_ip", addresses)));
        }
        for Disbelieved { name, value, reason } in self.disbelieved.iter().take(FACTS_TOLD) {
            let value: String = String::from_utf8_lossy(value).chars().take(SHOWN).collect();
            facts.push(("header_not_believed", format!("{}: {} ({reason})", name.as_str(), printable(value))));
        }
        if let Some(further) = self.disbelieved.len().checked_sub(FACTS_TOLD).filter(|further| *further > 0) {
            facts.push(("header_not_believed", format!("and {further} more")));
        }
        facts
    }
}

#[cfg(test)]
mod tests;
