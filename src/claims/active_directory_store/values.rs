//! Attribute values as claim text: octets in base64 (this is what makes an ImmutableID), security identifiers in `S-1-…`.

use crate::directory::security_identifier;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Attributes whose syntax is an octet string even when the octets happen to be text.
const BINARY: &[&str] = &[
    "objectguid",
    "ms-ds-consistencyguid",
    "usercertificate",
    "usersmimecertificate",
    "cacertificate",
    "thumbnailphoto",
    "thumbnaillogo",
    "jpegphoto",
    "photo",
    "msexchmailboxguid",
    "msexcharchiveguid",
    "logonhours",
    "ntsecuritydescriptor",
];
const SECURITY_IDENTIFIERS: &[&str] = &["objectsid", "sidhistory", "msexchmasteraccountsid"];

pub(super) fn text(attribute: &str, value: &[u8]) -> String {
    let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(attribute));
    if is_one_of(SECURITY_IDENTIFIERS)
        && let Some(sid) = security_identifier::text(value)
    {
        return sid;
    }
    match str::from_utf8(value) {
        Ok(text) if !is_one_of(BINARY) => text.to_owned(),
        _ => STANDARD.encode(value),
    }
}
