//! What an import did, trust by trust, for people and for programs.

use super::target::Target;
use super::{Imported, Usability};
use crate::claims::language::RuleDiagnostic;
use crate::cli::appending::Written;
use serde_json::{Value, json};
use std::fmt::Write;

/// Longest value of a property that is shown.
const SHOWN: usize = 120;

pub(super) fn text(imported: &[Imported], target: &Target, dry_run: bool) -> String {
    let mut text = String::new();
    for one in imported {
        trust(&mut text, one, dry_run);
    }
    let usable = imported.iter().filter(|one| one.is_complete()).count();
    let _ = writeln!(text, "{usable} of {} trusts need nothing more.", imported.len());
    if let Some(config) = target.config() {
        let config = config.display();
        let _ = match dry_run {
            true => writeln!(text, "Nothing was written; {config} would get the sections below."),
            false => writeln!(text, "Next: fedgate check --config {config}"),
        };
    } else if dry_run {
        text.push_str("Nothing was written.\n");
    }
    text
}

fn trust(text: &mut String, one: &Imported, dry_run: bool) {
    let trust = &one.trust;
    let _ = writeln!(text, "{} ({})", trust.name, trust.kind.name());
    for (path, written) in &one.files {
        let _ = match (written, dry_run) {
            (Written::Kept, _) => writeln!(
                text,
                "  kept         {}: it says something else; --force overwrites it. Nothing of this trust was written",
                path.display()
            ),
            (Written::New | Written::Overwritten, true) => writeln!(text, "  would write  {}", path.display()),
            (Written::New, false) if one.may_count() => writeln!(text, "  wrote        {}", path.display()),
            (Written::New, false) => Ok(()),
            (written, _) => writeln!(text, "  {:<11}  {}", written.name(), path.display()),
        };
    }
    if trust.mended > 0 {
        let plural = if trust.mended == 1 { "" } else { "s" };
        let _ = writeln!(text, "  mended       {} line break{plural} of the console inside rules", trust.mended);
    }
    for carried in &trust.carried {
        let _ = writeln!(text, "  took over    {carried}");
    }
    if let Usability::Commented(reason) | Usability::NoSection(reason) = &trust.usability {
        let _ = writeln!(text, "  not in use   {reason}");
    }
    for left in &trust.not_carried {
        let _ = writeln!(text, "  left out     {} = {}: {}", left.property, short(&left.value), left.reason);
    }
    for file in &trust.files {
        for diagnostic in &file.diagnostics {
            let (line, column) = place(diagnostic);
            let _ = writeln!(text, "  error        {}:{line}:{column}: {}", file.name, told(diagnostic));
        }
    }
}

/// Editors count columns from one, AD FS and so the diagnostic from zero.
fn place(diagnostic: &RuleDiagnostic) -> (usize, usize) {
    (diagnostic.position.line, diagnostic.position.column + 1)
}

fn told(diagnostic: &RuleDiagnostic) -> String {
    diagnostic.cure().map_or_else(|| diagnostic.finding(), |cure| format!("{} {cure}", diagnostic.finding()))
}

fn short(value: &str) -> String {
    if value.chars().count() <= SHOWN {
        return value.to_owned();
    }
    value.chars().take(SHOWN).chain("...".chars()).collect()
}

pub(super) fn json(imported: &[Imported], target: &Target, dry_run: bool) -> Value {
    json!({
        "dry_run": dry_run,
        "config": target.config().map(|config| config.display().to_string()),
        "trusts": imported.iter().map(trust_json).collect::<Vec<_>>(),
    })
}

fn trust_json(one: &Imported) -> Value {
    let trust = &one.trust;
    let left = |left: &crate::federation::import::NotCarried| json!({ "property": left.property, "value": left.value, "reason": left.reason });
    let file = |(file, (path, written)): (&crate::federation::import::RuleFile, &(std::path::PathBuf, Written))| {
        let diagnostic = |diagnostic: &RuleDiagnostic| {
            let (line, column) = place(diagnostic);
            json!({ "line": line, "column": column, "message": told(diagnostic) })
        };
        json!({
            "file": path.display().to_string(),
            "property": file.property,
            "written": written.name(),
            "errors": file.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
        })
    };
    let (usable, reason) = match &trust.usability {
        Usability::Usable => (one.may_count(), None),
        Usability::Commented(reason) | Usability::NoSection(reason) => (false, Some(reason)),
    };
    json!({
        "name": trust.name,
        "kind": trust.kind.name(),
        "usable": usable,
        "reason": reason,
        "files": trust.files.iter().zip(&one.files).map(file).collect::<Vec<_>>(),
        "mended_line_breaks": trust.mended,
        "carried": trust.carried,
        "not_carried": trust.not_carried.iter().map(left).collect::<Vec<_>>(),
        "section": trust.section,
    })
}
