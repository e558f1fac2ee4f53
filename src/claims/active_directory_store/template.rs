//! The three parts of a query and their placeholders.

use crate::directory::{DirectoryQuery, Filter, FilterError};
use crate::text::Text;

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
    /// An attribute of AD FS that is computed there and not available here.
    #[error("the attribute '{attribute}' is computed by Active Directory and is not supported yet")]
    UnsupportedAttribute {
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
    /// `{n}` without an n-th parameter.
    #[error("the query uses {{{index}}}, but there are {params} params (the first is {{0}})")]
    ParameterMissing {
        /// The placeholder.
        index: usize,
        /// How many there are.
        params: usize,
    },
    /// A brace that belongs to no placeholder.
    #[error("a brace in the query belongs to no placeholder {{n}}; write it twice for the character itself")]
    Brace,
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
    attributes: Vec<Text>,
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
        let attributes: Result<_, _> = attributes.split(',').map(attribute_name).collect();
        Ok(Self { filter: filter_template(filter.trim())?, attributes: attributes?, account })
    }

    /// Whether it fits a rule with so many claim types and parameters.
    pub fn check(&self, types: usize, params: usize) -> Result<(), StoreQueryError> {
        if self.attributes.len() != types {
            return Err(StoreQueryError::AttributeCount { attributes: self.attributes.len(), types });
        }
        self.fill(&vec!["x"; params]).map(|_| ())
    }

    /// An attribute that AD FS computes (`tokenGroups…`) and that a plain search does not return.
    pub fn unsupported_attribute(&self) -> Option<&str> {
        let computed = |name: &&Text| name.to_ascii_lowercase().starts_with("tokengroups");
        self.attributes.iter().find(computed).map(Text::as_str)
    }

    /// The search, parameters in place.
    pub fn fill(&self, params: &[impl AsRef<str>]) -> Result<DirectoryQuery, StoreQueryError> {
        let account = fill(self.account.as_bytes(), params)?;
        let filter = match &self.filter {
            Some(filter) => fill_filter(filter, params)?,
            None => {
                let name = account.rsplit(|byte| *byte == b'\\').next().unwrap_or_default();
                Filter::Equal("sAMAccountName".to_owned(), name.to_vec())
            }
        };
        Ok(DirectoryQuery { filter, attributes: self.attributes.clone() })
    }
}

fn attribute_name(written: &str) -> Result<Text, StoreQueryError> {
    let attribute = written.trim().to_owned();
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
    };
    let base =
        attribute.strip_suffix(')').and_then(|name| name.split_once('(')).map_or(attribute.as_str(), |(name, _)| name);
    if attribute.contains('{') {
        Err(StoreQueryError::PlaceholderInAttribute { attribute })
    } else if plain(base) {
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

fn fill_filter(filter: &Filter, params: &[impl AsRef<str>]) -> Result<Filter, StoreQueryError> {
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

/// `{n}` is the n-th parameter, `{{` and `}}` are braces, as in .NET's `String.Format`.
fn fill(template: &[u8], params: &[impl AsRef<str>]) -> Result<Vec<u8>, StoreQueryError> {
    let mut filled = Vec::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after.first()) {
            (b'{', Some(b'{')) | (b'}', Some(b'}')) => {
                filled.push(*first);
                rest = after.get(1..).unwrap_or_default();
            }
            (b'{', _) => {
                let (index, length) = placeholder(after).ok_or(StoreQueryError::Brace)?;
                let missing = StoreQueryError::ParameterMissing { index, params: params.len() };
                filled.extend_from_slice(params.get(index).ok_or(missing)?.as_ref().as_bytes());
                rest = after.get(length..).unwrap_or_default();
            }
            (b'}', _) => return Err(StoreQueryError::Brace),
            _ => filled.push(*first),
        }
    }
    Ok(filled)
}

fn placeholder(after: &[u8]) -> Option<(usize, usize)> {
    let end = after.iter().position(|byte| *byte == b'}')?;
    let digits = str::from_utf8(after.get(..end)?).ok()?;
    let index = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    Some((index, end + 1))
}
