//! The outcome of issuance authorization rules (CLAIM-RULES section 6.2).

use super::{Claim, claim_types};

/// Whether a token may be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationDecision {
    /// A permit and no deny.
    Permit,
    /// A deny, whatever else was issued.
    Denied,
    /// Neither: nobody gets a token whom no rule permits.
    NoPermit,
}

/// Looks at the types of the output claims only: their values differ between templates and mean nothing. Which rule denied
/// is in [`super::Trace::rule_that_issued`].
pub fn decide(output: &[Claim]) -> AuthorizationDecision {
    let has = |claim_type: &str| output.iter().any(|claim| claim.claim_type == claim_type);
    if has(claim_types::DENY) {
        AuthorizationDecision::Denied
    } else if has(claim_types::PERMIT) {
        AuthorizationDecision::Permit
    } else {
        AuthorizationDecision::NoPermit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::LOCAL_AUTHORITY;

    #[test]
    fn a_deny_beats_every_permit_and_nothing_is_no_permit() {
        let permit = Claim::new(claim_types::PERMIT, "true", LOCAL_AUTHORITY);
        let deny = Claim::new(claim_types::DENY, " DenyUsersWithClaim", LOCAL_AUTHORITY);
        assert_eq!(decide(&[]), AuthorizationDecision::NoPermit);
        assert_eq!(decide(std::slice::from_ref(&permit)), AuthorizationDecision::Permit);
        assert_eq!(decide(&[permit.clone(), deny.clone()]), AuthorizationDecision::Denied);
        assert_eq!(decide(&[deny, permit]), AuthorizationDecision::Denied);
    }
}
