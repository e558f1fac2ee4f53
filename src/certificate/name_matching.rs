//! When two names are the same authority: RFC 5280 section 7.1, with the folding that OpenSSL also does (ASCII case and
//! blanks), so that both judges of a path agree.

use super::attribute_string;
use x509_parser::asn1_rs::{FromDer, ToDer};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// Equal exactly for names that match. Every part is length-prefixed, so that no value can imitate a boundary.
pub(super) fn key(der: &[u8]) -> Box<[u8]> {
    let Ok((_, name)) = X509Name::from_der(der) else { return der.into() };
    let mut key = Vec::with_capacity(der.len());
    for rdn in name.iter_rdn() {
        let mut attributes: Vec<Vec<u8>> = rdn.iter().map(attribute).collect();
        attributes.sort_unstable();
        push(&mut key, &attributes.concat());
    }
    key.into()
}

fn attribute(attribute: &AttributeTypeAndValue<'_>) -> Vec<u8> {
    let mut key = Vec::new();
    push(&mut key, attribute.attr_type().as_bytes());
    match attribute_string::decode(attribute.attr_value()) {
        Some(text) => {
            key.push(b'T');
            push(&mut key, fold(&text).as_bytes());
        }
        None => {
            key.push(b'D');
            push(&mut key, &attribute.attr_value().to_der_vec().unwrap_or_default());
        }
    }
    key
}

fn push(key: &mut Vec<u8>, part: &[u8]) {
    key.extend((part.len() as u64).to_be_bytes());
    key.extend(part);
}

fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ").to_ascii_lowercase()
}
