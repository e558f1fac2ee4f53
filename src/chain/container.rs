//! Reading a file of a container: PEM or DER by content, several PEM blocks per file, every defect reported.

use super::ContainerDefect;
use crate::certificate::{Certificate, CertificateError};
use x509_parser::pem::Pem;

/// The certificates of one file.
pub(super) fn read(bytes: &[u8], defects: &mut Vec<ContainerDefect>) -> Vec<Certificate> {
    let blocks = match pem_blocks(bytes, defects) {
        Some(blocks) => blocks,
        None if bytes.first() == Some(&0x30) => vec![bytes.to_vec()],
        None => {
            defects.push(ContainerDefect::NoCertificate);
            return Vec::new();
        }
    };
    let mut certificates = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        match Certificate::read_der(block) {
            Ok(certificate) => certificates.push(certificate),
            Err(reason) => defects.push(ContainerDefect::Unreadable { position: index + 1, reason }),
        }
    }
    certificates
}

/// The certificate blocks of a PEM file; `None` when there is no PEM in it.
fn pem_blocks(bytes: &[u8], defects: &mut Vec<ContainerDefect>) -> Option<Vec<Vec<u8>>> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    if !bytes.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return None;
    }
    let mut blocks = Vec::new();
    let defects_before = defects.len();
    for block in Pem::iter_from_buffer(bytes) {
        match block {
            Ok(Pem { label, contents }) => match label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" => blocks.push(contents),
                label if label.ends_with("PRIVATE KEY") => defects.push(ContainerDefect::PrivateKey),
                _ => defects.push(ContainerDefect::NotACertificateBlock { label }),
            },
            Err(_) => {
                let position = blocks.len() + 1;
                let reason = CertificateError::NotACertificate;
                defects.push(ContainerDefect::Unreadable { position, reason });
                break;
            }
        }
    }
    if blocks.is_empty() && defects.len() == defects_before {
        defects.push(ContainerDefect::NoCertificate);
    }
    Some(blocks)
}
