//! Genuine messages, signed by `xmlsec1`.

use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use std::io::Write;
use std::process::Command;
use std::sync::LazyLock;
use tempfile::NamedTempFile;

use crate::token::tests::keys;

pub(super) struct Pair {
    pub(super) key: PKey<Private>,
    pub(super) certificate: X509,
}

fn pair(key: PKey<Private>) -> Pair {
    let certificate = X509::from_pem(&keys::certificate_for(&key)).unwrap();
    Pair { key, certificate }
}

pub(super) static RSA: LazyLock<Pair> = LazyLock::new(|| pair(keys::rsa(2048)));
pub(super) static STRANGER: LazyLock<Pair> = LazyLock::new(|| pair(keys::rsa(2048)));
pub(super) static EC: LazyLock<Pair> = LazyLock::new(|| pair(keys::ec(Nid::X9_62_PRIME256V1)));
pub(super) static EC_521: LazyLock<Pair> = LazyLock::new(|| pair(keys::ec(Nid::SECP521R1)));

/// The knobs of a signature template.
#[derive(Clone, Copy)]
pub(super) struct Template<'a> {
    pub(super) signature: &'a str,
    pub(super) digest: &'a str,
    pub(super) reference: &'a str,
    pub(super) transforms: &'a str,
    pub(super) key_info: &'a str,
}

pub(super) const TRANSFORMS: &str = concat!(
    r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>"#,
    r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>"#
);

impl Default for Template<'_> {
    fn default() -> Self {
        Self {
            signature: super::RSA_SHA256,
            digest: "http://www.w3.org/2001/04/xmlenc#sha256",
            reference: "#_genuine",
            transforms: TRANSFORMS,
            key_info: "",
        }
    }
}

impl Template<'_> {
    pub(super) fn xml(&self) -> String {
        format!(
            r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<ds:SignatureMethod Algorithm="{}"/><ds:Reference URI="{}"><ds:Transforms>{}</ds:Transforms>
<ds:DigestMethod Algorithm="{}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>{}</ds:Signature>"#,
            self.signature, self.reference, self.transforms, self.digest, self.key_info
        )
    }
}

/// A request with its signature where the schema puts it; `signature` may be empty.
pub(super) fn request(signature: &str) -> String {
    format!(
        r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_genuine" Version="2.0"
 IssueInstant="2026-01-10T10:00:00Z" AssertionConsumerServiceURL="https://sp.test/acs?a=1&amp;b=2">
 <saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.test/gr&#xfc;&#xdf;e</saml:Issuer>{signature}
 <samlp:NameIDPolicy AllowCreate="true"/>
</samlp:AuthnRequest>"#
    )
}

/// Signs a document with a template in it.
pub(super) fn sign(document: &str, arguments: &[&str], key: &[u8]) -> String {
    let id = ["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest"];
    run(document, &[&id, arguments].concat(), key)
}

/// Signs a SOAP message; `elements` are those with a `wsu:Id`.
pub(super) fn sign_ids(document: &str, elements: &[String], key: &[u8]) -> String {
    let ids = elements.iter().flat_map(|element| ["--id-attr:Id", element]);
    run(document, &ids.chain(["--privkey-pem"]).collect::<Vec<_>>(), key)
}

fn run(document: &str, arguments: &[&str], key: &[u8]) -> String {
    let file = |contents: &[u8]| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(contents).unwrap();
        file
    };
    let (document, key) = (file(document.as_bytes()), file(key));
    let answer = Command::new("xmlsec1")
        .arg("--sign")
        .args(arguments)
        .arg(key.path())
        .arg(document.path())
        .output()
        .expect("xmlsec1 cannot be run; install the package xmlsec1");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

pub(super) fn signed(template: &Template<'_>, pair: &Pair) -> String {
    sign(&request(&template.xml()), &["--privkey-pem"], &pair.key.private_key_to_pem_pkcs8().unwrap())
}

/// The message all attacks start from.
pub(super) static GENUINE: LazyLock<String> = LazyLock::new(|| signed(&Template::default(), &RSA));

/// The signature of the genuine message, as it stands there.
pub(super) fn signature_of(document: &str) -> &str {
    let (start, end) = (document.find("<ds:Signature ").unwrap(), "</ds:Signature>");
    &document[start..document.find(end).unwrap() + end.len()]
}
