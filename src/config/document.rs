//! Reading TOML so that every problem is found at once: typed keys out of a section, a line for each problem, and a word
//! about every key nobody asked for.

use super::problem::{Problem, Problems};
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file being read, for lines and relative paths.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) file: &'a Path,
    pub(super) text: &'a str,
}

impl Source<'_> {
    /// One-based line and column of a byte offset.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

/// A value and where it stands, so that what is found out later can still name the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// One-based line.
    pub line: usize,
    /// One-based column.
    pub column: usize,
    /// Section and key: `[trust] roots`.
    pub key: String,
}

/// One table of the document, being read.
pub(super) struct Section<'d, 's> {
    name: String,
    source: &'s Source<'s>,
    table: Option<&'d DeTable<'d>>,
    offset: usize,
    read: HashSet<&'static str>,
}

impl<'d, 's> Section<'d, 's> {
    pub(super) fn new(name: &str, source: &'s Source<'s>, table: Option<(&'d DeTable<'d>, usize)>) -> Self {
        let (table, offset) = table.map_or((None, 0), |(table, offset)| (Some(table), offset));
        Self { name: name.to_owned(), source, table, offset, read: HashSet::new() }
    }

    fn at<T>(&self, value: T, offset: usize, key: &str) -> Located<T> {
        let (line, column) = self.source.position(offset);
        Located { value, line, column, key: format!("[{}] {key}", self.name) }
    }

    fn find(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.read.insert(key);
        self.table?.get(key)
    }

    pub(super) fn problem(&self, problems: &mut Problems, offset: usize, key: &str, message: String, cure: &str) {
        let at = self.at((), offset, key);
        problems.push(Problem::new(self.source.file, &at, message, cure));
    }

    /// Reports a problem with a value that was read.
    pub(super) fn problem_at<T>(&self, problems: &mut Problems, at: &Located<T>, message: String, cure: &str) {
        problems.push(Problem::new(self.source.file, at, message, cure));
    }

    /// Reports a key that has no effect here, and counts it as read.
    pub(super) fn idle(&mut self, problems: &mut Problems, key: &'static str) {
        if let Some(found) = self.find(key) {
            let message = "does nothing for this kind of directory".to_owned();
            self.problem(problems, found.span().start, key, message, "Remove it, or correct kind.");
        }
    }

    /// Reports that a key is missing; the position is the section's header.
    pub(super) fn missing(&self, problems: &mut Problems, key: &str, cure: &str) {
        let message = if self.table.is_some() { "is missing" } else { "is missing, and so is its section" };
        self.problem(problems, self.offset, key, message.to_owned(), cure);
    }

    fn typed<T>(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'d DeValue<'d>) -> Option<T>,
    ) -> Option<Located<T>> {
        let found = self.find(key)?;
        match read(found.get_ref()) {
            Some(value) => Some(self.at(value, found.span().start, key)),
            None => {
                let message = format!("must be {wanted}");
                self.problem(problems, found.span().start, key, message, "Correct the value.");
                None
            }
        }
    }

    pub(super) fn string(&mut self, problems: &mut Problems, key: &'static str) -> Option<Located<String>> {
        self.typed(problems, key, "a text in quotes, not empty", |value| match value {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            _ => None,
        })
    }

    pub(super) fn required(&mut self, problems: &mut Problems, key: &'static str, cure: &str) -> Located<String> {
        let present = self.find(key).is_some();
        self.string(problems, key).unwrap_or_else(|| {
            if !present {
                self.missing(problems, key, cure);
            }
            self.at(String::new(), self.offset, key)
        })
    }

    /// A path, relative to the folder of the configuration file.
    pub(super) fn path(&mut self, problems: &mut Problems, key: &'static str) -> Option<Located<PathBuf>> {
        let folder = self.source.file.parent().unwrap_or(Path::new(""));
        let found = self.string(problems, key)?;
        Some(Located { value: folder.join(&found.value), line: found.line, column: found.column, key: found.key })
    }

    pub(super) fn required_path(&mut self, problems: &mut Problems, key: &'static str, cure: &str) -> Located<PathBuf> {
        let present = self.find(key).is_some();
        self.path(problems, key).unwrap_or_else(|| {
            if !present {
                self.missing(problems, key, cure);
            }
            self.at(PathBuf::new(), self.offset, key)
        })
    }

    pub(super) fn boolean(&mut self, problems: &mut Problems, key: &'static str, default: bool) -> bool {
        let found = self.typed(problems, key, "true or false", |value| match value {
            DeValue::Boolean(value) => Some(*value),
            _ => None,
        });
        found.map_or(default, |found| found.value)
    }

    pub(super) fn integer(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> u64 {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        let found = self.typed(problems, key, &wanted, |value| match value {
            DeValue::Integer(number) => {
                let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
                u64::from_str_radix(&digits, number.radix()).ok().filter(|value| range.contains(value))
            }
            _ => None,
        });
        found.map_or(default, |found| found.value)
    }

    pub(super) fn seconds(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> Duration {
        Duration::from_secs(self.integer(problems, key, default, range))
    }

    pub(super) fn strings(&mut self, problems: &mut Problems, key: &'static str) -> Option<Located<Vec<String>>> {
        self.typed(problems, key, "a list of texts in quotes", |value| match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
                    _ => None,
                })
                .collect(),
            _ => None,
        })
    }

    /// One of a few names.
    pub(super) fn choice<T: Copy>(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        default: T,
        choices: &[(&str, T)],
    ) -> T {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("{name:?}")).collect();
        let found = self.typed(problems, key, &format!("one of {}", names.join(", ")), |value| match value {
            DeValue::String(text) => choices.iter().find(|(name, _)| *name == text.as_ref()).map(|(_, choice)| *choice),
            _ => None,
        });
        found.map_or(default, |found| found.value)
    }

    /// A table inside this one.
    pub(super) fn table(&mut self, problems: &mut Problems, key: &'static str) -> Section<'d, 's> {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        let found = self.find(key);
        let table = found.and_then(|found| match found.get_ref() {
            DeValue::Table(table) => Some((table, found.span().start)),
            _ => {
                self.problem(problems, found.span().start, key, format!("must be a section: [{name}]"), "Correct it.");
                None
            }
        });
        Section::new(&name, self.source, table)
    }

    /// Every table of an array: `[[name]]`.
    pub(super) fn tables(&mut self, problems: &mut Problems, key: &'static str) -> Vec<Section<'d, 's>> {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        let Some(found) = self.find(key) else { return Vec::new() };
        let tables = match found.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Table(table) => Some(Section::new(&name, self.source, Some((table, item.span().start)))),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>(),
            _ => None,
        };
        tables.unwrap_or_else(|| {
            let message = format!("must be written as [[{name}]] sections");
            self.problem(problems, found.span().start, key, message, "Use double brackets.");
            Vec::new()
        })
    }

    /// Whether a key stands in the file, without reading it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, problems: &mut Problems) {
        for (key, _) in self.table.into_iter().flatten() {
            let name: &str = key.get_ref();
            if !self.read.contains(name) {
                let cure = match nearest(name, &self.read) {
                    Some(known) => format!("Did you mean {known}?"),
                    None => "Remove it; docs/configuration.md lists every key.".to_owned(),
                };
                self.problem(problems, key.span().start, name, "is not a key of this section".to_owned(), &cure);
            }
        }
    }
}

/// The known key that a typing error probably meant.
fn nearest<'k>(name: &str, known: &HashSet<&'k str>) -> Option<&'k str> {
    let distance = |known: &&&str| edit_distance(name, known);
    let best = known.iter().min_by_key(|known| (distance(known), **known))?;
    (edit_distance(name, best) <= 1 + name.len() / 4).then_some(*best)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
