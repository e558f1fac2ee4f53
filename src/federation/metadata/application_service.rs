//! `RoleDescriptor` of the type `ApplicationServiceType` (WS-Federation 1.2 section 3.1.4).

use super::{ADDRESSING, FEDERATION, INSTANCE, METADATA, MetadataError, RelyingPartyMetadata};
use super::{address, is_identifier, keys, one_line, still_valid};
use crate::xml::reader::Element;
use jiff::Timestamp;

/// The local name of a role's type. The prefix is not resolved: only two of these names are known, and neither is a SAML one.
pub(super) fn kind(role: &Element) -> Option<&str> {
    let kind = role.is(METADATA, "RoleDescriptor").then(|| role.attribute(INSTANCE, "type"))??;
    Some(kind.trim().rsplit(':').next().unwrap_or_default())
}

/// Whether the role was one of these.
pub(super) fn read(role: &Element, metadata: &mut RelyingPartyMetadata, at: Timestamp) -> Result<bool, MetadataError> {
    if kind(role) != Some("ApplicationServiceType") {
        return Ok(false);
    }
    still_valid(role, at)?;
    for endpoint in role.children(FEDERATION, "PassiveRequestorEndpoint").flat_map(addresses) {
        let taken = address(endpoint, "The passive requestor endpoint", &mut metadata.left_out);
        metadata.ws_fed_endpoints.extend(taken);
    }
    for scope in role.children(FEDERATION, "TargetScopes").flat_map(addresses) {
        if is_identifier(scope) && !metadata.identifiers.iter().any(|known| known == scope) {
            metadata.identifiers.push(scope.to_owned());
        }
    }
    if metadata.display_name.is_none() {
        metadata.display_name = role.attribute("", "ServiceDisplayName").and_then(one_line);
    }
    keys::read(role, metadata)?;
    Ok(true)
}

fn addresses(element: &Element) -> impl Iterator<Item = &str> {
    let references = element.children(ADDRESSING, "EndpointReference");
    references.filter_map(|reference| reference.child(ADDRESSING, "Address")).map(Element::trimmed)
}
