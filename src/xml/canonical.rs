//! Writes XML that already is its own Exclusive Canonical form (<https://www.w3.org/TR/xml-exc-c14n/>), so that what is
//! signed is what is sent and nothing is serialised twice.
//!
//! The writer escapes; the order of attributes and the place of namespace declarations are the caller's template, which
//! the tests hold against `xmllint --exc-c14n`.

use std::ops::Range;

/// One growing document. Program text goes in by [`literal`](Self::literal), everything else escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalWriter {
    out: String,
    not_canonical: Vec<Range<usize>>,
}

impl CanonicalWriter {
    /// An empty document with room for `capacity` octets.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), not_canonical: Vec::new() }
    }

    /// Markup as it stands in the program; `'static` keeps foreign text out.
    pub fn literal(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Character data, escaped as Canonical XML section 2.3 says.
    pub fn text(&mut self, value: &str) -> &mut Self {
        escape_text(&mut self.out, value);
        self
    }

    /// The inside of a double-quoted attribute value, escaped as Canonical XML section 2.3 says.
    pub fn attribute_value(&mut self, value: &str) -> &mut Self {
        escape_attribute(&mut self.out, value);
        self
    }

    /// ` xmlns:prefix="namespace"` for a prefix that occurs only inside a value (`b:type="tn:boolean"`). A reader of the
    /// value needs it, Exclusive Canonicalization does not see it used and leaves it out: sent, but never digested.
    pub fn declare_for_value(&mut self, declaration: &'static str, namespace: &str) -> &mut Self {
        let start = self.out.len();
        self.literal(declaration).literal("=\"").attribute_value(namespace).literal("\"");
        self.not_canonical.push(start..self.out.len());
        self
    }

    /// A number of octets written so far; a later [`since`](Self::since) starts there.
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// What was written from `position` on.
    pub fn since(&self, position: usize) -> &str {
        self.out.get(position..).unwrap_or_default()
    }

    /// Gives room to direct writers of text that needs no escaping (times, Base64).
    pub(crate) fn unescaped(&mut self) -> &mut String {
        &mut self.out
    }

    /// The canonical form of what was written so far, in pieces.
    pub fn canonical_pieces(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.not_canonical.iter().map(|gap| gap.end));
        let ends = self.not_canonical.iter().map(|gap| gap.start).chain(std::iter::once(self.out.len()));
        starts.zip(ends).map(|(start, end)| &self.out[start..end])
    }

    /// Appends what another writer wrote. It stays canonical when no prefix it declares is declared around it.
    pub fn embed(&mut self, other: &Self) -> &mut Self {
        let start = self.out.len();
        self.out.push_str(&other.out);
        self.not_canonical.extend(other.not_canonical.iter().map(|gap| start + gap.start..start + gap.end));
        self
    }

    /// What was written so far.
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// The document.
    pub fn into_string(self) -> String {
        self.out
    }
}

/// Appends character data, escaped as Canonical XML section 2.3 says.
pub fn escape_text(out: &mut String, value: &str) {
    push_escaped(out, value, |octet| match octet {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Appends the inside of a double-quoted attribute value, escaped as Canonical XML section 2.3 says.
pub fn escape_attribute(out: &mut String, value: &str) {
    push_escaped(out, value, |octet| match octet {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// Runs of harmless octets are copied whole; every escaped character is one ASCII octet, so the cuts are at characters.
fn push_escaped(out: &mut String, value: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut copied = 0;
    for (at, octet) in value.bytes().enumerate() {
        if let Some(entity) = escape(octet) {
            out.push_str(&value[copied..at]);
            out.push_str(entity);
            copied = at + 1;
        }
    }
    out.push_str(&value[copied..]);
}

/// The first character that XML 1.0 cannot carry at all, not even as a reference (production 2, `Char`).
pub fn forbidden_character(text: &str) -> Option<char> {
    let suspicious = |octet: &u8| *octet == 0xEF || (*octet < 0x20 && !matches!(octet, b'\t' | b'\n' | b'\r'));
    // Without a way out of the inner loop the compiler looks at many octets at once.
    if !text.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |found, octet| found | suspicious(octet))) {
        return None;
    }
    text.chars().find(|character| {
        matches!(character, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_canonical_xml_escapes_and_nothing_else() {
        let cases = [
            ("plain", "plain", "plain"),
            ("a&b<c>d", "a&amp;b&lt;c&gt;d", "a&amp;b&lt;c>d"),
            ("\"'", "\"'", "&quot;'"),
            ("\t\n\r", "\t\n&#xD;", "&#x9;&#xA;&#xD;"),
            ("]]>", "]]&gt;", "]]>"),
            ("grüße 🔑", "grüße 🔑", "grüße 🔑"),
            ("", "", ""),
        ];
        for (value, text, attribute) in cases {
            let mut writer = CanonicalWriter::with_capacity(0);
            assert_eq!(writer.text(value).since(0), text);
            let start = writer.position();
            assert_eq!(writer.attribute_value(value).since(start), attribute);
        }
    }

    #[test]
    fn a_declaration_for_a_value_is_sent_but_not_canonical() {
        let mut writer = CanonicalWriter::with_capacity(0);
        writer.literal("<a").declare_for_value(" xmlns:tn", "urn:\"x").literal(" b=\"tn:c\"");
        writer.declare_for_value(" xmlns:uv", "urn:y").literal("/>");
        assert_eq!(writer.canonical_pieces().collect::<String>(), "<a b=\"tn:c\"/>");
        assert_eq!(writer.into_string(), "<a xmlns:tn=\"urn:&quot;x\" b=\"tn:c\" xmlns:uv=\"urn:y\"/>");
    }

    #[test]
    fn what_is_embedded_stays_canonical() {
        let mut inner = CanonicalWriter::with_capacity(0);
        inner.literal("<b").declare_for_value(" xmlns:tn", "urn:y").literal("/>");
        let mut writer = CanonicalWriter::with_capacity(0);
        writer.literal("<a>").embed(&inner).literal("-").embed(&inner).literal("</a>");
        assert_eq!(writer.canonical_pieces().collect::<String>(), "<a><b/>-<b/></a>");
        assert_eq!(writer.as_str(), "<a><b xmlns:tn=\"urn:y\"/>-<b xmlns:tn=\"urn:y\"/></a>");
    }

    #[test]
    fn finds_what_xml_cannot_carry() {
        let cases = [
            ("tab\tline\nreturn\r", None),
            ("nul\0", Some('\0')),
            ("\u{1f}", Some('\u{1f}')),
            ("\u{FFFD} \u{FFFE}", Some('\u{FFFE}')),
            ("\u{FEFF}\u{7f}\u{85}\u{10FFFF}", None),
            ("\u{FFFF}", Some('\u{FFFF}')),
        ];
        for (text, expected) in cases {
            assert_eq!(forbidden_character(text), expected, "{text:?}");
        }
    }
}
