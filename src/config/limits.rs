//! `[limits]`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::Number;
use crate::claims;

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
    /// How much the claim rules may do.
    pub claims: claims::Limits,
}

pub(super) const LIMITS: Table = Table {
    name: "limits",
    repeated: false,
    meaning: "How much a request may ask of the gateway. A request beyond a limit is refused with 400 or 413 and a record; where \
              claim rules run into one, the sign-in is refused and the record names the rule.",
    keys: &[
        &REQUEST_BYTES,
        &XML_DEPTH,
        &XML_ATTRIBUTES,
        &XML_TEXT_BYTES,
        &CLAIM_COMBINATIONS,
        &CLAIMS,
        &STORE_QUERIES,
        &REGEX_STEPS,
    ],
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

const CLAIM_COMBINATIONS: Key<Number> = Key {
    name: "claim_combinations",
    shape: Number { default: 100_000, range: 1..=10_000_000, unit: "combinations" },
    meaning: "Most combinations of claims that one claim rule may run for: with two conditions, one for each pair.",
};

const CLAIMS: Key<Number> = Key {
    name: "claims",
    shape: Number { default: 100_000, range: 16..=10_000_000, unit: "claims" },
    meaning: "Most claims in the input set of one rule set, those that its rules add included.",
};

const STORE_QUERIES: Key<Number> = Key {
    name: "store_queries",
    shape: Number { default: 64, range: 1..=10_000, unit: "questions" },
    meaning: "Most questions that one rule set may ask of attribute stores.",
};

const REGEX_STEPS: Key<Number> = Key {
    name: "regex_steps",
    shape: Number { default: 100_000, range: 1000..=100_000_000, unit: "steps" },
    meaning: "How often a regular expression of a claim rule may go back on one value before it is given up.",
};

pub(super) fn limits(mut section: Section<'_, '_>) -> LimitsSection {
    let limits = LimitsSection {
        request_bytes: section.count(&REQUEST_BYTES),
        xml_depth: section.count(&XML_DEPTH),
        xml_attributes: section.count(&XML_ATTRIBUTES),
        xml_text_bytes: section.count(&XML_TEXT_BYTES),
        claims: claims::Limits {
            tuples: section.count(&CLAIM_COMBINATIONS),
            claims: section.count(&CLAIMS),
            store_queries: section.count(&STORE_QUERIES),
            regex_backtracks: section.count(&REGEX_STEPS),
            ..claims::Limits::default()
        },
    };
    section.finish();
    limits
}
