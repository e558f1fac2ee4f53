//! The groups of an account as incoming claims. AD FS has them from the logon; here the directory is asked, and only when
//! it can make a difference.

use crate::claims::language::{GroupClaims, RuleSet};
use crate::claims::{AD_AUTHORITY, Claim, claim_types as types};
use crate::directory::Groups;

/// Whether a rule of this sign-in decides something by the account's groups. Acceptance rules that only pass them on, as
/// AD FS's own do, cost nothing when none of the rule sets behind them reads them.
pub fn wants_groups(acceptance: &RuleSet, behind: &[&RuleSet]) -> bool {
    match acceptance.group_claims() {
        GroupClaims::Unread => false,
        GroupClaims::PassedOn => behind.iter().any(|rules| rules.group_claims() != GroupClaims::Unread),
        GroupClaims::Decisive => true,
    }
}

/// One claim for each group, as far as the types are wanted. The primary group is a claim of its own and, as in the logon
/// of Windows, one of the groups too.
pub fn group_claims(groups: &Groups, wanted: impl Fn(&str) -> bool) -> Vec<Claim> {
    let mut claims = Vec::with_capacity(groups.all.len() + 1);
    if let Some(primary) = groups.primary.as_ref().filter(|_| wanted(types::PRIMARY_GROUP_SID)) {
        claims.push(Claim::new(types::PRIMARY_GROUP_SID, primary.clone(), AD_AUTHORITY));
    }
    if wanted(types::GROUP_SID) {
        let sids = groups.all.iter().filter_map(|group| group.sid.clone());
        claims.extend(sids.map(|sid| Claim::new(types::GROUP_SID, sid, AD_AUTHORITY)));
    }
    claims
}
