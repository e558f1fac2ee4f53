//! .NET replacement patterns. What is no substitution stays as it is written (CLAIM-RULES section 7).

use super::pattern_groups::Groups;
use fancy_regex::Captures;

/// A replacement, read against the groups of its pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::claims) struct Replacement {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// Engine groups of one .NET group; the last that took part counts.
    Group(Vec<usize>),
    Before,
    After,
    Input,
}

impl Replacement {
    pub(in crate::claims) fn parse(text: &str, groups: &Groups) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('$') {
            push_text(&mut parts, literal);
            match substitution(after, groups) {
                Some((part, length)) => {
                    match part {
                        Part::Text(text) => push_text(&mut parts, &text),
                        part => parts.push(part),
                    }
                    rest = after.get(length..).unwrap_or_default();
                }
                None => {
                    push_text(&mut parts, "$");
                    rest = after;
                }
            }
        }
        push_text(&mut parts, rest);
        Self { parts }
    }

    /// `\x22` in the written parts becomes a double quote.
    pub(super) fn expand_quotes(&mut self) {
        for part in &mut self.parts {
            if let Part::Text(text) = part {
                *text = text.replace(r"\x22", "\"");
            }
        }
    }

    pub(super) fn expand(&self, out: &mut String, input: &str, captures: &Captures<'_, str>) {
        let (start, end) = captures.get(0).map_or((0, 0), |whole| (whole.start(), whole.end()));
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Group(engine) => {
                    let group = engine.iter().rev().find_map(|group| captures.get(*group));
                    out.push_str(group.map_or("", |group| group.as_str()));
                }
                Part::Before => out.push_str(input.get(..start).unwrap_or_default()),
                Part::After => out.push_str(input.get(end..).unwrap_or_default()),
                Part::Input => out.push_str(input),
            }
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// What follows a `$`, and how many bytes of it the substitution takes.
fn substitution(after: &str, groups: &Groups) -> Option<(Part, usize)> {
    let part = match after.chars().next()? {
        '$' => Part::Text("$".to_owned()),
        '&' => Part::Group(vec![0]),
        '`' => Part::Before,
        '\'' => Part::After,
        '_' => Part::Input,
        '+' => Part::Group(groups.last()?.to_vec()),
        '{' => {
            let (name, _) = after.get(1..)?.split_once('}')?;
            let engine = if name.bytes().all(|byte| byte.is_ascii_digit()) {
                groups.by_number(name.parse().ok()?)
            } else {
                groups.by_name(name)
            };
            return Some((Part::Group(engine?.to_vec()), name.len() + 2));
        }
        '0'..='9' => {
            let length = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let number = after.get(..length)?.parse().ok()?;
            return Some((Part::Group(groups.by_number(number)?.to_vec()), length));
        }
        _ => return None,
    };
    Some((part, 1))
}
