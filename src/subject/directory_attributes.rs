//! Agreement that the operator demands between an account's attributes and its certificate.

use super::{CertificateField, SubjectError, SubjectPolicy, distinguished_name_text};
use crate::certificate::Certificate;
use crate::directory::Entry;

/// Every demanded attribute has a value that says what the certificate says.
pub(super) fn agree(entry: &Entry, certificate: &Certificate, policy: &SubjectPolicy) -> Result<(), SubjectError> {
    if let Some(attribute) = &policy.require_equal_serial_attribute {
        let serial = certificate.serial().to_string();
        let same = |value: &str| same_serial(value, &serial);
        agrees(entry, CertificateField::SerialNumber, attribute, &serial, same)?;
    }
    if let Some(attribute) = &policy.require_equal_issuer_attribute {
        let issuer = certificate.issuer();
        let same = |value: &str| distinguished_name_text::spells(value, issuer);
        agrees(entry, CertificateField::Issuer, attribute, issuer.dotnet(), same)?;
    }
    Ok(())
}

fn agrees(
    entry: &Entry,
    which: CertificateField,
    attribute: &str,
    certificate: &str,
    same: impl FnMut(&str) -> bool,
) -> Result<(), SubjectError> {
    let (dn, attribute) = (entry.dn.clone(), attribute.to_owned());
    if entry.values(&attribute).is_empty() {
        return Err(SubjectError::CertificateAttributeMissing { dn, which, attribute });
    }
    if entry.texts(&attribute).any(same) {
        return Ok(());
    }
    let values = entry.values(&attribute).iter().map(|value| String::from_utf8_lossy(value));
    let directory = values.collect::<Vec<_>>().join("; ");
    let certificate = certificate.to_owned();
    Err(SubjectError::CertificateAttributeMismatch { dn, which, attribute, directory, certificate })
}

/// The same number in hexadecimal; case, leading zeros and separators (`:`, `-`, blanks) say nothing. The order of the
/// octets does: a reversed serial number is another number.
fn same_serial(left: &str, right: &str) -> bool {
    match (digits(left), digits(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let digits: String = text.chars().filter(|one| !matches!(one, ':' | '-' | ' ')).collect();
    let hexadecimal = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_hexdigit());
    hexadecimal.then(|| digits.trim_start_matches('0').to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_serial_numbers_as_numbers() {
        let cases = [
            ("1a2b", "1A2B", true),
            ("00:1A:2B", "1a2b", true),
            ("1a 2b", "1a-2b", true),
            ("0x1a2b", "1A2B", true),
            ("2b1a", "1a2b", false),
            ("00", "0", true),
            ("", "00", false),
            ("", "", false),
            (":", "0", false),
            ("1g", "1g", false),
            ("-1a2b", "1a2b", true),
        ];
        for (left, right, same) in cases {
            assert_eq!(same_serial(left, right), same, "{left} {right}");
        }
    }
}
