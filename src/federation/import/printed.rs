//! One trust as it was printed: properties by their names in AD FS.

/// A trust, unjudged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    properties: Vec<(String, Value)>,
    /// Texts that the console broke and that were put together again.
    pub mended: usize,
    /// Breaks that nobody can be sure about.
    pub doubts: Vec<Doubt>,
}

/// A text that the console broke, in a place where a blank may have been or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The property.
    pub property: String,
    /// The line it broke at the end of.
    pub line: String,
}

/// What stood behind a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    Texts {
        items: Vec<String>,
        /// The console printed `...` in place of the rest.
        cut_short: bool,
    },
}

impl Value {
    /// As a report shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Texts { items, cut_short } => {
                format!("{{{}{}}}", items.join(", "), if *cut_short { ", ..." } else { "" })
            }
        }
    }

    fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.trim().is_empty(),
            // `{, , }` is what the console makes of a list of objects without a text.
            Self::Texts { items, cut_short } => !cut_short && items.iter().all(|item| item.trim().is_empty()),
        }
    }
}

impl Printed {
    pub(super) fn push(&mut self, name: impl Into<String>, value: Value) {
        self.properties.push((name.into(), value));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.properties.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether it was printed at all, if only to say that there is nothing.
    pub(super) fn has(&self, name: &str) -> bool {
        self.properties.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The property, if there is something in it.
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        let found = self.properties.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).filter(|value| !value.is_nothing())
    }

    /// The property as one text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.find(name).map(|value| match value {
            Value::Texts { items, .. } => items.join(", "),
            other => other.shown(),
        })
    }

    /// The property as several texts.
    pub(super) fn texts(&self, name: &str) -> (Vec<String>, bool) {
        match self.find(name) {
            None | Some(Value::Nothing) => (Vec::new(), false),
            Some(Value::Text(text)) => (vec![text.trim().to_owned()], false),
            Some(Value::Texts { items, cut_short }) => {
                let items = items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
                (items.collect(), *cut_short)
            }
        }
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.trim().eq_ignore_ascii_case("true"))
    }
}
