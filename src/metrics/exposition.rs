//! The text format that Prometheus reads (exposition format 0.0.4). What is told is gathered when somebody asks, so there is
//! no registry to keep, and writing the format is less than a crate that keeps one.

use crate::verification::shown;
use std::fmt::{Display, Write};

/// What a metric's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only ever rises while the gateway runs; the name ends in `_total`.
    Counter,
    /// Goes up and down.
    Gauge,
}

/// A text in the making.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// Begins a metric: its samples follow.
    pub fn metric(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        let _ = writeln!(self.0, "# HELP {name} {}\n# TYPE {name} {kind}", escaped(help, false));
    }

    /// One value of the metric begun last.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (number, (label, value)) in labels.iter().enumerate() {
            let before = if number == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{before}{label}=\"{}\"", escaped(value, true));
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{end} {value}");
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// What stands in a certificate or a URL is an outsider's, and somebody may look at the text on a terminal. No line break is
/// left then, so that of the format's three escapes two remain.
fn escaped(text: &str, quoted: bool) -> String {
    let text = shown(text).replace('\\', "\\\\");
    if quoted { text.replace('"', "\\\"") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_begin_a_line_or_end_its_quotes() {
        let mut text = Exposition::default();
        text.metric("fedgate_a", Kind::Gauge, "What it is.");
        text.sample("fedgate_a", &[("url", "a\"b\\c\nd\u{1b}[2J\u{202e}"), ("b", "")], 7);
        text.sample("fedgate_a", &[], 1.5);
        let expected = "# HELP fedgate_a What it is.\n# TYPE fedgate_a gauge\n\
                        fedgate_a{url=\"a\\\"b\\\\c\\\\nd\\\\u{1b}[2J\\\\u{202e}\",b=\"\"} 7\nfedgate_a 1.5\n";
        assert_eq!(text.into_text(), expected);
    }
}
