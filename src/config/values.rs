//! Typed values out of a section. Each reader takes a key's constant: name, range and default are nowhere else.

use super::document::{Located, Section, describe};
use super::keys::{Key, Shape};
use super::shapes::{Choice, Day, Kind, List, Number, Optional, Period, Required, Several, Switch};
use jiff::civil::Date;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;
use toml::de::DeValue;

impl<'d> Section<'d, '_> {
    pub(super) fn typed<S: Shape, T>(
        &mut self,
        key: &Key<S>,
        wanted: &str,
        read: impl FnOnce(&'d DeValue<'d>) -> Option<T>,
    ) -> Option<Located<T>> {
        let found = self.find(key.name)?;
        let value = read(found.get_ref());
        let at = self.locate(value, found.span().start, key.name);
        if at.value.is_none() {
            let message = format!("must be {wanted}, is {}", describe(found.get_ref()));
            let cure = match found.get_ref().as_str().and_then(|text| key.shape.meant(text)) {
                Some(meant) => format!("Did you mean {meant:?}?"),
                None => format!("Write it like {} = {}.", key.name, key.shape.example()),
            };
            self.source.problem(&at, message, cure);
        }
        at.transpose()
    }

    fn text<S: Shape, K: Kind>(&mut self, key: &Key<S>) -> Option<Located<K::Value>> {
        let folder = self.source.file.parent().unwrap_or(Path::new(""));
        self.typed(key, "a text in quotes", |value| one_line(value).map(|text| K::value(text, folder)))
    }

    /// A text that must be there; a stand-in when it is not, which then has been reported.
    pub(super) fn required<K: Kind>(&mut self, key: &Key<Required<K>>) -> Located<K::Value> {
        if self.find(key.name).is_none() {
            self.missing(key.name, key.shape.cure);
        }
        self.text::<_, K>(key).unwrap_or_else(|| self.stand_in(K::Value::default(), key.name))
    }

    pub(super) fn optional<K: Kind>(&mut self, key: &Key<Optional<K>>) -> Option<Located<K::Value>> {
        self.text::<_, K>(key)
    }

    pub(super) fn switch(&mut self, key: &Key<Switch>) -> bool {
        let found = self.typed(key, "true or false", DeValue::as_bool);
        found.map_or(key.shape.default, |found| found.value)
    }

    pub(super) fn number(&mut self, key: &Key<Number>) -> u64 {
        let wanted = format!("a {} ({})", key.shape.takes(), key.shape.unit);
        let found = self.typed(key, &wanted, |value| whole_number(value, &key.shape.range));
        found.map_or(key.shape.default, |found| found.value)
    }

    /// A number of things in memory.
    pub(super) fn count(&mut self, key: &Key<Number>) -> usize {
        usize::try_from(self.number(key)).unwrap_or(usize::MAX)
    }

    pub(super) fn period(&mut self, key: &Key<Period>) -> Duration {
        let wanted = format!("a {} ({})", key.shape.takes(), key.shape.unit.name());
        let found = self.typed(key, &wanted, |value| whole_number(value, &key.shape.range));
        key.shape.unit.times(found.map_or(key.shape.default, |found| found.value))
    }

    /// One of a few names, or the default.
    pub(super) fn choice<T: Copy>(&mut self, key: &Key<Choice<T>>) -> T {
        self.required_choice(key).unwrap_or(key.shape.first.1)
    }

    /// One of a few names; `None` when there is none, which has been reported if there must be one.
    pub(super) fn required_choice<T: Copy>(&mut self, key: &Key<Choice<T>>) -> Option<T> {
        if let (None, Some(cure)) = (self.find(key.name), key.shape.cure) {
            self.missing(key.name, cure);
        }
        let found = self.typed(key, &key.shape.takes(), |value| {
            let name = value.as_str()?;
            key.shape.all().find(|(known, _)| *known == name).map(|(_, choice)| *choice)
        });
        found.map(|found| found.value)
    }

    /// A text or the texts of a list; none when the key is absent.
    pub(super) fn several(&mut self, key: &Key<Several>) -> Located<Vec<String>> {
        let found = self.typed(key, "a text in quotes or a list of them", |value| match value.as_array() {
            Some(items) if items.is_empty() => None,
            Some(items) => items.iter().map(|item| one_line(item.get_ref()).map(str::to_owned)).collect(),
            None => one_line(value).map(|text| vec![text.to_owned()]),
        });
        found.unwrap_or_else(|| self.stand_in(Vec::new(), key.name))
    }

    /// A day, in quotes or not.
    pub(super) fn day(&mut self, key: &Key<Day>) -> Option<Located<Date>> {
        self.typed(key, "a date", |value| match value {
            DeValue::String(text) => text.parse().ok(),
            DeValue::Datetime(moment) if moment.time.is_none() => moment.to_string().parse().ok(),
            _ => None,
        })
    }

    /// The texts of a list, or the default's.
    pub(super) fn list(&mut self, key: &Key<List>) -> Located<Vec<String>> {
        let present = self.find(key.name).is_some();
        let found = self.typed(key, "a list of texts in quotes", |value| {
            value.as_array()?.iter().map(|item| one_line(item.get_ref()).map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        let default = key.shape.default.iter().map(|text| (*text).to_owned()).collect();
        match (&found, key.shape.cure) {
            (Some(found), Some(cure)) if found.value.is_empty() => {
                self.source.problem(found, "must not be empty", cure)
            }
            (None, Some(cure)) if !present && key.shape.default.is_empty() => self.missing(key.name, cure),
            _ => {}
        }
        found.unwrap_or_else(|| self.stand_in(default, key.name))
    }
}

/// A path or a name has one line; whoever pastes a key in place of its file's name shall not find it in a log.
pub(super) fn one_line<'d>(value: &'d DeValue<'d>) -> Option<&'d str> {
    value.as_str().filter(|text| !text.trim().is_empty() && !text.contains(char::is_control))
}

fn whole_number(value: &DeValue<'_>, range: &RangeInclusive<u64>) -> Option<u64> {
    let number = value.as_integer()?;
    let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
    u64::from_str_radix(&digits, number.radix()).ok().filter(|value| range.contains(value))
}
