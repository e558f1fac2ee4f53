//! The certificates that a command is given: PEM, DER or PKCS#12, from a file or from standard input.

use crate::certificate::Certificate;
use crate::chain::PresentedChain;
use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use x509_parser::pem::Pem;

/// Largest input. The longest chains take some ten thousand bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads one input; the first certificate is judged, the others count as sent with it.
///
/// # Errors
/// A sentence about what is wrong, without the file's name.
pub(super) fn read(input: &str, password: &str) -> Result<PresentedChain, String> {
    let bytes = if input == "-" {
        limited(io::stdin().lock(), LARGEST).map_err(|error| format!("standard input cannot be read: {error}"))?
    } else {
        read_file(Path::new(input), LARGEST)?
    };
    chain(&bytes, password)
}

/// The bytes of a regular file, up to a limit.
pub(super) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let cannot = |error: io::Error| format!("it cannot be read: {error}");
    // Looked at before it is opened: opening a pipe without a writer would wait for ever.
    let metadata = std::fs::metadata(path).map_err(cannot)?;
    if metadata.is_dir() {
        return Err("it is a folder; name a file".to_owned());
    }
    if metadata.len() > limit {
        return Err(format!("it has {} bytes; more than {limit} are not read", metadata.len()));
    }
    limited(File::open(path).map_err(cannot)?, limit).map_err(cannot)
}

fn limited(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("there are more than {limit} bytes, which no certificate has")));
    }
    Ok(bytes)
}

fn chain(bytes: &[u8], password: &str) -> Result<PresentedChain, String> {
    if bytes.is_empty() {
        return Err("it is empty".to_owned());
    }
    if bytes.first() != Some(&0x30) {
        return from_pem(bytes);
    }
    let not_a_certificate = match Certificate::read_der(bytes) {
        Ok(_) => return Ok(PresentedChain::new(bytes.to_vec(), Vec::new())),
        Err(error) => error,
    };
    match Pkcs12::from_der(bytes) {
        Ok(pkcs12) => from_pkcs12(&pkcs12, password).map_err(|problem| problem.unwrap_or_else(unopened)),
        Err(_) => Err(format!("it holds no certificate: {not_a_certificate}")),
    }
}

fn from_pem(bytes: &[u8]) -> Result<PresentedChain, String> {
    let mut blocks = Vec::new();
    for block in Pem::iter_from_buffer(bytes) {
        let block = block.map_err(|_| format!("PEM block {} is damaged", blocks.len() + 1))?;
        if matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE") {
            blocks.push(block.contents);
        }
    }
    let mut blocks = blocks.into_iter();
    let leaf = blocks.next().ok_or("it holds no certificate; PEM, DER and PKCS#12 are read")?;
    Ok(PresentedChain::new(leaf, blocks.collect()))
}

fn from_pkcs12(pkcs12: &Pkcs12, password: &str) -> Result<PresentedChain, Option<String>> {
    let opened = pkcs12.parse2(password);
    drop(ErrorStack::get()); // what a failure leaves behind would be taken for the next operation's
    let contents = opened.map_err(|_| None)?;
    let leaf = contents.cert.ok_or_else(|| Some("this PKCS#12 file holds no certificate with its key".to_owned()))?;
    let der = |certificate: &openssl::x509::X509Ref| certificate.to_der().map_err(|_| None);
    let sent = contents.ca.iter().flatten().map(der).collect::<Result<Vec<_>, _>>()?;
    Ok(PresentedChain::new(der(&leaf)?, sent))
}

/// OpenSSL does not tell a wrong password from a cipher of its legacy provider.
fn unopened() -> String {
    "this PKCS#12 file does not open: the password is wrong (name its file with --password-file; without one the empty \
     password is tried), or the file is encrypted with a cipher too old to be read"
        .to_owned()
}
