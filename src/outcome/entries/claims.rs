//! Stage 7: the claim rules.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Claims,
    disposition: Disposition::Fail,
    paths: Paths::Federated,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(364),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Error,
    fields: &[],
    source: "AD FS claim rule language, sections 4 to 6",
    rank: 50,
};

pub(in crate::outcome) const ISSUANCE_DENIED: Entry = Entry {
    code: "FG7001",
    disposition: Disposition::Refuse,
    level: Level::Notice,
    wire: Wire::Fault(SoapFault::AccessDenied),
    adfs_event: Some(324),
    user_text: "You are signed in, but this application does not admit you. Ask your help desk for access.",
    admin_text: "An issuance authorization rule issued a deny claim.",
    remedy: &["The record names the rule. A deny beats every permit."],
    fields: &["relying_party", "rule"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const ISSUANCE_NOT_PERMITTED: Entry = Entry {
    code: "FG7002",
    disposition: Disposition::Refuse,
    level: Level::Notice,
    wire: Wire::Fault(SoapFault::AccessDenied),
    adfs_event: Some(324),
    user_text: "You are signed in, but this application does not admit you. Ask your help desk for access.",
    admin_text: "No issuance authorization rule issued a permit claim.",
    remedy: &["An empty rule set denies everybody. Add a permit rule for the people who should get in."],
    fields: &["relying_party"],
    rank: 59,
    ..BASE
};

pub(in crate::outcome) const CLAIM_RULE_FAILED: Entry = Entry {
    code: "FG7003",
    admin_text: "A claim rule could not be evaluated; the whole sign-in is refused rather than the rule skipped.",
    remedy: &[
        "The record names the rule set and the rule. A skipped deny rule would open access, so nothing is skipped.",
    ],
    fields: &["rule_set", "rule", "reason"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const ATTRIBUTE_STORE_UNKNOWN: Entry = Entry {
    code: "FG7004",
    admin_text: "A claim rule names an attribute store that is not configured.",
    remedy: &[
        "Correct the store's name in the rule: spaces and case count. `fedgate check` names every rule that writes one out.",
        "Add an [[attribute_store]] section of this name.",
    ],
    fields: &["rule_set", "rule", "store"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const ATTRIBUTE_STORE_QUERY_INVALID: Entry = Entry {
    code: "FG7005",
    admin_text: "A claim rule's query for an attribute store cannot be read.",
    remedy: &[
        "For Active Directory the form is filter;attributes;DOMAIN\\user, with as many attributes as claim types.",
        "docs/attribute-stores.md has the form of every store.",
    ],
    fields: &["rule_set", "rule", "store", "query", "reason"],
    rank: 70,
    ..BASE
};
