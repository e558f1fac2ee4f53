//! The groups of an account.

/// Every security group an account is in, groups within groups included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// Security identifier of the primary group, such as Domain Users.
    pub primary: Option<String>,
    /// All of them, the primary one included, in the directory's order.
    pub all: Vec<Group>,
}

/// One group, as far as the directory was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// `S-1-5-21-…`. A directory other than Active Directory may have none.
    pub sid: Option<String>,
    /// `sAMAccountName`, or `cn` where there is none.
    pub name: Option<String>,
}
