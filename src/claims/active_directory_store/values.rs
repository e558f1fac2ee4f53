//! Attribute values as claim text: octets in base64 (this is what makes an ImmutableID), security identifiers in `S-1-…`.

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
        && let Some(sid) = security_identifier(value)
    {
        return sid;
    }
    match str::from_utf8(value) {
        Ok(text) if !is_one_of(BINARY) => text.to_owned(),
        _ => STANDARD.encode(value),
    }
}

/// MS-DTYP section 2.4.2.2: revision, count, six octets of authority, little-endian subauthorities.
fn security_identifier(value: &[u8]) -> Option<String> {
    let (head, subauthorities) = value.split_at_checked(8)?;
    let [revision, count, authority @ ..] = head else { return None };
    let (chunks, rest) = subauthorities.as_chunks::<4>();
    if !rest.is_empty() || chunks.len() != usize::from(*count) {
        return None;
    }
    let authority = authority.iter().fold(0_u64, |value, octet| value << 8 | u64::from(*octet));
    let mut text = format!("S-{revision}-{authority}");
    for chunk in chunks {
        text.push_str(&format!("-{}", u32::from_le_bytes(*chunk)));
    }
    Some(text)
}
