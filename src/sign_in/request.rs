//! The request stage: bytes to a [`SignInRequest`].

use super::evidence::{BodyProblem, RequestEvidence};
use crate::federation::TokenForm;
use crate::outcome::{Outcome, Refusal, sentence};
use crate::protocol::Version;
use crate::protocol::mex::{Binding, Credential};
use crate::protocol::soap::{self, Envelope, EnvelopeError};
use crate::protocol::username_token::{self, UsernameToken, UsernameTokenError};
use crate::protocol::wstrust::{self, RequestTimestamp, TimestampError, TokenRequestError};
use crate::xml::reader::{Element, XmlError, XmlLimits, parse_document};
use crate::xml_signature::{self, MessageFault, Sha1, SignedMessage};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use url::Url;

/// A request for a token, read and believed to be addressed to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRequest {
    /// The version of WS-Trust it is in.
    pub version: Version,
    /// The identifier of the relying party, if the request names one.
    pub applies_to: Option<String>,
    /// The version of SAML it wants, if it says so.
    pub token_form: Option<TokenForm>,
    /// Where the client thought it was sending to.
    pub to: Option<String>,
    /// What the message itself proves the sender with.
    pub credential: MessageCredential,
}

/// What a message proves its sender with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageCredential {
    /// Nothing: the TLS certificate counts.
    None,
    /// A name and a password. Nobody has looked whether they go together.
    Password(UsernameToken),
    /// A signature by the key of a certificate that nobody has judged yet.
    Signature {
        /// The certificate, and what was signed.
        message: SignedMessage,
        /// Until when a message with this timestamp would be taken, so that a second one is to be known until then.
        replayable_until: Timestamp,
    },
}

/// What the request stage is allowed to read.
#[derive(Debug, Clone)]
pub struct RequestPolicy {
    /// Limits of the XML reader.
    pub xml: XmlLimits,
    /// How far the client's clock may be off.
    pub clock_skew: SignedDuration,
    /// Whether messages may be signed over SHA-1.
    pub message_sha1: Sha1,
    /// The host name in the addresses that signed messages may be for.
    pub service_name: Arc<str>,
}

/// A request that was read far enough to be related to, and then perhaps refused.
pub(super) struct Reading {
    pub(super) message_id: Option<String>,
    pub(super) request: Result<SignInRequest, Refusal>,
}

pub(super) fn read(evidence: &RequestEvidence, binding: Binding, policy: &RequestPolicy, at: Timestamp) -> Reading {
    let document = match body(evidence) {
        Err(refusal) => return Reading { message_id: None, request: Err(refusal) },
        Ok(document) => document,
    };
    match parse_document(document, policy.xml) {
        Err(error) => Reading { message_id: None, request: Err(error.into()) },
        Ok(mut root) => {
            let message_id = soap::message_id(&root).map(str::to_owned);
            let request = Document { root: &root, octets: document, evidence, binding, policy, at }.read();
            username_token::wipe(&mut root);
            Reading { message_id, request }
        }
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

/// A message and what it is judged by.
struct Document<'a> {
    root: &'a Element,
    octets: &'a [u8],
    evidence: &'a RequestEvidence,
    binding: Binding,
    policy: &'a RequestPolicy,
    at: Timestamp,
}

impl Document<'_> {
    fn read(&self) -> Result<SignInRequest, Refusal> {
        let version = self.binding.version;
        let envelope = soap::read_envelope(self.root)?;
        check_action(&envelope, version, self.evidence)?;
        let credential = self.credential(&envelope)?;
        let request = wstrust::read_token_request(envelope.payload, version)?;
        Ok(SignInRequest {
            version,
            applies_to: request.applies_to,
            token_form: request.token_form,
            to: envelope.to.map(str::to_owned),
            credential,
        })
    }

    /// The security header, as the policy that the endpoint publishes wants it.
    fn credential(&self, envelope: &Envelope) -> Result<MessageCredential, Refusal> {
        let (skew, kind) = (self.policy.clock_skew, self.binding.credential);
        if kind != Credential::UserNameMixed && envelope.security.is_some_and(wstrust::has_username_token) {
            return Err(Refusal::new(
                Outcome::PasswordOnCertificateEndpoint,
                "The message carries a UsernameToken; on this endpoint only the certificate counts.",
            ));
        }
        let timestamp = match envelope.security {
            Some(security) => wstrust::read_timestamp(security)?,
            None => None,
        };
        if let Some(timestamp) = timestamp.filter(|timestamp| !is_timely(timestamp, skew, self.at)) {
            return Err(outside_the_window(&timestamp, self.at));
        }
        match kind {
            Credential::CertificateTransport => Ok(MessageCredential::None),
            Credential::UserNameMixed => {
                let security = envelope.security.ok_or(UsernameTokenError::Missing)?;
                timestamp.ok_or_else(no_timestamp)?;
                Ok(MessageCredential::Password(username_token::read(security)?))
            }
            Credential::CertificateMixed => {
                let timestamp = timestamp.ok_or_else(no_timestamp)?;
                let replayable_until = until_when(&timestamp, skew);
                if replayable_until.duration_since(self.at) > LONGEST_SIGNED + skew + skew {
                    return Err(outside_the_window(&timestamp, self.at));
                }
                let RequestPolicy { xml, message_sha1, .. } = *self.policy;
                let message = xml_signature::verify_message(self.root, self.octets, xml, message_sha1)?;
                self.is_for_us(envelope)?;
                Ok(MessageCredential::Signature { message, replayable_until })
            }
        }
    }
}

impl Document<'_> {
    /// Whoever gets a signed message could pass it on to us. The port differs behind a load balancer, so only name and path
    /// count.
    fn is_for_us(&self, envelope: &Envelope) -> Result<(), Refusal> {
        let (to, path) = (envelope.to.unwrap_or_default(), self.evidence.endpoint);
        let host = &*self.policy.service_name;
        let is_ours = Url::parse(to).is_ok_and(|to| {
            to.scheme() == "https"
                && to.host_str().is_some_and(|name| name.eq_ignore_ascii_case(host))
                && to.path().trim_end_matches('/').eq_ignore_ascii_case(path)
                && to.query().is_none()
        });
        if is_ours {
            return Ok(());
        }
        let finding = format!("The signed message is for {to:?}, not for https://{host}{path}.");
        Err(Refusal::new(Outcome::MessageForAnotherService, finding)
            .with("to", to.chars().take(256).collect::<String>())
            .with("expected", format!("https://{host}{path}")))
    }
}

/// How long a signed message may want to be honoured. WCF asks for five minutes; each must be remembered as long.
const LONGEST_SIGNED: SignedDuration = SignedDuration::from_mins(15);

fn no_timestamp() -> Refusal {
    Refusal::new(Outcome::TimestampUnreadable, "The message has no wsu:Timestamp, which this endpoint demands.")
        .with("value", "none")
}

fn outside_the_window(timestamp: &RequestTimestamp, at: Timestamp) -> Refusal {
    let created = timestamp.created.to_string();
    let expires = timestamp.expires.map_or_else(|| "never".to_owned(), |expires| expires.to_string());
    let finding = format!("The message was made at {created} and expires at {expires}; now it is {at}.");
    Refusal::new(Outcome::TimestampOutsideWindow, finding).with("created", created).with("expires", expires)
}

/// The WS-Addressing header is authoritative; an action on the HTTP level may be absent but must not contradict it.
fn check_action(envelope: &Envelope, version: Version, evidence: &RequestEvidence) -> Result<(), Refusal> {
    let action = envelope.action;
    if let Some(http) = http_actions(evidence).find(|http| *http != action) {
        let finding = format!("The HTTP action is {http:?}, the WS-Addressing Action {action:?}.");
        return Err(Refusal::new(Outcome::ActionMismatch, finding).with("http_action", http).with("action", action));
    }
    if action != version.action() {
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

/// The last moment at which [`is_timely`] holds.
fn until_when(timestamp: &RequestTimestamp, skew: SignedDuration) -> Timestamp {
    let (from, tolerance) = match timestamp.expires {
        Some(expires) => (expires, skew),
        None => (timestamp.created, skew.saturating_add(skew)),
    };
    from.checked_add(tolerance).unwrap_or(Timestamp::MAX)
}

impl From<UsernameTokenError> for Refusal {
    fn from(error: UsernameTokenError) -> Self {
        Self::because(Outcome::UsernameTokenUnusable, &error).with("reason", error.to_string())
    }
}

impl From<MessageFault> for Refusal {
    fn from(fault: MessageFault) -> Self {
        Self::because(Outcome::MessageNotSigned, &fault).with("reason", fault.to_string())
    }
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
