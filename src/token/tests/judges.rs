//! Third-party judges: `xmlsec1` for signatures, `xmllint` for the canonical form.

use std::io::Write;
use std::process::{Command, Output};
use tempfile::NamedTempFile;

fn file(contents: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(contents).unwrap();
    file
}

fn run(command: &mut Command, package: &str) -> Output {
    let name = command.get_program().to_owned();
    command.output().unwrap_or_else(|error| panic!("{name:?} cannot be run ({error}); install the package {package}"))
}

/// Asks xmlsec1 whether `xml` holds a signature by exactly this certificate's key over a SAML 1.1 assertion.
pub(super) fn xmlsec1_accepts(xml: &str, certificate_pem: &[u8]) -> Result<(), String> {
    xmlsec1_accepts_element(xml, certificate_pem, "AssertionID", "urn:oasis:names:tc:SAML:1.0:assertion:Assertion")
}

/// The same for any element, known by the name of its identifier and by its own with its namespace.
pub(crate) fn xmlsec1_accepts_element(
    xml: &str,
    certificate_pem: &[u8],
    identifier: &str,
    element: &str,
) -> Result<(), String> {
    let (document, certificate) = (file(xml.as_bytes()), file(certificate_pem));
    let answer = run(
        Command::new("xmlsec1")
            .args(["--verify", "--enabled-key-data", "key-name"])
            .args([&format!("--id-attr:{identifier}"), element])
            .arg("--pubkey-cert-pem")
            .arg(certificate.path())
            .arg(document.path()),
        "xmlsec1",
    );
    let said = String::from_utf8_lossy(&answer.stderr).into_owned();
    if answer.status.success() { Ok(()) } else { Err(said) }
}

/// The Exclusive Canonical form as libxml2 sees it.
pub(super) fn xmllint_canonical(xml: &str) -> String {
    let document = file(xml.as_bytes());
    let answer = run(Command::new("xmllint").args(["--nonet", "--exc-c14n"]).arg(document.path()), "libxml2-utils");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}
