//! Values as .NET's certificate classes print them.

use crate::certificate::KeyUsage;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use jiff::tz::Offset;

/// The names of `X509KeyUsageFlags` in the order of RFC 5280 section 4.2.1.3.
const KEY_USAGES: [&str; 9] = [
    "DigitalSignature",
    "NonRepudiation",
    "KeyEncipherment",
    "DataEncipherment",
    "KeyAgreement",
    "KeyCertSign",
    "CrlSign",
    "EncipherOnly",
    "DecipherOnly",
];

/// The name of each usage that is allowed.
pub(super) fn key_usages(usage: KeyUsage) -> impl Iterator<Item = &'static str> {
    KEY_USAGES.into_iter().enumerate().filter(move |(bit, _)| usage.bits() >> bit & 1 != 0).map(|(_, name)| name)
}

/// `MM/dd/yyyy HH:mm:ss`, the invariant culture's form, in UTC.
pub(super) fn date(at: Timestamp) -> String {
    // "No end" (RFC 5280 section 4.1.2.5) lies past the last timestamp and was cut to it.
    if at == Timestamp::MAX {
        return "12/31/9999 23:59:59".to_owned();
    }
    let moment = Offset::UTC.to_datetime(at);
    let (year, month, day) = (moment.year(), moment.month(), moment.day());
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    format!("{month:02}/{day:02}/{year:04} {hour:02}:{minute:02}:{second:02}")
}

/// The friendly name in Windows' table of object identifiers; one that is not there stays an identifier.
pub(super) fn signature_algorithm(dotted: &str) -> &str {
    match dotted {
        "1.2.840.113549.1.1.2" => "md2RSA",
        "1.2.840.113549.1.1.3" => "md4RSA",
        "1.2.840.113549.1.1.4" => "md5RSA",
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => "sha1RSA",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.113549.1.1.11" => "sha256RSA",
        "1.2.840.113549.1.1.12" => "sha384RSA",
        "1.2.840.113549.1.1.13" => "sha512RSA",
        "1.2.840.10040.4.3" => "sha1DSA",
        "1.2.840.10045.4.1" => "sha1ECDSA",
        "1.2.840.10045.4.3.2" => "sha256ECDSA",
        "1.2.840.10045.4.3.3" => "sha384ECDSA",
        "1.2.840.10045.4.3.4" => "sha512ECDSA",
        other => other,
    }
}

/// `RSA.ToXmlString` without the private parts.
pub(super) fn rsa_key_value(modulus: &[u8], exponent: &[u8]) -> String {
    let (modulus, exponent) = (BASE64_STANDARD.encode(modulus), BASE64_STANDARD.encode(exponent));
    format!("<RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>{exponent}</Exponent></RSAKeyValue>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_the_invariant_cultures() {
        let cases = [
            ("2016-12-05T20:50:18Z", "12/05/2016 20:50:18"),
            ("1950-01-02T00:00:00Z", "01/02/1950 00:00:00"),
            ("2049-12-31T23:59:59Z", "12/31/2049 23:59:59"),
            ("0101-02-03T04:05:06Z", "02/03/0101 04:05:06"),
        ];
        for (at, expected) in cases {
            assert_eq!(date(at.parse().unwrap()), expected);
        }
        assert_eq!(date(Timestamp::MAX), "12/31/9999 23:59:59");
    }

    #[test]
    fn an_algorithm_without_a_name_keeps_its_identifier() {
        assert_eq!(signature_algorithm("1.2.840.113549.1.1.11"), "sha256RSA");
        assert_eq!(signature_algorithm("1.2.840.113549.1.1.14"), "1.2.840.113549.1.1.14");
        assert_eq!(signature_algorithm("1.3.101.112"), "1.3.101.112");
    }
}
