//! The six kinds of rule sets, and what the output of each decides (CLAIM-RULES sections 6.1 and 6.2).

use super::authorization::{self, AuthorizationDecision};
use super::{Claim, claim_types};

/// Which kind of rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleStage {
    /// Of the claims provider trust: which claims are accepted. Empty accepts none.
    Acceptance,
    /// Of the relying party trust: who gets a token. Empty admits nobody.
    Authorization,
    /// Of the relying party trust: who may act for somebody else. Empty lets nobody.
    DelegationAuthorization,
    /// Of the relying party trust: who may be somebody else altogether. Empty lets nobody.
    ImpersonationAuthorization,
    /// Of all trusts or of one: whether a second factor is demanded. Empty demands none.
    AdditionalAuthentication,
    /// Of the relying party trust: what the token says. Empty says nothing.
    Transform,
}

/// What a rule set decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageDecision {
    /// By authorization rules of any kind.
    Authorization(AuthorizationDecision),
    /// Whether a second factor is demanded.
    SecondFactor(bool),
}

impl RuleStage {
    /// All of them, in the order of a sign-in.
    pub const ALL: [Self; 6] = [
        Self::Acceptance,
        Self::AdditionalAuthentication,
        Self::Authorization,
        Self::DelegationAuthorization,
        Self::ImpersonationAuthorization,
        Self::Transform,
    ];

    /// What AD FS calls the rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance transform rules",
            Self::Authorization => "issuance authorization rules",
            Self::DelegationAuthorization => "delegation authorization rules",
            Self::ImpersonationAuthorization => "impersonation authorization rules",
            Self::AdditionalAuthentication => "additional authentication rules",
            Self::Transform => "issuance transform rules",
        }
    }

    /// How case files and the command line spell it.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Authorization => "authorization",
            Self::DelegationAuthorization => "delegation_authorization",
            Self::ImpersonationAuthorization => "impersonation_authorization",
            Self::AdditionalAuthentication => "additional_authentication",
            Self::Transform => "issuance_transform",
        }
    }

    /// The stage of a keyword, or of the name that the AD FS cmdlets give the rules, in any case and with any joints.
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let plain = plain.strip_suffix("rules").unwrap_or(&plain);
        Some(match plain {
            "acceptance" | "acceptancetransform" => Self::Acceptance,
            "authorization" | "issuanceauthorization" => Self::Authorization,
            "delegation" | "delegationauthorization" => Self::DelegationAuthorization,
            "impersonation" | "impersonationauthorization" => Self::ImpersonationAuthorization,
            "additionalauthentication" | "additionalauth" => Self::AdditionalAuthentication,
            "transform" | "issuancetransform" | "issuance" => Self::Transform,
            _ => return None,
        })
    }

    /// What the output decides; `None` for the transform rules, whose output is claims.
    pub fn decide<'c>(self, output: impl IntoIterator<Item = &'c Claim>) -> Option<StageDecision> {
        match self {
            Self::Acceptance | Self::Transform => None,
            Self::Authorization | Self::DelegationAuthorization | Self::ImpersonationAuthorization => {
                Some(StageDecision::Authorization(authorization::decide(output)))
            }
            Self::AdditionalAuthentication => Some(StageDecision::SecondFactor(demands_second_factor(output))),
        }
    }

    /// What the stage comes to when its rules fail: nothing is opened by an error.
    pub fn decision_on_failure(self) -> Option<StageDecision> {
        match self {
            Self::AdditionalAuthentication => Some(StageDecision::SecondFactor(true)),
            other => other.decide(&[]),
        }
    }
}

impl StageDecision {
    /// How case files spell it.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Authorization(AuthorizationDecision::Permit) => "permit",
            Self::Authorization(AuthorizationDecision::Denied | AuthorizationDecision::NoPermit) => "deny",
            Self::SecondFactor(true) => "require_mfa",
            Self::SecondFactor(false) => "no_mfa",
        }
    }
}

/// A second factor is demanded exactly by the method "multiple authentication" in the output.
pub fn demands_second_factor<'c>(output: impl IntoIterator<Item = &'c Claim>) -> bool {
    output.into_iter().any(|claim| {
        claim.claim_type == claim_types::AUTHENTICATION_METHOD && claim.value == claim_types::MULTIPLE_AUTHENTICATION
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::LOCAL_AUTHORITY;

    #[test]
    fn every_stage_has_a_name_that_leads_back() {
        for stage in RuleStage::ALL {
            assert_eq!(RuleStage::read(stage.keyword()), Some(stage));
            assert_eq!(RuleStage::read(stage.name()), Some(stage));
        }
        assert_eq!(RuleStage::read("IssuanceAuthorizationRules"), Some(RuleStage::Authorization));
        assert_eq!(RuleStage::read("Issuance-Transform"), Some(RuleStage::Transform));
        assert_eq!(RuleStage::read("acceptance rule"), None);
    }

    #[test]
    fn an_empty_output_means_what_it_means_in_ad_fs() {
        let decided = RuleStage::ALL.map(|stage| stage.decide(&[]).map(StageDecision::keyword));
        assert_eq!(decided, [None, Some("no_mfa"), Some("deny"), Some("deny"), Some("deny"), None]);
        let failed = RuleStage::ALL.map(|stage| stage.decision_on_failure().map(StageDecision::keyword));
        assert_eq!(failed, [None, Some("require_mfa"), Some("deny"), Some("deny"), Some("deny"), None]);
    }

    #[test]
    fn only_multiple_authentication_as_the_method_demands_a_second_factor() {
        let claim = |claim_type, value| [Claim::new(claim_type, value, LOCAL_AUTHORITY)];
        let multiple = claim_types::MULTIPLE_AUTHENTICATION;
        let method = claim_types::AUTHENTICATION_METHOD;
        assert!(demands_second_factor(&claim(method, multiple)));
        assert!(!demands_second_factor(&claim(method, "urn:ietf:rfc:2246")));
        assert!(!demands_second_factor(&claim(claim_types::AUTHENTICATION_METHODS_REFERENCES, multiple)));
    }
}
