//! Names and subtrees of names, form by form (RFC 5280 section 4.2.1.10).

use crate::certificate::{Certificate, DistinguishedName, GeneralName, SubtreeBase};
use core::net::IpAddr;
use std::fmt::{self, Display};

/// A name that constraints may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name<'a> {
    Directory(&'a DistinguishedName),
    Dns(&'a str),
    Ip(&'a [u8]),
    Other(&'a str),
    Rfc822(&'a str),
    /// A form that is not read, or a value that is not what its form demands, by its context tag.
    Unread(u32),
    Uri(&'a str),
    UserPrincipal(&'a str),
}

/// What a subtree says about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Nothing: it speaks of names of another form.
    OtherForm,
    Outside,
    /// The name is not what its form demands.
    Unreadable,
    /// The form is known by number only.
    Unsupported,
    Within,
}

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(name) => write!(f, "the directory name \"{}\"", name.dotnet()),
            Self::Dns(name) => write!(f, "the host name {name:?}"),
            Self::Ip(octets) => match address(octets) {
                Some(address) => write!(f, "the address {address}"),
                None => f.write_str("an IP address"),
            },
            Self::Other(type_id) => write!(f, "an otherName of type {type_id}"),
            Self::Rfc822(name) => write!(f, "the e-mail address {name:?}"),
            Self::Unread(tag) => write!(f, "a name of form [{tag}]"),
            Self::Uri(name) => write!(f, "the URI {name:?}"),
            Self::UserPrincipal(name) => write!(f, "the user principal name {name:?}"),
        }
    }
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = || <[u8; 4]>::try_from(octets).map(IpAddr::from);
    let v6 = || <[u8; 16]>::try_from(octets).map(IpAddr::from);
    v4().or_else(|_| v6()).ok()
}

/// The subject, unless it is empty, and every alternative name.
pub(super) fn names(certificate: &Certificate) -> Vec<Name<'_>> {
    let subject = Some(certificate.subject()).filter(|subject| !subject.is_empty()).map(Name::Directory);
    subject.into_iter().chain(certificate.subject_alternative_names().iter().map(alternative)).collect()
}

fn alternative(name: &GeneralName) -> Name<'_> {
    match name {
        GeneralName::UserPrincipalName(name) => Name::UserPrincipal(name),
        GeneralName::Rfc822(name) => Name::Rfc822(name),
        GeneralName::Dns(name) => Name::Dns(name),
        GeneralName::Uri(name) => Name::Uri(name),
        GeneralName::DirectoryName(name) => Name::Directory(name),
        GeneralName::IpAddress(octets) => Name::Ip(octets),
        GeneralName::RegisteredId(_) => Name::Unread(8),
        GeneralName::OtherName { type_id, .. } => Name::Other(type_id),
        GeneralName::Other { tag, .. } => Name::Unread(*tag),
    }
}

/// Compares a name with a subtree. A wildcard stands for every name it could be, so it lies within an excluded subtree as
/// soon as one of them does (CVE-2025-61727), and within a permitted one only when all of them do.
pub(super) fn fit(name: &Name<'_>, base: &SubtreeBase, excludes: bool) -> Fit {
    let within = match (name, base) {
        (Name::Directory(name), SubtreeBase::DirectoryName(base)) => Some(name.is_within(base)),
        (Name::Dns(name), SubtreeBase::Dns(base)) => host_name(name).map(|name| dns(name, base, excludes)),
        (Name::Rfc822(name), SubtreeBase::Rfc822(base)) => mailbox(name, base, |one, other| one == other),
        (Name::UserPrincipal(name), SubtreeBase::UserPrincipalName(Some(base))) => {
            // The directory finds the account whatever case its name is written in.
            mailbox(name, base, |one, other| one.to_lowercase() == other.to_lowercase())
        }
        (Name::Uri(name), SubtreeBase::Uri(base)) => uri_host(name).map(|host| host_or_below(host, base)),
        (Name::Ip(octets), SubtreeBase::IpAddress(base)) => ip(octets, base),
        (Name::UserPrincipal(_), SubtreeBase::UserPrincipalName(None)) => return Fit::Unsupported,
        (Name::Other(name), SubtreeBase::OtherName(base)) if name == base => return Fit::Unsupported,
        (Name::Unread(tag), base) if *tag == tag_of(base) => {
            let known = !matches!(base, SubtreeBase::OtherName(_) | SubtreeBase::Other(_));
            return if known { Fit::Unreadable } else { Fit::Unsupported };
        }
        _ => return Fit::OtherForm,
    };
    match within {
        None => Fit::Unreadable,
        Some(true) => Fit::Within,
        Some(false) => Fit::Outside,
    }
}

fn tag_of(base: &SubtreeBase) -> u32 {
    match base {
        SubtreeBase::UserPrincipalName(_) | SubtreeBase::OtherName(_) => 0,
        SubtreeBase::Rfc822(_) => 1,
        SubtreeBase::Dns(_) => 2,
        SubtreeBase::DirectoryName(_) => 4,
        SubtreeBase::Uri(_) => 6,
        SubtreeBase::IpAddress(_) => 7,
        SubtreeBase::Other(tag) => *tag,
    }
}

/// Whether a subtree is written as its form demands.
pub(super) fn is_well_formed(base: &SubtreeBase) -> bool {
    match base {
        SubtreeBase::Dns(base) => base.is_empty() || is_host(base.strip_prefix('.').unwrap_or(base)),
        SubtreeBase::Uri(base) => is_host(base.strip_prefix('.').unwrap_or(base)),
        SubtreeBase::Rfc822(base) | SubtreeBase::UserPrincipalName(Some(base)) => match base.rsplit_once('@') {
            Some((local, host)) => is_local(local) && is_host(host),
            None => is_host(base.strip_prefix('.').unwrap_or(base)),
        },
        SubtreeBase::IpAddress(octets) => mask(octets).is_some(),
        SubtreeBase::DirectoryName(_)
        | SubtreeBase::UserPrincipalName(None)
        | SubtreeBase::OtherName(_)
        | SubtreeBase::Other(_) => true,
    }
}

/// A leading dot in a constraint over host names, which RFC 5280 does not define.
pub(super) fn has_leading_dot(base: &SubtreeBase) -> bool {
    matches!(base, SubtreeBase::Dns(base) if base.starts_with('.'))
}

/// RFC 1034's preferred syntax, with a wildcard for the first label.
pub(super) fn is_preferred_host(host: &str) -> bool {
    host_name(host).is_some() && !host.contains('_')
}

/// Dot-separated labels of letters, digits, hyphens and the underscores that Windows allows in computer names.
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_')
    };
    host.len() <= 253 && host.split('.').all(label)
}

/// Unquoted, and without anything that would make two readers disagree about where it ends.
fn is_local(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.bytes().all(|octet| octet > b' ' && octet != 0x7f && !b"@\"(),:;<>[\\]".contains(&octet))
}

/// A host name that may begin with a wildcard for one label.
fn host_name(name: &str) -> Option<&str> {
    is_host(name.strip_prefix("*.").unwrap_or(name)).then_some(name)
}

/// The name itself or any below it; the empty base is every name. With a leading dot, which RFC 5280 does not define, only
/// those below, as Windows and OpenSSL read it.
fn dns(name: &str, base: &str, excludes: bool) -> bool {
    if base.is_empty() {
        return true;
    }
    let (known, wildcard) = name.strip_prefix("*.").map_or((name, false), |known| (known, true));
    let domain = base.strip_prefix('.').unwrap_or(base);
    let covered =
        (known.eq_ignore_ascii_case(domain) && (wildcard || domain.len() == base.len())) || is_below(known, domain);
    covered || (wildcard && excludes && is_below(domain, known))
}

fn is_below(name: &str, domain: &str) -> bool {
    let split = name.len().checked_sub(domain.len());
    split.is_some_and(|split| {
        split > 1
            && name.as_bytes()[split - 1] == b'.'
            && name.as_bytes()[split..].eq_ignore_ascii_case(domain.as_bytes())
    })
}

/// A host exactly, or with a leading dot any host below it.
fn host_or_below(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => is_below(host, domain),
        None => host.eq_ignore_ascii_case(base),
    }
}

/// One mailbox, or those of a host, or those of the hosts below a domain. User principal names are written alike.
fn mailbox(name: &str, base: &str, same_local: fn(&str, &str) -> bool) -> Option<bool> {
    let (local, host) = name.rsplit_once('@').filter(|(local, host)| is_local(local) && is_host(host))?;
    Some(match base.rsplit_once('@') {
        Some((base_local, base_host)) => same_local(local, base_local) && host.eq_ignore_ascii_case(base_host),
        None => host_or_below(host, base),
    })
}

/// The host of a URI, if it has one and it is a name: constraints over URIs without one cannot be kept.
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_address = host.parse::<core::net::Ipv4Addr>().is_ok();
    (is_host(host) && !is_address).then_some(host)
}

/// Address and mask of a subtree; the mask is a prefix (RFC 4632).
fn mask(base: &[u8]) -> Option<(&[u8], &[u8])> {
    let (address, mask) = base.split_at_checked(base.len() / 2)?;
    let bits = |octets: &[u8]| octets.iter().map(|octet| octet.count_ones()).sum::<u32>();
    let leading = mask
        .iter()
        .position(|octet| *octet != 0xff)
        .map_or(mask.len() * 8, |whole| whole * 8 + usize::try_from(mask[whole].leading_ones()).unwrap_or_default());
    let is_prefix = usize::try_from(bits(mask)).is_ok_and(|bits| bits == leading);
    (matches!(base.len(), 8 | 32) && is_prefix).then_some((address, mask))
}

fn ip(octets: &[u8], base: &[u8]) -> Option<bool> {
    if !matches!(octets.len(), 4 | 16) {
        return None;
    }
    let (address, mask) = mask(base)?;
    let same = |((own, base), mask): ((&u8, &u8), &u8)| own & mask == base & mask;
    Some(octets.len() == address.len() && octets.iter().zip(address).zip(mask).all(same))
}
