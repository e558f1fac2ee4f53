//! Files of a trust beside a configuration, and sections at its end.

use crate::config::Configuration;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What became of a file of a trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Written {
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
    pub(in crate::cli) fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "unchanged",
            Self::Overwritten => "overwritten",
            Self::Kept => "kept",
        }
    }
}

/// Why something was not written: a sentence.
pub(in crate::cli) enum Unwritten {
    /// The configuration cannot be read, or could not be used afterwards.
    Configuration(String),
    /// A file cannot be read or written.
    File(String),
}

/// Writes files into a folder. When one of them is kept, none is written: half of a trust is none.
///
/// # Errors
/// When a file cannot be looked at or written.
pub(in crate::cli) fn write_files(
    folder: &Path,
    files: &[(&str, &[u8])],
    force: bool,
    dry_run: bool,
) -> Result<Vec<(PathBuf, Written)>, Unwritten> {
    let mut all = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        let written = match fs::read(&path) {
            Ok(found) if found == *content => Written::Same,
            Ok(_) if force => Written::Overwritten,
            Ok(_) => Written::Kept,
            Err(error) if error.kind() == ErrorKind::NotFound => Written::New,
            Err(error) => return Err(Unwritten::File(format!("{}: cannot be read: {error}", path.display()))),
        };
        all.push((path, written));
    }
    let kept = all.iter().any(|(_, written)| *written == Written::Kept);
    if !dry_run && !kept && !all.is_empty() {
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
        for ((_, content), (path, _)) in files.iter().zip(&all) {
            fs::write(path, content).map_err(|error| cannot_write(path, &error))?;
        }
    }
    Ok(all)
}

/// Appends sections that are not there yet, letter for letter. A configuration that could be read must be readable
/// afterwards; the file is replaced as a whole, so that a gateway that starts at this moment finds one or the other.
///
/// # Errors
/// When the file cannot be read or written, or could not be used afterwards.
pub(in crate::cli) fn append(config: &Path, sections: &[&str]) -> Result<(), Unwritten> {
    let before = fs::read_to_string(config)
        .map_err(|error| Unwritten::Configuration(format!("{}: cannot be read: {error}", config.display())))?;
    let new: Vec<&str> = sections.iter().copied().filter(|section| !before.contains(section)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let after = format!("{}\n\n{}", before.trim_end(), new.join("\n"));
    let problems = |text: &str| Configuration::parse(config, text).err();
    if let (None, Some(problems)) = (problems(&before), problems(&after)) {
        let complaint = format!("{}: was left as it is, because with the new sections\n{problems}", config.display());
        return Err(Unwritten::Configuration(complaint));
    }
    let name = config.file_name().unwrap_or_default().to_string_lossy();
    let new = config.with_file_name(format!(".{name}.new"));
    let permissions = fs::metadata(config).map(|found| found.permissions());
    fs::write(&new, after)
        .and_then(|()| permissions.and_then(|permissions| fs::set_permissions(&new, permissions)))
        .and_then(|()| fs::rename(&new, config))
        .map_err(|error| cannot_write(config, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Unwritten {
    Unwritten::File(format!("{}: cannot be written: {error}", path.display()))
}
