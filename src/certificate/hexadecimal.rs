//! Octets in hexadecimal, two digits each and nothing between them.

/// With lower-case digits.
pub fn lower(octets: impl IntoIterator<Item = u8>) -> String {
    digits(octets, b"0123456789abcdef")
}

/// With upper-case digits, as .NET prints octets.
pub fn upper(octets: impl IntoIterator<Item = u8>) -> String {
    digits(octets, b"0123456789ABCDEF")
}

fn digits(octets: impl IntoIterator<Item = u8>, digits: &[u8; 16]) -> String {
    let octets = octets.into_iter();
    let mut text = Vec::with_capacity(octets.size_hint().0 * 2);
    for octet in octets {
        text.extend_from_slice(&[digits[usize::from(octet >> 4)], digits[usize::from(octet & 15)]]);
    }
    String::from_utf8(text).unwrap_or_default() // digits are text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_each() {
        assert_eq!(lower([0x00, 0x0f, 0xa0, 0xff]), "000fa0ff");
        assert_eq!(upper([0x00, 0x0f, 0xa0, 0xff]), "000FA0FF");
        assert_eq!(lower([]), "");
    }
}
