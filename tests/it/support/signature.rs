//! Signs SOAP messages with `xmlsec1`, which shares no code with fedgate.

use std::io::Write;
use std::process::Command;
use tempfile::NamedTempFile;

const UTILITY: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";

/// Fills in the signature template of a message, whose `wsu:Timestamp` and `wsa:To` have a `wsu:Id`.
pub fn sign(message: &str, key_pem: &str) -> String {
    let file = |contents: &str| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(contents.as_bytes()).unwrap();
        file
    };
    let (message, key) = (file(message), file(key_pem));
    let answer = Command::new("xmlsec1")
        .args(["--sign", "--id-attr:Id", &format!("{UTILITY}:Timestamp"), "--id-attr:Id", &format!("{ADDRESSING}:To")])
        .arg("--privkey-pem")
        .args([key.path(), message.path()])
        .output()
        .expect("xmlsec1 cannot be run; install the package xmlsec1");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}
