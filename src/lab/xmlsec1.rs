//! The third party that judges the lab's tokens: the `xmlsec1` command, which shares no code with the gateway.

use fancy_regex::Regex;
use std::path::Path;
use std::process::Command;

/// What xmlsec1 made of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// The signature is good, and made by the lab's token-signing key.
    Good,
    /// It is not, or there was nobody to ask.
    NotGood(String),
}

/// Cuts the assertion out of a response as MSAL does: with a pattern over the text, not with an XML parser.
pub(super) fn cut_assertion(response: &str) -> Option<&str> {
    let pattern = r"(?s)<(?:\w+:)?RequestedSecurityToken(?:\s[^>]*)?>(.*)</(?:\w+:)?RequestedSecurityToken>";
    let found = Regex::new(pattern).ok()?.captures(response).ok()??;
    found.get(1).map(|assertion| assertion.as_str())
}

/// Verifies an assertion against the token-signing certificate and nothing else: a key inside the token counts for nothing.
pub(super) fn verify(assertion: &Path, signing_certificate: &Path) -> Judged {
    match command(assertion, signing_certificate).output() {
        Ok(output) if output.status.success() => Judged::Good,
        Ok(output) => Judged::NotGood(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Judged::NotGood(format!("xmlsec1 cannot be run: {error}; install the package xmlsec1")),
    }
}

/// The command, for people to repeat.
pub(super) fn command_line(assertion: &Path, signing_certificate: &Path) -> String {
    let command = command(assertion, signing_certificate);
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn command(assertion: &Path, signing_certificate: &Path) -> Command {
    let mut command = Command::new("xmlsec1");
    command
        .args(["--verify", "--enabled-key-data", "key-name"])
        .args(["--id-attr:AssertionID", "urn:oasis:names:tc:SAML:1.0:assertion:Assertion"])
        .arg("--pubkey-cert-pem")
        .arg(signing_certificate)
        .arg(assertion);
    command
}
