//! The lab's folder: made whole, recognised later by its own note, never made over anything that is not a lab.

use super::configuration::{self, Addresses};
use super::people::{self, PASSWORD};
use super::pki::{self, Authority, Issued, LAB_DAYS, Pki, PkiError, PkiNames, UserCertificate};
use super::trial;
use crate::control::{LONGEST_PATH, check_folder};
use crate::entropy;
use jiff::{SignedDuration, Timestamp};
use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use openssl::stack::Stack;
use openssl::x509::X509;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Opens the PKCS#12 files.
pub const PASSPHRASE: &str = "fedgate";
const SERVICE_NAME: &str = "sts.contoso.test";
/// Makes a folder a lab.
const NOTE: &str = "lab.json";

/// The default rules, as an operator finds them beside the product.
const RULES: &[(&str, &str)] = &[
    (
        "claims-rules/active-directory/acceptance.rules",
        include_str!("../../claims-rules/active-directory/acceptance.rules"),
    ),
    ("claims-rules/office-365/authorization.rules", include_str!("../../claims-rules/office-365/authorization.rules")),
    ("claims-rules/office-365/transform.rules", include_str!("../../claims-rules/office-365/transform.rules")),
];

/// A lab on disk.
#[derive(Debug, Clone)]
pub struct Lab {
    folder: PathBuf,
    note: Note,
}

/// What must be known of a lab to start it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    service_name: String,
    crl_address: SocketAddr,
    good_until: String,
}

/// Why there is no lab.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// Something else is there.
    #[error("{0} is not empty and not a lab; name another folder, or empty it yourself")]
    NotALab(PathBuf),
    /// The note cannot be read.
    #[error("{0} cannot be read as the note of a lab: {1}; `--fresh` makes the lab anew")]
    Note(PathBuf, String),
    /// Its certificates have expired.
    #[error("the lab in {folder} was good until {until}; `--fresh` makes it anew")]
    Expired {
        /// Where.
        folder: PathBuf,
        /// Until when.
        until: String,
    },
    /// The port that its certificates name for CRLs is in use.
    #[error(
        "{address}, where the certificates of the lab in {folder} say their CRLs are, is in use, perhaps by another lab; \
         end that, or make this one anew with `--fresh`"
    )]
    CrlPortTaken {
        /// Where the lab is.
        folder: PathBuf,
        /// The address.
        address: SocketAddr,
    },
    /// A file cannot be written or read.
    #[error("{0} cannot be written: {1}")]
    File(PathBuf, std::io::Error),
    /// A certificate cannot be made.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// OpenSSL cannot write a key or a PKCS#12 file.
    #[error("OpenSSL cannot write a key or certificate of the lab: {0}")]
    Openssl(#[from] ErrorStack),
}

impl Lab {
    /// The lab that is in `folder`, if one is; `None` when the folder is missing or empty.
    ///
    /// # Errors
    /// When something else is there, or a lab whose certificates have expired at `at`.
    pub fn open(folder: &Path, at: Timestamp) -> Result<Option<Self>, LabError> {
        let Some(lab) = Self::recognise(folder)? else { return Ok(None) };
        match lab.note.good_until.parse::<Timestamp>() {
            Ok(until) if at < until => Ok(Some(lab)),
            _ => Err(LabError::Expired { folder: folder.to_owned(), until: lab.note.good_until }),
        }
    }

    fn recognise(folder: &Path) -> Result<Option<Self>, LabError> {
        let note = folder.join(NOTE);
        match fs::read(&note) {
            Ok(bytes) => {
                let note = serde_json::from_slice(&bytes).map_err(|error| LabError::Note(note, error.to_string()))?;
                Ok(Some(Self { folder: folder.to_owned(), note }))
            }
            Err(_) if is_empty(folder) => Ok(None),
            Err(_) => Err(LabError::NotALab(folder.to_owned())),
        }
    }

    /// Makes a lab as of `at`. An older lab in the folder is replaced.
    ///
    /// # Errors
    /// When the folder holds something else or cannot be written.
    pub fn make(folder: &Path, at: Timestamp, [user_tls, service, crl]: [SocketAddr; 3]) -> Result<Self, LabError> {
        if folder.join(NOTE).is_file() || Self::recognise(folder)?.is_some() {
            fs::remove_dir_all(folder).map_err(|error| LabError::File(folder.to_owned(), error))?;
        }
        let names = PkiNames { service: SERVICE_NAME.to_owned(), crl_base_url: format!("http://{crl}") };
        let pki = pki::make_pki(at, &names, &mut entropy::random_bytes)?;
        let good_until = at.checked_add(SignedDuration::from_hours(24 * LAB_DAYS)).unwrap_or(at).to_string();
        let note = Note { service_name: SERVICE_NAME.to_owned(), crl_address: crl, good_until };
        let lab = Self { folder: folder.to_owned(), note };
        // The note comes first: a folder that was left half made is still known as a lab's.
        lab.write(NOTE, serde_json::to_string_pretty(&lab.note).unwrap_or_default().as_bytes())?;
        lab.write("README.txt", readme().as_bytes())?;
        lab.write_authorities(&pki)?;
        lab.write_gateway(&pki)?;
        for user in &pki.users {
            lab.write_user(user)?;
        }
        lab.write("directory.ldif", people::directory(&pki, &mut entropy::random_bytes).as_bytes())?;
        for (name, rules) in RULES {
            lab.write(name, rules.as_bytes())?;
        }
        lab.write("request.xml", trial::request(SERVICE_NAME, user_tls.port()).as_bytes())?;
        let socket = std::path::absolute(lab.path("control.sock"));
        let control =
            socket.is_ok_and(|socket| socket.as_os_str().len() <= LONGEST_PATH && check_folder(&socket).is_ok());
        let text = configuration::text(SERVICE_NAME, Addresses { user_tls, service }, control);
        lab.write("fedgate.toml", text.as_bytes())?;
        Ok(lab)
    }

    /// The federation service's name, which the gateway's certificate proves.
    pub fn service_name(&self) -> &str {
        &self.note.service_name
    }

    /// Where the certificates say the CRLs are.
    pub fn crl_address(&self) -> SocketAddr {
        self.note.crl_address
    }

    /// A file of the lab.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A person's chain and key.
    pub fn user(&self, name: &str) -> (PathBuf, PathBuf) {
        (self.path(&format!("users/{name}.pem")), self.path(&format!("users/{name}.key")))
    }

    /// PEM of the root that clients believe.
    pub fn root(&self) -> PathBuf {
        self.path("certs/root/contoso-root-ca.pem")
    }

    /// PEM of the token-signing certificate.
    pub fn token_signing_certificate(&self) -> PathBuf {
        self.path("gateway/token-signing.pem")
    }

    /// Where the lab keeps a token it got.
    pub(super) fn keep_token(&self, name: &str, assertion: &str) -> Result<PathBuf, LabError> {
        let name = format!("tokens/{name}.xml");
        self.write(&name, assertion.as_bytes())?;
        Ok(self.path(&name))
    }

    fn write_authorities(&self, pki: &Pki) -> Result<(), LabError> {
        let write = |name: &str, authority: &Authority| self.write(name, &pem(&authority.issued.der)?);
        write("certs/root/contoso-root-ca.pem", &pki.root)?;
        write("certs/intermediate/contoso-issuing-ca-1.pem", &pki.issuing)?;
        self.write("crl/root.crl", &pki.root_crl)?;
        self.write("crl/issuing.crl", &pki.issuing_crl)
    }

    fn write_gateway(&self, pki: &Pki) -> Result<(), LabError> {
        let chain = [pem(&pki.gateway_tls.der)?, pem(&pki.issuing.issued.der)?].concat();
        self.write("gateway/tls.pem", &chain)?;
        self.write_key("gateway/tls.key", &pki.gateway_tls)?;
        self.write("gateway/token-signing.pem", &pem(&pki.token_signing.der)?)?;
        self.write_key("gateway/token-signing.key", &pki.token_signing)
    }

    fn write_user(&self, user: &UserCertificate) -> Result<(), LabError> {
        let name = user.role.name;
        let mut chain = pem(&user.issued.der)?;
        let mut others = Stack::new()?;
        for der in &user.sends {
            chain.extend(pem(der)?);
            others.push(X509::from_der(der)?)?;
        }
        let leaf = X509::from_der(&user.issued.der)?;
        let mut builder = Pkcs12::builder();
        builder.name(user.role.certificate.common_name).pkey(user.issued.key.private()).cert(&leaf).ca(others);
        let pkcs12 = builder.build2(PASSPHRASE)?;
        self.write(&format!("users/{name}.pem"), &chain)?;
        self.write_key(&format!("users/{name}.key"), &user.issued)?;
        self.write_secret(&format!("users/{name}.p12"), &pkcs12.to_der()?)
    }

    fn write_key(&self, name: &str, issued: &Issued) -> Result<(), LabError> {
        self.write_secret(name, &issued.key.private().private_key_to_pem_pkcs8()?)
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), LabError> {
        self.write_as(name, contents, 0o644)
    }

    fn write_secret(&self, name: &str, contents: &[u8]) -> Result<(), LabError> {
        self.write_as(name, contents, 0o600)
    }

    fn write_as(&self, name: &str, contents: &[u8], mode: u32) -> Result<(), LabError> {
        let path = self.path(name);
        let written = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true).mode(mode).open(&path)?.write_all(contents)
        };
        written().map_err(|error| LabError::File(path.clone(), error))
    }
}

fn is_empty(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

fn pem(der: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    X509::from_der(der)?.to_pem()
}

fn readme() -> String {
    format!(
        "A fedgate lab, made by `fedgate lab`. Everything in it is for trying out: none of these keys protects anything.\n\n\
         fedgate.toml     the gateway's configuration, with a word about every choice\n\
         directory.ldif   the accounts; everybody's password is \"{PASSWORD}\"\n\
         certs/           the two containers: root and intermediate\n\
         gateway/         the gateway's TLS and token-signing certificates and keys\n\
         users/           one certificate for every way a sign-in can end: .pem with .key, and .p12 (passphrase {PASSPHRASE})\n\
         crl/             what the lab's CRL server serves\n\
         claims-rules/    the claim rules\n\
         request.xml      a token request, to be posted with a certificate\n\
         tokens/          tokens that the lab was issued\n"
    )
}
