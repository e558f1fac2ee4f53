//! The domain's own directory.

use super::AttributeStore;
use crate::claims::active_directory_store::{Column, GroupForm, QueryTemplate, read_query, texts};
use crate::claims::stores::{StoreFailure, StoreQuestion};
use crate::directory::{Entry, Group};
use crate::lookups::{Directory, groups};
use async_trait::async_trait;
use std::sync::Arc;

/// Answers `filter;attributes;DOMAIN\user`.
pub struct ActiveDirectoryStore {
    directory: Arc<dyn Directory>,
    domain: WindowsDomain,
    maximum_entries: u32,
}

/// A domain by its two names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowsDomain {
    /// `CONTOSO`.
    pub netbios: String,
    /// `contoso.com`; `None` where the directory's names do not end in it.
    pub dns: Option<String>,
}

impl WindowsDomain {
    /// The DNS name is that of the entry searched below, as Active Directory names its domains.
    pub fn new(netbios: impl Into<String>, base_dn: &str) -> Self {
        let labels: Vec<&str> = base_dn.split(',').filter_map(domain_component).collect();
        Self { netbios: netbios.into(), dns: (!labels.is_empty()).then(|| labels.join(".")) }
    }

    fn is_called(&self, name: &str) -> bool {
        [Some(&self.netbios), self.dns.as_ref()].into_iter().flatten().any(|own| own.eq_ignore_ascii_case(name))
    }
}

fn domain_component(part: &str) -> Option<&str> {
    let (name, value) = part.split_once('=')?;
    name.trim().eq_ignore_ascii_case("dc").then_some(value.trim())
}

impl ActiveDirectoryStore {
    /// Asks this directory for the accounts of one domain; a question may bring so many entries.
    pub fn new(directory: Arc<dyn Directory>, domain: WindowsDomain, maximum_entries: u32) -> Self {
        Self { directory, domain, maximum_entries }
    }

    /// Another domain's accounts are not here: an empty answer would look like an account without attributes.
    fn belongs(&self, domain: Option<&str>) -> Result<(), String> {
        match domain {
            Some(domain) if !self.domain.is_called(domain) => {
                let own = &self.domain.netbios;
                Err(format!("it is about the domain {domain:?}, and this store has the accounts of {own:?}"))
            }
            _ => Ok(()),
        }
    }

    /// The groups of every account found, each group once. A group of another domain has no name here; one of this domain
    /// that has none is a failure: the rule that looks for it may be the one that denies.
    async fn groups(&self, accounts: &[Entry], names: bool) -> Result<Vec<Group>, StoreFailure> {
        let mut all: Vec<Group> = Vec::new();
        for account in accounts {
            let groups = groups::of_account(&*self.directory, &account.dn).await?;
            let primary = groups.primary.clone();
            let found = if names { groups::named(&*self.directory, &account.dn, groups).await? } else { groups.all };
            if names && self.directory.computes_token_groups() {
                has_names(&found, primary.as_deref())?;
            }
            for group in found {
                if !all.contains(&group) {
                    all.push(group);
                }
            }
        }
        Ok(all)
    }

    fn spelled(&self, form: GroupForm, group: &Group) -> Option<String> {
        let name = group.name.as_ref();
        let built_in = group.sid.as_deref().is_some_and(|sid| sid.starts_with(BUILT_IN));
        let domain = match form {
            GroupForm::Sid => return group.sid.clone(),
            GroupForm::Name => return name.cloned(),
            _ if built_in => "BUILTIN",
            GroupForm::DomainName => &self.domain.netbios,
            GroupForm::DnsDomainName => self.domain.dns.as_deref().unwrap_or(&self.domain.netbios),
        };
        name.map(|name| format!("{domain}\\{name}"))
    }
}

/// The domain of the groups that every Windows machine has (MS-DTYP section 2.4.2.4).
const BUILT_IN: &str = "S-1-5-32-";

/// The domain is that of the account's primary group: no other domain's can be one.
fn has_names(groups: &[Group], primary: Option<&str>) -> Result<(), StoreFailure> {
    let domain = primary.and_then(|sid| sid.rsplit_once('-')).map(|(domain, _)| format!("{domain}-"));
    let is_ours =
        |sid: &str| sid.starts_with(BUILT_IN) || domain.as_ref().is_none_or(|domain| sid.starts_with(domain.as_str()));
    let nameless = groups.iter().filter(|group| group.name.is_none()).filter_map(|group| group.sid.as_deref());
    match nameless.into_iter().find(|sid| is_ours(sid)) {
        Some(sid) => {
            let reason = format!("the group {sid} has no entry that the gateway's account may read");
            Err(StoreFailure::Unusable { reason })
        }
        None => Ok(()),
    }
}

#[async_trait]
impl AttributeStore for ActiveDirectoryStore {
    fn check(&self, query: &str, types: usize, params: usize) -> Result<(), String> {
        let template = QueryTemplate::parse(query).map_err(|error| error.to_string())?;
        template.check(types, params).map_err(|error| error.to_string())?;
        self.belongs(template.written_domain())
    }

    async fn answer(&self, question: StoreQuestion<'_>) -> Result<Vec<Vec<String>>, StoreFailure> {
        let read = read_query(question.query).map_err(|error| StoreFailure::Query { reason: error.to_string() })?;
        self.belongs(read.domain().map(|domain| domain.as_str())).map_err(|reason| StoreFailure::Query { reason })?;
        let columns = Arc::clone(read.columns());
        let mut search = groups::or_names_only(read.into_search());
        search.most = Some(self.maximum_entries);
        let entries = self.directory.search(&search).await?;
        let forms = || {
            columns.iter().filter_map(|column| match column {
                Column::Groups(form) => Some(*form),
                Column::Attribute(_) => None,
            })
        };
        let groups = match forms().next() {
            Some(_) => self.groups(&entries, forms().any(|form| form != GroupForm::Sid)).await?,
            None => Vec::new(),
        };
        let column = |column: &Column| match column {
            Column::Attribute(attribute) => texts(attribute, &entries),
            Column::Groups(form) => groups.iter().filter_map(|group| self.spelled(*form, group)).collect(),
        };
        Ok(columns.iter().map(column).collect())
    }
}
