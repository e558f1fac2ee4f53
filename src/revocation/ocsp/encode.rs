//! Writing DER: the few values that a request is made of.

/// One value. Its content is shorter than 4 GiB, as everything here is.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(content.len() + 6);
    encoded.push(tag);
    match content.len() {
        short @ 0..=0x7f => encoded.push(short as u8),
        long => {
            let octets = (long as u32).to_be_bytes();
            let significant = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
            encoded.push(0x80 | significant.len() as u8);
            encoded.extend_from_slice(significant);
        }
    }
    encoded.extend_from_slice(content);
    encoded
}

/// A SEQUENCE of values.
pub(super) fn sequence(values: &[&[u8]]) -> Vec<u8> {
    value(super::super::der::SEQUENCE, &values.concat())
}
