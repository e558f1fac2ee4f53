//! The strong forms of `altSecurityIdentities` (KB5014754).

use crate::certificate::{Certificate, hexadecimal};

/// Every strong value that would map this certificate.
pub fn strong_forms(certificate: &Certificate) -> Vec<String> {
    let mut forms = Vec::with_capacity(4);
    if !certificate.issuer().is_empty() {
        let issuer = certificate.issuer().in_der_order();
        forms.extend(
            serial_spellings(certificate.serial().octets()).map(|serial| format!("X509:<I>{issuer}<SR>{serial}")),
        );
    }
    if let Some(identifier) = certificate.subject_key_identifier().filter(|identifier| !identifier.is_empty()) {
        forms.push(format!("X509:<SKI>{}", hexadecimal::lower(identifier.iter().copied())));
    }
    // the thumbprint of the certificate, whatever the name says (ENTRA-CBA section 1.9.4)
    forms.push(format!("X509:<SHA1-PUKEY>{}", hexadecimal::lower(certificate.sha1_thumbprint())));
    forms
}

/// The serial number's octets in reverse; the sign octet, which comes last then, is kept by some tools and dropped by
/// others. Both say the same number.
fn serial_spellings(octets: &[u8]) -> impl Iterator<Item = String> {
    let unsigned = match octets {
        [0, rest @ ..] if !rest.is_empty() => Some(hexadecimal::lower(rest.iter().rev().copied())),
        _ => None,
    };
    std::iter::once(hexadecimal::lower(octets.iter().rev().copied())).chain(unsigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_serial_numbers_reversed() {
        let cases: &[(&[u8], &[&str])] = &[
            (&[0x48, 0xef, 0xa0], &["a0ef48"]),
            (&[0x00, 0xf1, 0x02], &["02f100", "02f1"]),
            (&[0x00], &["00"]),
            (&[0x00, 0x00], &["0000", "00"]),
        ];
        for (octets, expected) in cases {
            assert_eq!(serial_spellings(octets).collect::<Vec<_>>(), *expected);
        }
    }
}
