//! Name constraints (RFC 5280 section 4.2.1.10) as an authority wrote them. What they allow is decided by the chain room.

use super::policies::{elements, read_if_there, two_tagged};
use super::{DistinguishedName, attribute_string, oid};
use x509_parser::asn1_rs::{Any, Class, FromDer, Oid, Tag};

/// The names an authority may and may not certify.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameConstraints {
    /// Of each form named here, only these.
    pub permitted: Vec<Subtree>,
    /// None of these.
    pub excluded: Vec<Subtree>,
}

/// One `GeneralSubtree`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtree {
    /// Where the subtree begins.
    pub base: SubtreeBase,
    /// It has a `minimum` or a `maximum`, which RFC 5280 forbids and nobody evaluates.
    pub bounded: bool,
}

/// The base of a subtree, by the form of the names it speaks of. Texts are as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubtreeBase {
    /// Microsoft's user principal names; `None` when the value is no text.
    UserPrincipalName(Option<String>),
    /// E-mail addresses.
    Rfc822(String),
    /// Host names.
    Dns(String),
    /// URIs, by their host.
    Uri(String),
    /// Directory names.
    DirectoryName(DistinguishedName),
    /// Address and mask, one behind the other.
    IpAddress(Vec<u8>),
    /// Another `otherName`, by the dotted OID of its type.
    OtherName(String),
    /// A form that is not read, by its context tag.
    Other(u32),
}

impl NameConstraints {
    /// Reads the extension's value; `None` when it is malformed.
    pub fn read(value: &[u8]) -> Option<Self> {
        let [permitted, excluded] = two_tagged(value)?;
        let read = |field| read_if_there(field, subtrees).map(Option::unwrap_or_default);
        Some(Self { permitted: read(permitted)?, excluded: read(excluded)? })
    }

    /// Nothing is constrained, which RFC 5280 forbids to write.
    pub fn is_empty(&self) -> bool {
        self.permitted.is_empty() && self.excluded.is_empty()
    }
}

fn subtrees(content: &[u8]) -> Option<Vec<Subtree>> {
    let mut found = Vec::new();
    for subtree in elements(content)? {
        if subtree.tag() != Tag::Sequence {
            return None;
        }
        let (bounds, base) = Any::from_der(subtree.data).ok()?;
        found.push(Subtree { base: base_of(&base)?, bounded: !bounds.is_empty() });
    }
    Some(found)
}

fn base_of(any: &Any<'_>) -> Option<SubtreeBase> {
    if any.class() != Class::ContextSpecific {
        return None;
    }
    let text = || std::str::from_utf8(any.data).ok().map(str::to_owned);
    Some(match any.tag().0 {
        0 => other_name(any.data)?,
        1 => SubtreeBase::Rfc822(text()?),
        2 => SubtreeBase::Dns(text()?),
        4 => SubtreeBase::DirectoryName(DistinguishedName::read_der(any.data).ok()?),
        6 => SubtreeBase::Uri(text()?),
        7 => SubtreeBase::IpAddress(any.data.to_vec()),
        tag => SubtreeBase::Other(tag),
    })
}

fn other_name(content: &[u8]) -> Option<SubtreeBase> {
    let (value, type_id) = Oid::from_der(content).ok()?;
    if type_id.as_bytes() != oid::USER_PRINCIPAL_NAME {
        return Some(SubtreeBase::OtherName(type_id.to_id_string()));
    }
    let text = Any::from_der(value).ok().and_then(|(_, wrapper)| {
        let (_, string) = Any::from_der(wrapper.data).ok()?;
        attribute_string::decode(&string)
    });
    Some(SubtreeBase::UserPrincipalName(text))
}
