//! `samlp:AuthnRequest` (SAML core section 3.4.1): what it asks for, without a word on whether it gets it.

use super::message::{Header, MessageError, attribute, boolean, leaf, single, text};
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

/// Reads a request.
///
/// # Errors
/// When the element is another one, or not as the schema demands.
pub fn read_authn_request(element: &Element) -> Result<AuthnRequest, MessageError> {
    let Header { id, issuer, issue_instant, destination } = Header::read(element, "AuthnRequest")?;
    if element.child(ASSERTION, "Subject").is_some() {
        return Err(MessageError::Subject);
    }
    let policy = single(element, PROTOCOL, "NameIDPolicy", "more than one NameIDPolicy")?;
    let context = single(element, PROTOCOL, "RequestedAuthnContext", "more than one RequestedAuthnContext")?;
    Ok(AuthnRequest {
        id,
        issuer,
        issue_instant,
        destination,
        consumer: consumer(element)?,
        force_authn: boolean(element, "ForceAuthn")?,
        is_passive: boolean(element, "IsPassive")?,
        name_format: policy.and_then(|policy| text(policy, "Format")).filter(|format| format != ANY_FORMAT),
        context: context.map(requested_context).transpose()?,
    })
}

/// Section 8.3.1: the format is left to us.
const ANY_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

fn consumer(element: &Element) -> Result<ConsumerService, MessageError> {
    let binding = text(element, "ProtocolBinding");
    let address = text(element, "AssertionConsumerServiceURL");
    match (element.attribute("", "AssertionConsumerServiceIndex"), address) {
        (None, None) => Ok(ConsumerService::Default { binding }),
        (None, Some(address)) => Ok(ConsumerService::Address { address, binding }),
        (Some(index), None) if binding.is_none() => match index.trim().parse() {
            Ok(index) => Ok(ConsumerService::Index(index)),
            Err(_) => Err(attribute("AssertionConsumerServiceIndex", index)),
        },
        (Some(_), _) => Err(MessageError::Malformed("an index and an address or binding for its response")),
    }
}

fn requested_context(element: &Element) -> Result<RequestedContext, MessageError> {
    let comparison = match element.attribute("", "Comparison") {
        None | Some("exact") => Comparison::Exact,
        Some("minimum") => Comparison::Minimum,
        Some("maximum") => Comparison::Maximum,
        Some("better") => Comparison::Better,
        Some(other) => return Err(attribute("Comparison", other)),
    };
    if element.child(ASSERTION, "AuthnContextDeclRef").is_some() {
        return Err(MessageError::ContextDeclaration);
    }
    let classes = element.children(ASSERTION, "AuthnContextClassRef");
    let classes = classes.map(|class| leaf(class, "an empty AuthnContextClassRef")).collect::<Result<Vec<_>, _>>()?;
    if classes.is_empty() {
        return Err(MessageError::Malformed("a RequestedAuthnContext without a class"));
    }
    Ok(RequestedContext { comparison, classes })
}

#[cfg(test)]
mod tests;
