//! Where the control socket is to be.

use super::Builder;
use crate::control::{FolderProblem, LONGEST_PATH, check_folder};
use std::os::unix::ffi::OsStrExt;

impl Builder<'_> {
    /// Reports a path at which no socket can be; whether a gateway has it already is seen at the start.
    pub(super) fn check_control_socket(&mut self) {
        let Some(socket) = &self.configuration.control.socket else { return };
        let length = socket.value.as_os_str().as_bytes().len();
        if length > LONGEST_PATH {
            let message = format!(
                "names {}, which has {length} bytes; the path of a Unix socket has at most {LONGEST_PATH}",
                socket.value.display()
            );
            self.problem(socket, message, "Name a shorter one, such as /run/fedgate/control.sock.");
        }
        if let Err(problem) = check_folder(&socket.value) {
            let cure = match problem {
                FolderProblem::Missing(_) => "Make the folder, or name one that is there.",
                FolderProblem::OpenToAll(_) => {
                    "Name a folder that others cannot write to, or take the right from them."
                }
            };
            self.problem(socket, format!("names {}: {problem}", socket.value.display()), cure);
        }
    }
}
