//! `fedgate rules import`.

mod report;
mod target;

use super::EXIT_USAGE;
use crate::cli::appending::{Unwritten, Written};
use crate::cli::{EXIT_CONFIGURATION, terminal};
use crate::federation::import::{self, ImportedTrust, Printed, Usability};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use target::Target;

/// The arguments of `fedgate rules import`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Texts that AD FS's cmdlets printed; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder of the rules, a folder for each trust below it. By default claims-rules beside the configuration
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    /// Append the sections to this configuration in place of printing them
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Overwrite rule files that are there and say something else
    #[arg(long)]
    force: bool,
    /// Write nothing; say what would be written
    #[arg(long)]
    dry_run: bool,
    /// Print the report as one JSON object to standard output
    #[arg(long)]
    json: bool,
}

/// A trust and what became of its files.
struct Imported {
    trust: ImportedTrust,
    files: Vec<(PathBuf, Written)>,
}

/// Why nothing could be imported, and the code to end with.
struct Failure {
    code: u8,
    complaint: String,
}

impl Failure {
    fn usage(complaint: String) -> Self {
        Self { code: EXIT_USAGE, complaint }
    }

    fn configuration(complaint: String) -> Self {
        Self { code: EXIT_CONFIGURATION, complaint }
    }
}

impl From<Unwritten> for Failure {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Configuration(complaint) => Self::configuration(complaint),
            Unwritten::File(complaint) => Self::usage(complaint),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    match import(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(Failure { code, complaint }) => {
            terminal::complain_safely(&format!("fedgate: {complaint}"));
            ExitCode::from(code)
        }
    }
}

fn import(arguments: &Arguments) -> Result<u8, Failure> {
    let mut printed = Vec::new();
    for file in &arguments.files {
        printed.extend(read(file)?);
    }
    let target = Target::new(arguments.into.as_deref(), arguments.config.as_deref())?;
    let mut taken = target.taken()?;
    let trusts = import::carry(&printed, &target.rules_as_named(), &mut taken);
    let mut imported = Vec::new();
    for trust in trusts {
        let files = target.write_rules(&trust, arguments.force, arguments.dry_run)?;
        imported.push(Imported { trust, files });
    }
    let sections: Vec<&str> = imported.iter().filter(|one| one.may_count()).map(|one| &*one.trust.section).collect();
    let sections: Vec<&str> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    if arguments.json {
        terminal::print_line(report::json(&imported, &target, arguments.dry_run));
    } else {
        terminal::complain_safely(report::text(&imported, &target, arguments.dry_run).trim_end());
    }
    match (&arguments.config, arguments.dry_run) {
        (Some(_), false) => target.append(&sections)?,
        _ if arguments.json => {}
        _ => terminal::print(sections.join("\n")),
    }
    Ok(u8::from(!imported.iter().all(Imported::is_complete)))
}

impl Imported {
    /// A section must not count with the rules of somebody else that were left in place.
    fn may_count(&self) -> bool {
        !self.files.iter().any(|(_, written)| *written == Written::Kept)
    }

    fn is_complete(&self) -> bool {
        let trust = &self.trust;
        let usable = !matches!(trust.usability, Usability::Commented(_));
        self.may_count() && trust.rules_are_sound() && usable && !trust.undecided
    }
}

fn read(file: &Path) -> Result<Vec<Printed>, Failure> {
    let cannot = |reason: String| Failure::usage(format!("{}: {reason}", file.display()));
    let mut bytes = Vec::new();
    let done = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(file).map(|read| bytes = read)
    };
    done.map_err(|error| cannot(format!("cannot be read: {error}")))?;
    let text = decoded(&bytes).ok_or_else(|| {
        cannot("is neither UTF-8 nor UTF-16 text; write it with Set-Content -Encoding utf8".to_owned())
    })?;
    import::read(&text).map_err(|error| cannot(error.to_string()))
}

/// Windows PowerShell writes UTF-16 where `>` is used, with the mark in front.
fn decoded(bytes: &[u8]) -> Option<String> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let (units, []) = bytes.as_chunks::<2>() else { return None };
        String::from_utf16(&units.iter().map(|unit| read(*unit)).collect::<Vec<_>>()).ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        all => String::from_utf8(all.to_vec()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_powershell_writes_is_read() {
        let text = "Name : Büro 😀";
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let cases = [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat(),
            [vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat(),
        ];
        for bytes in cases {
            assert_eq!(decoded(&bytes).as_deref(), Some(text));
        }
        for bytes in [&b"\xff\xfea"[..], b"\xff\xfe\x00\xd8", b"B\xfcro"] {
            assert_eq!(decoded(bytes), None);
        }
    }
}
