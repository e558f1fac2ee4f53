//! The SAML 2.0 assertion, written once in canonical form and signed in place. The signature stands after the issuer, where
//! the schema wants it; the order of the statements is AD FS's (ADFS-PROTOCOLS section 4.3).

use super::description::{Attribute, Form, carried, describe_as, is_identifier};
use super::saml11::{capacity, time};
use super::{SignedToken, Signer, SigningError, TokenContext, TokenDescription, TokenError, signature};
use crate::claims::Claim;
use crate::protocol::samlp::NameId;
use crate::text::Text;
use crate::xml::canonical::CanonicalWriter;
use jiff::{SignedDuration, Timestamp};

/// How long a bearer may take from us to the relying party (ADFS-PROTOCOLS section 4.3).
const CONFIRMATION: SignedDuration = SignedDuration::from_mins(5);

/// To whom the bearer brings the token, where the protocol is SAML's own. WS-Trust and WS-Federation say neither.
#[derive(Debug, Clone, Copy, Default)]
pub struct Delivery<'a> {
    /// The assertion consumer service it is posted to.
    pub recipient: Option<&'a str>,
    /// The identifier of the request it answers.
    pub in_response_to: Option<&'a str>,
}

/// A SAML 2.0 token before it is written and signed. Made only by [`describe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saml20Description {
    said: TokenDescription,
    recipient: Option<Text>,
    in_response_to: Option<String>,
    confirmed_until: Timestamp,
}

impl Saml20Description {
    /// The issuer that the token will name, which the rules may have chosen.
    pub fn issuer(&self) -> &str {
        &self.said.issuer
    }

    /// The name of the person, if the rules issued one.
    pub fn name_id(&self) -> Option<NameId> {
        let owned = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
        self.said.subject.as_ref().map(|subject| NameId {
            value: subject.value.to_string(),
            format: owned(&subject.format),
            name_qualifier: owned(&subject.name_qualifier),
            sp_name_qualifier: owned(&subject.sp_name_qualifier),
        })
    }
}

/// Turns issued claims into the description of a SAML 2.0 token: as for SAML 1.1, but a claim type is an attribute's name
/// as a whole, and the qualifiers of a name identifier and the format of an attribute's name are carried.
pub fn describe(
    claims: &[Claim],
    context: TokenContext<'_>,
    delivery: Delivery<'_>,
) -> Result<Saml20Description, TokenError> {
    let said = describe_as(Form::Saml20, claims, context)?;
    if let Some(request) = delivery.in_response_to.filter(|request| !is_identifier(request)) {
        return Err(TokenError::AssertionId { id: request.to_owned() });
    }
    let confirmed_until = said.not_before.checked_add(CONFIRMATION).unwrap_or(said.not_on_or_after);
    Ok(Saml20Description {
        recipient: delivery.recipient.map(|recipient| carried(recipient.to_owned(), "recipient")).transpose()?,
        in_response_to: delivery.in_response_to.map(str::to_owned),
        confirmed_until: confirmed_until.min(said.not_on_or_after),
        said,
    })
}

/// Writes and signs the assertion.
pub fn write(description: &Saml20Description, signer: &dyn Signer) -> Result<SignedToken, SigningError> {
    let mut xml = CanonicalWriter::with_capacity(capacity(&description.said, signer));
    let mut rest = CanonicalWriter::with_capacity(capacity(&description.said, signer));
    until_issuer(&mut xml, &description.said);
    from_subject(&mut rest, description);
    signature::sign_between(&mut xml, &rest, &description.said.assertion_id, signer)?;
    Ok(SignedToken::new(xml, &description.said))
}

/// Writes the assertion without a signature of its own. Only a response that is signed as a whole may carry it.
pub(crate) fn write_bare(description: &Saml20Description) -> CanonicalWriter {
    let mut xml = CanonicalWriter::with_capacity(4096);
    until_issuer(&mut xml, &description.said);
    from_subject(&mut xml, description);
    xml
}

/// The response that carries the assertion.
pub(crate) fn delivered(description: &Saml20Description, response: CanonicalWriter) -> SignedToken {
    SignedToken::new(response, &description.said)
}

pub(super) fn until_issuer(xml: &mut CanonicalWriter, said: &TokenDescription) {
    xml.literal(r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID=""#);
    xml.attribute_value(&said.assertion_id).literal(r#"" IssueInstant=""#);
    time(xml, said.not_before);
    xml.literal(r#"" Version="2.0"><saml:Issuer>"#).text(&said.issuer).literal("</saml:Issuer>");
}

pub(super) fn from_subject(xml: &mut CanonicalWriter, description: &Saml20Description) {
    let said = &description.said;
    subject(xml, description);
    conditions(xml, said);
    if !said.attributes.is_empty() {
        xml.literal("<saml:AttributeStatement>");
        said.attributes.iter().for_each(|attribute| write_attribute(xml, attribute));
        xml.literal("</saml:AttributeStatement>");
    }
    xml.literal(r#"<saml:AuthnStatement AuthnInstant=""#);
    time(xml, said.authenticated_at);
    xml.literal(r#"" SessionIndex=""#).attribute_value(&said.assertion_id);
    xml.literal(r#""><saml:AuthnContext><saml:AuthnContextClassRef>"#).text(&said.authentication_method);
    xml.literal("</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>");
}

fn subject(xml: &mut CanonicalWriter, description: &Saml20Description) {
    xml.literal("<saml:Subject>");
    if let Some(identifier) = &description.said.subject {
        xml.literal("<saml:NameID");
        optional(xml, r#" Format=""#, identifier.format.as_deref());
        optional(xml, r#" NameQualifier=""#, identifier.name_qualifier.as_deref());
        optional(xml, r#" SPNameQualifier=""#, identifier.sp_name_qualifier.as_deref());
        optional(xml, r#" SPProvidedID=""#, identifier.sp_provided_id.as_deref());
        xml.literal(">").text(&identifier.value).literal("</saml:NameID>");
    }
    xml.literal(r#"<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">"#);
    if let Some(recipient) = &description.recipient {
        xml.literal("<saml:SubjectConfirmationData");
        optional(xml, r#" InResponseTo=""#, description.in_response_to.as_deref());
        xml.literal(r#" NotOnOrAfter=""#);
        time(xml, description.confirmed_until);
        xml.literal(r#"" Recipient=""#).attribute_value(recipient).literal(r#""></saml:SubjectConfirmationData>"#);
    }
    xml.literal("</saml:SubjectConfirmation></saml:Subject>");
}

fn conditions(xml: &mut CanonicalWriter, said: &TokenDescription) {
    xml.literal(r#"<saml:Conditions NotBefore=""#);
    time(xml, said.not_before);
    xml.literal(r#"" NotOnOrAfter=""#);
    time(xml, said.not_on_or_after);
    xml.literal(r#""><saml:AudienceRestriction><saml:Audience>"#).text(&said.audience);
    xml.literal("</saml:Audience></saml:AudienceRestriction></saml:Conditions>");
}

fn write_attribute(xml: &mut CanonicalWriter, attribute: &Attribute) {
    xml.literal("<saml:Attribute");
    if attribute.original_issuer.is_some() {
        xml.literal(r#" xmlns:a="http://schemas.xmlsoap.org/ws/2009/09/identity/claims""#);
    }
    xml.literal(r#" Name=""#).attribute_value(&attribute.claim_type).literal(r#"""#);
    optional(xml, r#" NameFormat=""#, attribute.name_format.as_deref());
    optional(xml, r#" a:OriginalIssuer=""#, attribute.original_issuer.as_deref());
    xml.literal(">");
    super::saml11::values(xml, attribute);
    xml.literal("</saml:Attribute>");
}

/// An attribute that is written only when there is something to write; `start` ends with the opening quotation mark.
fn optional(xml: &mut CanonicalWriter, start: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        xml.literal(start).attribute_value(value).literal(r#"""#);
    }
}
