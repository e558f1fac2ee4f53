//! What an operator can ask of a running gateway, over a Unix socket: which CRLs it holds, to ask for one now, and its
//! numbers. The commands that ask are in [`crate::cli`].

mod client;
mod exemptions;
mod measured;
mod report;
mod server;
mod socket;

pub use client::{Client, ClientError};
pub use exemptions::ExemptionReport;
pub use report::{CrlReport, CrlState, FetchReport, FetchResult, Refreshed, Status};
pub use server::serve;
pub use socket::{ControlSocket, FolderProblem, LONGEST_PATH, check_folder};
