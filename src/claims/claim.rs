//! A claim: the six fields the rule language can read and write.

use crate::text::Text;
use std::collections::BTreeMap;

/// The value type of a claim that says nothing else.
pub const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
/// The issuer of a claim a rule made up itself.
pub const LOCAL_AUTHORITY: &str = "LOCAL AUTHORITY";
/// The issuer of the claims of an Active Directory sign-in.
pub const AD_AUTHORITY: &str = "AD AUTHORITY";

/// One claim. Two claims are the same claim when all six fields agree (ordinal comparison).
#[derive(Debug, Clone, Eq, Hash)]
#[allow(clippy::derived_hash_with_manual_eq)] // the comparison below is the derived one in another order
pub struct Claim {
    /// The claim type, a URI.
    pub claim_type: Text,
    /// The value.
    pub value: Text,
    /// The type of the value, an XML Schema URI.
    pub value_type: Text,
    /// Who made the statement.
    pub issuer: Text,
    /// Who made it first.
    pub original_issuer: Text,
    /// Properties, such as the format of a name identifier.
    pub properties: BTreeMap<Text, Text>,
}

/// What differs most often is compared first.
impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
            && self.claim_type == other.claim_type
            && self.value_type == other.value_type
            && self.issuer == other.issuer
            && self.original_issuer == other.original_issuer
            && self.properties == other.properties
    }
}

impl Claim {
    /// A textual claim by `issuer`.
    pub fn new(claim_type: impl Into<Text>, value: impl Into<Text>, issuer: &'static str) -> Self {
        Self {
            claim_type: claim_type.into(),
            value: value.into(),
            value_type: STRING.into(),
            issuer: issuer.into(),
            original_issuer: issuer.into(),
            properties: BTreeMap::new(),
        }
    }

    /// The same claim with another value type.
    #[must_use]
    pub fn with_value_type(mut self, value_type: &'static str) -> Self {
        self.value_type = value_type.into();
        self
    }
}
