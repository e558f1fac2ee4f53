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
pub fn decide<'c>(output: impl IntoIterator<Item = &'c Claim>) -> AuthorizationDecision {
    let mut decision = AuthorizationDecision::NoPermit;
    for claim in output {
        match claim.claim_type.as_str() {
            claim_types::DENY => return AuthorizationDecision::Denied,
            claim_types::PERMIT => decision = AuthorizationDecision::Permit,
            _ => {}
        }
    }
    decision
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
