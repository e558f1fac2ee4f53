//! Where an import goes: the folder of the rules and, with `--config`, the configuration.

use super::Failure;
use crate::cli::appending::{Written, append, write_files};
use crate::federation::import::{ImportedTrust, Taken};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder and the file.
pub(super) struct Target {
    /// Where rules are written.
    rules: PathBuf,
    config: Option<PathBuf>,
}

impl Target {
    pub(super) fn new(into: Option<&Path>, config: Option<&Path>) -> Result<Self, Failure> {
        let absolute = |path: &Path| {
            std::path::absolute(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
        };
        let config = config.map(absolute).transpose()?;
        let rules = match (into, &config) {
            (Some(into), Some(_)) => absolute(into)?,
            (Some(into), None) => into.to_owned(),
            (None, Some(config)) => config.with_file_name("claims-rules"),
            (None, None) => PathBuf::from("claims-rules"),
        };
        Ok(Self { rules, config })
    }

    /// The folder as the configuration names it: relative to itself where it can.
    pub(super) fn rules_as_named(&self) -> String {
        let beside = self.config.as_ref().and_then(|config| config.parent());
        let named = beside.and_then(|folder| self.rules.strip_prefix(folder).ok()).unwrap_or(&self.rules);
        named.display().to_string()
    }

    pub(super) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// What the configuration says already.
    pub(super) fn taken(&self) -> Result<Taken, Failure> {
        let mut taken = Taken::default();
        let Some(config) = &self.config else { return Ok(taken) };
        let document: toml::Table = self.text(config)?.parse().map_err(|error: toml::de::Error| {
            Failure::configuration(format!("{}: is not TOML: {}", config.display(), error.message()))
        })?;
        taken.claims_provider = document.contains_key("claims_provider");
        taken.additional_authentication = document.contains_key("additional_authentication");
        for party in document.get("relying_party").and_then(toml::Value::as_array).into_iter().flatten() {
            taken.names.extend(party.get("name").and_then(toml::Value::as_str).map(str::to_owned));
            let identifiers = party.get("identifiers").and_then(toml::Value::as_array).into_iter().flatten();
            taken.identifiers.extend(identifiers.filter_map(toml::Value::as_str).map(str::to_owned));
        }
        Ok(taken)
    }

    fn text(&self, config: &Path) -> Result<String, Failure> {
        fs::read_to_string(config)
            .map_err(|error| Failure::configuration(format!("{}: cannot be read: {error}", config.display())))
    }

    /// Writes the files of one trust. When one of them is kept, none is written: half of a trust is none.
    pub(super) fn write_rules(
        &self,
        trust: &ImportedTrust,
        force: bool,
        dry_run: bool,
    ) -> Result<Vec<(PathBuf, Written)>, Failure> {
        let files: Vec<(&str, &[u8])> = trust.files.iter().map(|file| (file.name, file.text.as_bytes())).collect();
        Ok(write_files(&self.rules.join(&trust.folder), &files, force, dry_run)?)
    }

    /// Appends sections to the configuration, if there is one.
    pub(super) fn append(&self, sections: &[&str]) -> Result<(), Failure> {
        match &self.config {
            Some(config) => Ok(append(config, sections)?),
            None => Ok(()),
        }
    }
}
