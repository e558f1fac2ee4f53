//! `ca_hints` of `[listener.user_tls]`: which authorities the TLS certificate request names.

use super::Located;
use super::document::Section;
use super::keys::{Key, Shape};
use super::values::one_line;
use std::path::{Path, PathBuf};

/// Which authorities are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CaHints {
    /// None, as Windows since Server 2012: the client offers every certificate that it has.
    #[default]
    None,
    /// Those of the root container.
    Roots,
    /// Those of the intermediate container.
    Intermediates,
    /// Those of both.
    All,
    /// Those whose certificates are in these files.
    Files(Vec<PathBuf>),
}

/// One of a few names, or files.
pub(super) struct Hints;

const NAMES: [(&str, CaHints); 4] = [
    ("none", CaHints::None),
    ("roots", CaHints::Roots),
    ("intermediates", CaHints::Intermediates),
    ("all", CaHints::All),
];

impl Shape for Hints {
    fn takes(&self) -> String {
        "one of \"none\", \"roots\", \"intermediates\", \"all\", or a list of files".to_owned()
    }

    fn absent(&self) -> Option<String> {
        Some(format!("`{}`", self.example()))
    }

    fn example(&self) -> String {
        "\"none\"".to_owned()
    }

    fn meant(&self, text: &str) -> Option<&'static str> {
        crate::spelling::nearest(text, NAMES.iter().map(|(name, _)| *name))
    }
}

impl Section<'_, '_> {
    pub(super) fn ca_hints(&mut self, key: &Key<Hints>) -> Located<CaHints> {
        let folder = self.source.file.parent().unwrap_or(Path::new(""));
        let found = self.typed(key, &key.shape.takes(), |value| match (value.as_str(), value.as_array()) {
            (Some(name), _) => NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, hints)| hints),
            (None, Some(files)) => files
                .iter()
                .map(|file| one_line(file.get_ref()).map(|file| folder.join(file)))
                .collect::<Option<Vec<_>>>()
                .map(CaHints::Files),
            (None, None) => None,
        });
        found.unwrap_or_else(|| self.stand_in(CaHints::None, key.name))
    }
}
