//! Whether a SAML 2.0 request may be answered, and where (ADFS-PROTOCOLS section 7). Every answer goes to an endpoint of the
//! trust: an address in a request only chooses among those.

use crate::protocol::samlp::{AuthnRequest, Comparison, ConsumerService, RequestedContext};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// AD FS's `AuthenticationContextOrder`, from weak to strong.
pub const AUTHENTICATION_CONTEXT_ORDER: &[&str] = &[
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
    "urn:federation:authentication:windows",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
];
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// An assertion consumer service of a trust. Responses go by POST; the profile forbids redirect (SAML profiles section
/// 4.1.2), and artifacts are not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionConsumer {
    /// How a request may name it.
    pub index: u16,
    /// Where responses are posted.
    pub address: String,
    /// Used when a request names none. Without any, the first is.
    pub is_default: bool,
}

/// How and when a request arrived.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The host names we are reached by.
    pub hosts: &'a [&'a str],
    /// Now.
    pub at: Timestamp,
    /// AD FS's `SamlMessageDeliveryWindow`: how far the request's clock may be from ours, either way.
    pub window: SignedDuration,
}

/// Why a request is not answered with a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamlRequestFault {
    /// Meant for somebody else.
    #[error("the request is addressed to {0:?}, which is not this service")]
    Destination(String),
    /// Too old, or from the future.
    #[error("the request was made at {made}, more than {} s from now", window.as_secs())]
    OutsideWindow {
        /// By the request's own account.
        made: Timestamp,
        /// What is allowed.
        window: SignedDuration,
    },
    /// Another binding than POST.
    #[error("the request wants its response by {0:?}; only HTTP-POST is served")]
    Binding(String),
    /// An address the trust does not have. Nothing is sent there.
    #[error("the request wants its response at {0:?}, which is no assertion consumer service of the trust")]
    UnknownAddress(String),
    /// An index the trust does not have.
    #[error("the request wants its response at the index {0}, which is no assertion consumer service of the trust")]
    UnknownIndex(u16),
    /// The trust has no endpoint at all.
    #[error("the trust has no assertion consumer service")]
    NoConsumer,
}

/// Where the response goes. Asked before everything else: only with an answer can a fault be told to the relying party.
///
/// # Errors
/// When the request names an endpoint or a binding the trust does not have.
pub fn consumer<'a>(
    request: &AuthnRequest,
    consumers: &'a [AssertionConsumer],
) -> Result<&'a AssertionConsumer, SamlRequestFault> {
    let (ConsumerService::Default { binding } | ConsumerService::Address { binding, .. }) = &request.consumer else {
        return by_index(request, consumers);
    };
    if let Some(binding) = binding.as_ref().filter(|binding| *binding != POST) {
        return Err(SamlRequestFault::Binding(binding.clone()));
    }
    match &request.consumer {
        ConsumerService::Address { address, .. } => {
            let found = consumers.iter().find(|consumer| consumer.address == *address);
            found.ok_or_else(|| SamlRequestFault::UnknownAddress(address.clone()))
        }
        _ => {
            let default = consumers.iter().find(|consumer| consumer.is_default).or(consumers.first());
            default.ok_or(SamlRequestFault::NoConsumer)
        }
    }
}

fn by_index<'a>(
    request: &AuthnRequest,
    consumers: &'a [AssertionConsumer],
) -> Result<&'a AssertionConsumer, SamlRequestFault> {
    let ConsumerService::Index(index) = request.consumer else { return Err(SamlRequestFault::NoConsumer) };
    consumers.iter().find(|consumer| consumer.index == index).ok_or(SamlRequestFault::UnknownIndex(index))
}

/// Whether the request is for us, and from now.
///
/// # Errors
/// When it is for somebody else, too old, or from the future.
pub fn arrived(request: &AuthnRequest, arrival: Arrival<'_>) -> Result<(), SamlRequestFault> {
    in_time(request.destination.as_deref(), request.issue_instant, arrival)
}

/// The same for any message.
///
/// # Errors
/// When it is for somebody else, too old, or from the future.
pub fn in_time(destination: Option<&str>, made: Timestamp, arrival: Arrival<'_>) -> Result<(), SamlRequestFault> {
    if let Some(destination) = destination.filter(|destination| !is_ours(destination, arrival.hosts)) {
        return Err(SamlRequestFault::Destination(destination.to_owned()));
    }
    let window = arrival.window;
    if made.duration_since(arrival.at).abs() > window {
        return Err(SamlRequestFault::OutsideWindow { made, window });
    }
    Ok(())
}

/// Real requests write our address with and without port, final slash and query; the host and the path are what matters.
fn is_ours(destination: &str, hosts: &[&str]) -> bool {
    Url::parse(destination).is_ok_and(|url| {
        url.scheme() == "https"
            && url.path().trim_end_matches('/').eq_ignore_ascii_case("/adfs/ls")
            && url.host_str().is_some_and(|host| hosts.iter().any(|known| known.eq_ignore_ascii_case(host)))
    })
}

/// Whether an authentication of `class` is what the request asks for. `order` is from weak to strong; a class outside it
/// compares to nothing but itself.
pub fn satisfies(class: &str, requested: &RequestedContext, order: &[&str]) -> bool {
    let strength = |class: &str| order.iter().position(|known| *known == class);
    let compares = |is: fn(&usize, &usize) -> bool, wanted: &String| {
        strength(class).zip(strength(wanted)).is_some_and(|(ours, theirs)| is(&ours, &theirs))
    };
    let mut classes = requested.classes.iter();
    match requested.comparison {
        Comparison::Exact => classes.any(|wanted| wanted == class),
        Comparison::Minimum => classes.any(|wanted| wanted == class || compares(usize::ge, wanted)),
        Comparison::Maximum => classes.any(|wanted| wanted == class || compares(usize::le, wanted)),
        Comparison::Better => !requested.classes.is_empty() && classes.all(|wanted| compares(usize::gt, wanted)),
    }
}

#[cfg(test)]
mod tests;
