//! Which account a certificate stands for: [`query`] says what to ask the directory, [`resolve`] judges its answer. And which
//! account a name stands for that somebody typed: [`SignInName`].
//!
//! Windows would map the certificate inside a domain controller (ADFS-PROTOCOLS section 9.4); the gateway does it over LDAP
//! and therefore checks itself that the account is enabled, not expired and not locked out.

mod account;
mod alt_security_identities;
mod binding;
mod directory_attributes;
mod distinguished_name_text;
mod error;
mod named;
mod query;
mod resolution;
mod same_text;

pub use account::Account;
pub use alt_security_identities::strong_forms;
pub use binding::{Binding, SubjectPolicy};
pub use error::{CertificateField, SubjectError};
pub use named::{NameError, NamedEntry, SignInName};
pub use query::{SubjectQuery, query};
pub use resolution::{Attempt, MappedSubject, resolve};

#[cfg(test)]
mod tests;
