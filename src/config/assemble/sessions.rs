//! The keys that sessions are sealed with.

use super::{Builder, Located};
use crate::sign_in::session::{SealingKey, SealingKeys};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::PathBuf;

impl Builder<'_> {
    /// None where no key is named; `Err` where one cannot be used, which has been reported.
    pub(super) fn sealing_keys(&mut self) -> Result<Option<SealingKeys>, ()> {
        let section = &self.configuration.sessions;
        let previous = &section.previous_key_files;
        let at = |file: &PathBuf| Located {
            value: file.clone(),
            line: previous.line,
            column: previous.column,
            key: previous.key.clone(),
        };
        let oldest_first = previous.value.iter().rev().map(at).chain(section.key_file.clone());
        let read: Vec<Option<SealingKey>> = oldest_first.map(|file| self.sealing_key(&file)).collect();
        let keys: Vec<SealingKey> = read.into_iter().collect::<Option<_>>().ok_or(())?;
        let kept = keys.len();
        Ok(keys.into_iter().fold(None, |keys: Option<SealingKeys>, next| {
            Some(match keys {
                Some(keys) => keys.rotated(next, kept),
                None => SealingKeys::new(next),
            })
        }))
    }

    /// What is wrong with the content is said without repeating any of it.
    fn sealing_key(&mut self, file: &Located<PathBuf>) -> Option<SealingKey> {
        let bytes = self.read(file)?;
        let decoded = STANDARD.decode(bytes.trim_ascii()).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
        if decoded.is_none() {
            let message = format!("names {}, which is not 32 octets in base64", file.value.display());
            self.problem(file, message, "Make one with `openssl rand -base64 32`; only the gateway may read it.");
        }
        decoded.map(SealingKey::new)
    }
}
