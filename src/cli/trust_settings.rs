//! Where `verify` and `trust` take the containers from: two folders, or a running gateway's configuration.

use super::certificate_input::read_file;
use crate::chain::{ChainPolicy, TrustStore};
use crate::clock::Clock;
use crate::config::{Configuration, assemble_fetcher, assemble_revocation, assemble_trust};
use crate::lookups::{AddressPolicy, FetchLimits, Fetcher, HostRule};
use crate::revocation::RevocationPolicy;
use crate::verification::{ContainerFile, Settings, shown};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Largest file of a container.
const LARGEST: u64 = 4 * 1024 * 1024;
/// What fetches without a configuration: Entra ID's numbers; whoever types the command may ask this machine too.
pub(super) fn usual_fetcher() -> Result<Fetcher, String> {
    let loopback = ["127.0.0.0/8", "::1"].into_iter().filter_map(HostRule::parse).collect();
    let limits = FetchLimits { timeout: Duration::from_secs(10), maximum_bytes: 45 * 1024 * 1024 };
    Fetcher::new(limits, AddressPolicy::new(loopback, Vec::new()), None).map_err(|error| error.to_string())
}

/// The present second: reports are read by people.
pub(super) fn now() -> Timestamp {
    let now = Clock::System.now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Where the containers are.
#[derive(clap::Args)]
pub(super) struct Source {
    /// Folder of root certificates, PEM or DER
    #[arg(long, value_name = "DIR", required_unless_present = "config")]
    root: Option<PathBuf>,
    /// Folder of intermediate certificates, PEM or DER
    #[arg(long, value_name = "DIR", requires = "root")]
    intermediate: Option<PathBuf>,
    /// Take containers, demands on a path and revocation settings from this configuration
    #[arg(long, short, value_name = "FILE", conflicts_with_all = ["root", "intermediate"])]
    config: Option<PathBuf>,
}

/// Both containers' files, and the settings that matter beside them.
pub(super) struct Opened {
    pub(super) roots: Vec<ContainerFile>,
    pub(super) intermediates: Vec<ContainerFile>,
    pub(super) revocation: RevocationPolicy,
    pub(super) fetcher: Fetcher,
}

impl Source {
    /// What to judge by.
    ///
    /// # Errors
    /// Every problem, one a line.
    pub(super) fn settings(&self) -> Result<(Settings, Fetcher), String> {
        if let Some(file) = &self.config {
            let configuration = Configuration::load(file).map_err(|problems| problems.to_string())?;
            let (trust, chain, revocation) = assemble_trust(&configuration).map_err(|problems| problems.to_string())?;
            return Ok((Settings { trust, chain, revocation }, fetcher(&configuration)?));
        }
        let Opened { roots, intermediates, revocation, fetcher } = self.open()?;
        let trust = TrustStore::build(roots, intermediates).map_err(|problems| {
            problems.iter().map(|problem| shown(&problem.to_string())).collect::<Vec<_>>().join("\n")
        })?;
        let revocation = revocation.with_signers_of(&trust);
        Ok((Settings { trust, chain: ChainPolicy::default(), revocation }, fetcher))
    }

    /// The files of both containers, whatever is in them.
    ///
    /// # Errors
    /// Every file that cannot be read, one a line.
    pub(super) fn open(&self) -> Result<Opened, String> {
        let (root, intermediate, revocation, fetcher) = match &self.config {
            Some(file) => {
                let configuration = Configuration::load(file).map_err(|problems| problems.to_string())?;
                let revocation = assemble_revocation(&configuration).map_err(|problems| problems.to_string())?;
                let fetcher = fetcher(&configuration)?;
                let trust = configuration.trust;
                (Some(trust.roots.value), Some(trust.intermediates.value), revocation, fetcher)
            }
            None => (self.root.clone(), self.intermediate.clone(), RevocationPolicy::default(), usual_fetcher()?),
        };
        let mut problems = Vec::new();
        let mut files =
            |folder: Option<PathBuf>| folder.map(|folder| files_in(&folder, &mut problems)).unwrap_or_default();
        let (roots, intermediates) = (files(root), files(intermediate));
        if problems.is_empty() {
            Ok(Opened { roots, intermediates, revocation, fetcher })
        } else {
            Err(problems.join("\n"))
        }
    }
}

/// What the configuration lets be fetched, and how.
pub(super) fn fetcher(configuration: &Configuration) -> Result<Fetcher, String> {
    assemble_fetcher(configuration).map_err(|problems| problems.to_string())
}

/// The files of a folder in the order of their names, without hidden ones and notes, as a gateway reads them.
fn files_in(folder: &Path, problems: &mut Vec<String>) -> Vec<ContainerFile> {
    let mut paths = Vec::new();
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries.filter_map(Result::ok) {
                let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
                if !name.starts_with('.') && !name.ends_with(".md") && !entry.path().is_dir() {
                    paths.push(entry.path());
                }
            }
        }
        Err(error) => problems.push(shown(&format!("{}: it cannot be read as a folder: {error}", folder.display()))),
    }
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        match read_file(&path, LARGEST) {
            Ok(bytes) => files.push((path.display().to_string(), bytes)),
            Err(problem) => problems.push(shown(&format!("{}: {problem}", path.display()))),
        }
    }
    files
}
