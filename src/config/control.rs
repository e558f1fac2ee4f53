//! `[control]`.

use super::Located;
use super::document::Section;
use super::keys::{Key, Table};
use super::shapes::{File, Optional};
use std::path::PathBuf;

/// `[control]`.
#[derive(Debug, Clone)]
pub struct ControlSection {
    /// Where the running gateway answers its operator; nowhere without it.
    pub socket: Option<Located<PathBuf>>,
}

pub(super) const CONTROL: Table = Table {
    name: "control",
    repeated: false,
    meaning: "How an operator talks to the running gateway: `fedgate crl`, `fedgate metrics` and whatever collects metrics. \
              See [control.md](control.md).",
    keys: &[&SOCKET],
    variants: &[],
};

const SOCKET: Key<Optional<File>> = Key {
    name: "socket",
    shape: Optional { kind: File, example: "control.sock", absent: "the gateway cannot be talked to" },
    meaning: "A Unix socket that only the user who runs the gateway, and root, can use. It is made at the start, in a folder \
              that must be there, and removed at the end. Its whole path has at most 107 bytes.",
};

pub(super) fn control(mut section: Section<'_, '_>) -> ControlSection {
    let socket = section.optional(&SOCKET);
    section.finish();
    ControlSection { socket }
}
