//! The only outbound I/O of a sign-in: CRLs, OCSP, the directory and other attribute stores.

mod asked;
mod attribute_stores;
mod crl_source;
mod directory;
mod fetch;
mod groups;
mod ldap;
mod ldap_connection;
mod ldif;
mod live;
mod ocsp;
mod ocsp_post;
mod probe;
mod salted_hash;
#[cfg(test)]
mod testing;

pub use asked::Lookups;
pub use attribute_stores::{
    ActiveDirectoryStore, AttributeStore, AttributeStores, ComputedStore, LdapStore, PostgresSettings,
    PostgresSettingsError, PostgresStore, SqliteSettings, SqliteStore, WindowsDomain,
};
pub use crl_source::{CrlArrival, CrlOrigin, CrlSettings, CrlSource, CrlSummary, CrlView, FetchOutcome, FetchRecord};
pub use directory::Directory;
pub use fetch::{
    AddressPolicy, AddressRange, FetchFacts, FetchFailure, FetchLimits, Fetched, Fetcher, FetcherError, Forbidden,
    HostRule, Post, Validators,
};
pub use groups::of_account as groups_of;
pub use ldap::{LdapDirectory, LdapSettings, LdapSettingsError};
pub use ldif::{LdifDirectory, LdifError};
pub use live::LiveLookups;
pub use ocsp::{OcspSource, OcspTransport};
pub use ocsp_post::OcspPost;
pub use probe::{Probe, Prober};
pub use salted_hash::SaltedHash;
