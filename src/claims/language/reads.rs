//! Which claims can make a difference to a rule set, found once when it is read: a claim that cannot is not made, and what it
//! would take to make it is not asked.

use super::super::{claim_types as types, only_passes_on};
use super::program::Rule;
use std::cmp::Ordering;
use std::sync::Arc;

/// What a rule set does with claims about the account's groups, which only the directory can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupClaims {
    /// Nothing.
    Unread,
    /// It hands them on as they are.
    PassedOn,
    /// A rule decides or makes something by them.
    Decisive,
}

/// What can make a difference.
#[derive(Debug)]
pub(super) struct Reads {
    types: Types,
    pub(super) groups: GroupClaims,
    pub(super) request_context: bool,
}

/// The claim types that the conditions of a rule set can be satisfied by.
#[derive(Debug)]
enum Types {
    /// Some condition does not name a type.
    Every,
    /// Every condition names one. Ordered by length, then text: most comparisons are over with the length.
    Only(Vec<Arc<str>>),
}

impl Types {
    fn of(rules: &[Rule]) -> Self {
        let conditions = rules.iter().flat_map(|rule| &rule.conditions);
        let named: Option<Vec<_>> = conditions.map(|condition| condition.named_type().cloned()).collect();
        let Some(mut named) = named else { return Self::Every };
        named.sort_unstable_by(|one, other| by_length(one, other));
        named.dedup();
        Self::Only(named)
    }

    fn contain(&self, claim_type: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Only(types) => types.binary_search_by(|known| by_length(known, claim_type)).is_ok(),
        }
    }
}

impl Reads {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let types = Types::of(rules);
        let groups = [types::GROUP_SID, types::PRIMARY_GROUP_SID].into_iter().filter(|group| types.contain(group));
        let groups = groups.fold(GroupClaims::Unread, |known, group| match known {
            GroupClaims::Decisive => known,
            _ if only_passes_on(rules, group) => GroupClaims::PassedOn,
            _ => GroupClaims::Decisive,
        });
        let request_context = match &types {
            Types::Every => true,
            Types::Only(types) => types.iter().any(|known| is_request_context(known)),
        };
        Self { types, groups, request_context }
    }

    pub(super) fn claim(&self, claim_type: &str) -> bool {
        self.types.contain(claim_type)
    }
}

fn is_request_context(claim_type: &str) -> bool {
    claim_type.starts_with(types::REQUEST_CONTEXT) || claim_type == types::INSIDE_CORPORATE_NETWORK
}

fn by_length(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::super::{RuleSet, Strictness, parse};
    use super::*;

    fn set(text: &str) -> RuleSet {
        parse("test", text, Strictness::Strict).unwrap()
    }

    #[test]
    fn groups_are_unread_passed_on_or_decisive() {
        let group = types::GROUP_SID;
        let primary = types::PRIMARY_GROUP_SID;
        let handed_on = format!("c:[Type == \"{group}\"] => issue(claim = c);");
        let made_of = format!("c:[Type == \"{primary}\"] => issue(Type = \"t\", Value = c.Value);");
        for (text, expected) in [
            (r#"c:[Type == "urn:x"] => issue(claim = c);"#.to_owned(), GroupClaims::Unread),
            (handed_on.clone(), GroupClaims::PassedOn),
            ("c:[] => issue(claim = c);".to_owned(), GroupClaims::PassedOn),
            (format!("{handed_on} {made_of}"), GroupClaims::Decisive),
            (made_of, GroupClaims::Decisive),
            (format!("exists([Type == \"{group}\"]) => issue(Type = \"t\", Value = \"v\");"), GroupClaims::Decisive),
        ] {
            assert_eq!(set(&text).group_claims(), expected, "{text}");
        }
        assert_eq!(RuleSet::default().group_claims(), GroupClaims::Unread);
    }

    #[test]
    fn the_request_is_read_by_its_types_or_by_any() {
        let reads = |claim_type: &str| {
            set(&format!("c:[Type == \"{claim_type}\"] => issue(claim = c);")).reads_request_context()
        };
        assert!(reads(types::INSIDE_CORPORATE_NETWORK));
        assert!(reads("http://schemas.microsoft.com/2012/01/requestcontext/claims/x-ms-proxy"));
        assert!(!reads(types::UPN));
        assert!(set("c:[Value == \"x\"] => issue(claim = c);").reads_request_context());
        assert!(!RuleSet::default().reads_request_context());
    }
}
