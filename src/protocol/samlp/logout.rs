//! Single logout: `samlp:LogoutRequest` and `samlp:LogoutResponse` (SAML core section 3.7), read and written.

use super::message::{Header, MessageError, instant, leaf, single, text};
use super::response::MILLISECONDS;
use super::status::{SUCCESS, Status, write_status};
use super::{ASSERTION, PROTOCOL};
use crate::token::signature::sign_between;
use crate::token::{Signer, SigningError};
use crate::xml::canonical::CanonicalWriter;
use crate::xml::reader::Element;
use jiff::Timestamp;

const MARKUP: usize = 1024;
/// More sessions of one person at one relying party than anybody has.
const SESSION_INDEXES: usize = 64;

/// A user's name as a relying party knows it: the `NameID` of the assertion it got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameId {
    /// The name.
    pub value: String,
    /// `Format`.
    pub format: Option<String>,
    /// `NameQualifier`.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<String>,
}

/// A relying party's wish to end a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// The identifier that the response will name.
    pub id: String,
    /// Who asks.
    pub issuer: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// The endpoint it was sent to, by its own account.
    pub destination: Option<String>,
    /// When it is too late.
    pub not_on_or_after: Option<Timestamp>,
    /// Whose session.
    pub name: NameId,
    /// Which sessions; all of that user when there is none.
    pub session_indexes: Vec<String>,
}

/// A relying party's word on a request of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutResponse {
    /// Which request it answers.
    pub in_response_to: String,
    /// Who answers.
    pub issuer: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// The endpoint it was sent to, by its own account.
    pub destination: Option<String>,
    /// Whether the session ended there.
    pub success: bool,
}

/// Reads a request.
///
/// # Errors
/// When the element is another one, or not as the schema demands, or names the user by something else than a `NameID`.
pub fn read_logout_request(element: &Element) -> Result<LogoutRequest, MessageError> {
    let Header { id, issuer, issue_instant, destination } = Header::read(element, "LogoutRequest")?;
    if ["BaseID", "EncryptedID"].iter().any(|name| element.child(ASSERTION, name).is_some()) {
        return Err(MessageError::OtherName);
    }
    let name = single(element, ASSERTION, "NameID", "more than one NameID")?;
    let indexes = element.children(PROTOCOL, "SessionIndex").map(|index| leaf(index, "an empty SessionIndex"));
    let session_indexes = indexes.collect::<Result<Vec<_>, _>>()?;
    if session_indexes.len() > SESSION_INDEXES {
        return Err(MessageError::Malformed("too many SessionIndexes"));
    }
    Ok(LogoutRequest {
        id,
        issuer,
        issue_instant,
        destination,
        not_on_or_after: instant(element, "NotOnOrAfter")?,
        name: name_id(name.ok_or(MessageError::Malformed("no NameID"))?)?,
        session_indexes,
    })
}

/// Reads a response.
///
/// # Errors
/// When the element is another one, or not as the schema demands.
pub fn read_logout_response(element: &Element) -> Result<LogoutResponse, MessageError> {
    let Header { id: _, issuer, issue_instant, destination } = Header::read(element, "LogoutResponse")?;
    let status = single(element, PROTOCOL, "Status", "more than one Status")?;
    let code = status.and_then(|status| status.child(PROTOCOL, "StatusCode")).and_then(|code| text(code, "Value"));
    Ok(LogoutResponse {
        in_response_to: text(element, "InResponseTo").ok_or(MessageError::Malformed("no InResponseTo"))?,
        issuer,
        issue_instant,
        destination,
        success: code.ok_or(MessageError::Malformed("no StatusCode"))? == SUCCESS,
    })
}

/// White space belongs to a name: it is repeated as it was issued.
fn name_id(element: &Element) -> Result<NameId, MessageError> {
    leaf(element, "an empty NameID")?;
    Ok(NameId {
        value: element.text.clone(),
        format: text(element, "Format"),
        name_qualifier: text(element, "NameQualifier"),
        sp_name_qualifier: text(element, "SPNameQualifier"),
    })
}

/// What every logout message of ours says. The texts come from the configuration, or were read or issued before, so XML can
/// carry them.
#[derive(Debug, Clone, Copy)]
pub struct LogoutEnvelope<'a> {
    /// A fresh identifier: `_` and a UUID.
    pub id: &'a str,
    /// The endpoint it goes to.
    pub destination: &'a str,
    /// Our identifier.
    pub issuer: &'a str,
    /// Now.
    pub at: Timestamp,
}

/// Writes a request. `signer` is given for the POST binding; by redirect the query is signed and not the message.
///
/// # Errors
/// When the key does not sign.
pub fn write_logout_request(
    envelope: LogoutEnvelope<'_>,
    name: &NameId,
    session_index: &str,
    not_on_or_after: Timestamp,
    signer: Option<&dyn Signer>,
) -> Result<String, SigningError> {
    let mut xml = CanonicalWriter::with_capacity(4 * MARKUP);
    xml.literal(r#"<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" "#);
    xml.literal(r#"Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination=""#);
    xml.attribute_value(envelope.destination).literal(r#"" ID=""#).attribute_value(envelope.id);
    xml.literal(r#"" IssueInstant=""#);
    time(&mut xml, envelope.at);
    xml.literal(r#"" NotOnOrAfter=""#);
    time(&mut xml, not_on_or_after);
    xml.literal(r#"" Version="2.0">"#);
    issuer(&mut xml, envelope.issuer);
    let mut rest = CanonicalWriter::with_capacity(MARKUP);
    rest.literal(r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion""#);
    optional(&mut rest, r#" Format=""#, name.format.as_deref());
    optional(&mut rest, r#" NameQualifier=""#, name.name_qualifier.as_deref());
    optional(&mut rest, r#" SPNameQualifier=""#, name.sp_name_qualifier.as_deref());
    rest.literal(">").text(&name.value).literal("</saml:NameID><samlp:SessionIndex>");
    rest.text(session_index).literal("</samlp:SessionIndex></samlp:LogoutRequest>");
    finish(xml, &rest, envelope.id, signer)
}

/// Writes a response to the one who asked; `None` for success.
///
/// # Errors
/// When the key does not sign.
pub fn write_logout_response(
    envelope: LogoutEnvelope<'_>,
    in_response_to: &str,
    status: Option<&Status>,
    signer: Option<&dyn Signer>,
) -> Result<String, SigningError> {
    let mut xml = CanonicalWriter::with_capacity(4 * MARKUP);
    xml.literal(r#"<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" "#);
    xml.literal(r#"Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination=""#);
    xml.attribute_value(envelope.destination).literal(r#"" ID=""#).attribute_value(envelope.id);
    xml.literal(r#"" InResponseTo=""#).attribute_value(in_response_to).literal(r#"" IssueInstant=""#);
    time(&mut xml, envelope.at);
    xml.literal(r#"" Version="2.0">"#);
    issuer(&mut xml, envelope.issuer);
    let mut rest = CanonicalWriter::with_capacity(MARKUP);
    write_status(&mut rest, status);
    rest.literal("</samlp:LogoutResponse>");
    finish(xml, &rest, envelope.id, signer)
}

fn finish(
    mut xml: CanonicalWriter,
    rest: &CanonicalWriter,
    id: &str,
    signer: Option<&dyn Signer>,
) -> Result<String, SigningError> {
    match signer {
        Some(signer) => sign_between(&mut xml, rest, id, signer)?,
        None => {
            xml.embed(rest);
        }
    }
    Ok(xml.into_string())
}

fn issuer(xml: &mut CanonicalWriter, issuer: &str) {
    xml.literal(r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">"#).text(issuer);
    xml.literal("</saml:Issuer>");
}

fn optional(xml: &mut CanonicalWriter, start: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        xml.literal(start).attribute_value(value).literal(r#"""#);
    }
}

fn time(xml: &mut CanonicalWriter, moment: Timestamp) {
    // printing into memory cannot fail
    let _ = MILLISECONDS.print_timestamp(&moment, xml.unescaped());
}

#[cfg(test)]
mod tests;
