//! The string types of ASN.1 as Windows reads them.

use x509_parser::asn1_rs::{Any, Class, Tag};

/// The text of a universal string type; `None` for another type or for octets that are no text in that type.
pub(super) fn decode(value: &Any<'_>) -> Option<String> {
    if value.class() != Class::Universal {
        return None;
    }
    let octets = value.data;
    match value.tag() {
        Tag::Utf8String => utf8(octets),
        Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString | Tag::TeletexString => {
            // Issuers put UTF-8 and Latin-1 into these; .NET tries them in this order for TeletexString.
            Some(utf8(octets).unwrap_or_else(|| latin1(octets)))
        }
        Tag::BmpString => utf16(octets),
        Tag::UniversalString => utf32(octets),
        _ => None,
    }
}

fn utf8(octets: &[u8]) -> Option<String> {
    std::str::from_utf8(octets).ok().map(str::to_owned)
}

fn latin1(octets: &[u8]) -> String {
    octets.iter().copied().map(char::from).collect()
}

fn utf16(octets: &[u8]) -> Option<String> {
    let (units, rest) = octets.as_chunks::<2>();
    let units = units.iter().copied().map(u16::from_be_bytes);
    rest.is_empty().then(|| char::decode_utf16(units).collect::<Result<String, _>>().ok()).flatten()
}

fn utf32(octets: &[u8]) -> Option<String> {
    let (units, rest) = octets.as_chunks::<4>();
    let characters = units.iter().copied().map(u32::from_be_bytes).map(char::from_u32);
    rest.is_empty().then(|| characters.collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_parser::asn1_rs::Any;

    #[test]
    fn each_string_type_has_its_own_encoding() {
        let cases: &[(Tag, &[u8], Option<&str>)] = &[
            (Tag::Utf8String, "Jürgen".as_bytes(), Some("Jürgen")),
            (Tag::Utf8String, b"J\xfcrgen", None),
            (Tag::PrintableString, b"Bob", Some("Bob")),
            (Tag::TeletexString, b"J\xfcrgen", Some("Jürgen")),
            (Tag::TeletexString, "Jürgen".as_bytes(), Some("Jürgen")),
            (Tag::BmpString, b"\x00J\x00\xfc\xd8\x3d\xde\x00", Some("Jü😀")),
            (Tag::BmpString, b"\x00J\x00", None),
            (Tag::BmpString, b"\xd8\x3d", None),
            (Tag::UniversalString, b"\x00\x00\x00J\x00\x01\xf6\x00", Some("J😀")),
            (Tag::UniversalString, b"\x00\x11\x00\x00", None),
            (Tag::Integer, b"\x01", None),
        ];
        for (tag, octets, expected) in cases {
            let value = Any::from_tag_and_data(*tag, octets);
            assert_eq!(decode(&value).as_deref(), *expected, "{tag:?} {octets:?}");
        }
    }
}
