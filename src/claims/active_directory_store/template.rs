//! The three parts of a query and their placeholders.

use super::column::{Column, GroupForm};
use super::{DirectoryQuestion, Domain};
use crate::claims::stores::placeholders::{self, PlaceholderError};
use crate::directory::{DirectoryQuery, Filter, FilterError};
use crate::text::Text;
use std::sync::Arc;

/// Why a query of the store cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreQueryError {
    /// Not three parts.
    #[error("the query needs three parts: filter;attributes;DOMAIN\\user (the filter may be empty)")]
    Parts,
    /// Nothing after the last semicolon.
    #[error("the last part, DOMAIN\\user, is empty; write {{0}} there and give windowsaccountname as param")]
    AccountMissing,
    /// The filter.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// An attribute name.
    #[error("'{attribute}' is no attribute name")]
    Attribute {
        /// As written.
        attribute: String,
    },
    /// `tokenGroups(…)` with a word that is none of its forms.
    #[error(
        "'{attribute}' is no form of tokenGroups; there are tokenGroups, tokenGroups(SID), \
         tokenGroups(domainQualifiedName), tokenGroups(longDomainQualifiedName) and tokenGroups(fullDomainQualifiedName)"
    )]
    GroupForm {
        /// As written.
        attribute: String,
    },
    /// Attributes and claim types differ in number.
    #[error("the query names {attributes} attributes for {types} claim types; each attribute fills one type")]
    AttributeCount {
        /// In the query.
        attributes: usize,
        /// In the rule.
        types: usize,
    },
    /// No text in a directory has the character NUL, and Samba takes it for the end of a value: `alice\0x` would mean alice.
    #[error("a parameter holds the character NUL, which no value of a directory has")]
    Nul,
    /// A placeholder.
    #[error(transparent)]
    Placeholder(#[from] PlaceholderError),
    /// A placeholder where only fixed text is safe.
    #[error("a placeholder can stand for a value, not for an attribute name ('{attribute}')")]
    PlaceholderInAttribute {
        /// As written.
        attribute: String,
    },
}

/// A query text, read; placeholders unfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryTemplate {
    /// `None` for an empty filter: the account itself is meant.
    filter: Option<Filter>,
    /// Asked for in the search; empty when only groups are wanted.
    attributes: Vec<Text>,
    columns: Arc<[Column]>,
    account: String,
}

impl QueryTemplate {
    /// Reads the parts. Attribute and account part hold no `;`, so the filter may.
    pub fn parse(query: &str) -> Result<Self, StoreQueryError> {
        let mut parts = query.rsplitn(3, ';');
        let (Some(account), Some(attributes), Some(filter)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(StoreQueryError::Parts);
        };
        let account = account.trim().to_owned();
        if account.is_empty() {
            return Err(StoreQueryError::AccountMissing);
        }
        let columns = attributes.split(',').map(column).collect::<Result<Vec<_>, _>>()?;
        let attributes = columns.iter().filter_map(Column::attribute).cloned().collect();
        Ok(Self { filter: filter_template(filter.trim())?, attributes, columns: columns.into(), account })
    }

    /// Whether it fits a rule with so many claim types and parameters.
    pub fn check(&self, types: usize, params: usize) -> Result<(), StoreQueryError> {
        if self.columns.len() != types {
            return Err(StoreQueryError::AttributeCount { attributes: self.columns.len(), types });
        }
        self.fill(&vec!["x"; params]).map(|_| ())
    }

    /// The domain of the last part, where it is written out.
    pub fn written_domain(&self) -> Option<&str> {
        let (domain, _) = self.account.split_once('\\')?;
        (!domain.contains('{')).then_some(domain)
    }

    /// The search, parameters in place.
    pub fn fill(&self, params: &[impl AsRef<str>]) -> Result<DirectoryQuestion, StoreQueryError> {
        let account = fill(self.account.as_bytes(), params)?;
        let filter = match &self.filter {
            Some(filter) => fill_filter(filter, params)?,
            None => {
                let name = account.rsplit(|byte| *byte == b'\\').next().unwrap_or_default();
                Filter::Equal("sAMAccountName".to_owned(), name.to_vec())
            }
        };
        let domain = account.iter().position(|byte| *byte == b'\\').map(|end| &account[..end]);
        let domain = domain.map(|domain| Domain(String::from_utf8_lossy(domain).into_owned()));
        let search = DirectoryQuery::new(filter, self.attributes.clone());
        Ok(DirectoryQuestion { search, columns: Arc::clone(&self.columns), domain })
    }
}

/// The parenthesis of `tokenGroups(SID)` is no part of an attribute's name and no comma stands in it.
fn column(written: &str) -> Result<Column, StoreQueryError> {
    let name = written.trim();
    let (base, form) = match name.strip_suffix(')').and_then(|name| name.split_once('(')) {
        Some((base, form)) => (base.trim(), Some(form.trim())),
        None => (name, None),
    };
    match (base.eq_ignore_ascii_case("tokenGroups"), form) {
        (true, form) => GroupForm::named(form)
            .map(Column::Groups)
            .ok_or_else(|| StoreQueryError::GroupForm { attribute: name.to_owned() }),
        (false, _) => attribute_name(name).map(Column::Attribute),
    }
}

pub(in crate::claims) fn attribute_name(name: &str) -> Result<Text, StoreQueryError> {
    let attribute = name.to_owned();
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
    };
    if attribute.contains('{') {
        Err(StoreQueryError::PlaceholderInAttribute { attribute })
    } else if plain(&attribute) {
        Ok(attribute.into())
    } else {
        Err(StoreQueryError::Attribute { attribute })
    }
}

/// Bare `attribute=value` is allowed.
fn filter_template(text: &str) -> Result<Option<Filter>, StoreQueryError> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = if text.starts_with('(') { Filter::parse(text)? } else { Filter::parse(&format!("({text})"))? };
    Ok(Some(parsed))
}

pub(in crate::claims) fn fill_filter(filter: &Filter, params: &[impl AsRef<str>]) -> Result<Filter, StoreQueryError> {
    let all =
        |filters: &[Filter]| filters.iter().map(|filter| fill_filter(filter, params)).collect::<Result<Vec<_>, _>>();
    Ok(match filter {
        Filter::And(filters) => Filter::And(all(filters)?),
        Filter::Or(filters) => Filter::Or(all(filters)?),
        Filter::Not(filter) => Filter::Not(Box::new(fill_filter(filter, params)?)),
        Filter::Equal(attribute, value) => Filter::Equal(attribute.clone(), fill(value, params)?),
        Filter::Substring { attribute, initial, any, last } => Filter::Substring {
            attribute: attribute.clone(),
            initial: fill(initial, params)?,
            any: any.iter().map(|part| fill(part, params)).collect::<Result<_, _>>()?,
            last: fill(last, params)?,
        },
        Filter::GreaterOrEqual(attribute, value) => Filter::GreaterOrEqual(attribute.clone(), fill(value, params)?),
        Filter::LessOrEqual(attribute, value) => Filter::LessOrEqual(attribute.clone(), fill(value, params)?),
        Filter::Extensible { attribute, rule, value } => {
            Filter::Extensible { attribute: attribute.clone(), rule: rule.clone(), value: fill(value, params)? }
        }
        Filter::Present(_) | Filter::HoldsCertificate { .. } => filter.clone(),
    })
}

fn fill(template: &[u8], params: &[impl AsRef<str>]) -> Result<Vec<u8>, StoreQueryError> {
    if params.iter().any(|param| param.as_ref().contains('\0')) {
        return Err(StoreQueryError::Nul);
    }
    Ok(placeholders::fill(template, params)?)
}
