//! The lab: everything a certificate sign-in needs, in one folder on one machine, and a cast of certificates that end in
//! every way this gateway can refuse them. Behind `fedgate lab` and the end-to-end tests.
//!
//! The gateway in a lab is the real one. Only its surroundings are made up: two authorities, an LDIF directory and a CRL
//! server on the loopback interface.

pub mod cast;
mod client;
mod configuration;
mod crl_server;
mod folder;
pub mod keys;
mod people;
pub mod pki;
mod report;
mod running;
mod trial;
mod xmlsec1;

pub use cast::{CAST, Role};
pub use client::{Answer, Client, ClientError};
pub use folder::{Lab, LabError, PASSPHRASE};
pub use keys::LabKey;
pub use report::Report;
pub use running::{LabPorts, RunningLab};
pub use trial::{Trial, try_everybody};
