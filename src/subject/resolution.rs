//! Which of the entries found is the certificate's account.
//!
//! Bindings are tried in the policy's order and the first that any entry satisfies decides. A later binding that means
//! another entry is recorded and does not veto: else whoever may write one mail address could lock somebody with a strong
//! mapping out. Within the deciding binding two entries are a refusal.

use super::query::Offer;
use super::{Account, Binding, SubjectError, SubjectPolicy, SubjectQuery, directory_attributes};
use crate::certificate::Certificate;
use crate::directory::Entry;
use crate::revocation::AcceptedChain;
use jiff::Timestamp;
use std::fmt::{self, Display};

/// One binding tried: what it looked for, and which entries it means. Spelled out only when somebody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    offer: Offer,
    found: Vec<String>,
}

impl Attempt {
    /// The binding.
    pub fn binding(&self) -> Binding {
        self.offer.binding
    }

    /// `attribute="value"`, one of which an entry must have; empty when the certificate holds nothing for this binding.
    pub fn looked_for(&self) -> Vec<String> {
        self.offer.expectations.iter().map(ToString::to_string).collect()
    }

    /// Distinguished names of the entries that have one.
    pub fn found(&self) -> &[String] {
        &self.found
    }
}

impl Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offer.expectations.is_empty() {
            return write!(f, "{} (nothing in the certificate)", self.binding());
        }
        write!(f, "{} ({})", self.binding(), self.looked_for().join(" or "))?;
        if self.found.is_empty() { Ok(()) } else { write!(f, " found {}", self.found.join("; ")) }
    }
}

/// The one usable account of an accepted certificate; made only by [`resolve`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedSubject {
    account: Account,
    binding: Binding,
    tried: Vec<Attempt>,
}

impl MappedSubject {
    /// The account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Nothing but the account.
    pub fn into_account(self) -> Account {
        self.account
    }

    /// The binding that decided.
    pub fn binding(&self) -> Binding {
        self.binding
    }

    /// Every binding of the policy with what it looked for and found, the later ones too.
    pub fn tried(&self) -> &[Attempt] {
        &self.tried
    }
}

/// Judges the directory's answer to `query` at the moment `at`.
pub fn resolve(
    chain: &AcceptedChain,
    query: SubjectQuery,
    entries: Vec<Entry>,
    policy: &SubjectPolicy,
    at: Timestamp,
) -> Result<MappedSubject, SubjectError> {
    for_certificate(chain.leaf(), query, entries, policy, at)
}

pub(super) fn for_certificate(
    certificate: &Certificate,
    query: SubjectQuery,
    entries: Vec<Entry>,
    policy: &SubjectPolicy,
    at: Timestamp,
) -> Result<MappedSubject, SubjectError> {
    let decided = decide(&query, &entries)?;
    let tried: Vec<Attempt> = query.offers.into_iter().map(|offer| attempt(offer, &entries)).collect();
    let Some((binding, position)) = decided else {
        return Err(SubjectError::NoAccount { tried, unmatched: entries.into_iter().map(|entry| entry.dn).collect() });
    };
    let entry = entries.into_iter().nth(position).unwrap_or_default();
    let account = Account::of(entry, policy, at)?;
    directory_attributes::agree(account.entry(), certificate, policy)?;
    Ok(MappedSubject { account, binding, tried })
}

fn attempt(offer: Offer, entries: &[Entry]) -> Attempt {
    let found = entries.iter().filter(|entry| offer.matches(entry)).map(|entry| entry.dn.clone()).collect();
    Attempt { offer, found }
}

/// The first binding that means an entry, and the entry's position.
fn decide(query: &SubjectQuery, entries: &[Entry]) -> Result<Option<(Binding, usize)>, SubjectError> {
    for offer in &query.offers {
        let found: Vec<usize> = (0..entries.len()).filter(|position| offer.matches(&entries[*position])).collect();
        match found.as_slice() {
            [] => {}
            [position] => return Ok(Some((offer.binding, *position))),
            several => {
                let dns = several.iter().map(|position| entries[*position].dn.clone()).collect();
                return Err(SubjectError::Ambiguous { binding: offer.binding, dns });
            }
        }
    }
    Ok(None)
}
