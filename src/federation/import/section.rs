//! Sections of `fedgate.toml`.

use super::access::Access;
use super::carried::{ImportedTrust, Usability};
use std::fmt::Write;

/// `[claims_provider]`.
pub(super) fn claims_provider(trust: &ImportedTrust, rules: &str) -> String {
    let file = format!("{rules}/{}/acceptance.rules", trust.folder);
    finished(trust, format!("[claims_provider]\nacceptance_rules = {}\n", quoted(&file)))
}

/// `[[relying_party]]`.
pub(super) fn relying_party(
    trust: &ImportedTrust,
    identifiers: &[String],
    enabled: bool,
    access: &Access,
    rules: &str,
    further: &str,
) -> String {
    let folder = format!("{rules}/{}", trust.folder);
    let mut text = format!("[[relying_party]]\nname = {}\n", quoted(&trust.name));
    let _ = write!(text, "identifiers = {}\nenabled = {enabled}\n", list(identifiers));
    if let Access::Policy { name, groups } = access {
        let _ = writeln!(text, "access_control_policy = {}", quoted(name));
        if !groups.is_empty() {
            let _ = writeln!(text, "access_control_groups = {}", list(groups));
        }
    }
    for file in &trust.files {
        let key = file.name.replace('-', "_").replace(".rules", "_rules");
        let _ = writeln!(text, "{key} = {}", quoted(&format!("{folder}/{}", file.name)));
    }
    text.push_str(further);
    finished(trust, text)
}

/// `[additional_authentication]`.
pub(super) fn additional_authentication(trust: &ImportedTrust, rules: &str) -> String {
    let file = format!("{rules}/{}/additional-authentication.rules", trust.folder);
    finished(trust, format!("[additional_authentication]\nrules = {}\n", quoted(&file)))
}

pub(super) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
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
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
