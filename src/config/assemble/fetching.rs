//! What fetches CRLs.

use super::Builder;
use crate::lookups::{FetchLimits, Fetcher, FetcherError};

impl Builder<'_> {
    pub(super) fn fetcher(&mut self) -> Option<Fetcher> {
        let section = &self.configuration.revocation;
        let authorities = match &section.web_authorities {
            Some(path) => Some(self.read(path)?),
            None => None,
        };
        if let Some(folder) =
            section.cache_folder.as_ref().filter(|folder| folder.value.exists() && !folder.value.is_dir())
        {
            let message = format!("names {}, which is no folder", folder.value.display());
            self.problem(
                folder,
                message,
                "Name a folder that only fedgate can write to, or one that does not exist yet.",
            );
        }
        let limits = FetchLimits { timeout: section.fetch_timeout, maximum_bytes: section.maximum_crl_bytes };
        match Fetcher::new(limits, section.addresses.clone(), authorities.as_deref()) {
            Ok(fetcher) => Some(fetcher),
            Err(error) => {
                let cure = "Name a PEM file with the certificates of the authorities.";
                match (&error, &section.web_authorities) {
                    (FetcherError::Authorities(_), Some(path)) => self.problem(path, error.to_string(), cure),
                    _ => self.problem(
                        &self.configuration.service.name,
                        error.to_string(),
                        "Look at OpenSSL on this machine.",
                    ),
                }
                None
            }
        }
    }
}
