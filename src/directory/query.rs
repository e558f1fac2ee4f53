//! What a sign-in wants to know from the directory.

use super::Filter;
use crate::text::Text;

/// One subtree search. Built from a typed [`Filter`], so that no value from a certificate can change its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DirectoryQuery {
    /// Which entries.
    pub filter: Filter,
    /// Which attributes to return.
    pub attributes: Vec<Text>,
}
