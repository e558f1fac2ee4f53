//! `[sessions]`, by the names of `Set-AdfsProperties`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{File, Number, Optional, Period, Several, Switch, TimeUnit};
use crate::sign_in::session::{LoopPolicy, SessionPolicy};
use jiff::SignedDuration;
use std::path::{Path, PathBuf};

/// `[sessions]`.
#[derive(Debug, Clone)]
pub struct SessionsSection {
    /// How long people stay signed in.
    pub policy: SessionPolicy,
    /// File of the key that cookies are sealed with.
    pub key_file: Option<Located<PathBuf>>,
    /// Files of keys before it, the latest first.
    pub previous_key_files: Located<Vec<PathBuf>>,
}

pub(super) const SESSIONS: Table = Table {
    name: "sessions",
    repeated: false,
    meaning: "How long people stay signed in, and what their cookies are sealed with. A session says that somebody proved who they \
              are, and nothing else: for every token the certificate, its revocation and the account are judged again.",
    keys: &[&SSO_LIFETIME, &LOOP_DETECTION, &LOOP_TOKENS, &LOOP_INTERVAL, &KEY_FILE, &PREVIOUS_KEY_FILES],
    variants: &[],
};

const SSO_LIFETIME: Key<Period> = Key {
    name: "sso_lifetime_minutes",
    shape: Period { default: 480, range: 1..=10_080, unit: TimeUnit::Minutes },
    meaning: "`SsoLifetime`: how long a session lasts, counted from the sign-in however often it is used.",
};

const LOOP_DETECTION: Key<Switch> = Key {
    name: "loop_detection",
    shape: Switch { default: true },
    meaning: "`EnableLoopDetection`: whether a browser that comes back for token after token is stopped, with MSIS7042.",
};

const LOOP_TOKENS: Key<Number> = Key {
    name: "loop_detection_maximum_tokens",
    shape: Number { default: 5, range: 1..=1000, unit: "tokens" },
    meaning: "`LoopDetectionMaximumTokensIssuedInInterval`: how many a browser gets for one application within the interval.",
};

const LOOP_INTERVAL: Key<Period> = Key {
    name: "loop_detection_interval_seconds",
    shape: Period { default: 20, range: 5..=3600, unit: TimeUnit::Seconds },
    meaning: "`LoopDetectionTimeIntervalInSeconds`: the interval.",
};

const KEY_FILE: Key<Optional<File>> = Key {
    name: "key_file",
    shape: Optional {
        kind: File,
        example: "keys/session.key",
        absent: "a key is made at the start, and a restart ends every session",
    },
    meaning: "File with the key that sessions are sealed with: 32 random octets in base64, as `openssl rand -base64 32` prints \
              them. Every node of a farm has the same.",
};

const PREVIOUS_KEY_FILES: Key<Several> = Key {
    name: "previous_key_files",
    shape: Several { item: "file", example: "keys/session-before.key", absent: "none" },
    meaning: "The keys before it, the latest first. They seal nothing any more; what they sealed is still opened. Change keys once \
              a year, and drop an old one after a day.",
};

pub(super) fn sessions(mut section: Section<'_, '_>) -> SessionsSection {
    let loops = LoopPolicy {
        tokens: u32::try_from(section.number(&LOOP_TOKENS)).unwrap_or(u32::MAX),
        interval: signed(section.period(&LOOP_INTERVAL)),
    };
    let lifetime = signed(section.period(&SSO_LIFETIME));
    let policy = SessionPolicy { lifetime, loops: section.switch(&LOOP_DETECTION).then_some(loops) };
    let key_file = section.optional(&KEY_FILE);
    let previous = section.several(&PREVIOUS_KEY_FILES);
    if !previous.value.is_empty() && section.find(KEY_FILE.name).is_none() {
        section.source.problem(&previous, "does nothing without key_file", "Name the present key in key_file.");
    }
    let folder = section.source.file.parent().unwrap_or(Path::new(""));
    let Located { value, line, column, key } = previous;
    let files = value.into_iter().map(|file| folder.join(file)).collect();
    section.finish();
    SessionsSection { policy, key_file, previous_key_files: Located { value: files, line, column, key } }
}

fn signed(period: std::time::Duration) -> SignedDuration {
    SignedDuration::try_from(period).unwrap_or(SignedDuration::MAX)
}
