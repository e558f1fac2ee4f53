//! A directory that gave no answer.

use crate::directory::DirectoryFailure;
use crate::outcome::{Outcome, Refusal, sentence};

impl From<DirectoryFailure> for Refusal {
    fn from(failure: DirectoryFailure) -> Self {
        let sentence = sentence(&failure);
        match failure {
            DirectoryFailure::Unreachable { server, detail } => {
                Self::new(Outcome::DirectoryUnreachable, sentence).with("server", server).with("detail", detail)
            }
            DirectoryFailure::TimedOut { server, seconds } => Self::new(Outcome::DirectoryTimedOut, sentence)
                .with("server", server)
                .with("limit", format!("{seconds} s")),
            DirectoryFailure::BindRefused { server, detail } => {
                Self::new(Outcome::DirectoryBindRefused, sentence).with("server", server).with("detail", detail)
            }
            DirectoryFailure::Rejected { server, code, detail } => {
                Self::new(Outcome::DirectoryRejectedSearch, sentence)
                    .with("server", server)
                    .with("result_code", code.to_string())
                    .with("detail", detail)
            }
            DirectoryFailure::TooManyEntries { server, limit } => Self::new(Outcome::DirectoryTooManyEntries, sentence)
                .with("server", server)
                .with("limit", limit.to_string()),
            DirectoryFailure::Busy { server, seconds } => {
                Self::new(Outcome::DirectoryBusy, sentence).with("server", server).with("limit", format!("{seconds} s"))
            }
        }
    }
}
