//! How reports are laid out: wrapped to the width, coloured where colours are wanted, and with nothing in them that a terminal
//! would act upon.

use crate::typesetting::{spelled_out, wrapped};

/// Fewer columns than this make no text.
const NARROWEST: usize = 40;

/// Where the text is going.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Whether to use colours (ECMA-48).
    pub colours: bool,
    /// Columns of a line.
    pub width: usize,
}

/// A colour, as ECMA-48 numbers it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Colour {
    Bold = 1,
    Red = 31,
    Green = 32,
    Yellow = 33,
}

impl Layout {
    pub(super) fn paint(&self, text: &str, colour: Colour) -> String {
        if self.colours { format!("\x1b[{}m{text}\x1b[0m", colour as u8) } else { text.to_owned() }
    }

    pub(super) fn heading(&self, page: &mut String, text: &str) {
        page.push_str(&format!("\n{}\n", self.paint(text, Colour::Bold)));
    }

    /// A text behind `first` on its first line and behind `rest` on the others; both are as wide as they look.
    pub(crate) fn write(&self, page: &mut String, first: &str, rest: &str, text: &str, colour: Option<Colour>) {
        let room = self.width.saturating_sub(first.chars().count().max(rest.chars().count())).max(NARROWEST);
        for (number, line) in wrapped(&shown(text), room).iter().enumerate() {
            let before = if number == 0 { first } else { rest };
            let line = colour.map_or_else(|| line.clone(), |colour| self.paint(line, colour));
            page.push_str(format!("{before}{line}").trim_end());
            page.push('\n');
        }
    }

    /// A fact with its name before it.
    pub(crate) fn field(&self, page: &mut String, indent: &str, name: &str, value: &str) {
        let first = format!("{indent}{name:<11} ");
        let rest = format!("{indent}{:<11} ", "");
        self.write(page, &first, &rest, value, None);
    }

    /// A fact to be copied: it stays on one line.
    pub(super) fn value(&self, page: &mut String, indent: &str, name: &str, value: &str) {
        page.push_str(&format!("{indent}{name:<11} {}\n", spelled_out(value)));
    }

    /// A line with a mark before it.
    pub(crate) fn marked(&self, page: &mut String, indent: &str, mark: Mark, text: &str) {
        let (sign, colour) = match mark {
            Mark::Good => ("✓", Colour::Green),
            Mark::Bad => ("✗", Colour::Red),
            Mark::Open => ("?", Colour::Yellow),
        };
        let start = page.len();
        self.write(page, &format!("{indent}{sign} "), &format!("{indent}  "), text, None);
        if self.colours {
            let line = page.split_off(start).replacen(sign, &self.paint(sign, colour), 1);
            page.push_str(&line);
        }
    }
}

/// What stands before a line.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    Good,
    Bad,
    Open,
}

/// The text with everything spelled out that a terminal would act upon.
pub fn shown(text: &str) -> String {
    spelled_out(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_lose_nothing_and_move_no_cursor() {
        let layout = Layout { colours: false, width: 60 };
        let mut page = String::new();
        layout.field(
            &mut page,
            "  ",
            "subject",
            "CN=\u{1b}[31mred\nCN=second line, and words enough to fill more than one line",
        );
        assert!(page.lines().all(|line| line.chars().count() <= 60), "{page}");
        assert!(page.contains(r"CN=\u{1b}[31mred\nCN=second"), "{page}");
        assert!(!page.contains('\u{1b}'), "{page}");
    }
}
