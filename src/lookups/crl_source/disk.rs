//! CRLs kept across restarts: one file each, written so that a crash leaves the old one or the new one and never half of
//! one. A file is believed no more than a web server: what it holds is verified like what was just fetched.

use crate::certificate::{Certificate, hexadecimal};
use crate::entropy;
use crate::lookups::fetch::Validators;
use crate::revocation::{Sha1, VerifiedCrl};
use jiff::Timestamp;
use openssl::sha::sha256;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The first line; another one means another program's file, or a format to come.
const HEADING: &[u8] = b"fedgate CRL 1\n";

/// The line of facts is a few hundred bytes.
const LONGEST_FACTS: usize = 16 * 1024;

/// How much is kept in all, whatever the number of files.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;

/// How many files are kept.
const MOST_FILES: usize = super::MAXIMUM_SLOTS;

#[derive(Debug, Clone)]
pub(super) struct DiskCache {
    folder: PathBuf,
    maximum_bytes: usize,
}

/// A CRL to be kept.
#[derive(Debug)]
pub(super) struct Kept<'a> {
    pub(super) url: &'a str,
    pub(super) issuer: [u8; 32],
    pub(super) fetched_at: Timestamp,
    pub(super) validators: &'a Validators,
    pub(super) bytes: &'a [u8],
}

/// What is written in front of the CRL, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Facts {
    url: String,
    issuer: String,
    fetched_at: String,
    etag: Option<String>,
    last_modified: Option<String>,
    sha256: String,
}

impl DiskCache {
    pub(super) fn new(folder: PathBuf, maximum_bytes: usize) -> Self {
        Self { folder, maximum_bytes }
    }

    /// The CRL kept for this address and issuer, verified, and its size. Anything else under its name is thrown away with one event.
    pub(super) fn read(&self, url: &str, issuer: &Certificate, sha1: Sha1) -> Option<(VerifiedCrl, Validators, usize)> {
        let path = self.path(url, issuer.fingerprint());
        let failed = |problem: String| {
            tracing::warn!(file = %path.display(), url, problem, "a kept CRL was discarded; it is fetched anew");
            let _ = fs::remove_file(&path);
        };
        match self.open(&path) {
            Ok(bytes) => {
                let read = understand(&bytes, url, issuer.fingerprint()).and_then(|(facts, crl)| {
                    let size = crl.len();
                    let crl =
                        VerifiedCrl::verify_with(url, crl, issuer, sha1).map_err(|failure| failure.to_string())?;
                    Ok((crl, Validators { etag: facts.etag, last_modified: facts.last_modified }, size))
                });
                read.map_err(failed).ok()
            }
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                failed(error.to_string());
                None
            }
        }
    }

    fn open(&self, path: &Path) -> io::Result<Vec<u8>> {
        if !fs::symlink_metadata(path)?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        let limit = self.maximum_bytes.saturating_add(HEADING.len() + LONGEST_FACTS);
        let mut bytes = Vec::new();
        File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            return Err(io::Error::other("it is larger than a CRL may be"));
        }
        Ok(bytes)
    }

    /// Keeps a CRL. A full disk must not stop sign-ins: it is said, and the gateway goes on without.
    pub(super) fn write(&self, kept: &Kept<'_>) {
        let path = self.path(kept.url, &kept.issuer);
        if let Err(error) = self.replace(&path, kept).and_then(|()| self.prune(&path)) {
            tracing::warn!(folder = %self.folder.display(), url = kept.url, %error, "the CRL could not be kept on disk");
        }
    }

    fn replace(&self, path: &Path, kept: &Kept<'_>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let facts = Facts {
            url: kept.url.to_owned(),
            issuer: lower(&kept.issuer),
            fetched_at: kept.fetched_at.to_string(),
            etag: kept.validators.etag.clone(),
            last_modified: kept.validators.last_modified.clone(),
            sha256: lower(&sha256(kept.bytes)),
        };
        let temporary = path.with_extension(format!("{}.tmp", entropy::uuid().simple()));
        let written = write_whole(&temporary, &facts, kept.bytes).and_then(|()| fs::rename(&temporary, path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written?;
        File::open(&self.folder)?.sync_all() // the new name is on disk only when the folder is
    }

    /// Keeps the folder bounded: the oldest files go, and what an interrupted write left behind.
    fn prune(&self, just_written: &Path) -> io::Result<()> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            match extension {
                Some("crl") => files.push((metadata.modified()?, metadata.len(), path)),
                Some("tmp") if metadata.modified()?.elapsed().is_ok_and(|age| age.as_secs() > 3600) => {
                    let _ = fs::remove_file(&path);
                }
                _ => {}
            }
        }
        files.sort_unstable_by(|one, other| other.cmp(one));
        let mut bytes = 0;
        for (index, (_, length, path)) in files.iter().enumerate() {
            bytes += length;
            if (index >= MOST_FILES || bytes > MOST_BYTES) && path != just_written {
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }

    /// A hash, since an address is whatever an authority wrote into a certificate.
    fn path(&self, url: &str, issuer: &[u8; 32]) -> PathBuf {
        let name = sha256(&[url.as_bytes(), &[0], issuer].concat());
        self.folder.join(lower(&name)).with_extension("crl")
    }
}

fn write_whole(path: &Path, facts: &Facts, crl: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(HEADING)?;
    file.write_all(&serde_json::to_vec(facts)?)?;
    file.write_all(b"\n")?;
    file.write_all(crl)?;
    file.sync_all()
}

/// The facts and the CRL, if they are of this address and issuer and whole.
fn understand<'f>(file: &'f [u8], url: &str, issuer: &[u8; 32]) -> Result<(Facts, &'f [u8]), String> {
    let rest = file.strip_prefix(HEADING).ok_or("it does not begin like a file of fedgate's")?;
    let end =
        rest.iter().take(LONGEST_FACTS).position(|octet| *octet == b'\n').ok_or("its line of facts does not end")?;
    let facts: Facts = serde_json::from_slice(&rest[..end]).map_err(|error| format!("its facts: {error}"))?;
    let crl = &rest[end + 1..];
    if facts.url != url || facts.issuer != lower(issuer) {
        return Err("it belongs to another address or issuer".to_owned());
    }
    if facts.sha256 != lower(&sha256(crl)) {
        return Err("its content is damaged".to_owned());
    }
    Ok((facts, crl))
}

fn lower(octets: &[u8]) -> String {
    hexadecimal::lower(octets.iter().copied())
}
