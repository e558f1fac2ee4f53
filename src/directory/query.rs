//! What a sign-in wants to know from the directory.

use super::Filter;
use crate::text::Text;

/// One search. Built from a typed [`Filter`], so that no value from a certificate can change its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DirectoryQuery {
    /// Which entries.
    pub filter: Filter,
    /// Which attributes to return.
    pub attributes: Vec<Text>,
    /// Where to look.
    pub place: SearchPlace,
    /// Most entries the answer may have; `None` for the directory's own limit.
    pub most: Option<u32>,
}

/// Where a search looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum SearchPlace {
    /// Below the entry the directory is configured with.
    #[default]
    Accounts,
    /// Below the entry of this distinguished name, itself included.
    Below(String),
    /// Only in the entry of this distinguished name. Active Directory computes `tokenGroups` for such a search alone.
    Entry(String),
}

impl DirectoryQuery {
    /// A search among the accounts, within the directory's own limit.
    pub fn new(filter: Filter, attributes: Vec<Text>) -> Self {
        Self { filter, attributes, place: SearchPlace::Accounts, most: None }
    }
}
