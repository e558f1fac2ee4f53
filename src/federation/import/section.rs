//! Sections of `fedgate.toml`.

use super::carried::{ImportedTrust, Usability};
use std::fmt::Write;

/// `[claims_provider]`.
pub(super) fn claims_provider(trust: &ImportedTrust, rules: &str) -> String {
    let file = format!("{rules}/{}/acceptance.rules", trust.folder);
    finished(trust, format!("[claims_provider]\nacceptance_rules = {}\n", quoted(&file)))
}

/// `[[relying_party]]`.
pub(super) fn relying_party(trust: &ImportedTrust, identifiers: &[String], enabled: bool, rules: &str) -> String {
    let identifiers: Vec<String> = identifiers.iter().map(|identifier| quoted(identifier)).collect();
    let folder = format!("{rules}/{}", trust.folder);
    let mut text = format!("[[relying_party]]\nname = {}\n", quoted(&trust.name));
    let _ = write!(text, "identifiers = [{}]\nenabled = {enabled}\n", identifiers.join(", "));
    let _ = writeln!(text, "authorization_rules = {}", quoted(&format!("{folder}/authorization.rules")));
    let _ = writeln!(text, "transform_rules = {}", quoted(&format!("{folder}/transform.rules")));
    finished(trust, text)
}

/// Below a line that says where it came from; as comments where it may not count.
fn finished(trust: &ImportedTrust, text: String) -> String {
    let heading = format!("# The AD FS {} {}.\n", trust.kind.name(), quoted(&trust.name));
    match &trust.usability {
        Usability::Commented(reason) => {
            let lines: String = text.lines().map(|line| format!("# {line}\n")).collect();
            format!("{heading}# {reason}\n{lines}")
        }
        _ => heading + &text,
    }
}

/// TOML knows how its texts are quoted.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
