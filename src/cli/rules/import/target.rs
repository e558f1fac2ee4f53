//! Where an import goes: the folder of the rules and, with `--config`, the configuration.

use super::Failure;
use crate::config::Configuration;
use crate::federation::import::{ImportedTrust, Taken};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder and the file.
pub(super) struct Target {
    /// Where rules are written.
    rules: PathBuf,
    config: Option<PathBuf>,
}

/// What became of a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// It was not there.
    New,
    /// It was there and says the same.
    Same,
    /// It was there, said something else and was overwritten.
    Overwritten,
    /// It is there, says something else and was left.
    Kept,
}

impl Written {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "unchanged",
            Self::Overwritten => "overwritten",
            Self::Kept => "kept",
        }
    }
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
        let folder = self.rules.join(&trust.folder);
        let mut files = Vec::new();
        for file in &trust.files {
            let path = folder.join(file.name);
            let written = match fs::read(&path) {
                Ok(found) if found == file.text.as_bytes() => Written::Same,
                Ok(_) if force => Written::Overwritten,
                Ok(_) => Written::Kept,
                Err(error) if error.kind() == ErrorKind::NotFound => Written::New,
                Err(error) => return Err(Failure::usage(format!("{}: cannot be read: {error}", path.display()))),
            };
            files.push((path, written));
        }
        let kept = files.iter().any(|(_, written)| *written == Written::Kept);
        if !dry_run && !kept && !files.is_empty() {
            fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
            for (file, (path, _)) in trust.files.iter().zip(&files) {
                fs::write(path, &file.text).map_err(|error| cannot_write(path, &error))?;
            }
        }
        Ok(files)
    }

    /// Appends sections that are not there yet, letter for letter. A configuration that could be read must be readable afterwards; the file is replaced as a whole,
    /// so that a gateway that starts at this moment finds one or the other.
    pub(super) fn append(&self, sections: &[&str]) -> Result<(), Failure> {
        let Some(config) = &self.config else { return Ok(()) };
        let before = self.text(config)?;
        let new: Vec<&str> = sections.iter().copied().filter(|section| !before.contains(section)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let after = format!("{}\n\n{}", before.trim_end(), new.join("\n"));
        let problems = |text: &str| Configuration::parse(config, text).err();
        if let (None, Some(problems)) = (problems(&before), problems(&after)) {
            let complaint =
                format!("{}: was left as it is, because with the new sections\n{problems}", config.display());
            return Err(Failure::configuration(complaint));
        }
        let name = config.file_name().unwrap_or_default().to_string_lossy();
        let new = config.with_file_name(format!(".{name}.new"));
        let permissions = fs::metadata(config).map(|found| found.permissions());
        fs::write(&new, after)
            .and_then(|()| permissions.and_then(|permissions| fs::set_permissions(&new, permissions)))
            .and_then(|()| fs::rename(&new, config))
            .map_err(|error| cannot_write(config, &error))
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{}: cannot be written: {error}", path.display()))
}
