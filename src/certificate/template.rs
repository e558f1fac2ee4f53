//! The certificate template extensions of Microsoft's authorities (MS-WCCE section 2.2.2.7.7, MS-CRTD).

use super::extensions::whole;
use super::{attribute_string, general_name};
use x509_parser::asn1_rs::{Any, FromDer, Oid, Tag};

/// The template a certificate was made from, as version 2 templates are named (1.3.6.1.4.1.311.21.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateTemplate {
    /// Dotted OID of the template.
    pub id: String,
    /// Major version, where the authority says it.
    pub major_version: Option<u32>,
    /// Minor version, where the authority says it.
    pub minor_version: Option<u32>,
}

/// The name of a version 1 template (1.3.6.1.4.1.311.20.2), a string of any type.
pub(super) fn read_name(value: &[u8]) -> Option<String> {
    let string = whole::<Any<'_>, _>(value)?;
    attribute_string::decode(&string).filter(|name| general_name::is_clean(name))
}

/// `SEQUENCE { templateID OID, templateMajorVersion INTEGER OPTIONAL, templateMinorVersion INTEGER OPTIONAL }`.
pub(super) fn read(value: &[u8]) -> Option<CertificateTemplate> {
    let sequence = whole::<Any<'_>, _>(value).filter(|any| any.tag() == Tag::Sequence)?;
    let (rest, id) = Oid::from_der(sequence.data).ok()?;
    let (rest, major_version) = version(rest)?;
    let (rest, minor_version) = version(rest)?;
    rest.is_empty().then(|| CertificateTemplate { id: id.to_id_string(), major_version, minor_version })
}

fn version(octets: &[u8]) -> Option<(&[u8], Option<u32>)> {
    if octets.is_empty() {
        return Some((octets, None));
    }
    let (rest, number) = u32::from_der(octets).ok()?;
    Some((rest, Some(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_of_any_string_type() {
        let cases: &[(&[u8], Option<&str>)] = &[
            (b"\x1e\x08\x00U\x00s\x00e\x00r", Some("User")),
            (b"\x0c\x04User", Some("User")),
            (b"\x1e\x03\x00U\x00", None),
            (b"\x0c\x02a\x00", None),
            (b"\x0c\x00", None),
            (b"\x0c\x01a\x05\x00", None),
            (b"\x02\x01\x01", None),
            (b"", None),
        ];
        for (value, expected) in cases {
            assert_eq!(read_name(value).as_deref(), *expected, "{value:?}");
        }
    }

    #[test]
    fn reads_identifiers_with_and_without_versions() {
        let template = |major_version, minor_version| {
            Some(CertificateTemplate { id: "1.2.3".to_owned(), major_version, minor_version })
        };
        let cases: &[(&[u8], Option<CertificateTemplate>)] = &[
            (b"\x30\x0a\x06\x02\x2a\x03\x02\x01\x64\x02\x01\x05", template(Some(100), Some(5))),
            (b"\x30\x0b\x06\x02\x2a\x03\x02\x05\x00\xff\xff\xff\xff", template(Some(u32::MAX), None)),
            (b"\x30\x04\x06\x02\x2a\x03", template(None, None)),
            (b"\x30\x07\x06\x02\x2a\x03\x02\x01\xff", None),
            (b"\x30\x0d\x06\x02\x2a\x03\x02\x01\x01\x02\x01\x01\x02\x01\x01", None),
            (b"\x30\x06\x06\x02\x2a\x03\x05\x00", None),
            (b"\x30\x00", None),
            (b"\x06\x02\x2a\x03", None),
        ];
        for (value, expected) in cases {
            assert_eq!(read(value), *expected, "{value:?}");
        }
    }
}
