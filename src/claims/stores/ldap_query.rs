//! Queries of an LDAP store that is not Active Directory: `filter;attr[,attr…][;attr…]` (CLAIM-RULES section 5.2).

use crate::claims::active_directory_store::{StoreQueryError, attribute_name, fill_filter};
use crate::directory::{DirectoryQuery, Filter, FilterError};
use crate::text::Text;

/// Why a query of the store cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LdapQueryError {
    /// No attributes.
    #[error("the query needs two parts: filter;attributes")]
    Parts,
    /// The account itself is a notion of Active Directory.
    #[error("the filter is empty; only the store \"Active Directory\" knows an account without one")]
    FilterMissing,
    /// The filter.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A part as in "Active Directory" queries.
    #[error(transparent)]
    Part(#[from] StoreQueryError),
    /// Attributes and claim types differ in number.
    #[error(
        "the query names {attributes} attributes for {types} claim types; each attribute fills one type, and this store \
         knows no last part DOMAIN\\user"
    )]
    AttributeCount {
        /// In the query.
        attributes: usize,
        /// In the rule.
        types: usize,
    },
}

/// A query text, read; placeholders unfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapQuery {
    filter: Filter,
    attributes: Vec<Text>,
}

impl LdapQuery {
    /// Reads a query for a rule with so many claim types and parameters.
    ///
    /// # Errors
    /// When it can never be asked.
    pub fn parse(query: &str, types: usize, params: usize) -> Result<Self, LdapQueryError> {
        let (filter, attributes) = split(query).ok_or(LdapQueryError::Parts)?;
        let filter = match filter.trim() {
            "" => return Err(LdapQueryError::FilterMissing),
            filter if filter.starts_with('(') => Filter::parse(filter)?,
            filter => Filter::parse(&format!("({filter})"))?,
        };
        let attributes: Vec<&str> = attributes.split([',', ';']).map(str::trim).collect();
        if attributes.len() != types {
            return Err(LdapQueryError::AttributeCount { attributes: attributes.len(), types });
        }
        let attributes = attributes.into_iter().map(attribute_name).collect::<Result<_, _>>()?;
        let read = Self { filter, attributes };
        read.fill(&vec!["x"; params])?;
        Ok(read)
    }

    /// The search, parameters in place as values.
    ///
    /// # Errors
    /// When a placeholder has no parameter.
    pub fn fill(&self, params: &[impl AsRef<str>]) -> Result<DirectoryQuery, StoreQueryError> {
        Ok(DirectoryQuery::new(fill_filter(&self.filter, params)?, self.attributes.clone()))
    }

    /// The attributes, one for each claim type.
    pub fn attributes(&self) -> &[Text] {
        &self.attributes
    }
}

/// At the first `;` outside of parentheses.
fn split(query: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, character) in query.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return Some((&query[..at], &query[at + 1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_after_the_filter_is_a_list() {
        for query in ["mail={0};title,displayname", "mail={0};title;displayname", "(mail={0}) ; title ; displayname"] {
            let read = LdapQuery::parse(query, 2, 1).unwrap();
            assert_eq!(read.attributes(), ["title", "displayname"], "{query}");
            let search = read.fill(&["*)(uid=*"]).unwrap();
            assert_eq!(search.filter, Filter::Equal("mail".into(), b"*)(uid=*".to_vec()), "{query}");
        }
        let read = LdapQuery::parse("(&(cn=a;b)(uid={0}));title", 1, 1).unwrap();
        assert!(matches!(read.filter, Filter::And(_)));
    }

    #[test]
    fn refuses_what_can_never_be_asked() {
        assert_eq!(LdapQuery::parse("mail={0}", 1, 1), Err(LdapQueryError::Parts));
        assert_eq!(LdapQuery::parse(";mail", 1, 0), Err(LdapQueryError::FilterMissing));
        let count = LdapQueryError::AttributeCount { attributes: 2, types: 1 };
        assert_eq!(LdapQuery::parse("uid={0};mail;{0}", 1, 1), Err(count));
        for query in ["uid={1};mail", "uid={0;mail", "{0}=x;mail", "uid={0};{0}"] {
            assert!(LdapQuery::parse(query, 1, 1).is_err(), "{query}");
        }
    }
}
