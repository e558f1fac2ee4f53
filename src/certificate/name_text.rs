//! Distinguished names as text. Hand-written, because OpenSSL's RFC 2253 printer spells and escapes differently
//! (ADFS-PROTOCOLS section 9.2) and authorization rules compare these strings.

use super::attribute_string;
use std::fmt::Write;
use x509_parser::asn1_rs::{Any, FromDer, ToDer};
use x509_parser::x509::{AttributeTypeAndValue, RelativeDistinguishedName, X509Name};

pub(super) fn dotnet(der: &[u8]) -> String {
    render(der, Order::LeafFirst, ", ", " + ", windows_attribute)
}

/// `X500DistinguishedName.Decode(UseNewLines | DoNotUsePlusSign)` with the newlines turned into commas.
pub(super) fn in_der_order(der: &[u8]) -> String {
    render(der, Order::RootFirst, ",", " ", windows_attribute)
}

pub(super) fn rfc4514(der: &[u8]) -> String {
    render(der, Order::LeafFirst, ",", "+", ldap_attribute)
}

/// PKCS #9 `emailAddress`, which older authorities use in place of an alternative name.
pub(super) fn email_addresses(der: &[u8]) -> Vec<String> {
    const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
    let Ok((_, name)) = X509Name::from_der(der) else { return Vec::new() };
    let attributes = name.iter_rdn().flat_map(|rdn| rdn.iter());
    let addresses = attributes.filter(|attribute| attribute.attr_type().as_bytes() == EMAIL_ADDRESS);
    addresses.map(|address| attribute_string::decode(address.attr_value()).unwrap_or_default()).collect()
}

#[derive(Clone, Copy)]
enum Order {
    LeafFirst,
    RootFirst,
}

type WriteAttribute = fn(&mut String, &AttributeTypeAndValue<'_>);

fn render(der: &[u8], order: Order, between_rdns: &str, inside_rdn: &str, write: WriteAttribute) -> String {
    // The octets were a name when they were read; an unreadable one has no text.
    let Ok((_, name)) = X509Name::from_der(der) else { return String::new() };
    let mut rdns: Vec<&RelativeDistinguishedName<'_>> = name.iter_rdn().collect();
    if matches!(order, Order::LeafFirst) {
        rdns.reverse();
    }
    let mut text = String::with_capacity(der.len());
    for (position, rdn) in rdns.into_iter().enumerate() {
        if position > 0 {
            text.push_str(between_rdns);
        }
        for (position, attribute) in rdn.iter().enumerate() {
            if position > 0 {
                text.push_str(inside_rdn);
            }
            write(&mut text, attribute);
        }
    }
    text
}

fn windows_attribute(text: &mut String, attribute: &AttributeTypeAndValue<'_>) {
    let dotted = attribute.attr_type().to_id_string();
    match windows_keyword(&dotted) {
        Some(keyword) => text.push_str(keyword),
        None => {
            text.push_str("OID.");
            text.push_str(&dotted);
        }
    }
    text.push('=');
    match attribute_string::decode(attribute.attr_value()) {
        Some(value) if needs_quotes(&value) => {
            text.push('"');
            text.push_str(&value.replace('"', "\"\""));
            text.push('"');
        }
        Some(value) => text.push_str(&value),
        None => hexadecimal(text, attribute.attr_value()),
    }
}

fn windows_keyword(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "SERIALNUMBER",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "S",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "T",
        "2.5.4.13" => "Description",
        "2.5.4.17" => "PostalCode",
        "2.5.4.18" => "POBox",
        "2.5.4.20" => "Phone",
        "2.5.4.42" => "G",
        "2.5.4.43" => "I",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "E",
        _ => return None,
    })
}

fn needs_quotes(value: &str) -> bool {
    let blank = |c: char| c.is_ascii_whitespace() || c == '\x0b';
    value.is_empty()
        || value.starts_with(blank)
        || value.ends_with(blank)
        || value.contains([',', '+', '=', '"', '\n', '<', '>', '#', ';'])
}

fn ldap_attribute(text: &mut String, attribute: &AttributeTypeAndValue<'_>) {
    let dotted = attribute.attr_type().to_id_string();
    let descriptor = ldap_descriptor(&dotted);
    text.push_str(descriptor.unwrap_or(&dotted));
    text.push('=');
    // RFC 4514 section 2.4: a type in dotted form takes its value in hexadecimal.
    match attribute_string::decode(attribute.attr_value()).filter(|_| descriptor.is_some()) {
        Some(value) => escape_ldap(text, &value),
        None => hexadecimal(text, attribute.attr_value()),
    }
}

/// The descriptors registered for LDAP (RFC 4514 section 3, RFC 4519, RFC 2985).
fn ldap_descriptor(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "sn",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.13" => "description",
        "2.5.4.17" => "postalCode",
        "2.5.4.18" => "postOfficeBox",
        "2.5.4.20" => "telephoneNumber",
        "2.5.4.42" => "givenName",
        "2.5.4.43" => "initials",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        _ => return None,
    })
}

fn escape_ldap(text: &mut String, value: &str) {
    let last = value.chars().count().saturating_sub(1);
    for (position, character) in value.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            '#' if position == 0 => text.push_str("\\#"),
            ' ' if position == 0 || position == last => text.push_str("\\ "),
            control if control.is_ascii_control() => {
                let _ = write!(text, "\\{:02x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
}

/// `#` and the value's DER: unmistakable, since a text beginning with `#` is quoted or escaped.
fn hexadecimal(text: &mut String, value: &Any<'_>) {
    text.push('#');
    for octet in value.to_der_vec().unwrap_or_else(|_| value.data.to_vec()) {
        let _ = write!(text, "{octet:02x}");
    }
}
