//! The SAML 1.1 assertion, written once in canonical form and signed in place. Attribute order and namespace placement
//! are those of Exclusive Canonical XML; the element order is AD FS's (ADFS-PROTOCOLS section 4.1).

use super::description::Attribute;
use super::{SignedToken, Signer, SigningError, TokenDescription, signature};
use crate::xml::canonical::CanonicalWriter;
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

const END: &str = "</saml:Assertion>";
/// Octets of an assertion's own markup with its subject, of one attribute's with its names, and of one value's.
const ASSERTION_MARKUP: usize = 1600;
const ATTRIBUTE_MARKUP: usize = 280;
const VALUE_MARKUP: usize = 50;
const TYPED_VALUE_MARKUP: usize = 200;
static MILLISECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// Writes and signs the assertion.
pub fn write(description: &TokenDescription, signer: &dyn Signer) -> Result<SignedToken, SigningError> {
    let mut xml = CanonicalWriter::with_capacity(capacity(description, signer));
    assertion(&mut xml, description);
    let digest = signature::digest(xml.canonical_pieces().chain(std::iter::once(END)));
    signature::append(&mut xml, &description.assertion_id, &digest, signer)?;
    xml.literal(END);
    Ok(SignedToken::new(xml, description))
}

/// Enough for any token whose texts need little escaping; a larger one grows the buffer.
pub(super) fn capacity(description: &TokenDescription, signer: &dyn Signer) -> usize {
    let attribute = |one: &Attribute| {
        let value = if one.value_type().is_some() { TYPED_VALUE_MARKUP } else { VALUE_MARKUP };
        ATTRIBUTE_MARKUP + one.values.iter().map(|text| value + text.len()).sum::<usize>()
    };
    ASSERTION_MARKUP
        + description.issuer.len()
        + description.audience.len()
        + description.attributes.iter().map(attribute).sum::<usize>()
        + signature::MARKUP
        + signer.certificate_base64().len()
}

/// Everything before the signature; the element stays open for it.
pub(super) fn assertion(xml: &mut CanonicalWriter, description: &TokenDescription) {
    xml.literal(r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" AssertionID=""#);
    xml.attribute_value(&description.assertion_id).literal(r#"" IssueInstant=""#);
    time(xml, description.not_before);
    xml.literal(r#"" Issuer=""#).attribute_value(&description.issuer);
    xml.literal(r#"" MajorVersion="1" MinorVersion="1">"#);
    conditions(xml, description);
    if !description.attributes.is_empty() {
        xml.literal("<saml:AttributeStatement>");
        subject(xml, description);
        for attribute in &description.attributes {
            write_attribute(xml, attribute);
        }
        xml.literal("</saml:AttributeStatement>");
    }
    xml.literal(r#"<saml:AuthenticationStatement AuthenticationInstant=""#);
    time(xml, description.authenticated_at);
    xml.literal(r#"" AuthenticationMethod=""#).attribute_value(&description.authentication_method).literal(r#"">"#);
    subject(xml, description);
    xml.literal("</saml:AuthenticationStatement>");
}

fn conditions(xml: &mut CanonicalWriter, description: &TokenDescription) {
    xml.literal(r#"<saml:Conditions NotBefore=""#);
    time(xml, description.not_before);
    xml.literal(r#"" NotOnOrAfter=""#);
    time(xml, description.not_on_or_after);
    xml.literal(r#""><saml:AudienceRestrictionCondition><saml:Audience>"#).text(&description.audience);
    xml.literal("</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>");
}

fn subject(xml: &mut CanonicalWriter, description: &TokenDescription) {
    xml.literal("<saml:Subject>");
    if let Some(identifier) = &description.subject {
        xml.literal("<saml:NameIdentifier");
        if let Some(format) = &identifier.format {
            xml.literal(r#" Format=""#).attribute_value(format).literal(r#"""#);
        }
        xml.literal(">").text(&identifier.value).literal("</saml:NameIdentifier>");
    }
    xml.literal(concat!(
        "<saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer",
        "</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>"
    ));
}

fn write_attribute(xml: &mut CanonicalWriter, attribute: &Attribute) {
    xml.literal("<saml:Attribute");
    if attribute.original_issuer.is_some() {
        xml.literal(r#" xmlns:a="http://schemas.xmlsoap.org/ws/2009/09/identity/claims""#);
    }
    xml.literal(r#" AttributeName=""#).attribute_value(attribute.name());
    xml.literal(r#"" AttributeNamespace=""#).attribute_value(attribute.namespace());
    if let Some(issuer) = &attribute.original_issuer {
        xml.literal(r#"" a:OriginalIssuer=""#).attribute_value(issuer);
    }
    xml.literal(r#"">"#);
    values(xml, attribute);
    xml.literal("</saml:Attribute>");
}

/// The values of an attribute, in the prefix that both versions of SAML are written with.
pub(super) fn values(xml: &mut CanonicalWriter, attribute: &Attribute) {
    for value in &attribute.values {
        xml.literal("<saml:AttributeValue");
        if let Some((namespace, name)) = attribute.value_type() {
            xml.literal(r#" xmlns:b="http://www.w3.org/2001/XMLSchema-instance""#);
            xml.declare_for_value(" xmlns:tn", namespace);
            xml.literal(r#" b:type="tn:"#).attribute_value(name).literal(r#"""#);
        }
        xml.literal(">").text(value).literal("</saml:AttributeValue>");
    }
}

/// `yyyy-MM-ddTHH:mm:ss.fffZ`.
pub(super) fn time(xml: &mut CanonicalWriter, moment: Timestamp) {
    // printing into memory cannot fail
    let _ = MILLISECONDS.print_timestamp(&moment, xml.unescaped());
}
