//! All words of the pages: one table per language, a TOML file each.
//!
//! `[texts]` has the words of the templates by key. `[sentences]` has the sentences of the outcome catalogue by their English
//! wording; a language that lacks one shows it in English.

use super::problem::MaterialProblem;
use crate::spelling::nearest;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The embedded tables. The first is complete and fills the gaps of every other.
pub(super) const EMBEDDED: &[(&str, &str)] =
    &[("en", include_str!("../../templates/en.toml")), ("de", include_str!("../../templates/de.toml"))];

/// The words of one language.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// As `lang` wants it: `de`, `pt-BR`.
    pub(super) tag: String,
    pub(super) texts: BTreeMap<String, String>,
    pub(super) sentences: BTreeMap<String, String>,
}

impl Table {
    /// A catalogue sentence in this language, if it has it.
    pub(super) fn sentence<'t>(&'t self, english: &str) -> Option<&'t str> {
        self.sentences.get(english).map(String::as_str)
    }

    /// Reads a file on top of this table. `known` is the complete table, where there is one to compare with.
    pub(super) fn read(
        &mut self,
        file: &str,
        text: &str,
        known: Option<&BTreeMap<String, String>>,
        problems: &mut Vec<MaterialProblem>,
    ) {
        let document = match DeTable::parse(text) {
            Ok(document) => document,
            Err(error) => {
                let line = error.span().map(|span| line_at(text, span.start));
                let message = format!("is not TOML here: {}", error.message());
                problems.push(MaterialProblem::new(file, line, message, "Correct the line."));
                return;
            }
        };
        let mut reader = Reader { file, text, problems };
        for (section, content) in document.get_ref() {
            let name: &str = section.get_ref();
            match (name, content.get_ref().as_table()) {
                ("texts", Some(table)) => reader.texts(table, known, &mut self.texts),
                ("sentences", Some(table)) => reader.sentences(table, &mut self.sentences),
                _ => reader.problem(
                    section.span().start,
                    format!("{name:?} is neither [texts] nor [sentences]"),
                    "Put the line below [texts]; `fedgate pages gallery FOLDER` writes the file with every key.",
                ),
            }
        }
    }
}

struct Reader<'r> {
    file: &'r str,
    text: &'r str,
    problems: &'r mut Vec<MaterialProblem>,
}

impl Reader<'_> {
    fn problem(&mut self, offset: usize, message: String, cure: impl Into<String>) {
        let line = Some(line_at(self.text, offset));
        self.problems.push(MaterialProblem::new(self.file, line, message, cure));
    }

    fn texts(
        &mut self,
        table: &DeTable<'_>,
        known: Option<&BTreeMap<String, String>>,
        into: &mut BTreeMap<String, String>,
    ) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let Some(text) = self.said(name, value) else { continue };
            let original = known.map(|known| known.get(name));
            match original {
                Some(None) => {
                    let near = known.and_then(|known| nearest(name, known.keys().map(String::as_str)));
                    let cure = near.map_or(
                        "Remove it; `fedgate pages gallery FOLDER` writes the file with every key.".to_owned(),
                        |near| format!("Did you mean {near}?"),
                    );
                    self.problem(key.span().start, format!("no page says {name}"), cure);
                }
                Some(Some(original)) => {
                    if let Some(unknown) = blanks(text).find(|blank| !blanks(original).any(|other| other == *blank)) {
                        let message = format!("nothing is filled in for {{{unknown}}} in {name}");
                        self.problem(value.span().start, message, format!("The English text is: {original}"));
                    }
                }
                None => {}
            }
            into.insert(name.to_owned(), text.to_owned());
        }
    }

    fn sentences(&mut self, table: &DeTable<'_>, into: &mut BTreeMap<String, String>) {
        for (key, value) in table {
            let english: &str = key.get_ref();
            if let Some(text) = self.said(english, value) {
                into.insert(english.to_owned(), text.to_owned());
            }
        }
    }

    fn said<'v>(&mut self, name: &str, value: &'v Spanned<DeValue<'_>>) -> Option<&'v str> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            let cure = "Write a text in quotes, or leave the line out for the embedded one.";
            self.problem(value.span().start, format!("{name:?} is not a text"), cure);
        }
        text
    }
}

/// The names of what is filled in: `port` of "port {port}".
pub(super) fn blanks(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}
