//! The claims of a token that somebody captured: a SAML 1.1 or 2.0 assertion, alone or in the message that carried it.
//!
//! Nothing is verified: the token is compared with rules, never believed.

use crate::claims::{Claim, LOCAL_AUTHORITY, claim_types};
use crate::xml::reader::{Element, XmlError, XmlLimits, parse_document};

const SAML11: &str = "urn:oasis:names:tc:SAML:1.0:assertion";
const SAML20: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Tokens are larger than requests: an encoded photograph or a thousand groups.
const LIMITS: XmlLimits = XmlLimits { depth: 128, attributes: 256, text_bytes: 1024 * 1024 };

/// What a token says of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedToken {
    /// "SAML 1.1" or "SAML 2.0".
    pub kind: &'static str,
    /// Who issued it.
    pub issuer: String,
    /// The subject and the attributes, in the order of the token.
    pub claims: Vec<Claim>,
}

/// Why a file holds no token to compare with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CapturedTokenError {
    /// No XML.
    #[error("this is no XML: {0}")]
    Xml(#[from] XmlError),
    /// No assertion in it.
    #[error("there is no SAML 1.1 or 2.0 assertion in it")]
    NoAssertion,
    /// The assertion cannot be looked into.
    #[error("the assertion is encrypted; capture it where it is decrypted")]
    Encrypted,
}

impl CapturedToken {
    /// Reads the first assertion of a document.
    ///
    /// # Errors
    /// When the bytes are no XML, or there is no assertion that can be read.
    pub fn read(bytes: &[u8]) -> Result<Self, CapturedTokenError> {
        let root = parse_document(bytes, LIMITS)?;
        let assertion =
            root.descendants().find(|element| element.is(SAML11, "Assertion") || element.is(SAML20, "Assertion"));
        match assertion {
            Some(assertion) if &*assertion.namespace == SAML11 => Ok(saml11(assertion)),
            Some(assertion) => Ok(saml20(assertion)),
            None if root
                .descendants()
                .any(|element| &*element.name == "EncryptedAssertion" || &*element.name == "EncryptedData") =>
            {
                Err(CapturedTokenError::Encrypted)
            }
            None => Err(CapturedTokenError::NoAssertion),
        }
    }
}

fn saml11(assertion: &Element) -> CapturedToken {
    let mut claims = Vec::new();
    let statements = assertion.children.iter().filter(|child| &*child.namespace == SAML11);
    for statement in statements {
        let subject = statement.child(SAML11, "Subject").and_then(|subject| subject.child(SAML11, "NameIdentifier"));
        claims.extend(subject.map(name_identifier));
        for attribute in statement.children(SAML11, "Attribute") {
            let part = |name| attribute.attribute("", name).unwrap_or_default();
            let claim_type = match part("AttributeNamespace") {
                "" => part("AttributeName").to_owned(),
                namespace => format!("{namespace}/{}", part("AttributeName")),
            };
            claims.extend(values(attribute, SAML11, &claim_type));
        }
    }
    let issuer = assertion.attribute("", "Issuer").unwrap_or_default().to_owned();
    CapturedToken { kind: "SAML 1.1", issuer, claims: once_each(claims) }
}

fn saml20(assertion: &Element) -> CapturedToken {
    let subject = assertion.child(SAML20, "Subject").and_then(|subject| subject.child(SAML20, "NameID"));
    let mut claims: Vec<Claim> = subject.map(name_identifier).into_iter().collect();
    for statement in assertion.children(SAML20, "AttributeStatement") {
        for attribute in statement.children(SAML20, "Attribute") {
            claims.extend(values(attribute, SAML20, attribute.attribute("", "Name").unwrap_or_default()));
        }
    }
    let issuer = assertion.child(SAML20, "Issuer").map_or("", Element::trimmed).to_owned();
    CapturedToken { kind: "SAML 2.0", issuer, claims: once_each(claims) }
}

fn name_identifier(element: &Element) -> Claim {
    let mut claim = Claim::new(claim_types::NAME_IDENTIFIER, element.trimmed().to_owned(), LOCAL_AUTHORITY);
    if let Some(format) = element.attribute("", "Format") {
        claim.properties.insert(claim_types::PROPERTY_FORMAT.into(), format.to_owned().into());
    }
    claim
}

fn values(attribute: &Element, namespace: &str, claim_type: &str) -> Vec<Claim> {
    let value = |value: &Element| Claim::new(claim_type.to_owned(), value.text.clone(), LOCAL_AUTHORITY);
    attribute.children(namespace, "AttributeValue").map(value).collect()
}

/// In SAML 1.1 every statement repeats the subject.
fn once_each(claims: Vec<Claim>) -> Vec<Claim> {
    let mut once = Vec::with_capacity(claims.len());
    for claim in claims {
        if !once.contains(&claim) {
            once.push(claim);
        }
    }
    once
}
