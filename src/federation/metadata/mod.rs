//! What a relying party says of itself: SAML 2.0 metadata (saml-metadata-2.0-os) and the part of it that WS-Federation adds
//! (ADFS-PROTOCOLS section 12). A document is read once, when an operator makes a trust of it; nothing of it is believed at
//! a sign-in that is not in the configuration afterwards.

mod application_service;
mod error;
mod keys;
mod service_provider;
mod trust_section;

pub use error::MetadataError;
pub use trust_section::{ImportedTrust, TrustFile, Wishes};

use super::LogoutService;
use super::saml_request::AssertionConsumer;
use crate::xml::reader::{Element, XmlLimits, parse_document};
use crate::xml_signature::verify_enveloped;
use jiff::Timestamp;
use openssl::x509::X509;

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const FEDERATION: &str = "http://docs.oasis-open.org/wsfed/federation/200706";
const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const SAML2: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Metadata of one entity; AD FS's own has a hundred thousand octets.
pub const LARGEST: usize = 1024 * 1024;
const LIMITS: XmlLimits = XmlLimits { depth: 32, attributes: 64, text_bytes: 64 * 1024 };

/// What metadata says about one relying party. Addresses are https; what could not be taken is in `left_out`.
#[derive(Debug, Clone, Default)]
pub struct RelyingPartyMetadata {
    /// `entityID`.
    pub entity: String,
    /// What it calls itself.
    pub display_name: Option<String>,
    /// `entityID`, then the target scopes.
    pub identifiers: Vec<String>,
    /// Passive requestor endpoints.
    pub ws_fed_endpoints: Vec<String>,
    /// Assertion consumer services by POST.
    pub consumers: Vec<AssertionConsumer>,
    /// The single logout service.
    pub logout: Option<LogoutService>,
    /// Formats of name identifiers that it takes, in its order.
    pub name_id_formats: Vec<String>,
    /// What its requests are signed with.
    pub signing_certificates: Vec<X509>,
    /// What assertions are encrypted to.
    pub encryption_certificate: Option<X509>,
    /// `AuthnRequestsSigned`.
    pub requests_signed: bool,
    /// Whether somebody vouches for all this.
    pub signature: MetadataSignature,
    /// What was not taken, and why: sentences.
    pub left_out: Vec<String>,
}

/// Whether somebody vouches for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetadataSignature {
    /// Nobody.
    #[default]
    Absent,
    /// There is a signature, and it was not looked at.
    Unchecked,
    /// A key that the operator named.
    Verified,
}

/// Reads metadata. With `signed_by`, only what one of these certificates' keys signed is read; a signature by anybody else says
/// nothing, for the document brings its own key.
///
/// # Errors
/// When it is not the current metadata of one relying party with at least one address of its own.
pub fn read(bytes: &[u8], signed_by: &[X509], at: Timestamp) -> Result<RelyingPartyMetadata, MetadataError> {
    if bytes.len() > LARGEST {
        return Err(MetadataError::TooLarge);
    }
    let (entity, signature) = match signed_by {
        [] => {
            let entity = parse_document(bytes, LIMITS)?;
            let signed = entity.children.iter().any(|child| child.is(DSIG, "Signature"));
            (entity, if signed { MetadataSignature::Unchecked } else { MetadataSignature::Absent })
        }
        certificates => (verify_enveloped(bytes, certificates, LIMITS)?, MetadataSignature::Verified),
    };
    if entity.is(METADATA, "EntitiesDescriptor") {
        return Err(MetadataError::SeveralEntities);
    }
    if !entity.is(METADATA, "EntityDescriptor") {
        return Err(MetadataError::NotMetadata(entity.name.to_string()));
    }
    still_valid(&entity, at)?;
    let id = entity.attribute("", "entityID").map(str::trim).filter(|id| is_identifier(id));
    let id = id.ok_or(MetadataError::NoEntity)?.to_owned();
    let mut metadata = RelyingPartyMetadata {
        display_name: organization(&entity),
        identifiers: vec![id.clone()],
        entity: id,
        signature,
        ..RelyingPartyMetadata::default()
    };
    let mut roles = 0;
    for role in &entity.children {
        let taken =
            service_provider::read(role, &mut metadata, at)? || application_service::read(role, &mut metadata, at)?;
        roles += usize::from(taken);
    }
    match () {
        () if roles == 0 && is_provider(&entity) => Err(MetadataError::ClaimsProvider),
        () if roles == 0 => Err(MetadataError::NoRelyingParty),
        () if metadata.consumers.is_empty() && metadata.ws_fed_endpoints.is_empty() => {
            Err(MetadataError::NoAddress(metadata.left_out))
        }
        () => {
            keys::settle(&mut metadata);
            Ok(metadata)
        }
    }
}

/// `validUntil` of an entity or a role (saml-metadata-2.0-os section 2.3.2).
fn still_valid(element: &Element, at: Timestamp) -> Result<(), MetadataError> {
    let Some(until) = element.attribute("", "validUntil") else { return Ok(()) };
    match until.trim().parse::<Timestamp>() {
        Ok(end) if at < end => Ok(()),
        Ok(end) => Err(MetadataError::Expired(end)),
        Err(_) => Err(MetadataError::ValidUntil(until.to_owned())),
    }
}

fn is_provider(entity: &Element) -> bool {
    entity.children.iter().any(|role| {
        role.is(METADATA, "IDPSSODescriptor")
            || application_service::kind(role).is_some_and(|kind| kind == "SecurityTokenServiceType")
    })
}

fn organization(entity: &Element) -> Option<String> {
    let organization = entity.child(METADATA, "Organization")?;
    let name = organization.child(METADATA, "OrganizationDisplayName")?;
    one_line(name.trimmed())
}

/// It is compared letter by letter and stands in a line of the configuration.
fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.len() <= 1024 && !text.chars().any(char::is_control)
}

/// A name for people, in one line.
fn one_line(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|character| !character.is_control()).take(128).collect();
    (!text.is_empty()).then_some(text)
}

/// Takes an address, or says why not.
fn address(location: &str, what: &str, left_out: &mut Vec<String>) -> Option<String> {
    let location = location.trim();
    match super::token_address(location) {
        Ok(_) => Some(location.to_owned()),
        Err(fault) => {
            left_out.push(format!("{what} {location:?}: it {fault}, and a token is never sent without TLS."));
            None
        }
    }
}

#[cfg(test)]
mod tests;
