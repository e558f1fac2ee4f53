//! The directory's vocabulary, shared by LDAP and the embedded LDIF directory: entries, filters, queries,
//! passwords and failures.
//!
//! Pure: what to ask is decided here and in [`crate::subject`] and [`crate::claims`]; asking is [`crate::lookups`].

mod entry;
mod failure;
mod filter;
mod filter_text;
mod groups;
mod password;
mod query;
pub mod security_identifier;

pub use entry::Entry;
pub use failure::DirectoryFailure;
pub use filter::{Dialect, Filter};
pub use filter_text::FilterError;
pub use groups::{Group, Groups};
pub use password::{Password, PasswordAnswer, PasswordError, PasswordRefusal};
pub use query::{DirectoryQuery, SearchPlace};
