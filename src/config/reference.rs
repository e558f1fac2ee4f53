//! `docs/configuration.md`, printed from the keys.

use super::keys::{Row, Table, Variant};
use super::{
    attribute_stores, authentication, control, directory, endpoints, extranet_lockout, federation_service, limits,
    listeners, log, office_365, pages, proxy, relying_party, revocation, saml, sessions, subject, trust, trusts,
};
use std::fmt::Write;

/// Every section, in the order of the document.
pub(super) const SECTIONS: &[&Table] = &[
    &federation_service::SERVICE,
    &listeners::USER_TLS,
    &listeners::SERVICE_LISTENER,
    &endpoints::ENDPOINTS,
    &proxy::PROXY,
    &extranet_lockout::EXTRANET_LOCKOUT,
    &trust::TRUST,
    &revocation::REVOCATION,
    &revocation::AUTHORITY,
    &directory::DIRECTORY,
    &attribute_stores::ATTRIBUTE_STORE,
    &subject::SUBJECT,
    &trusts::TOKEN_SIGNING,
    &trusts::CLAIMS_PROVIDER,
    &trusts::ADDITIONAL_AUTHENTICATION,
    &authentication::AUTHENTICATION_POLICY,
    &sessions::SESSIONS,
    &relying_party::RELYING_PARTY,
    &office_365::DOMAIN,
    &saml::SAML_ENDPOINT,
    &pages::PAGES,
    &limits::LIMITS,
    &control::CONTROL,
    &log::LOG,
];

const PREAMBLE: &str = "\
# Configuration

Every section and key of `fedgate.toml`. Generated from the readers' own tables by `fedgate docs`; do not edit by hand.

`fedgate check --config FILE` reads the file and everything it names and reports every problem at once, each with file, line,
key and cure; it ends with 0 when there is none and with 64 otherwise. `fedgate serve` does the same first: on any problem it
binds no port and ends with 64. `fedgate lab` writes a commented file to start from.

* The file is TOML, UTF-8. A key that is not listed here is an error, so that a typing error cannot go unnoticed.
* Texts, files and folders stand in quotes. A relative path begins at the folder of the configuration file.
* A key that stands for a time or a size ends in its unit: `_seconds`, `_minutes`, `_bytes`, `_bits`.
* Without a default, a key is required. A section with defaults only may be left out. The examples comment out what may be
  left out.
* The file holds no secret: keys and passwords are in files of their own. It is read once, at the start.
";

/// The whole document.
pub fn reference_markdown() -> String {
    let mut text = String::from(PREAMBLE);
    for table in SECTIONS {
        let often = if table.repeated { " The section may be there several times." } else { "" };
        let _ = write!(text, "\n## `{}`\n\n{}{often}\n", table.header(), table.meaning);
        text.push_str(&rows(table.keys));
        for variant in table.variants {
            let _ = write!(text, "\nWith `{}`:\n", variant.line());
            text.push_str(&rows(variant.keys));
        }
        for example in examples(table) {
            let _ = write!(text, "\n```toml\n{example}```\n");
        }
    }
    text
}

fn rows(keys: &[&dyn Row]) -> String {
    let mut text = String::from("\n| key | value | default | what it does |\n|---|---|---|---|\n");
    for key in keys {
        let default = key.shape().absent().unwrap_or_else(|| "**required**".to_owned());
        let _ = writeln!(text, "| `{}` | {} | {default} | {} |", key.name(), key.shape().takes(), key.meaning());
    }
    text
}

/// The section as it could stand in a file, once for each of its cases. Keys that have a default are commented out.
pub(super) fn examples(table: &Table) -> Vec<String> {
    let common = |chosen: Option<&Variant>| -> String {
        let line_of = |key: &&dyn Row| match chosen {
            Some(variant) if variant.key == key.name() => format!("{}\n", variant.line()),
            _ => line(*key),
        };
        format!("{}\n{}", table.header(), table.keys.iter().map(line_of).collect::<String>())
    };
    match table.variants {
        [] => vec![common(None)],
        variants => {
            let further = |variant: &Variant| variant.keys.iter().map(|key| line(*key)).collect::<String>();
            variants.iter().map(|variant| common(Some(variant)) + &further(variant)).collect()
        }
    }
}

fn line(key: &dyn Row) -> String {
    let comment = if key.shape().absent().is_some() { "# " } else { "" };
    format!("{comment}{} = {}\n", key.name(), key.shape().example())
}
