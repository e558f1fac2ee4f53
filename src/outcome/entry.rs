//! The shape of one catalogue entry.

use super::Wire;
use crate::sign_in::Stage;

/// What the catalogue knows about one outcome.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Stable code; the first digit is the stage.
    pub code: &'static str,
    /// The stage that decides it.
    pub stage: Stage,
    /// What happens to the sign-in.
    pub disposition: Disposition,
    /// Which paths can end this way.
    pub paths: Paths,
    /// What the person may read: what to do next, no internals.
    pub user_text: &'static str,
    /// What happened, for the operator. The record's details complete it.
    pub admin_text: &'static str,
    /// What to check, in order.
    pub remedy: &'static [&'static str],
    /// The code Entra ID's cloud-native CBA reports for the same fact, where one is documented.
    pub entra_code: Option<&'static str>,
    /// The AD FS event that reports the same fact, so that existing SIEM rules can be mapped.
    pub adfs_event: Option<u16>,
    /// What goes over the wire.
    pub wire: Wire,
    /// How loud the record is.
    pub level: Level,
    /// The detail fields the record carries for this outcome.
    pub fields: &'static [&'static str],
    /// Document and section this outcome follows from.
    pub source: &'static str,
    /// Which reason wins when several apply: the higher, the more specific.
    pub rank: u8,
}

/// What happens to the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// A token is issued.
    Issue,
    /// The person must do something first.
    Interrupt,
    /// The request, the certificate or the person is at fault.
    Refuse,
    /// fedgate or something it depends on is at fault.
    Fail,
}

/// Which paths can end this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// Only the federated path.
    Federated,
    /// Only the cloud-native path.
    CloudNative,
    /// Either.
    Both,
}

/// How loud the record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// All is well.
    Info,
    /// A person could not sign in; nothing here is broken.
    Notice,
    /// Somebody must mend something.
    Warning,
    /// Sign-ins fail for everybody until it is mended.
    Error,
}
