//! The request stage: bytes to a [`SignInRequest`].

use super::evidence::{BodyProblem, RequestEvidence};
use crate::outcome::{Outcome, Refusal, sentence};
use crate::protocol::namespaces::ACTION_ISSUE_2005;
use crate::protocol::soap::{self, Envelope, EnvelopeError};
use crate::protocol::wstrust::{self, RequestTimestamp, TimestampError, TokenRequestError};
use crate::xml::reader::{Element, XmlError, XmlLimits, parse_document};
use jiff::{SignedDuration, Timestamp};

/// A request for a token, read and believed to be addressed to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRequest {
    /// The identifier of the relying party, if the request names one.
    pub applies_to: Option<String>,
    /// Where the client thought it was sending to.
    pub to: Option<String>,
}

/// What the request stage is allowed to read.
#[derive(Debug, Clone, Copy)]
pub struct RequestPolicy {
    /// Limits of the XML reader.
    pub xml: XmlLimits,
    /// How far the client's clock may be off.
    pub clock_skew: SignedDuration,
}

/// A request that was read far enough to be related to, and then perhaps refused.
pub(super) struct Reading {
    pub(super) message_id: Option<String>,
    pub(super) request: Result<SignInRequest, Refusal>,
}

pub(super) fn read(evidence: &RequestEvidence, policy: &RequestPolicy, at: Timestamp) -> Reading {
    match body(evidence).and_then(|body| parse_document(body, policy.xml).map_err(Refusal::from)) {
        Err(refusal) => Reading { message_id: None, request: Err(refusal) },
        Ok(root) => Reading {
            message_id: soap::message_id(&root).map(str::to_owned),
            request: read_document(&root, evidence, policy, at),
        },
    }
}

fn body(evidence: &RequestEvidence) -> Result<&[u8], Refusal> {
    if !is_soap_12(evidence.content_type.as_deref()) {
        let found = evidence.content_type.clone().unwrap_or_else(|| "none".to_owned());
        let finding = format!("The Content-Type is {found}, not application/soap+xml in UTF-8.");
        return Err(Refusal::new(Outcome::UnsupportedContentType, finding).with("content_type", found));
    }
    bytes(evidence)
}

/// The body, or why there is none.
pub(super) fn bytes(evidence: &RequestEvidence) -> Result<&[u8], Refusal> {
    match &evidence.body {
        Ok(body) => Ok(body),
        Err(BodyProblem::TooLarge { limit }) => {
            Err(Refusal::new(Outcome::RequestTooLarge, format!("The body is longer than {limit} bytes."))
                .with("limit", limit.to_string()))
        }
        Err(BodyProblem::Interrupted { reason }) => {
            Err(Refusal::new(Outcome::RequestInterrupted, format!("The body did not arrive: {reason}."))
                .with("reason", reason.clone()))
        }
    }
}

fn is_soap_12(content_type: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let charset_is_utf8 = parts
        .filter_map(|part| part.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    media_type.eq_ignore_ascii_case("application/soap+xml") && charset_is_utf8
}

fn read_document(
    root: &Element,
    evidence: &RequestEvidence,
    policy: &RequestPolicy,
    at: Timestamp,
) -> Result<SignInRequest, Refusal> {
    let envelope = soap::read_envelope(root)?;
    check_action(&envelope, evidence)?;
    check_security(&envelope, policy.clock_skew, at)?;
    let request = wstrust::read_token_request(envelope.payload)?;
    Ok(SignInRequest { applies_to: request.applies_to, to: envelope.to.map(str::to_owned) })
}

/// The WS-Addressing header is authoritative; an action on the HTTP level may be absent but must not contradict it.
fn check_action(envelope: &Envelope, evidence: &RequestEvidence) -> Result<(), Refusal> {
    let action = envelope.action;
    if let Some(http) = http_actions(evidence).find(|http| *http != action) {
        let finding = format!("The HTTP action is {http:?}, the WS-Addressing Action {action:?}.");
        return Err(Refusal::new(Outcome::ActionMismatch, finding).with("http_action", http).with("action", action));
    }
    if action != ACTION_ISSUE_2005 {
        let finding = format!("The Action {action:?} is not served here.");
        return Err(Refusal::new(Outcome::ActionNotSupported, finding).with("action", action));
    }
    Ok(())
}

/// SOAP 1.2 puts the action into the Content-Type; MSAL sends a SOAPAction header all the same.
fn http_actions(evidence: &RequestEvidence) -> impl Iterator<Item = &str> {
    let parameters = evidence.content_type.as_deref().into_iter().flat_map(|value| value.split(';').skip(1));
    let in_content_type = parameters.filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("action").then_some(value)
    });
    in_content_type
        .chain(evidence.soap_action.as_deref())
        .map(|value| value.trim().trim_matches('"'))
        .filter(|action| !action.is_empty())
}

fn check_security(envelope: &Envelope, skew: SignedDuration, at: Timestamp) -> Result<(), Refusal> {
    let Some(security) = &envelope.security else { return Ok(()) };
    if wstrust::has_username_token(security) {
        return Err(Refusal::new(
            Outcome::PasswordOnCertificateEndpoint,
            "The message carries a UsernameToken; on this endpoint only the TLS certificate counts.",
        ));
    }
    match wstrust::read_timestamp(security)? {
        Some(timestamp) if !is_timely(&timestamp, skew, at) => {
            let created = timestamp.created.to_string();
            let expires = timestamp.expires.map_or_else(|| "never".to_owned(), |expires| expires.to_string());
            let finding = format!("The message was made at {created} and expires at {expires}; now it is {at}.");
            Err(Refusal::new(Outcome::TimestampOutsideWindow, finding)
                .with("created", created)
                .with("expires", expires))
        }
        _ => Ok(()),
    }
}

/// The client's moments are compared and never added to: one at the end of the calendar would overflow. A message that
/// names no end counts for the skew twice over.
fn is_timely(timestamp: &RequestTimestamp, skew: SignedDuration, at: Timestamp) -> bool {
    let too_early = timestamp.created.duration_since(at) > skew;
    let too_late = match timestamp.expires {
        Some(expires) => at.duration_since(expires) > skew,
        None => at.duration_since(timestamp.created) > skew.saturating_add(skew),
    };
    !too_early && !too_late
}

impl From<TimestampError> for Refusal {
    fn from(error: TimestampError) -> Self {
        let finding = format!("The wsu:Timestamp cannot be read: {error}.");
        let value = match error {
            TimestampError::NotAMoment(text) => text,
            other => other.to_string(),
        };
        Self::new(Outcome::TimestampUnreadable, finding).with("value", value)
    }
}

impl From<XmlError> for Refusal {
    fn from(error: XmlError) -> Self {
        let sentence = sentence(&error);
        match error {
            XmlError::Malformed { position, .. } => {
                Self::new(Outcome::MalformedXml, sentence).with("position", position.to_string())
            }
            XmlError::Forbidden { construct, .. } => {
                Self::new(Outcome::ForbiddenXml, sentence).with("construct", construct)
            }
            XmlError::LimitExceeded { what, limit } => {
                Self::new(Outcome::XmlLimitExceeded, sentence).with("limit", format!("{limit} {what}"))
            }
        }
    }
}

impl From<EnvelopeError> for Refusal {
    fn from(error: EnvelopeError) -> Self {
        let sentence = sentence(&error);
        match error {
            EnvelopeError::NotSoap12 { namespace, name } => {
                Self::new(Outcome::NotSoap12, sentence).with("element", format!("{{{namespace}}}{name}"))
            }
            EnvelopeError::Malformed(reason) => Self::new(Outcome::MalformedEnvelope, sentence).with("reason", reason),
            EnvelopeError::MissingAction => Self::new(Outcome::MissingAction, sentence),
            EnvelopeError::DuplicateHeader(header) => {
                Self::new(Outcome::DuplicateAction, sentence).with("header", header)
            }
            EnvelopeError::NotUnderstood { namespace, name } => {
                Self::new(Outcome::HeaderNotUnderstood, sentence).with("header", format!("{{{namespace}}}{name}"))
            }
            EnvelopeError::DuplicateIdentifier(id) => {
                Self::new(Outcome::DuplicateIdentifier, sentence).with("identifier", id)
            }
        }
    }
}

impl From<TokenRequestError> for Refusal {
    fn from(error: TokenRequestError) -> Self {
        let sentence = sentence(&error);
        match error {
            TokenRequestError::Malformed(reason) => {
                Self::new(Outcome::MalformedTokenRequest, sentence).with("reason", reason)
            }
            TokenRequestError::RequestType(found) => {
                Self::new(Outcome::RequestTypeNotSupported, sentence).with("request_type", found)
            }
            TokenRequestError::KeyType(found) => {
                Self::new(Outcome::KeyTypeNotSupported, sentence).with("key_type", found)
            }
            TokenRequestError::TokenType(found) => {
                Self::new(Outcome::TokenTypeNotSupported, sentence).with("token_type", found)
            }
        }
    }
}
