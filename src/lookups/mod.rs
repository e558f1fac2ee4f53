//! The only outbound I/O of a sign-in: CRLs and the directory.

mod asked;
mod crl_source;
mod directory;
mod fetch;
mod ldap;
mod ldap_connection;
mod ldif;
mod live;
mod ocsp;
mod ocsp_post;
mod probe;
#[cfg(test)]
mod testing;

pub use asked::Lookups;
pub use crl_source::{CrlArrival, CrlOrigin, CrlSettings, CrlSource, CrlSummary, CrlView, FetchOutcome, FetchRecord};
pub use directory::Directory;
pub use fetch::{
    AddressPolicy, AddressRange, FetchFacts, FetchFailure, FetchLimits, Fetched, Fetcher, FetcherError, Forbidden,
    HostRule, Post, Validators,
};
pub use ldap::{LdapDirectory, LdapSettings, LdapSettingsError};
pub use ldif::{LdifDirectory, LdifError};
pub use live::LiveLookups;
pub use ocsp::{OcspSource, OcspTransport};
pub use ocsp_post::OcspPost;
pub use probe::{Probe, Prober};
