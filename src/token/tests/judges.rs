//! Third-party judges: `xmlsec1` for signatures, `xmllint` for the canonical form and, with the schemas of Debian's
//! opensaml-schemas and xmltooling-schemas, for validity.

use openssl::pkey::{PKey, Private};
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

/// The document with its encrypted data decrypted by this key.
pub(crate) fn xmlsec1_decrypts(xml: &str, key: &PKey<Private>) -> Result<String, String> {
    let (document, key) = (file(xml.as_bytes()), file(&key.private_key_to_pem_pkcs8().unwrap()));
    let answer = run(
        Command::new("xmlsec1").args(["--decrypt", "--privkey-pem"]).arg(key.path()).arg(document.path()),
        "xmlsec1",
    );
    let said = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
    if answer.status.success() { Ok(said(answer.stdout)) } else { Err(said(answer.stderr)) }
}

/// The Exclusive Canonical form as libxml2 sees it.
pub(crate) fn xmllint_canonical(xml: &str) -> String {
    let document = file(xml.as_bytes());
    let answer = run(Command::new("xmllint").args(["--nonet", "--exc-c14n"]).arg(document.path()), "libxml2-utils");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

const SCHEMAS: [&str; 2] = ["/usr/share/xml/opensaml", "/usr/share/xml/xmltooling"];

/// Whether a document is valid by a schema of SAML, known by its file name.
pub(crate) fn schema_accepts(xml: &str, schema: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    for schemas in SCHEMAS {
        let files = std::fs::read_dir(schemas);
        for entry in files.expect("the packages opensaml-schemas and xmltooling-schemas are installed") {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "xsd") {
                let text = std::fs::read_to_string(&path).unwrap();
                std::fs::write(folder.path().join(path.file_name().unwrap()), with_local_imports(&text)).unwrap();
            }
        }
    }
    let document = file(xml.as_bytes());
    let answer = run(
        Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema"])
            .arg(folder.path().join(schema))
            .arg(document.path()),
        "libxml2-utils",
    );
    let said = String::from_utf8_lossy(&answer.stderr).into_owned();
    if answer.status.success() { Ok(()) } else { Err(said) }
}

/// The schemas import each other by addresses on the web; the files lie beside each other here. A document type declaration,
/// which names a DTD on the web, goes.
fn with_local_imports(schema: &str) -> String {
    let schema = match (schema.find("<!DOCTYPE"), schema.find("]>")) {
        (Some(start), Some(end)) => [&schema[..start], &schema[end + 2..]].concat(),
        _ => schema.to_owned(),
    };
    let mut parts = schema.split("schemaLocation=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (location, rest) = part.split_once('"').unwrap();
        let name = location.rsplit('/').next().unwrap();
        out.push_str(&format!("schemaLocation=\"{name}\"{rest}"));
    }
    out
}
