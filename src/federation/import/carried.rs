//! What becomes of one trust: rule files, a section of the configuration, and a word about everything else.

use super::printed::{Printed, Value};
use super::{Taken, folder_name, relying_party, section};
use crate::claims::language::{self, RuleDiagnostic, Strictness};

/// Which side of the federation a trust is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustKind {
    /// Claims come from it.
    ClaimsProvider,
    /// Tokens are made for it.
    RelyingParty,
    /// No trust: rules that hold for every relying party.
    EveryRelyingParty,
    /// The text does not tell: no rule set of either kind was printed.
    Unknown,
}

impl TrustKind {
    /// As AD FS calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaimsProvider => "claims provider trust",
            Self::RelyingParty => "relying party trust",
            Self::EveryRelyingParty => "rules for every relying party",
            Self::Unknown => "trust of an unknown kind",
        }
    }
}

/// One file of rules.
#[derive(Debug)]
pub struct RuleFile {
    /// Its name in the trust's folder.
    pub name: &'static str,
    /// The property it came from.
    pub property: &'static str,
    /// The rules.
    pub text: String,
    /// What the checker says about them.
    pub diagnostics: Vec<RuleDiagnostic>,
}

/// A property that the configuration cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCarried {
    /// The property.
    pub property: String,
    /// Its value.
    pub value: String,
    /// Why, and what to do where something can be done.
    pub reason: &'static str,
}

/// Whether the section can be put into effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usability {
    /// It can.
    Usable,
    /// It is written as comments; the reason, as a sentence.
    Commented(String),
    /// There is none to write; the reason, as a sentence.
    NoSection(String),
}

/// A trust, read and judged.
#[derive(Debug)]
pub struct ImportedTrust {
    /// Which kind.
    pub kind: TrustKind,
    /// Display name, on one line.
    pub name: String,
    /// The folder of its rules.
    pub folder: String,
    /// The rules.
    pub files: Vec<RuleFile>,
    /// What the configuration now says of it, in words.
    pub carried: Vec<String>,
    /// What it does not.
    pub not_carried: Vec<NotCarried>,
    /// Breaks of the console that were removed from rules.
    pub mended: usize,
    /// Whether nobody gets in until somebody says who, other than in AD FS.
    pub undecided: bool,
    /// Whether the section can be used.
    pub usability: Usability,
    /// The section's text, empty where there is none.
    pub section: String,
}

impl ImportedTrust {
    /// Whether all its rules can be used.
    pub fn rules_are_sound(&self) -> bool {
        self.files.iter().all(|file| file.diagnostics.is_empty())
    }

    pub(super) fn leave(&mut self, property: &str, value: impl Into<String>, reason: &'static str) {
        self.not_carried.push(NotCarried { property: property.to_owned(), value: one_line(&value.into()), reason });
    }
}

/// The name of AD FS's own claims provider trust, and its identifier.
const ACTIVE_DIRECTORY: [&str; 2] = ["Active Directory", "AD AUTHORITY"];

pub(super) fn carry(printed: &Printed, rules: &str, taken: &mut Taken) -> ImportedTrust {
    let kind = kind(printed);
    let name = match kind {
        TrustKind::EveryRelyingParty => "Additional authentication".to_owned(),
        _ => one_line(&printed.text("Name").unwrap_or_default()),
    };
    let mut trust = ImportedTrust {
        kind,
        folder: folder_name::unique(&name, &mut taken.folders),
        name,
        files: Vec::new(),
        carried: Vec::new(),
        not_carried: Vec::new(),
        mended: printed.mended,
        undecided: false,
        usability: Usability::Usable,
        section: String::new(),
    };
    match kind {
        TrustKind::ClaimsProvider => claims_provider(&mut trust, printed, rules, taken),
        TrustKind::RelyingParty => relying_party::carry(&mut trust, printed, rules, taken),
        TrustKind::EveryRelyingParty => additional_authentication(&mut trust, printed, rules, taken),
        TrustKind::Unknown => {
            let reason = "No rule set is among its properties; print the whole trust with Format-List.";
            trust.usability = Usability::NoSection(reason.to_owned());
        }
    }
    for doubt in &printed.doubts {
        let reason = "The console broke a text in a rule here and a blank may be lost; print the trust again with \
                      `| Format-List | Out-String -Width 4096` or `| ConvertTo-Json -Depth 5`.";
        trust.leave(&doubt.property, doubt.line.as_str(), reason);
    }
    trust
}

fn kind(printed: &Printed) -> TrustKind {
    let has = |names: &[&str]| names.iter().any(|name| printed.has(name));
    if has(&["AcceptanceTransformRules"]) {
        TrustKind::ClaimsProvider
    } else if has(&["IssuanceTransformRules", "IssuanceAuthorizationRules"]) {
        TrustKind::RelyingParty
    } else if has(&["AdditionalAuthenticationRules"]) && !has(&["Name", "Identifier"]) {
        TrustKind::EveryRelyingParty
    } else {
        TrustKind::Unknown
    }
}

/// Reads a rule set and has it checked as the gateway will check it.
pub(super) fn rule_file(printed: &Printed, name: &'static str, property: &'static str) -> RuleFile {
    checked(name, property, printed.text(property).unwrap_or_default())
}

pub(super) fn checked(name: &'static str, property: &'static str, text: String) -> RuleFile {
    let mut text = text.trim_end().to_owned();
    if !text.is_empty() {
        text.push('\n');
    }
    let diagnostics = language::parse(name, &text, Strictness::Strict).err().unwrap_or_default();
    RuleFile { name, property, text, diagnostics }
}

fn claims_provider(trust: &mut ImportedTrust, printed: &Printed, rules: &str, taken: &mut Taken) {
    trust.files.push(rule_file(printed, "acceptance.rules", "AcceptanceTransformRules"));
    let (identifiers, _) = printed.texts("Identifier");
    let is_directory = ACTIVE_DIRECTORY.contains(&trust.name.as_str())
        || identifiers.iter().any(|identifier| ACTIVE_DIRECTORY.contains(&identifier.as_str()));
    if !is_directory {
        let reason = "The directory is the only claims provider here; the rules are kept for later.";
        trust.usability = Usability::NoSection(reason.to_owned());
        return;
    }
    if taken.claims_provider {
        let reason = "There is a [claims_provider] already; let its acceptance_rules name this file.";
        trust.usability = Usability::NoSection(reason.to_owned());
        return;
    }
    refuse_unsound(trust);
    if trust.usability == Usability::Usable {
        trust.carried.push("the acceptance rules of the directory".to_owned());
    }
    taken.claims_provider |= trust.usability == Usability::Usable;
    trust.section = section::claims_provider(trust, rules);
}

/// What `Get-AdfsAdditionalAuthenticationRule` prints is one property, without a name.
fn additional_authentication(trust: &mut ImportedTrust, printed: &Printed, rules: &str, taken: &mut Taken) {
    let file = rule_file(printed, "additional-authentication.rules", "AdditionalAuthenticationRules");
    if file.text.is_empty() {
        trust.usability = Usability::NoSection("There are none, so nothing is demanded.".to_owned());
        return;
    }
    trust.files.push(file);
    if taken.additional_authentication {
        let reason = "There is an [additional_authentication] already; let its rules name this file.";
        trust.usability = Usability::NoSection(reason.to_owned());
        return;
    }
    taken.additional_authentication = true;
    if trust.rules_are_sound() {
        let carried = "the rules; a certificate satisfies them only with `certificate = \"multi-factor\"` beside them";
        trust.carried.push(carried.to_owned());
    } else {
        // As comments they would demand nothing, and nobody would notice.
        let reason =
            "They have errors, and the gateway does not start until they are corrected: a demand must not be lost.";
        trust.leave("AdditionalAuthenticationRules", "", reason);
    }
    trust.section = section::additional_authentication(trust, rules);
}

/// A section whose rules cannot be used would keep the whole gateway from starting.
pub(super) fn refuse_unsound(trust: &mut ImportedTrust) {
    if !trust.rules_are_sound() && trust.usability == Usability::Usable {
        let reason = "Its rules have errors; correct them and take the comment signs away.";
        trust.usability = Usability::Commented(reason.to_owned());
    }
}

/// The rest of the properties, as far as somebody should know.
pub(super) fn shown(value: &Value) -> String {
    one_line(&value.shown())
}

/// Nothing in a name may end a line of a configuration or of a report.
pub(super) fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.trim().chars().map(blank).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
