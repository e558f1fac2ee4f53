//! What is named on the command line: cases, rules, stages.

use crate::claims::RuleStage;
use crate::claims::cases::Case;
use crate::claims::language::{self, RuleSet, Strictness};
use crate::cli::certificate_input::read_file;
use crate::cli::terminal;
use std::path::{Path, PathBuf};

/// Longest file of rules, or of a case.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A case and the file it stands in.
pub(super) struct GivenCase {
    pub(super) file: PathBuf,
    pub(super) case: Case,
}

pub(super) fn read_text(file: &Path) -> Result<String, String> {
    let bytes = read_file(file, LARGEST).map_err(|problem| format!("{}: {problem}", file.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{}: it is not UTF-8 text", file.display()))?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// A case, with a word about every key that means nothing.
pub(super) fn case(file: &Path) -> Result<GivenCase, String> {
    let case = Case::read(&read_text(file)?).map_err(|error| format!("{}: {error}", file.display()))?;
    for key in case.unknown_keys() {
        terminal::complain_safely(&format!("fedgate: {}: {key:?} is no key of a case and is ignored", file.display()));
    }
    Ok(GivenCase { file: file.to_owned(), case })
}

/// Rules that were read, and what they are called.
pub(super) struct GivenRules {
    pub(super) name: String,
    pub(super) set: RuleSet,
}

pub(super) fn parse(name: String, text: &str) -> Result<GivenRules, String> {
    match language::parse(&name, text, Strictness::Lenient) {
        Ok(set) => Ok(GivenRules { name, set }),
        Err(diagnostics) => {
            // Each begins with the name.
            Err(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
    }
}

pub(super) fn rules(file: &Path) -> Result<GivenRules, String> {
    parse(file.display().to_string(), &read_text(file)?)
}

impl GivenCase {
    /// The stage: of the command line, or of the case.
    pub(super) fn stage(&self, chosen: Option<RuleStage>) -> Result<RuleStage, String> {
        let own = self.case.stage().map_err(|error| format!("{}: {error}", self.file.display()))?;
        Ok(chosen.or(own).unwrap_or(RuleStage::Transform))
    }

    /// The rules: of the command line, or those that the case carries, names, or lies beside.
    pub(super) fn rules(&self, chosen: Option<&Path>, stage: RuleStage) -> Result<GivenRules, String> {
        if let Some(file) = chosen {
            return rules(file);
        }
        if let Some(text) = &self.case.rules_text {
            return parse(format!("{} rules_text", self.file.display()), text);
        }
        let name = self.case.rules_file.as_deref().unwrap_or(usual_file(stage));
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let beside = folder.join(name);
        let above = match (folder.file_name(), folder.parent()) {
            (Some(_), Some(above)) => above.join(name),
            _ => folder.join("..").join(name),
        };
        match [&beside, &above].into_iter().find(|path| path.is_file()) {
            Some(found) => rules(found),
            None => Err(format!("{}: there is no {name} beside it or in the folder above", self.file.display())),
        }
    }
}

/// How the files of a trust's folder are called.
fn usual_file(stage: RuleStage) -> &'static str {
    match stage {
        RuleStage::Acceptance => "acceptance.rules",
        RuleStage::Authorization => "authorization.rules",
        RuleStage::DelegationAuthorization => "delegation.rules",
        RuleStage::ImpersonationAuthorization => "impersonation.rules",
        RuleStage::AdditionalAuthentication => "additional-authentication.rules",
        RuleStage::Transform => "transform.rules",
    }
}

/// For the command line.
pub(super) fn stage(text: &str) -> Result<RuleStage, String> {
    let known = || RuleStage::ALL.map(RuleStage::keyword).join(", ");
    RuleStage::read(text).ok_or_else(|| format!("the stages are {}", known()))
}

/// Tolerated damage is worth a word: a gateway would not take it.
pub(super) fn warn(rules: &GivenRules) {
    for warning in rules.set.warnings() {
        let line = warning.position.line;
        terminal::complain_safely(&format!("fedgate: {}:{line}: {}", rules.name, warning.finding()));
    }
}
