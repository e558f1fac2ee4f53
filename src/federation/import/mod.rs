//! Trusts as `Get-AdfsRelyingPartyTrust` and `Get-AdfsClaimsProviderTrust` print them, in the list format of the console or
//! as JSON, and the rules of `Get-AdfsAdditionalAuthenticationRule`, read into rule files and sections of the configuration. What cannot be carried over is said with the reason.

mod access;
mod carried;
mod console_wrap;
pub(super) mod folder_name;
mod format_list;
mod json;
mod printed;
mod protocols;
mod relying_party;
mod section;

pub use carried::{ImportedTrust, NotCarried, RuleFile, TrustKind, Usability};
pub use printed::{Doubt, Printed};

use std::collections::HashSet;

/// Why a text holds no trust that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// No property of a trust in it.
    #[error(
        "no trust is in it; give the text that `Get-AdfsRelyingPartyTrust | Format-List` or `| ConvertTo-Json -Depth 5` prints"
    )]
    NoTrust,
    /// The format of Export-Clixml.
    #[error("it was written by Export-Clixml; use `| ConvertTo-Json -Depth 5` in its place")]
    CliXml,
    /// It begins like JSON and is none.
    #[error("it is not JSON: {0}")]
    Json(String),
}

/// What is taken already and may not be taken again.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// Display names of relying party trusts.
    pub names: HashSet<String>,
    /// Their identifiers.
    pub identifiers: HashSet<String>,
    /// Whether there is a `[claims_provider]`.
    pub claims_provider: bool,
    /// Whether there is an `[additional_authentication]`.
    pub additional_authentication: bool,
    folders: HashSet<String>,
}

/// Reads every trust of a text.
///
/// # Errors
/// When it holds none.
pub fn read(text: &str) -> Result<Vec<Printed>, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let begins = text.trim_start();
    let printed = if begins.starts_with(['[', '{']) {
        json::read(begins).map_err(ImportError::Json)?
    } else if begins.starts_with("<Objs") || begins.starts_with("<?xml") {
        return Err(ImportError::CliXml);
    } else {
        format_list::read(text)
    };
    if printed.is_empty() { Err(ImportError::NoTrust) } else { Ok(printed) }
}

/// Decides what becomes of each trust, in order: the first of two with one name or identifier keeps it. Rule files are named
/// below `rules`, as the configuration will name them.
pub fn carry(printed: &[Printed], rules: &str, taken: &mut Taken) -> Vec<ImportedTrust> {
    printed.iter().map(|trust| carried::carry(trust, rules, taken)).collect()
}

#[cfg(test)]
mod tests;
