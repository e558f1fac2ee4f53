//! `[log]`.

use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::Choice;

/// `[log]` format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

pub(super) const LOG: Table = Table {
    name: "log",
    repeated: false,
    meaning: "The log goes to standard output. The environment variable `RUST_LOG` chooses what is logged; `info` without it.",
    keys: &[&FORMAT],
    variants: &[],
};

const FORMAT: Key<Choice<LogFormat>> = Key {
    name: "format",
    shape: Choice { first: ("text", LogFormat::Text), others: &[("json", LogFormat::Json)], cure: None },
    meaning: "`text`: one readable line per event. `json`: one JSON object per line, for machines.",
};

pub(super) fn log(mut section: Section<'_, '_>) -> LogFormat {
    let format = section.choice(&FORMAT);
    section.finish();
    format
}
