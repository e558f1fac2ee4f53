//! Which hosts and addresses may be fetched from. A certificate names the places its CRL is at, and so does a redirect: an
//! authority that was careless, or a server that was taken over, must not make the gateway ask machines that only the
//! gateway can reach (server-side request forgery).

use super::address_range::AddressRange;
use crate::revocation::UrlSource;
use std::net::{IpAddr, Ipv4Addr};
use url::Host;

/// What is never asked unless an address rule allows it: the machine's own link, the metadata of clouds, addresses that
/// are no single machine's.
const NEVER: &[(&str, &str)] = &[
    ("0.0.0.0/8", "an unspecified address"),
    ("::/128", "an unspecified address"),
    ("169.254.0.0/16", "a link-local address"),
    ("fe80::/10", "a link-local address"),
    ("224.0.0.0/4", "a multicast address"),
    ("ff00::/8", "a multicast address"),
    ("240.0.0.0/4", "a reserved or broadcast address"),
    ("fd00:ec2::254/128", "a cloud's metadata service"),
    ("fd20:ce::254/128", "a cloud's metadata service"),
    ("100.100.100.200/32", "a cloud's metadata service"),
    ("168.63.129.16/32", "a cloud's metadata service"),
];

/// Rules for the places that certificates, redirects and the operator name.
///
/// An address is forbidden by `fetch_deny` and by what is built in, and `fetch_allow` makes exceptions from both. Names
/// and addresses are judged apart: a name that is allowed does not allow the address it is resolved to, since whoever
/// answers for the name may change it at any time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    allow: Vec<HostRule>,
    deny: Vec<HostRule>,
}

/// One rule of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostRule {
    /// `*`: every name.
    Everything,
    /// `crl.contoso.com`: this name.
    Name(String),
    /// `*.contoso.com`: every name below it.
    Below(String),
    /// `10.1.2.3` or `10.0.0.0/8`.
    Range(AddressRange),
}

/// A place that may not be fetched from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} is {rule}")]
pub struct Forbidden {
    /// The host or address.
    pub place: String,
    /// What is said of it, as the end of a sentence: “a link-local address”.
    pub rule: String,
}

impl HostRule {
    /// Reads `*`, a name, `*.name`, an address or a range; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(range) = AddressRange::parse(text) {
            return Some(Self::Range(range));
        }
        let name = |text: &str| match Host::parse(text) {
            Ok(Host::Domain(name)) if !text.contains(['/', '*', ':']) => Some(name),
            _ => None,
        };
        match text.strip_prefix("*.") {
            _ if text == "*" => Some(Self::Everything),
            Some(parent) => name(parent).map(Self::Below),
            None => name(text).map(Self::Name),
        }
    }

    fn takes_in_name(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Name(own) => own == name,
            Self::Below(parent) => name.strip_suffix(parent.as_str()).is_some_and(|rest| rest.ends_with('.')),
            Self::Range(_) => false,
        }
    }

    fn takes_in_address(&self, address: IpAddr) -> bool {
        matches!(self, Self::Range(range) if range.contains(address))
    }
}

impl std::fmt::Display for HostRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everything => formatter.write_str("*"),
            Self::Name(name) => formatter.write_str(name),
            Self::Below(parent) => write!(formatter, "*.{parent}"),
            Self::Range(range) => range.fmt(formatter),
        }
    }
}

impl AddressPolicy {
    /// The policy of `fetch_allow` and `fetch_deny`.
    pub fn new(allow: Vec<HostRule>, deny: Vec<HostRule>) -> Self {
        Self { allow, deny }
    }

    /// Judges the host as the URL spells it. A host that is an address is judged as one.
    pub(super) fn check_host(&self, host: &Host<&str>, named_by: UrlSource) -> Result<(), Forbidden> {
        let name = match host {
            Host::Ipv4(address) => return self.check_address((*address).into(), named_by),
            Host::Ipv6(address) => return self.check_address((*address).into(), named_by),
            Host::Domain(name) => name.trim_end_matches('.').to_ascii_lowercase(),
        };
        if named_by == UrlSource::Configured || self.allow.iter().any(|rule| rule.takes_in_name(&name)) {
            return Ok(());
        }
        match self.deny.iter().find(|rule| rule.takes_in_name(&name)) {
            Some(rule) => Err(Forbidden { place: name, rule: denied_by(rule) }),
            None => Ok(()),
        }
    }

    /// Judges the address that is about to be connected to. Private ranges are where enterprises keep their CRLs; the
    /// loopback interface is for what the operator named.
    pub(super) fn check_address(&self, address: IpAddr, named_by: UrlSource) -> Result<(), Forbidden> {
        let meant = meant(address);
        if self.allow.iter().any(|rule| rule.takes_in_address(meant)) {
            return Ok(());
        }
        let forbidden = |rule: String| Err(Forbidden { place: address.to_string(), rule });
        if let Some(rule) = self.deny.iter().find(|rule| rule.takes_in_address(meant)) {
            return forbidden(denied_by(rule));
        }
        let ranges = NEVER.iter().filter_map(|(range, what)| Some((AddressRange::parse(range)?, what)));
        if let Some((range, what)) = ranges.into_iter().find(|(range, _)| range.contains(meant)) {
            return forbidden(format!("{what} ({range})"));
        }
        if meant.is_loopback() && named_by == UrlSource::Certificate {
            return forbidden("this machine itself, which only the configuration may name".to_owned());
        }
        Ok(())
    }
}

fn denied_by(rule: &HostRule) -> String {
    format!("denied by {rule} in [revocation] fetch_deny")
}

/// The address behind an IPv6 form of an IPv4 address: mapped, 6to4 (RFC 3056) or NAT64 (RFC 6052).
fn meant(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => v4(g, h),
        (0x2002, ..) => v4(b, c),
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], deny: &[&str]) -> AddressPolicy {
        let rules = |texts: &[&str]| texts.iter().map(|text| HostRule::parse(text).unwrap()).collect();
        AddressPolicy::new(rules(allow), rules(deny))
    }

    #[test]
    fn what_certificates_may_and_may_not_name() {
        let cases = [
            ("10.1.2.3", true),
            ("192.168.0.1", true),
            ("fd12::1", true),
            ("203.0.113.9", true),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("169.254.169.254", false),
            ("::ffff:169.254.169.254", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("2002:a9fe:a9fe::1", false),
            ("2002:7f00:1::", false),
            ("fe80::1", false),
            ("0.0.0.0", false),
            ("::", false),
            ("224.0.0.1", false),
            ("ff02::1", false),
            ("255.255.255.255", false),
            ("fd00:ec2::254", false),
            ("100.100.100.200", false),
        ];
        for (address, allowed) in cases {
            let verdict = AddressPolicy::default().check_address(address.parse().unwrap(), UrlSource::Certificate);
            assert_eq!(verdict.is_ok(), allowed, "{address}: {verdict:?}");
        }
    }

    #[test]
    fn the_operator_may_name_the_loopback_but_not_by_mistake_the_metadata() {
        let verdict = |address: &str| {
            AddressPolicy::default().check_address(address.parse().unwrap(), UrlSource::Configured).is_ok()
        };
        assert!(verdict("127.0.0.1") && verdict("::1") && verdict("10.0.0.1"));
        assert!(!verdict("169.254.169.254") && !verdict("0.0.0.0"));
    }

    #[test]
    fn allow_makes_exceptions_and_names_do_not_allow_addresses() {
        let cases: [(&[&str], &[&str], &str, bool); 12] = [
            (&["127.0.0.0/8"], &[], "127.0.0.1", true),
            (&["127.0.0.0/8"], &[], "[::ffff:127.0.0.1]", true),
            (&["localhost"], &[], "127.0.0.1", false),
            (&[], &["10.0.0.0/8"], "10.1.1.1", false),
            (&["10.1.0.0/16"], &["10.0.0.0/8"], "10.1.1.1", true),
            (&["10.1.0.0/16"], &["0.0.0.0/0"], "10.2.1.1", false),
            (&[], &["crl.contoso.com"], "CRL.contoso.com", false),
            (&[], &["crl.contoso.com"], "crl.contoso.com.", false),
            (&[], &["*.contoso.com"], "crl.contoso.com", false),
            (&[], &["*.contoso.com"], "crlcontoso.com", true),
            (&["crl.contoso.com"], &["*"], "crl.contoso.com", true),
            (&["crl.contoso.com"], &["*"], "other.contoso.com", false),
        ];
        for (allow, deny, host, allowed) in cases {
            let url = url::Url::parse(&format!("http://{host}/")).unwrap();
            let verdict = policy(allow, deny).check_host(&url.host().unwrap(), UrlSource::Certificate);
            assert_eq!(verdict.is_ok(), allowed, "{allow:?} {deny:?} {host}: {verdict:?}");
        }
    }

    #[test]
    fn what_is_a_rule() {
        for text in ["*", "crl.contoso.com", "*.contoso.com", "10.0.0.0/8", "::1", "fe80::/10", "10.0.0.1"] {
            assert_eq!(HostRule::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "http://crl.contoso.com", "10.0.0.0/33", "10.0.0.0/", "a b", "crl.*.com", "crl.contoso.com:80"]
        {
            assert_eq!(HostRule::parse(text), None, "{text}");
        }
    }
}
