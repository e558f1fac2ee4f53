//! Extensions as Windows formats them on a single line (`CryptFormatObject`, which `X509Extension.Format(false)` calls).
//! The separators are part of the text: a name that contains `, ` reads like two, in AD FS as here.

use crate::certificate::{BasicConstraints, Certificate, CertificateTemplate, GeneralName};
use std::fmt::Write;

/// `Other Name:Principal Name=…, RFC822 Name=…`, all names in one text as in the documented sample. A name that cannot be
/// read is left out: nobody should compare a text that Windows and we would spell differently.
pub(super) fn alternative_names(names: &[GeneralName]) -> String {
    let mut text = String::new();
    for name in names {
        let end = text.len();
        if end > 0 {
            text.push_str(", ");
        }
        if alternative_name(&mut text, name).is_none() {
            text.truncate(end);
        }
    }
    text
}

fn alternative_name(text: &mut String, name: &GeneralName) -> Option<()> {
    match name {
        GeneralName::UserPrincipalName(value) => label(text, "Other Name:Principal Name=", value),
        GeneralName::Rfc822(value) => label(text, "RFC822 Name=", value),
        GeneralName::Dns(value) => label(text, "DNS Name=", value),
        GeneralName::Uri(value) => label(text, "URL=", value),
        // Leaf first, as the certificate dialog shows it (recalled).
        GeneralName::DirectoryName(value) => label(text, "Directory Address:", value.dotnet()),
        GeneralName::IpAddress(octets) => ip_address(text, octets)?,
        GeneralName::RegisteredId(value) => label(text, "Registered ID=", value),
        GeneralName::OtherName { type_id, value } => {
            let _ = write!(text, "Other Name:{type_id}=");
            spaced_hexadecimal(text, value);
        }
        GeneralName::Other { .. } => return None,
    }
    Some(())
}

fn label(text: &mut String, label: &str, value: &str) {
    text.push_str(label);
    text.push_str(value);
}

/// `IP Address=10.0.0.1`; Windows does not abbreviate version 6.
fn ip_address(text: &mut String, octets: &[u8]) -> Option<()> {
    if let [a, b, c, d] = octets {
        let _ = write!(text, "IP Address={a}.{b}.{c}.{d}");
        return Some(());
    }
    let (groups, []) = octets.as_chunks::<2>() else { return None };
    if groups.len() != 8 {
        return None;
    }
    text.push_str("IP Address=");
    for (position, [high, low]) in groups.iter().enumerate() {
        let colon = if position == 0 { "" } else { ":" };
        let _ = write!(text, "{colon}{high:02x}{low:02x}");
    }
    Some(())
}

/// `KeyID=d6 13 …, Certificate Issuer:…, Certificate SerialNumber=…`, each part where the certificate has it.
pub(super) fn authority_key(certificate: &Certificate) -> String {
    let mut text = String::new();
    let mut part = |label: &str, write: &dyn Fn(&mut String)| {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(label);
        write(&mut text);
    };
    if let Some(identifier) = certificate.authority_key_identifier() {
        part("KeyID=", &|text| spaced_hexadecimal(text, identifier));
    }
    let issuer = alternative_names(certificate.authority_issuer());
    if !issuer.is_empty() {
        part("Certificate Issuer:", &|text| text.push_str(&issuer));
    }
    if let Some(serial) = certificate.authority_serial() {
        part("Certificate SerialNumber=", &|text| spaced_hexadecimal(text, serial.octets()));
    }
    text
}

/// `Subject Type=CA, Path Length Constraint=None`.
pub(super) fn basic_constraints(constraints: BasicConstraints) -> String {
    let kind = if constraints.ca { "CA" } else { "End Entity" };
    match constraints.path_length {
        Some(length) => format!("Subject Type={kind}, Path Length Constraint={length}"),
        None => format!("Subject Type={kind}, Path Length Constraint=None"),
    }
}

/// `Template=…, Major Version Number=…, Minor Version Number=…`. Windows puts the template's name before the identifier
/// where it can ask the forest for it; here nobody is asked.
pub(super) fn template(template: &CertificateTemplate) -> String {
    let mut text = format!("Template={}", template.id);
    if let Some(version) = template.major_version {
        let _ = write!(text, ", Major Version Number={version}");
    }
    if let Some(version) = template.minor_version {
        let _ = write!(text, ", Minor Version Number={version}");
    }
    text
}

fn spaced_hexadecimal(text: &mut String, octets: &[u8]) {
    for (position, octet) in octets.iter().enumerate() {
        let blank = if position == 0 { "" } else { " " };
        let _ = write!(text, "{blank}{octet:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::DistinguishedName;

    #[test]
    fn every_form_of_alternative_name_has_its_label() {
        let name = DistinguishedName::read_der(b"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01a").unwrap();
        let text = |value: &str| value.to_owned();
        let cases = [
            (
                GeneralName::UserPrincipalName(text("alice@contoso.test")),
                "Other Name:Principal Name=alice@contoso.test",
            ),
            (GeneralName::Rfc822(text("a@b.test")), "RFC822 Name=a@b.test"),
            (GeneralName::Dns(text("host.test")), "DNS Name=host.test"),
            (GeneralName::Uri(text("tag:contoso.test,2026:a")), "URL=tag:contoso.test,2026:a"),
            (GeneralName::DirectoryName(name), "Directory Address:CN=a"),
            (GeneralName::IpAddress(vec![10, 0, 0, 255]), "IP Address=10.0.0.255"),
            (
                GeneralName::IpAddress(vec![0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xa]),
                "IP Address=2001:0db8:0000:0000:0000:0000:0000:000a",
            ),
            (GeneralName::IpAddress(vec![10, 0, 0]), ""),
            (GeneralName::IpAddress(vec![0; 8]), ""),
            (GeneralName::RegisteredId(text("1.2.3")), "Registered ID=1.2.3"),
            (GeneralName::OtherName { type_id: text("1.2.3"), value: vec![4, 1, 0xab] }, "Other Name:1.2.3=04 01 ab"),
            (GeneralName::Other { tag: 3, value: vec![1] }, ""),
        ];
        for (name, expected) in &cases {
            assert_eq!(alternative_names(std::slice::from_ref(name)), *expected);
        }
        let all: Vec<GeneralName> = cases.iter().map(|(name, _)| name.clone()).collect();
        let expected: Vec<&str> = cases.iter().map(|(_, text)| *text).filter(|text| !text.is_empty()).collect();
        assert_eq!(alternative_names(&all), expected.join(", "));
        assert_eq!(alternative_names(&[]), "");
    }

    #[test]
    fn constraints_and_templates_read_as_in_windows() {
        let constraints = |ca, path_length| basic_constraints(BasicConstraints { ca, path_length });
        assert_eq!(constraints(false, None), "Subject Type=End Entity, Path Length Constraint=None");
        assert_eq!(constraints(true, None), "Subject Type=CA, Path Length Constraint=None");
        assert_eq!(constraints(true, Some(0)), "Subject Type=CA, Path Length Constraint=0");
        let made_from = |major_version, minor_version| {
            template(&CertificateTemplate { id: "1.2.3".to_owned(), major_version, minor_version })
        };
        assert_eq!(made_from(Some(100), Some(5)), "Template=1.2.3, Major Version Number=100, Minor Version Number=5");
        assert_eq!(made_from(Some(100), None), "Template=1.2.3, Major Version Number=100");
        assert_eq!(made_from(None, None), "Template=1.2.3");
    }
}
