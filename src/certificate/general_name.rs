//! General names (RFC 5280 section 4.2.1.6), with Microsoft's user principal name told apart.

use super::{DistinguishedName, attribute_string, oid};
use x509_parser::asn1_rs::{Any, FromDer, Tag};
use x509_parser::extensions::GeneralName as ParsedName;

/// One alternative name. Text with control characters is never read as text: `bob\0.example` must match nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralName {
    /// `otherName` 1.3.6.1.4.1.311.20.2.3, Microsoft's user principal name.
    UserPrincipalName(String),
    /// An e-mail address.
    Rfc822(String),
    /// A host name.
    Dns(String),
    /// A URI.
    Uri(String),
    /// A directory name.
    DirectoryName(DistinguishedName),
    /// Four or sixteen octets.
    IpAddress(Vec<u8>),
    /// A registered identifier, dotted.
    RegisteredId(String),
    /// Another `otherName`, unread.
    OtherName {
        /// Dotted OID of its type.
        type_id: String,
        /// The DER of the value, without the `[0]` around it.
        value: Vec<u8>,
    },
    /// A form that is not read (x400Address, ediPartyName), or a value that is not what its form demands.
    Other {
        /// The context tag, 0 to 8.
        tag: u32,
        /// The content octets.
        value: Vec<u8>,
    },
}

impl GeneralName {
    pub(super) fn read(name: &ParsedName<'_>) -> Self {
        match name {
            ParsedName::OtherName(type_id, value) if type_id.as_bytes() == oid::USER_PRINCIPAL_NAME => {
                match explicit_string(value).filter(|text| is_clean(text)) {
                    Some(text) => Self::UserPrincipalName(text),
                    None => Self::Other { tag: 0, value: value.to_vec() },
                }
            }
            ParsedName::OtherName(type_id, value) => {
                let value = explicit(value).map_or(*value, |wrapper| wrapper.data);
                Self::OtherName { type_id: type_id.to_id_string(), value: value.to_vec() }
            }
            ParsedName::RFC822Name(text) => Self::text(1, text, Self::Rfc822),
            ParsedName::DNSName(text) => Self::text(2, text, Self::Dns),
            ParsedName::URI(text) => Self::text(6, text, Self::Uri),
            ParsedName::DirectoryName(name) => Self::DirectoryName(DistinguishedName::from_parsed(name)),
            ParsedName::IPAddress(octets) => Self::IpAddress(octets.to_vec()),
            ParsedName::RegisteredID(id) => Self::RegisteredId(id.to_id_string()),
            ParsedName::X400Address(any) => Self::Other { tag: 3, value: any.data.to_vec() },
            ParsedName::EDIPartyName(any) => Self::Other { tag: 5, value: any.data.to_vec() },
            ParsedName::Invalid(tag, value) => Self::Other { tag: tag.0, value: value.to_vec() },
        }
    }

    fn text(tag: u32, text: &str, make: impl FnOnce(String) -> Self) -> Self {
        if is_clean(text) { make(text.to_owned()) } else { Self::Other { tag, value: text.as_bytes().to_vec() } }
    }
}

pub(super) fn is_clean(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// `[0] EXPLICIT` around something.
fn explicit(value: &[u8]) -> Option<Any<'_>> {
    let (_, wrapper) = Any::from_der(value).ok().filter(|(rest, any)| rest.is_empty() && any.tag() == Tag(0))?;
    Some(wrapper)
}

/// `[0] EXPLICIT` around a string of any type.
fn explicit_string(value: &[u8]) -> Option<String> {
    let (_, string) = Any::from_der(explicit(value)?.data).ok().filter(|(rest, _)| rest.is_empty())?;
    attribute_string::decode(&string)
}
