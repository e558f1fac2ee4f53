//! Serial numbers, kept as the octets that were signed.

use super::hexadecimal;
use std::fmt::{self, Display};

/// A certificate's serial number. `Display` is .NET's `X509Certificate2.SerialNumber`: the DER content octets in upper-case
/// hex, a leading `00` kept (ADFS-PROTOCOLS section 9.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SerialNumber(Box<[u8]>);

impl SerialNumber {
    /// From the content octets of the DER INTEGER.
    pub fn from_octets(octets: &[u8]) -> Self {
        Self(octets.into())
    }

    /// The content octets of the DER INTEGER, most significant first.
    pub fn octets(&self) -> &[u8] {
        &self.0
    }

    /// The number in decimal (two's complement, as DER means it).
    pub fn decimal(&self) -> String {
        let negative = self.0.first().is_some_and(|octet| octet & 0x80 != 0);
        let magnitude = if negative { negate(&self.0) } else { self.0.to_vec() };
        let digits = decimal_digits(&magnitude);
        if negative { format!("-{digits}") } else { digits }
    }
}

impl Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal::upper(self.0.iter().copied()))
    }
}

fn negate(octets: &[u8]) -> Vec<u8> {
    let mut carry = true;
    let mut result: Vec<u8> = octets.iter().map(|octet| !octet).collect();
    for octet in result.iter_mut().rev() {
        (*octet, carry) = octet.overflowing_add(u8::from(carry));
    }
    result
}

/// Schoolbook base conversion in limbs of nine decimal digits; serials are 20 octets, and foreign ones bounded by the DER.
fn decimal_digits(octets: &[u8]) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for octet in octets {
        let mut carry = u64::from(*octet);
        for limb in &mut limbs {
            carry += *limb * 256;
            *limb = carry % LIMB;
            carry /= LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = limbs.last().copied().unwrap_or_default().to_string();
    for limb in limbs.iter().rev().skip(1) {
        text.push_str(&format!("{limb:09}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_dotnet_form_and_the_number() {
        let cases: &[(&[u8], &str, &str)] = &[
            (&[0x00, 0xa1, 0xb2], "00A1B2", "41394"),
            (&[0x00], "00", "0"),
            (&[0xff], "FF", "-1"),
            (&[0x80, 0x00], "8000", "-32768"),
            (&[0x01, 0, 0, 0, 0, 0, 0, 0, 0], "010000000000000000", "18446744073709551616"),
            (
                &[0x48, 0xef, 0xa0, 0x6b, 0xa8, 0x12, 0x72, 0x99, 0x49, 0x9b, 0x06, 0x9f, 0x13, 0x34, 0x41, 0xb2],
                "48EFA06BA8127299499B069F133441B2",
                "96948628360669523438018616586751197618",
            ),
            (&[0x3b, 0x9a, 0xca, 0x00], "3B9ACA00", "1000000000"),
        ];
        for (octets, hex, decimal) in cases {
            let serial = SerialNumber::from_octets(octets);
            assert_eq!(serial.to_string(), *hex);
            assert_eq!(serial.decimal(), *decimal);
        }
    }
}
