//! `[limits]`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::Number;

/// `[limits]`: how much a request may ask of us.
#[derive(Debug, Clone, Copy)]
pub struct LimitsSection {
    /// Longest body, in bytes.
    pub request_bytes: usize,
    /// Elements inside elements.
    pub xml_depth: usize,
    /// Attributes on one element.
    pub xml_attributes: usize,
    /// Text in one element, in bytes.
    pub xml_text_bytes: usize,
}

pub(super) const LIMITS: Table = Table {
    name: "limits",
    repeated: false,
    meaning: "How much a request may ask of the gateway. A request beyond a limit is refused with 400 or 413 and a record.",
    keys: &[&REQUEST_BYTES, &XML_DEPTH, &XML_ATTRIBUTES, &XML_TEXT_BYTES],
    variants: &[],
};

const REQUEST_BYTES: Key<Number> = Key {
    name: "request_bytes",
    shape: Number { default: 64 * 1024, range: 4096..=1024 * 1024, unit: "bytes" },
    meaning: "Longest body of a request.",
};

const XML_DEPTH: Key<Number> = Key {
    name: "xml_depth",
    shape: Number { default: 32, range: 12..=256, unit: "elements" },
    meaning: "How deep elements may lie inside each other.",
};

const XML_ATTRIBUTES: Key<Number> = Key {
    name: "xml_attributes",
    shape: Number { default: 64, range: 16..=1024, unit: "attributes" },
    meaning: "Most attributes of one element.",
};

const XML_TEXT_BYTES: Key<Number> = Key {
    name: "xml_text_bytes",
    shape: Number { default: 16 * 1024, range: 1024..=1024 * 1024, unit: "bytes" },
    meaning: "Longest text of one element.",
};

pub(super) fn limits(mut section: Section<'_, '_>) -> LimitsSection {
    let limits = LimitsSection {
        request_bytes: section.count(&REQUEST_BYTES),
        xml_depth: section.count(&XML_DEPTH),
        xml_attributes: section.count(&XML_ATTRIBUTES),
        xml_text_bytes: section.count(&XML_TEXT_BYTES),
    };
    section.finish();
    limits
}
