//! What all messages of the protocol share (SAML core sections 3.2.1 and 3.2.2), read strictly.

use super::{ASSERTION, PROTOCOL};
use crate::xml::reader::Element;
use jiff::Timestamp;

/// Why an element is no message that is served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Another element.
    #[error("the message is no samlp:{0}")]
    AnotherMessage(&'static str),
    /// Another version of SAML (status `VersionMismatch`).
    #[error("the message is of SAML version {0:?}; 2.0 is served")]
    Version(String),
    /// Something the schema demands is not there, or is there twice.
    #[error("the message has {0}")]
    Malformed(&'static str),
    /// An attribute that is not of its type.
    #[error("the message's {attribute} is {value:?}")]
    Attribute {
        /// Which one.
        attribute: &'static str,
        /// What it says.
        value: String,
    },
    /// Declarations of context are compared in no defined way, and AD FS knows none.
    #[error("the request names an authentication context declaration; only classes are served")]
    ContextDeclaration,
    /// Only the request's own subject may be named, and there is none before the sign-in.
    #[error("the request names the user it wants; that is not served")]
    Subject,
    /// A name that only its reader can read, or one of an own kind.
    #[error("the message names a user by something else than a NameID; that is not served")]
    OtherName,
}

/// The part that every message begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) id: String,
    pub(super) issuer: String,
    pub(super) issue_instant: Timestamp,
    pub(super) destination: Option<String>,
}

impl Header {
    /// Reads it from the element `name`.
    pub(super) fn read(element: &Element, name: &'static str) -> Result<Self, MessageError> {
        if !element.is(PROTOCOL, name) {
            return Err(MessageError::AnotherMessage(name));
        }
        match element.attribute("", "Version") {
            Some("2.0") => {}
            other => return Err(MessageError::Version(other.unwrap_or_default().to_owned())),
        }
        let issuer = single(element, ASSERTION, "Issuer", "more than one Issuer")?;
        Ok(Self {
            id: identifier(element)?,
            issuer: leaf(issuer.ok_or(MessageError::Malformed("no Issuer"))?, "no Issuer")?,
            issue_instant: instant(element, "IssueInstant")?.ok_or(MessageError::Malformed("no IssueInstant"))?,
            destination: text(element, "Destination"),
        })
    }
}

/// The text of an element that holds nothing else. The reader joins what a comment parts; an element in the midst of it
/// would part it too, and is refused.
pub(super) fn leaf(element: &Element, missing: &'static str) -> Result<String, MessageError> {
    match element.trimmed() {
        _ if !element.children.is_empty() => Err(MessageError::Malformed("an element inside a text")),
        "" => Err(MessageError::Malformed(missing)),
        text => Ok(text.to_owned()),
    }
}

/// An `xs:ID`, of a length that a response can repeat.
fn identifier(element: &Element) -> Result<String, MessageError> {
    let id = element.attribute("", "ID").ok_or(MessageError::Malformed("no ID"))?;
    let in_name = |octet: u8| octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
    let starts = id.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts && id.len() <= 256 && id.bytes().all(in_name) { Ok(id.to_owned()) } else { Err(attribute("ID", id)) }
}

/// SAML core section 1.3.3 demands UTC; a zone is understood all the same, no zone is not.
pub(super) fn instant(element: &Element, name: &'static str) -> Result<Option<Timestamp>, MessageError> {
    let value = element.attribute("", name);
    value.map(|value| value.trim().parse().map_err(|_| attribute(name, value))).transpose()
}

/// `xs:boolean`.
pub(super) fn boolean(element: &Element, name: &'static str) -> Result<bool, MessageError> {
    match element.attribute("", name).map(str::trim) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(attribute(name, other)),
    }
}

pub(super) fn single<'a>(
    element: &'a Element,
    namespace: &'a str,
    name: &'a str,
    twice: &'static str,
) -> Result<Option<&'a Element>, MessageError> {
    let mut found = element.children(namespace, name);
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        _ => Err(MessageError::Malformed(twice)),
    }
}

/// An attribute with something in it.
pub(super) fn text(element: &Element, name: &str) -> Option<String> {
    element.attribute("", name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

pub(super) fn attribute(attribute: &'static str, value: &str) -> MessageError {
    MessageError::Attribute { attribute, value: value.to_owned() }
}
