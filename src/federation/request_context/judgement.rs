//! From headers and addresses to circumstances that rules may rely on.
//!
//! A deny rule asks whether `x-ms-proxy` exists and whether an address is missing, so every doubt falls to "outside" and to
//! "no such claim": what is left out can only make such a rule fire.

use super::forwarded::{self, Entry};
use super::{ContextPolicy, Disbelieved, OWN_PROXY_NAME, RequestContext};
use crate::lookups::AddressRange;
use crate::sign_in::evidence::{Evidence, ProxyHeader, ProxyHeaderName as Name};
use core::net::IpAddr;
use std::borrow::Cow;

const STRANGER: &str = "the peer is no trusted proxy";
const NOT_EXCHANGE: &str = "not passed on from Exchange Online";
const MALFORMED: &str = "malformed";
const NO_ADDRESS: &str = "not an address";
const TOO_MANY: &str = "too many addresses";
const REPEATED: &str = "said twice, differently";

/// Longest list of addresses. The last ones count: the nearest hops wrote them.
const MOST_ADDRESSES: usize = 32;
/// Longest value of a header that is no list; user agents are the longest.
const LONGEST_VALUE: usize = 1024;

pub(super) fn judge<'e>(evidence: &'e Evidence, policy: &ContextPolicy) -> RequestContext<'e> {
    let headers = evidence.request.proxy_headers.as_slice();
    let peer = forwarded::of_socket(&evidence.connection.peer);
    let context = RequestContext {
        evidence,
        peer,
        proxy: Some(OWN_PROXY_NAME),
        forwarded: Vec::new(),
        application: None,
        user_agent: None,
        path: Cow::Borrowed(evidence.request.endpoint),
        disbelieved: Vec::new(),
    };
    // A trusted peer that sends no such header is not speaking for anybody else.
    if !headers.is_empty() && within(&policy.trusted_peers, peer) {
        through_a_proxy(context, headers, policy)
    } else {
        directly(context, headers, policy)
    }
}

/// The peer is the client. `X-MS-Proxy` counts from anybody, because it can only take trust away: load balancers add it to
/// say that a request comes from outside.
fn directly<'e>(
    mut context: RequestContext<'e>,
    headers: &'e [ProxyHeader],
    policy: &ContextPolicy,
) -> RequestContext<'e> {
    let disbelieved =
        |header: &'e ProxyHeader| Disbelieved { name: header.name, value: &header.value, reason: STRANGER };
    context.disbelieved = headers.iter().map(disbelieved).collect();
    let from_outside = headers.iter().any(|header| header.name == Name::Proxy);
    if !from_outside && within(&policy.corporate_networks, context.peer) {
        context.proxy = None;
    } else {
        context.forwarded.extend(context.peer);
    }
    context
}

/// The peer is a proxy and tells who its client is.
fn through_a_proxy<'e>(
    context: RequestContext<'e>,
    headers: &'e [ProxyHeader],
    policy: &ContextPolicy,
) -> RequestContext<'e> {
    let mut said = Said { headers, disbelieved: Vec::new() };
    let (mut addresses, mut nearest) = said.forwarded();
    if let Some(value) = said.single(Name::ProxyClientIp) {
        nearest = match forwarded::entries([value.as_bytes()].into_iter())[..] {
            [Entry::Address(address)] => Some(address),
            _ => {
                said.disbelieve(Name::ProxyClientIp, value.as_bytes(), NO_ADDRESS);
                None
            }
        };
    }
    let has_proxy = headers.iter().any(|header| header.name == Name::Proxy);
    let inside = !has_proxy && within(&policy.corporate_networks, nearest);
    let proxy = said.single(Name::Proxy).unwrap_or(OWN_PROXY_NAME);
    let path = said.single(Name::EndpointAbsolutePath).and_then(|value| said.path(value, context.evidence));
    let (mut application, mut user_agent) = (said.single(Name::ClientApplication), said.single(Name::ClientUserAgent));
    if !policy.exchange_online.is_empty() && !within(&policy.exchange_online, nearest) {
        for (name, value) in [(Name::ClientApplication, &mut application), (Name::ClientUserAgent, &mut user_agent)] {
            if let Some(value) = value.take() {
                said.disbelieve(name, value.as_bytes(), NOT_EXCHANGE);
            }
        }
        said.keep_nearest(&mut addresses, nearest);
    }
    RequestContext {
        proxy: (!inside).then_some(proxy),
        forwarded: addresses,
        application,
        user_agent,
        path: path.unwrap_or(context.path),
        disbelieved: said.disbelieved,
        ..context
    }
}

fn within(ranges: &[AddressRange], address: Option<IpAddr>) -> bool {
    address.is_some_and(|address| ranges.iter().any(|range| range.contains(address)))
}

/// The headers of a proxy, and what of them is not believed.
struct Said<'e> {
    headers: &'e [ProxyHeader],
    disbelieved: Vec<Disbelieved<'e>>,
}

impl<'e> Said<'e> {
    fn disbelieve(&mut self, name: Name, value: &'e [u8], reason: &'static str) {
        self.disbelieved.push(Disbelieved { name, value, reason });
    }

    fn lines(&self, name: Name) -> impl Iterator<Item = &'e [u8]> + use<'e> {
        self.headers.iter().filter(move |header| header.name == name).map(|header| header.value.as_slice())
    }

    /// The addresses that are addresses, and the one that the proxy itself was connected from: the last entry, unless that
    /// is no address.
    fn forwarded(&mut self) -> (Vec<IpAddr>, Option<IpAddr>) {
        let mut entries = forwarded::entries(self.lines(Name::ForwardedClientIp));
        if entries.len() > MOST_ADDRESSES {
            let first = self.lines(Name::ForwardedClientIp).next().unwrap_or_default();
            self.disbelieve(Name::ForwardedClientIp, first, TOO_MANY);
            entries.drain(..entries.len() - MOST_ADDRESSES);
        }
        let mut addresses = Vec::with_capacity(entries.len());
        for entry in &entries {
            match *entry {
                Entry::Address(address) => addresses.push(address),
                Entry::Malformed(part) => self.disbelieve(Name::ForwardedClientIp, part, NO_ADDRESS),
            }
        }
        let nearest = match entries.last() {
            Some(Entry::Address(address)) => Some(*address),
            _ => None,
        };
        (addresses, nearest)
    }

    /// A client that is not Exchange Online may have written anything before the proxy added its address.
    fn keep_nearest(&mut self, addresses: &mut Vec<IpAddr>, nearest: Option<IpAddr>) {
        let kept: Vec<IpAddr> = nearest.into_iter().collect();
        if *addresses != kept
            && let Some(first) = self.lines(Name::ForwardedClientIp).next()
        {
            self.disbelieve(Name::ForwardedClientIp, first, NOT_EXCHANGE);
        }
        *addresses = kept;
    }

    /// The value of a header that says one thing. Said twice, it must be the same thing.
    fn single(&mut self, name: Name) -> Option<&'e str> {
        let mut lines = self.lines(name);
        let first = lines.next()?;
        if let Some(other) = lines.find(|line| *line != first) {
            self.disbelieve(name, first, REPEATED);
            self.disbelieve(name, other, REPEATED);
            return None;
        }
        let text = str::from_utf8(first).ok().map(str::trim);
        let sound = |text: &&str| {
            !text.is_empty() && text.len() <= LONGEST_VALUE && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        };
        let text = text.filter(sound);
        if text.is_none() {
            self.disbelieve(name, first, MALFORMED);
        }
        text
    }

    /// MS-ADFSPIP has the whole URL in this header, proxies send its path; rules compare the path of AD FS's own spelling.
    fn path(&mut self, value: &'e str, evidence: &'e Evidence) -> Option<Cow<'e, str>> {
        let after_scheme = ["https://", "http://"].into_iter().find_map(|scheme| strip_prefix_any_case(value, scheme));
        let path = match after_scheme {
            Some(rest) => rest.find('/').map(|slash| &rest[slash..]),
            None => Some(value).filter(|value| value.starts_with('/')),
        };
        let path = path.map(|path| path.split(['?', '#']).next().unwrap_or(path));
        let endpoint = evidence.request.endpoint;
        match path {
            Some(path) if path.trim_end_matches('/').eq_ignore_ascii_case(endpoint.trim_end_matches('/')) => {
                Some(Cow::Borrowed(endpoint))
            }
            Some(path) => Some(Cow::Borrowed(path)),
            None => {
                self.disbelieve(Name::EndpointAbsolutePath, value.as_bytes(), MALFORMED);
                None
            }
        }
    }
}

fn strip_prefix_any_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}
