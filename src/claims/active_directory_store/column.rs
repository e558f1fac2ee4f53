//! What one column of an answer is made of.

use crate::text::Text;

/// An attribute of the entries found, or the groups of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The values of an attribute.
    Attribute(Text),
    /// Every group the account is in, groups within groups included.
    Groups(GroupForm),
}

impl Column {
    /// The attribute to ask for.
    pub fn attribute(&self) -> Option<&Text> {
        match self {
            Self::Attribute(name) => Some(name),
            Self::Groups(_) => None,
        }
    }
}

/// How `tokenGroups` spells a group (CLAIM-RULES section 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupForm {
    /// `Sales`.
    Name,
    /// `CONTOSO\Sales`.
    DomainName,
    /// `contoso.com\Sales`. AD FS has two words for it whose difference is not documented.
    DnsDomainName,
    /// `S-1-5-21-…`.
    Sid,
}

impl GroupForm {
    pub(super) fn named(form: Option<&str>) -> Option<Self> {
        let Some(form) = form else { return Some(Self::Name) };
        let forms = [
            ("SID", Self::Sid),
            ("domainQualifiedName", Self::DomainName),
            ("longDomainQualifiedName", Self::DnsDomainName),
            ("fullDomainQualifiedName", Self::DnsDomainName),
        ];
        forms.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(form)).map(|(_, form)| form)
    }
}
