//! Which account a name that somebody typed stands for, in the two forms that AD FS takes: `alice@contoso.com`, which is a
//! user principal name, and `CONTOSO\alice`. A bare `alice` is refused: a farm of several domains would have to guess.

use super::query::ALWAYS;
use super::same_text::same_text;
use super::{Account, SubjectError, SubjectPolicy};
use crate::directory::{DirectoryQuery, Entry, Filter};
use jiff::Timestamp;

/// A name in one of the two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInName {
    attribute: &'static str,
    value: String,
}

/// Why a name leads to no account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Neither `name@domain` nor `DOMAIN\name`.
    #[error("{name:?} is neither name@domain nor {domain}\\name")]
    Form {
        /// As the client wrote it.
        name: String,
        /// The domain that would count.
        domain: String,
    },
    /// A domain that is not this one.
    #[error("{name:?} is of the domain {found:?}, and accounts here are of {domain}")]
    OtherDomain {
        /// As the client wrote it.
        name: String,
        /// The domain in it.
        found: String,
        /// The domain that would count.
        domain: String,
    },
    /// The directory has no such account.
    #[error("no account has the {attribute} {value:?}")]
    Nobody {
        /// Where it was looked for.
        attribute: &'static str,
        /// What was looked for.
        value: String,
    },
    /// Which of them is meant is not for the gateway to guess.
    #[error("{} accounts have the {attribute} {value:?}: {}", dns.len(), dns.join("; "))]
    Several {
        /// Where it was looked for.
        attribute: &'static str,
        /// What was looked for.
        value: String,
        /// The entries.
        dns: Vec<String>,
    },
}

/// The one entry of a name. Whether its account can be used is not known yet: that is nobody's business before the password
/// has been found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedEntry(Entry);

impl NamedEntry {
    /// Its distinguished name, to bind as.
    pub fn dn(&self) -> &str {
        &self.0.dn
    }

    /// The account, if it is enabled, not expired and not locked out.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn account(self, policy: &SubjectPolicy, at: Timestamp) -> Result<Account, SubjectError> {
        Account::of(self.0, policy, at)
    }
}

impl SignInName {
    /// Reads a name as somebody typed it.
    ///
    /// # Errors
    /// When it is in neither form, or of another domain.
    pub fn read(name: &str, policy: &SubjectPolicy) -> Result<Self, NameError> {
        let (typed, domain) = (name.to_owned(), policy.netbios_domain.clone());
        let is_bare = |text: &str| !text.is_empty() && !text.contains('\\') && !text.contains(char::is_control);
        match name.split_once('\\') {
            Some((found, account)) if is_bare(found) && is_bare(account) => {
                if found.eq_ignore_ascii_case(&domain) {
                    Ok(Self { attribute: "sAMAccountName", value: account.to_owned() })
                } else {
                    Err(NameError::OtherDomain { name: typed, found: found.to_owned(), domain })
                }
            }
            None if is_bare(name)
                && name.split_once('@').is_some_and(|(user, at)| !user.is_empty() && !at.is_empty()) =>
            {
                Ok(Self { attribute: "userPrincipalName", value: typed })
            }
            _ => Err(NameError::Form { name: typed, domain }),
        }
    }

    /// The search for its entry.
    pub fn query(&self, policy: &SubjectPolicy) -> DirectoryQuery {
        let name = Filter::Equal(self.attribute.to_owned(), self.value.as_bytes().to_vec());
        let filter = match &policy.account_filter {
            Some(accounts) => Filter::And(vec![accounts.clone(), name]),
            None => name,
        };
        DirectoryQuery::new(filter, ALWAYS.map(Into::into).to_vec())
    }

    /// Judges the directory's answer. What it found is compared again, ignoring nothing but case.
    ///
    /// # Errors
    /// When it is not exactly one entry.
    pub fn resolve(&self, entries: Vec<Entry>) -> Result<NamedEntry, NameError> {
        let (attribute, value) = (self.attribute, self.value.clone());
        let same = |entry: &Entry| entry.texts(attribute).any(|held| same_text(held, &self.value));
        let mut found: Vec<Entry> = entries.into_iter().filter(same).collect();
        match (found.pop(), found.is_empty()) {
            (None, _) => Err(NameError::Nobody { attribute, value }),
            (Some(entry), true) => Ok(NamedEntry(entry)),
            (Some(last), false) => {
                let dns = found.into_iter().chain([last]).map(|entry| entry.dn).collect();
                Err(NameError::Several { attribute, value, dns })
            }
        }
    }
}
