//! A directory that gave no answer.

use crate::directory::DirectoryFailure;
use crate::outcome::{Outcome, Refusal};

impl From<DirectoryFailure> for Refusal {
    fn from(failure: DirectoryFailure) -> Self {
        let finding = format!("{failure}.");
        match failure {
            DirectoryFailure::Unreachable { server, detail } => {
                Self::new(Outcome::DirectoryUnreachable, finding).with("server", server).with("detail", detail)
            }
            DirectoryFailure::TimedOut { server, seconds } => Self::new(Outcome::DirectoryTimedOut, finding)
                .with("server", server)
                .with("limit", format!("{seconds} s")),
            DirectoryFailure::BindRefused { server, detail } => {
                Self::new(Outcome::DirectoryBindRefused, finding).with("server", server).with("detail", detail)
            }
            DirectoryFailure::Rejected { server, code, detail } => Self::new(Outcome::DirectoryRejectedSearch, finding)
                .with("server", server)
                .with("result_code", code.to_string())
                .with("detail", detail),
            DirectoryFailure::TooManyEntries { server, limit } => Self::new(Outcome::DirectoryTooManyEntries, finding)
                .with("server", server)
                .with("limit", limit.to_string()),
            DirectoryFailure::Busy { server, seconds } => {
                Self::new(Outcome::DirectoryBusy, finding).with("server", server).with("limit", format!("{seconds} s"))
            }
        }
    }
}
