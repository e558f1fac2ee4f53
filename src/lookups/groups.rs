//! Every group of an account, groups within groups included. Active Directory computes them (`tokenGroups`); elsewhere they
//! are found by asking who has the account as a member, then who has those, within a bound.

use super::Directory;
use crate::directory::{
    DirectoryFailure, DirectoryQuery, Entry, Filter, Group, Groups, SearchPlace, security_identifier,
};
use std::collections::HashSet;

/// Windows puts no more into one logon (`MaxTokenSize` aside): a person in more groups cannot sign in there either.
const MOST_GROUPS: usize = 1_024;
/// Names in one filter.
const BATCH: usize = 50;
/// How deep groups may stand in groups where they have to be walked.
const DEEPEST: usize = 32;

const NO_ATTRIBUTES: &str = "1.1"; // RFC 4511 section 4.5.1.8

/// The groups of an account, with their identifiers; with names too where those had to be read anyway.
///
/// # Errors
/// When the directory gives no answer, or there are more than one logon could hold.
pub async fn of_account(directory: &dyn Directory, account: &str) -> Result<Groups, DirectoryFailure> {
    let computes = directory.computes_token_groups();
    let mut attributes = vec!["objectSid".into(), "primaryGroupID".into()];
    if computes {
        attributes.push("tokenGroups".into());
    }
    let query = DirectoryQuery {
        place: SearchPlace::Entry(account.to_owned()),
        ..DirectoryQuery::new(Filter::Present("objectClass".to_owned()), attributes)
    };
    let entries = directory.search(&query).await?;
    let Some(entry) = entries.first() else { return Ok(Groups::default()) };
    let primary = primary(entry);
    let all =
        if computes { token_groups(directory, entry)? } else { walked(directory, account, primary.as_deref()).await? };
    Ok(Groups { primary, all })
}

fn primary(entry: &Entry) -> Option<String> {
    let sid = security_identifier::text(entry.values("objectSid").first()?)?;
    security_identifier::in_same_domain(&sid, entry.text("primaryGroupID")?.trim().parse().ok()?)
}

fn token_groups(directory: &dyn Directory, entry: &Entry) -> Result<Vec<Group>, DirectoryFailure> {
    let values = entry.values("tokenGroups");
    if values.len() > MOST_GROUPS {
        return Err(too_many(directory));
    }
    let group = |value: &Vec<u8>| Group { sid: security_identifier::text(value), name: None };
    Ok(values.iter().map(group).collect())
}

/// Breadth first; a group that was met is not followed again, so that circles end.
async fn walked(
    directory: &dyn Directory,
    account: &str,
    primary: Option<&str>,
) -> Result<Vec<Group>, DirectoryFailure> {
    let (mut groups, mut met) = (Vec::new(), HashSet::new());
    let mut next = Filter::Or(holding(&[account.to_owned()]));
    if let (Some(sid), Filter::Or(parts)) = (primary, &mut next) {
        parts.extend(identified(sid));
    }
    let mut frontier = vec![next];
    for _ in 0..DEEPEST {
        let mut found = Vec::new();
        for filter in std::mem::take(&mut frontier) {
            found.extend(directory.search(&about_groups(filter)).await?);
        }
        let mut names = Vec::new();
        for entry in found.into_iter().filter(is_security_group) {
            if met.insert(entry.dn.to_lowercase()) {
                names.push(entry.dn.clone());
                groups.push(group(&entry));
            }
        }
        if groups.len() > MOST_GROUPS {
            return Err(too_many(directory));
        }
        if names.is_empty() {
            with_primary(&mut groups, primary);
            return Ok(groups);
        }
        frontier = names.chunks(BATCH).map(|names| Filter::Or(holding(names))).collect();
    }
    Err(too_many(directory))
}

/// A domain controller names the primary group whether or not it can be read.
fn with_primary(groups: &mut Vec<Group>, primary: Option<&str>) {
    if let Some(sid) = primary
        && !groups.iter().any(|group| group.sid.as_deref() == Some(sid))
    {
        groups.push(Group { sid: Some(sid.to_owned()), name: None });
    }
}

fn holding(names: &[String]) -> Vec<Filter> {
    let both = |name: &String| {
        ["member", "uniqueMember"].map(|attribute| Filter::Equal(attribute.to_owned(), name.as_bytes().to_vec()))
    };
    names.iter().flat_map(both).collect()
}

/// Octets as Active Directory has them, and the text that other directories may hold.
fn identified(sid: &str) -> Vec<Filter> {
    let octets = security_identifier::octets(sid);
    let equal = |value| Filter::Equal("objectSid".to_owned(), value);
    [octets, Some(sid.as_bytes().to_vec())].into_iter().flatten().map(equal).collect()
}

fn about_groups(filter: Filter) -> DirectoryQuery {
    let attributes = ["objectSid", "sAMAccountName", "cn", "groupType"].map(Into::into).to_vec();
    DirectoryQuery { most: u32::try_from(MOST_GROUPS).ok(), ..DirectoryQuery::new(filter, attributes) }
}

/// Groups for mail alone count for nothing (MS-ADTS section 2.2.12: the sign bit is `GROUP_TYPE_SECURITY_ENABLED`).
fn is_security_group(entry: &Entry) -> bool {
    entry.text("groupType").is_none_or(|flags| flags.trim().starts_with('-'))
}

fn group(entry: &Entry) -> Group {
    Group {
        sid: entry.values("objectSid").first().and_then(|sid| security_identifier::text(sid)),
        name: entry.text("sAMAccountName").or_else(|| entry.text("cn")).map(str::to_owned),
    }
}

/// Names for the groups that have none yet, asked for in batches below the account's domain.
pub(super) async fn named(
    directory: &dyn Directory,
    account: &str,
    groups: Groups,
) -> Result<Vec<Group>, DirectoryFailure> {
    let mut all = groups.all;
    let nameless: Vec<String> =
        all.iter().filter(|group| group.name.is_none()).filter_map(|group| group.sid.clone()).collect();
    for batch in nameless.chunks(BATCH) {
        let filter = Filter::Or(batch.iter().flat_map(|sid| identified(sid)).collect());
        let place = domain_of(account).map_or(SearchPlace::Accounts, SearchPlace::Below);
        let query = DirectoryQuery { place, ..about_groups(filter) };
        for entry in directory.search(&query).await? {
            let found = group(&entry);
            if let Some(known) = all.iter_mut().find(|known| known.sid.is_some() && known.sid == found.sid) {
                known.name = found.name;
            }
        }
    }
    Ok(all)
}

/// `DC=contoso,DC=com` of an account below it. Built-in groups are outside of the part that a gateway may be told to search.
fn domain_of(account: &str) -> Option<String> {
    let start = account.to_ascii_lowercase().find(",dc=")?;
    Some(account[start + 1..].to_owned())
}

/// Asks for the entries only, when nothing but groups is wanted of them.
pub(super) fn or_names_only(mut query: DirectoryQuery) -> DirectoryQuery {
    if query.attributes.is_empty() {
        query.attributes.push(NO_ATTRIBUTES.into());
    }
    query
}

fn too_many(directory: &dyn Directory) -> DirectoryFailure {
    DirectoryFailure::TooManyEntries { server: directory.describe(), limit: MOST_GROUPS as u32 }
}
