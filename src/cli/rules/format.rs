//! `fedgate rules fmt`.

use super::check::report;
use super::{EXIT_USAGE, rule_file};
use crate::claims::language::{self, Strictness};
use crate::cli::terminal;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// The arguments of `fedgate rules fmt`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Rule files; "-" is standard input, laid out on standard output
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Write nothing; name the files that would change, and end with 1 when there is one
    #[arg(long, conflicts_with = "stdout")]
    check: bool,
    /// Print the rules instead of writing them back
    #[arg(long)]
    stdout: bool,
    /// Take what AD FS may or may not take, and write it as AD FS takes it
    #[arg(long)]
    lenient: bool,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let code = arguments.files.iter().map(|file| one(file, arguments)).max().unwrap_or_default();
    ExitCode::from(code)
}

/// The exit code that this file alone would have.
fn one(file: &str, arguments: &Arguments) -> u8 {
    let text = match rule_file::read(file) {
        Ok(text) => text,
        Err(problem) => {
            terminal::complain_safely(&format!("{file} {problem}"));
            return EXIT_USAGE;
        }
    };
    let strictness = if arguments.lenient { Strictness::Lenient } else { Strictness::Strict };
    let formatted = match language::format(file, &text, strictness) {
        Ok(formatted) => formatted,
        Err(errors) => {
            terminal::complain(report(&errors).trim_end());
            terminal::complain_safely(&format!("{file} is left as it is."));
            return 1;
        }
    };
    if arguments.check {
        if formatted == text {
            return 0;
        }
        terminal::print_line(crate::verification::shown(file));
        return 1;
    }
    if arguments.stdout || file == "-" {
        terminal::print(formatted);
        return 0;
    }
    if formatted == text {
        return 0;
    }
    match replace(Path::new(file), &formatted) {
        Ok(()) => 0,
        Err(error) => {
            terminal::complain_safely(&format!("{file} cannot be written: {error}; it is left as it is."));
            EXIT_USAGE
        }
    }
}

/// All or nothing: the new text is complete on the disk before it takes the old one's name. A link stays a link.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = fs::canonicalize(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let beside = file.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = write(&beside, text, &file).and_then(|()| fs::rename(&beside, &file));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(beside: &Path, text: &str, like: &Path) -> std::io::Result<()> {
    let mut new = fs::OpenOptions::new().write(true).create_new(true).open(beside)?;
    new.set_permissions(fs::metadata(like)?.permissions())?;
    new.write_all(text.as_bytes())?;
    new.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(file: &Path, check: bool) -> Arguments {
        Arguments { files: vec![file.display().to_string()], check, stdout: false, lenient: false }
    }

    #[test]
    fn writes_once_keeps_the_mode_and_leaves_a_wrong_file_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.rules"), folder.path().join("link.rules"));
        fs::write(&file, "c:[]=>issue(claim=c);").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(one(link.to_str().unwrap(), &arguments(&link, true)), 1);
        assert_eq!(one(link.to_str().unwrap(), &arguments(&link, false)), 0);
        assert_eq!(fs::read_to_string(&file).unwrap(), "c:[]\n => issue(claim = c);\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(one(file.to_str().unwrap(), &arguments(&file, true)), 0);
        fs::write(&file, "c:[]=>issue(claim=d);").unwrap();
        assert_eq!(one(file.to_str().unwrap(), &arguments(&file, false)), 1);
        assert_eq!(fs::read_to_string(&file).unwrap(), "c:[]=>issue(claim=d);");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        let gone = folder.path().join("gone.rules");
        assert_eq!(one(gone.to_str().unwrap(), &arguments(&gone, false)), EXIT_USAGE);
    }
}
