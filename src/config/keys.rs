//! What a key is. Every key of the configuration is one [`Key`] constant beside the code that reads it. The readers take name,
//! range and default from that constant and `docs/configuration.md` is printed from it, so the two cannot disagree.

/// One key of a section.
pub(super) struct Key<S> {
    pub(super) name: &'static str,
    pub(super) shape: S,
    /// What it does, as a sentence.
    pub(super) meaning: &'static str,
}

/// One section and its keys, in the order of the document.
pub(super) struct Table {
    /// Its name with the names of the sections around it: `listener.user_tls`.
    pub(super) name: &'static str,
    /// Whether it is written `[[name]]` and may stand there several times.
    pub(super) repeated: bool,
    /// What it is about, as a sentence.
    pub(super) meaning: &'static str,
    pub(super) keys: &'static [&'static dyn Row],
    /// Further keys that count in one case only.
    pub(super) variants: &'static [Variant],
}

/// Keys that count only with a certain value of another key.
pub(super) struct Variant {
    /// That key: `kind`.
    pub(super) key: &'static str,
    /// That value: `ldap`.
    pub(super) choice: &'static str,
    pub(super) keys: &'static [&'static dyn Row],
}

impl Variant {
    /// The line that chooses it.
    pub(super) fn line(&self) -> String {
        format!("{} = {:?}", self.key, self.choice)
    }
}

impl Table {
    /// As it is written in the file.
    pub(super) fn header(&self) -> String {
        if self.repeated { format!("[[{}]]", self.name) } else { format!("[{}]", self.name) }
    }

    /// The name inside the section around it.
    pub(super) fn last_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// Every key, whatever the case.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'static dyn Row> {
        self.keys.iter().chain(self.variants.iter().flat_map(|variant| variant.keys)).copied()
    }
}

/// A key of any shape.
pub(super) trait Row {
    fn name(&self) -> &'static str;
    fn meaning(&self) -> &'static str;
    fn shape(&self) -> &dyn Shape;
}

impl<S: Shape> Row for Key<S> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn shape(&self) -> &dyn Shape {
        &self.shape
    }
}

/// What can stand behind a key, in words for people.
pub(super) trait Shape {
    /// The values it takes.
    fn takes(&self) -> String;
    /// What holds without the key; `None` when there must be one.
    fn absent(&self) -> Option<String>;
    /// A value as it is written.
    fn example(&self) -> String;
    /// The value that was probably meant by a text that is none.
    fn meant(&self, _: &str) -> Option<&'static str> {
        None
    }
}
