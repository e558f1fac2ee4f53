//! `samlp:AuthnRequest` (SAML core section 3.4.1): what it asks for, without a word on whether it gets it.

use super::{ASSERTION, PROTOCOL};
use crate::xml::reader::Element;
use jiff::Timestamp;

/// A request to sign a user in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthnRequest {
    /// The identifier that the response will name in `InResponseTo`.
    pub id: String,
    /// Who asks: the relying party's identifier.
    pub issuer: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// The endpoint it was sent to, by its own account.
    pub destination: Option<String>,
    /// Where the response is wanted.
    pub consumer: ConsumerService,
    /// The user must prove anew who they are.
    pub force_authn: bool,
    /// The user must not be asked anything.
    pub is_passive: bool,
    /// The format in which the user is to be named; `None` when any will do.
    pub name_format: Option<String>,
    /// How the user is to be authenticated; `None` when any way will do.
    pub context: Option<RequestedContext>,
}

/// Where the response is wanted. An index and an address exclude each other (section 3.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsumerService {
    /// At the trust's default endpoint.
    Default {
        /// The binding it must speak, if the request names one.
        binding: Option<String>,
    },
    /// At the endpoint of this index.
    Index(u16),
    /// At this address, if the trust has it.
    Address {
        /// The address.
        address: String,
        /// The binding to use, if the request names one.
        binding: Option<String>,
    },
}

/// `samlp:RequestedAuthnContext` (section 3.3.2.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedContext {
    /// How the classes are meant.
    pub comparison: Comparison,
    /// At least one class, in the order of preference.
    pub classes: Vec<String>,
}

/// How an authentication compares to the classes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is one of them.
    Exact,
    /// It is at least as strong as one of them.
    Minimum,
    /// It is as strong as possible, and no stronger than one of them.
    Maximum,
    /// It is stronger than all of them.
    Better,
}

/// Why an element is no such request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthnRequestError {
    /// Another element.
    #[error("the message is no samlp:AuthnRequest")]
    AnotherMessage,
    /// Another version of SAML (status `VersionMismatch`).
    #[error("the request is of SAML version {0:?}; 2.0 is served")]
    Version(String),
    /// Something the schema demands is not there, or is there twice.
    #[error("the request has {0}")]
    Malformed(&'static str),
    /// An attribute that is not of its type.
    #[error("the request's {attribute} is {value:?}")]
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
}

/// Reads a request.
///
/// # Errors
/// When the element is another one, or not as the schema demands.
pub fn read_authn_request(element: &Element) -> Result<AuthnRequest, AuthnRequestError> {
    if !element.is(PROTOCOL, "AuthnRequest") {
        return Err(AuthnRequestError::AnotherMessage);
    }
    match element.attribute("", "Version") {
        Some("2.0") => {}
        other => return Err(AuthnRequestError::Version(other.unwrap_or_default().to_owned())),
    }
    if element.child(ASSERTION, "Subject").is_some() {
        return Err(AuthnRequestError::Subject);
    }
    let issuer = single(element, ASSERTION, "Issuer", "more than one Issuer")?.map(Element::trimmed);
    let policy = single(element, PROTOCOL, "NameIDPolicy", "more than one NameIDPolicy")?;
    let context = single(element, PROTOCOL, "RequestedAuthnContext", "more than one RequestedAuthnContext")?;
    Ok(AuthnRequest {
        id: identifier(element)?,
        issuer: issuer.filter(|name| !name.is_empty()).ok_or(AuthnRequestError::Malformed("no Issuer"))?.to_owned(),
        issue_instant: instant(element)?,
        destination: text(element, "Destination"),
        consumer: consumer(element)?,
        force_authn: boolean(element, "ForceAuthn")?,
        is_passive: boolean(element, "IsPassive")?,
        name_format: policy.and_then(|policy| text(policy, "Format")).filter(|format| format != ANY_FORMAT),
        context: context.map(requested_context).transpose()?,
    })
}

/// Section 8.3.1: the format is left to us.
const ANY_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

fn consumer(element: &Element) -> Result<ConsumerService, AuthnRequestError> {
    let binding = text(element, "ProtocolBinding");
    let address = text(element, "AssertionConsumerServiceURL");
    match (element.attribute("", "AssertionConsumerServiceIndex"), address) {
        (None, None) => Ok(ConsumerService::Default { binding }),
        (None, Some(address)) => Ok(ConsumerService::Address { address, binding }),
        (Some(index), None) if binding.is_none() => match index.trim().parse() {
            Ok(index) => Ok(ConsumerService::Index(index)),
            Err(_) => Err(attribute("AssertionConsumerServiceIndex", index)),
        },
        (Some(_), _) => Err(AuthnRequestError::Malformed("an index and an address or binding for its response")),
    }
}

fn requested_context(element: &Element) -> Result<RequestedContext, AuthnRequestError> {
    let comparison = match element.attribute("", "Comparison") {
        None | Some("exact") => Comparison::Exact,
        Some("minimum") => Comparison::Minimum,
        Some("maximum") => Comparison::Maximum,
        Some("better") => Comparison::Better,
        Some(other) => return Err(attribute("Comparison", other)),
    };
    if element.child(ASSERTION, "AuthnContextDeclRef").is_some() {
        return Err(AuthnRequestError::ContextDeclaration);
    }
    let classes = element.children(ASSERTION, "AuthnContextClassRef").map(|class| class.trimmed().to_owned());
    let classes: Vec<String> = classes.filter(|class| !class.is_empty()).collect();
    if classes.is_empty() {
        return Err(AuthnRequestError::Malformed("a RequestedAuthnContext without a class"));
    }
    Ok(RequestedContext { comparison, classes })
}

/// An `xs:ID`, of a length that a response can repeat.
fn identifier(element: &Element) -> Result<String, AuthnRequestError> {
    let id = element.attribute("", "ID").ok_or(AuthnRequestError::Malformed("no ID"))?;
    let in_name = |octet: u8| octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
    let starts = id.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts && id.len() <= 256 && id.bytes().all(in_name) { Ok(id.to_owned()) } else { Err(attribute("ID", id)) }
}

/// SAML core section 1.3.3 demands UTC; a zone is understood all the same, no zone is not.
fn instant(element: &Element) -> Result<Timestamp, AuthnRequestError> {
    let value = element.attribute("", "IssueInstant").ok_or(AuthnRequestError::Malformed("no IssueInstant"))?;
    value.trim().parse().map_err(|_| attribute("IssueInstant", value))
}

/// `xs:boolean`.
fn boolean(element: &Element, name: &'static str) -> Result<bool, AuthnRequestError> {
    match element.attribute("", name).map(str::trim) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(attribute(name, other)),
    }
}

fn single<'a>(
    element: &'a Element,
    namespace: &'a str,
    name: &'a str,
    twice: &'static str,
) -> Result<Option<&'a Element>, AuthnRequestError> {
    let mut found = element.children(namespace, name);
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        _ => Err(AuthnRequestError::Malformed(twice)),
    }
}

/// An attribute with something in it.
fn text(element: &Element, name: &str) -> Option<String> {
    element.attribute("", name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn attribute(attribute: &'static str, value: &str) -> AuthnRequestError {
    AuthnRequestError::Attribute { attribute, value: value.to_owned() }
}

#[cfg(test)]
mod tests;
