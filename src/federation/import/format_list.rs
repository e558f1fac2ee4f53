//! `Format-List`: names padded to one width, a colon, the value; further lines of a value are indented to where it began.

use super::console_wrap::{self, Joined, Width};
use super::printed::{Doubt, Printed, Value};

/// Names of rule sets end so; no other value has lines of its own that matter.
const RULES: &str = "Rules";
/// Properties that only one kind of trust has. The first of them behind a trust of the other kind begins another trust.
const EXCLUSIVE: [&[&str]; 2] =
    [&["AcceptanceTransformRules"], &["IssuanceTransformRules", "IssuanceAuthorizationRules"]];

/// A value as it stands there.
struct Lines<'t> {
    name: &'t str,
    lines: Vec<&'t str>,
}

/// One trust: where its names begin, where its values do, and what it says.
struct Block<'t> {
    margin: usize,
    colon: usize,
    values: Vec<Lines<'t>>,
}

/// Every trust of a text.
pub(super) fn read(text: &str) -> Vec<Printed> {
    let plain = without_colours(text);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut after_blank = true;
    for line in plain.lines() {
        match property(line) {
            Some((margin, colon, name, value)) => match blocks.last_mut() {
                Some(block) if block.goes_on(margin, colon, name, after_blank) => {
                    block.values.push(Lines { name, lines: vec![value] });
                }
                Some(block) if !after_blank && (margin, colon) != (block.margin, block.colon) => block.further(line),
                // Inside a rule set that has blank lines.
                Some(block) if margin >= block.value_column() => block.further(line),
                _ => blocks.push(Block { margin, colon, values: vec![Lines { name, lines: vec![value] }] }),
            },
            None => {
                if let Some(block) = blocks.last_mut() {
                    block.further(line);
                }
            }
        }
        after_blank = line.trim().is_empty();
    }
    let blanks_kept = plain.lines().any(|line| line.ends_with(' ') && !line.trim().is_empty());
    let total = Width { blanks_kept, ..total_width(&blocks) };
    blocks.iter().map(|block| block.printed(total)).filter(|printed| !printed.is_empty()).collect()
}

/// Margin, column of the colon, name and value, each where it begins.
fn property(line: &str) -> Option<(usize, usize, &str, &str)> {
    let bare = line.trim_start_matches(' ');
    let margin = line.len() - bare.len();
    let (name, value) = bare.split_once(':')?;
    let colon = margin + name.len();
    let value = value.strip_prefix(' ').or(Some(value).filter(|value| value.is_empty()))?;
    let name = name.strip_suffix(' ')?.trim_end_matches(' ');
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((margin, colon, name, value))
}

impl<'t> Block<'t> {
    fn goes_on(&self, margin: usize, colon: usize, name: &str, after_blank: bool) -> bool {
        let has = |wanted: &str| self.values.iter().any(|value| value.name.eq_ignore_ascii_case(wanted));
        let of = |name: &str| EXCLUSIVE.iter().position(|names| names.contains(&name));
        let other_kind = after_blank
            && of(name)
                .is_some_and(|kind| self.values.iter().filter_map(|value| of(value.name)).any(|own| own != kind));
        (margin, colon) == (self.margin, self.colon) && !has(name) && !other_kind
    }

    /// The colon and a blank stand before a value.
    fn value_column(&self) -> usize {
        self.colon + 2
    }

    /// A further line of the last value, without the indentation as far as it is there.
    fn further(&mut self, line: &'t str) {
        let indentation = line.bytes().take(self.value_column()).take_while(|byte| *byte == b' ').count();
        if let Some(value) = self.values.last_mut() {
            value.lines.push(&line[indentation..]);
        }
    }

    fn printed(&self, total: Width) -> Printed {
        let width = Width { characters: total.characters.saturating_sub(self.value_column()), ..total };
        let mut printed = Printed::default();
        for Lines { name, lines } in &self.values {
            let end = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
            let lines = &lines[..end];
            let is_rules = name.ends_with(RULES);
            let Joined { text, mended, doubts } =
                if is_rules { console_wrap::rules(lines, width) } else { console_wrap::words(lines, width) };
            if is_rules {
                printed.mended += mended;
                let doubt = |line| Doubt { property: (*name).to_owned(), line };
                printed.doubts.extend(doubts.into_iter().map(doubt));
            }
            printed.push(*name, if is_rules { rules(text) } else { value(&text) });
        }
        printed
    }
}

/// The longest line says where the console ended, if it is not alone.
fn total_width(blocks: &[Block<'_>]) -> Width {
    let lengths = blocks.iter().flat_map(|block| {
        let lines = block.values.iter().flat_map(|value| &value.lines);
        lines.map(|line| block.value_column() + line.trim_end().chars().count())
    });
    let lengths: Vec<usize> = lengths.collect();
    let characters = lengths.iter().copied().max().unwrap_or_default();
    Width {
        characters,
        certain: lengths.iter().filter(|length| **length == characters).count() > 1,
        blanks_kept: false,
    }
}

fn rules(text: String) -> Value {
    if text.trim().is_empty() { Value::Nothing } else { Value::Text(text) }
}

/// `{a, b...}` is a list; the console shows the first few parts of a long one.
fn value(text: &str) -> Value {
    let text = text.trim();
    let Some(list) = text.strip_prefix('{').and_then(|list| list.strip_suffix('}')) else {
        return if text.is_empty() { Value::Nothing } else { Value::Text(text.to_owned()) };
    };
    let cut = ["...", "\u{2026}"].into_iter().find_map(|dots| list.strip_suffix(dots));
    let list = cut.unwrap_or(list).trim_end_matches([',', ' ']);
    let items = if list.is_empty() { Vec::new() } else { list.split(", ").map(str::to_owned).collect() };
    Value::Texts { items, cut_short: cut.is_some() }
}

/// Newer shells colour the names (ECMA-48 section 5.4: `ESC [`, parameters, a letter).
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').get(1..).unwrap_or_default());
    }
    plain
}
