//! A claim: the six fields the rule language can read and write.

use std::collections::BTreeMap;

/// The value type of a claim that says nothing else.
pub const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
/// The issuer of a claim a rule made up itself.
pub const LOCAL_AUTHORITY: &str = "LOCAL AUTHORITY";
/// The issuer of the claims of an Active Directory sign-in.
pub const AD_AUTHORITY: &str = "AD AUTHORITY";

/// One claim. Two claims are the same claim when all six fields agree (ordinal comparison).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The claim type, a URI.
    pub claim_type: String,
    /// The value.
    pub value: String,
    /// The type of the value, an XML Schema URI.
    pub value_type: String,
    /// Who made the statement.
    pub issuer: String,
    /// Who made it first.
    pub original_issuer: String,
    /// Properties, such as the format of a name identifier.
    pub properties: BTreeMap<String, String>,
}

impl Claim {
    /// A textual claim by `issuer`.
    pub fn new(claim_type: impl Into<String>, value: impl Into<String>, issuer: &str) -> Self {
        Self {
            claim_type: claim_type.into(),
            value: value.into(),
            value_type: STRING.to_owned(),
            issuer: issuer.to_owned(),
            original_issuer: issuer.to_owned(),
            properties: BTreeMap::new(),
        }
    }

    /// The same claim with another value type.
    #[must_use]
    pub fn with_value_type(mut self, value_type: &str) -> Self {
        value_type.clone_into(&mut self.value_type);
        self
    }
}
