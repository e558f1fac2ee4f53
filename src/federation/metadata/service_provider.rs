//! `SPSSODescriptor` (saml-metadata-2.0-os section 2.4.4).

use super::{METADATA, MetadataError, RelyingPartyMetadata, SAML2, address, keys, one_line, still_valid};
use crate::federation::saml_request::AssertionConsumer;
use crate::federation::{LogoutBinding, LogoutService};
use crate::xml::reader::Element;
use jiff::Timestamp;

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const MDUI: &str = "urn:oasis:names:tc:SAML:metadata:ui";

/// Whether the role was one of these.
pub(super) fn read(role: &Element, metadata: &mut RelyingPartyMetadata, at: Timestamp) -> Result<bool, MetadataError> {
    let speaks = |role: &Element| {
        role.attribute("", "protocolSupportEnumeration")
            .is_some_and(|all| all.split_whitespace().any(|one| one == SAML2))
    };
    if !role.is(METADATA, "SPSSODescriptor") || !speaks(role) {
        return Ok(false);
    }
    still_valid(role, at)?;
    consumers(role, metadata);
    metadata.logout = logout(role, &mut metadata.left_out);
    let formats = role.children(METADATA, "NameIDFormat").map(|format| format.trimmed().to_owned());
    metadata.name_id_formats.extend(formats);
    metadata.requests_signed |= role.attribute("", "AuthnRequestsSigned").is_some_and(is_true);
    if let Some(name) = display_name(role) {
        metadata.display_name = Some(name);
    }
    keys::read(role, metadata)?;
    Ok(true)
}

fn consumers(role: &Element, metadata: &mut RelyingPartyMetadata) {
    for service in role.children(METADATA, "AssertionConsumerService") {
        let location = service.attribute("", "Location").unwrap_or_default();
        let what = "The assertion consumer service";
        match service.attribute("", "Binding").unwrap_or_default() {
            POST => {}
            binding => {
                let binding = binding.rsplit(':').next().unwrap_or_default();
                metadata.left_out.push(format!("{what} {location:?} by {binding}: responses are posted."));
                continue;
            }
        }
        let Some(address) = address(location, what, &mut metadata.left_out) else { continue };
        let index = service.attribute("", "index").and_then(|index| index.trim().parse::<u16>().ok());
        let Some(index) = index.filter(|index| !metadata.consumers.iter().any(|known| known.index == *index)) else {
            metadata.left_out.push(format!("{what} {location:?}: it has no index of its own."));
            continue;
        };
        let is_default = service.attribute("", "isDefault").is_some_and(is_true)
            && !metadata.consumers.iter().any(|known| known.is_default);
        metadata.consumers.push(AssertionConsumer { index, address, is_default });
    }
}

/// The first by POST, or else the first by redirect.
fn logout(role: &Element, left_out: &mut Vec<String>) -> Option<LogoutService> {
    let by = |binding: &'static str| {
        role.children(METADATA, "SingleLogoutService")
            .find(move |service| service.attribute("", "Binding") == Some(binding))
    };
    let (service, binding) = match (by(POST), by(REDIRECT)) {
        (Some(service), _) => (service, LogoutBinding::Post),
        (None, Some(service)) => (service, LogoutBinding::Redirect),
        (None, None) => return None,
    };
    let what = "The single logout service";
    let to = address(service.attribute("", "Location").unwrap_or_default(), what, left_out)?;
    let response_address =
        service.attribute("", "ResponseLocation").and_then(|location| address(location, what, left_out));
    Some(LogoutService { address: to, response_address, binding })
}

/// In English, or else the first.
fn display_name(role: &Element) -> Option<String> {
    let info = role.child(METADATA, "Extensions")?.child(MDUI, "UIInfo")?;
    let xml = "http://www.w3.org/XML/1998/namespace";
    let names = || info.children(MDUI, "DisplayName");
    let name = names().find(|name| name.attribute(xml, "lang") == Some("en")).or_else(|| names().next())?;
    one_line(name.trimmed())
}

/// xs:boolean.
fn is_true(text: &str) -> bool {
    matches!(text.trim(), "true" | "1")
}
