//! Reading TOML so that every problem is found at once: sections, a line for each problem, and a word about every key that
//! nobody asked for. What a section reads out of itself is in `values.rs`.

use super::keys::{Row, Table, Variant};
use super::problem::{Problem, Problems};
use super::reference::SECTIONS;
use crate::spelling::nearest;
use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file being read, and what was found wrong with it so far.
pub(super) struct Source<'a> {
    pub(super) file: &'a Path,
    text: &'a str,
    problems: RefCell<Problems>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a Path, text: &'a str) -> Self {
        Self { file, text, problems: RefCell::default() }
    }

    /// The value at a byte offset.
    pub(super) fn locate<T>(&self, value: T, offset: usize, key: String) -> Located<T> {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Located { value, line, column, key }
    }

    pub(super) fn problem<T>(&self, at: &Located<T>, message: impl Into<String>, cure: impl Into<String>) {
        self.problems.borrow_mut().push(Problem::new(self.file, at, message, cure));
    }

    pub(super) fn into_problems(self) -> Problems {
        self.problems.into_inner()
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

impl<T> Located<Option<T>> {
    pub(super) fn transpose(self) -> Option<Located<T>> {
        let Self { value, line, column, key } = self;
        value.map(|value| Located { value, line, column, key })
    }
}

/// One section of the document, being read.
pub(super) struct Section<'d, 's> {
    /// As it is written; empty for the document itself.
    header: String,
    pub(super) source: &'s Source<'s>,
    values: Option<&'d DeTable<'d>>,
    offset: usize,
    /// Its keys. The document itself and a section that only holds others have none.
    table: Option<&'static Table>,
    asked: HashSet<&'static str>,
}

impl<'d, 's> Section<'d, 's> {
    /// The document itself.
    pub(super) fn document(source: &'s Source<'s>, values: &'d DeTable<'d>) -> Self {
        Self { header: String::new(), source, values: Some(values), offset: 0, table: None, asked: HashSet::new() }
    }

    /// A section inside this one.
    pub(super) fn section(&mut self, table: &'static Table) -> Section<'d, 's> {
        let found = self.inner(table.last_name(), &table.header());
        Section { table: Some(table), ..found }
    }

    /// A section inside this one that has no keys of its own.
    pub(super) fn group(&mut self, name: &'static str) -> Section<'d, 's> {
        self.inner(name, &format!("[{name}]"))
    }

    fn inner(&mut self, name: &'static str, header: &str) -> Section<'d, 's> {
        let found = self.find(name);
        let (values, offset) = match found.map(|found| (found.get_ref(), found.span().start)) {
            Some((DeValue::Table(values), offset)) => (Some(values), offset),
            Some((other, offset)) => {
                let at = self.source.locate((), offset, header.to_owned());
                let cure = format!("Write {header} on a line of its own and its keys below.");
                self.source.problem(&at, format!("must be a section, is {}", describe(other)), cure);
                (None, offset)
            }
            None => (None, 0),
        };
        Section { header: header.to_owned(), source: self.source, values, offset, table: None, asked: HashSet::new() }
    }

    /// Every section of a repeated one, or `None` when the file says nothing about it.
    pub(super) fn sections(&mut self, table: &'static Table) -> Option<Vec<Section<'d, 's>>> {
        let found = self.find(table.last_name())?;
        let (source, header) = (self.source, table.header());
        let inner = |item: &'d Spanned<DeValue<'d>>| match item.get_ref() {
            DeValue::Table(values) => Some(Section {
                header: header.clone(),
                source,
                values: Some(values),
                offset: item.span().start,
                table: Some(table),
                asked: HashSet::new(),
            }),
            _ => None,
        };
        let sections = match found.get_ref() {
            DeValue::Array(items) => items.iter().map(inner).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        if sections.is_none() {
            let at = source.locate((), found.span().start, header.clone());
            source.problem(&at, "must have double brackets", format!("Write {header}, once for each."));
        }
        Some(sections.unwrap_or_default())
    }

    pub(super) fn find(&mut self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.asked.insert(key);
        self.values?.get(key)
    }

    pub(super) fn locate<T>(&self, value: T, offset: usize, key: &str) -> Located<T> {
        let key = if self.header.is_empty() { key.to_owned() } else { format!("{} {key}", self.header) };
        self.source.locate(value, offset, key)
    }

    /// A stand-in for a value that is not there, at the section's header.
    pub(super) fn stand_in<T>(&self, value: T, key: &str) -> Located<T> {
        self.locate(value, self.offset, key)
    }

    pub(super) fn missing(&self, key: &str, cure: &str) {
        let message = if self.values.is_some() { "is missing" } else { "is missing, and so is its section" };
        self.source.problem(&self.stand_in((), key), message, cure);
    }

    /// Reports the keys of a case that is not the one chosen.
    pub(super) fn idle(&mut self, variant: &Variant, chosen: &Variant) {
        let counts = |row: &&&'static dyn Row| !chosen.keys.iter().any(|other| other.name() == row.name());
        for row in variant.keys.iter().filter(counts) {
            if let Some(found) = self.find(row.name()) {
                let at = self.locate((), found.span().start, row.name());
                let cure = format!("Remove it, or write {}.", variant.line());
                self.source.problem(&at, format!("does nothing with {}", chosen.line()), cure);
            }
        }
    }

    /// Asks for keys only so that they are not taken for unknown ones.
    pub(super) fn pass_over(&mut self, keys: &[&'static dyn Row]) {
        self.asked.extend(keys.iter().map(|row| row.name()));
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        if let Some(table) = self.table {
            let listed = |name: &str| table.rows().any(|row| row.name() == name);
            let inner = |name: &str| SECTIONS.iter().any(|section| section.last_name() == name);
            let unlisted = self.asked.iter().find(|name| !listed(name) && !inner(name));
            debug_assert_eq!(unlisted, None, "{} asks for a key that is not in its table", self.header);
            let unasked = table.rows().map(|row| row.name()).find(|name| !self.asked.contains(name));
            debug_assert_eq!(unasked, None, "{} has a key in its table and does not ask for it", self.header);
        }
        for (key, value) in self.values.into_iter().flatten() {
            let name: &str = key.get_ref();
            if self.asked.contains(name) {
                continue;
            }
            let (called, cure) = (self.call(name, value.get_ref()), self.cure_for_unknown(name));
            let message = match (value.get_ref(), self.table) {
                (DeValue::Table(_) | DeValue::Array(_), None) => "is not a section",
                (_, None) => "is not a key here",
                (_, Some(_)) => "is not a key of this section",
            };
            self.source.problem(&self.source.locate((), key.span().start, called), message, cure);
        }
    }

    /// An unknown name as it is written.
    fn call(&self, name: &str, value: &DeValue<'_>) -> String {
        let around = self.header.trim_matches(['[', ']']);
        let dot = if around.is_empty() { "" } else { "." };
        match (value, self.header.is_empty()) {
            (DeValue::Table(_), _) => format!("[{around}{dot}{name}]"),
            (DeValue::Array(items), _) if items.iter().any(|item| item.get_ref().is_table()) => {
                format!("[[{around}{dot}{name}]]")
            }
            (_, true) => name.to_owned(),
            (_, false) => format!("{} {name}", self.header),
        }
    }

    fn cure_for_unknown(&self, name: &str) -> String {
        if let Some(known) = nearest(name, self.asked.iter().copied()) {
            return format!("Did you mean {known}?");
        }
        match SECTIONS.iter().find(|table| table.rows().any(|row| row.name() == name)) {
            Some(table) => format!("It is a key of {}; move it there.", table.header()),
            None => "Remove it; docs/configuration.md lists every key.".to_owned(),
        }
    }
}

/// A value in an error message.
pub(super) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.contains('\n') => "a text of several lines".to_owned(),
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => value.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a section".to_owned(),
    }
}
