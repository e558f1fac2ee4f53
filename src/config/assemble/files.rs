//! Reading what the configuration names. A file that several keys name is reported for each of them.

use super::{Builder, Located, Place};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The files of a folder by name.
pub(super) struct Folder {
    /// What could be read.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// Whether that is everything.
    pub(super) complete: bool,
}

impl Builder<'_> {
    /// A value that was already refused is an empty path; there is nothing more to say about it.
    pub(super) fn read(&mut self, path: &Located<PathBuf>) -> Option<Vec<u8>> {
        if path.value.as_os_str().is_empty() {
            return None;
        }
        match std::fs::read(&path.value) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                let message = format!("names {}, which cannot be read: {error}", path.value.display());
                self.problem(path, message, cure(&error, "file"));
                None
            }
        }
    }

    /// A text file, without the byte order mark that Windows editors put in front.
    pub(super) fn read_text(&mut self, path: &Located<PathBuf>) -> Option<String> {
        match String::from_utf8(self.read(path)?) {
            Ok(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.remove(0);
                }
                Some(text)
            }
            Err(error) => {
                let sound = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..sound].iter().filter(|byte| **byte == b'\n').count() + 1;
                let place = Place { file: path.value.clone(), line: Some(line), column: None };
                let cure = "Save it as UTF-8; Windows PowerShell does so with Set-Content -Encoding utf8.";
                self.problem_in(place, path, "this is not UTF-8 text", cure);
                None
            }
        }
    }

    /// The files of a folder in the order of their names, without hidden ones and notes (`.md`).
    pub(super) fn read_folder(&mut self, folder: &Located<PathBuf>) -> Folder {
        let mut read = Folder { files: Vec::new(), complete: true };
        if folder.value.as_os_str().is_empty() {
            return Folder { complete: false, ..read };
        }
        let paths = match paths_in(&folder.value) {
            Ok(paths) => paths,
            Err(error) => {
                let message = format!("names {}, which cannot be read as a folder: {error}", folder.value.display());
                self.problem(folder, message, cure(&error, "folder"));
                return Folder { complete: false, ..read };
            }
        };
        for path in paths {
            if path.is_dir() {
                self.warn(format!("{} is a folder inside {} and is not read", path.display(), folder.key));
                continue;
            }
            match std::fs::read(&path) {
                Ok(bytes) => read.files.push((path.display().to_string(), bytes)),
                Err(error) => {
                    let cure = cure(&error, "file");
                    let place = Place { file: path, line: None, column: None };
                    self.problem_in(place, folder, format!("this file cannot be read: {error}"), cure);
                    read.complete = false;
                }
            }
        }
        read
    }
}

fn paths_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        if !name.starts_with('.') && !name.ends_with(".md") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn cure(error: &io::Error, wanted: &str) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => format!("Let the user that runs the gateway read the {wanted}."),
        ErrorKind::IsADirectory => "Name a file, not a folder.".to_owned(),
        ErrorKind::NotADirectory => "Name a folder, not a file.".to_owned(),
        _ => format!(
            "Correct the path, or put the {wanted} there; a relative path begins at the configuration's own folder."
        ),
    }
}
