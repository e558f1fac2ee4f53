//! What can stand behind a key: texts of several kinds, numbers, periods, switches, choices, lists.

use super::keys::Shape;
use crate::spelling::nearest;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a text stands for.
pub(super) trait Kind {
    type Value: Default;
    fn takes(&self) -> &'static str;
    /// `folder` is the configuration file's own.
    fn value(text: &str, folder: &Path) -> Self::Value;
}

/// Text of the kind named.
pub(super) struct Text(pub(super) &'static str);

/// A file's path.
pub(super) struct File;

/// A folder's path.
pub(super) struct Folder;

impl Kind for Text {
    type Value = String;

    fn takes(&self) -> &'static str {
        self.0
    }

    fn value(text: &str, _: &Path) -> String {
        text.to_owned()
    }
}

impl Kind for File {
    type Value = PathBuf;

    fn takes(&self) -> &'static str {
        "file"
    }

    fn value(text: &str, folder: &Path) -> PathBuf {
        folder.join(text)
    }
}

impl Kind for Folder {
    type Value = PathBuf;

    fn takes(&self) -> &'static str {
        "folder"
    }

    fn value(text: &str, folder: &Path) -> PathBuf {
        folder.join(text)
    }
}

/// Text that must be there.
pub(super) struct Required<K> {
    pub(super) kind: K,
    pub(super) example: &'static str,
    /// What to do without it, as a sentence.
    pub(super) cure: &'static str,
}

/// Text that may be there.
pub(super) struct Optional<K> {
    pub(super) kind: K,
    pub(super) example: &'static str,
    /// What holds without it.
    pub(super) absent: &'static str,
}

impl<K: Kind> Shape for Required<K> {
    fn takes(&self) -> String {
        self.kind.takes().to_owned()
    }

    fn absent(&self) -> Option<String> {
        None
    }

    fn example(&self) -> String {
        format!("{:?}", self.example)
    }
}

impl<K: Kind> Shape for Optional<K> {
    fn takes(&self) -> String {
        self.kind.takes().to_owned()
    }

    fn absent(&self) -> Option<String> {
        Some(self.absent.to_owned())
    }

    fn example(&self) -> String {
        format!("{:?}", self.example)
    }
}

/// A whole number.
pub(super) struct Number {
    pub(super) default: u64,
    pub(super) range: RangeInclusive<u64>,
    /// What is counted: "bytes".
    pub(super) unit: &'static str,
}

impl Shape for Number {
    fn takes(&self) -> String {
        format!("whole number from {} to {}", self.range.start(), self.range.end())
    }

    fn absent(&self) -> Option<String> {
        let Self { default, unit, .. } = self;
        Some(match default {
            1_048_576.. if default % 1_048_576 == 0 => format!("{default} {unit} ({} MiB)", default / 1_048_576),
            1024.. if *unit == "bytes" && default % 1024 == 0 => format!("{default} bytes ({} KiB)", default / 1024),
            _ => format!("{default} {unit}"),
        })
    }

    fn example(&self) -> String {
        self.default.to_string()
    }
}

/// A time, in the unit that the key's name ends with.
pub(super) struct Period {
    pub(super) default: u64,
    pub(super) range: RangeInclusive<u64>,
    pub(super) unit: TimeUnit,
}

/// What a period is counted in.
#[derive(Clone, Copy)]
pub(super) enum TimeUnit {
    Seconds,
    Minutes,
}

impl TimeUnit {
    pub(super) fn times(self, count: u64) -> Duration {
        match self {
            Self::Seconds => Duration::from_secs(count),
            Self::Minutes => Duration::from_secs(count.saturating_mul(60)),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
        }
    }
}

impl Shape for Period {
    fn takes(&self) -> String {
        format!("whole number from {} to {}", self.range.start(), self.range.end())
    }

    fn absent(&self) -> Option<String> {
        Some(format!("{} {}", self.default, self.unit.name()))
    }

    fn example(&self) -> String {
        self.default.to_string()
    }
}

/// Yes or no.
pub(super) struct Switch {
    pub(super) default: bool,
}

impl Shape for Switch {
    fn takes(&self) -> String {
        "true or false".to_owned()
    }

    fn absent(&self) -> Option<String> {
        Some(format!("`{}`", self.default))
    }

    fn example(&self) -> String {
        self.default.to_string()
    }
}

/// One of a few names.
pub(super) struct Choice<T: 'static> {
    /// The default, unless there must be a choice.
    pub(super) first: (&'static str, T),
    pub(super) others: &'static [(&'static str, T)],
    /// What to do without one, where there is no default.
    pub(super) cure: Option<&'static str>,
}

impl<T> Choice<T> {
    pub(super) fn all(&self) -> impl Iterator<Item = &(&'static str, T)> {
        std::iter::once(&self.first).chain(self.others)
    }
}

impl<T> Shape for Choice<T> {
    fn takes(&self) -> String {
        let names: Vec<String> = self.all().map(|(name, _)| format!("{name:?}")).collect();
        format!("one of {}", names.join(", "))
    }

    fn absent(&self) -> Option<String> {
        self.cure.is_none().then(|| format!("`{}`", self.example()))
    }

    fn example(&self) -> String {
        format!("{:?}", self.first.0)
    }

    fn meant(&self, text: &str) -> Option<&'static str> {
        nearest(text, self.all().map(|(name, _)| *name))
    }
}

/// Several texts.
pub(super) struct List {
    /// What one of them is.
    pub(super) item: &'static str,
    /// What holds without the key.
    pub(super) default: &'static [&'static str],
    /// Needed where there is no default.
    pub(super) example: &'static [&'static str],
    /// What to do about an empty list, or without a default a missing one, where it may not be empty.
    pub(super) cure: Option<&'static str>,
}

impl Shape for List {
    fn takes(&self) -> String {
        format!("list of texts: {}", self.item)
    }

    fn absent(&self) -> Option<String> {
        (!self.default.is_empty() || self.cure.is_none()).then(|| format!("`{:?}`", self.default))
    }

    fn example(&self) -> String {
        format!("{:?}", if self.default.is_empty() { self.example } else { self.default })
    }
}

/// One text or several, which may be absent.
pub(super) struct Several {
    /// What one of them is.
    pub(super) item: &'static str,
    pub(super) example: &'static str,
    /// What holds without it.
    pub(super) absent: &'static str,
}

impl Shape for Several {
    fn takes(&self) -> String {
        format!("{item}, or list of texts: {item}s", item = self.item)
    }

    fn absent(&self) -> Option<String> {
        Some(self.absent.to_owned())
    }

    fn example(&self) -> String {
        format!("{:?}", self.example)
    }
}

/// A day, which may be absent.
pub(super) struct Day {
    pub(super) example: &'static str,
    /// What holds without it.
    pub(super) absent: &'static str,
}

impl Shape for Day {
    fn takes(&self) -> String {
        "date".to_owned()
    }

    fn absent(&self) -> Option<String> {
        Some(self.absent.to_owned())
    }

    fn example(&self) -> String {
        self.example.to_owned()
    }
}
