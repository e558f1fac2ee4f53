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

pub(in crate::outcome) const MULTI_FACTOR_DEMANDED: Entry = Entry {
    code: "FG7020",
    disposition: Disposition::Refuse,
    level: Level::Notice,
    adfs_event: None,
    user_text: "You are signed in, but this application asks for more than your certificate. Ask your help desk for access.",
    admin_text: "The additional authentication rules demand a second factor, and the certificate counts as one.",
    remedy: &[
        "The record names the rules that demand it and the first of them that does.",
        "Where every key is protected by a PIN or a fingerprint, set certificate = \"multi-factor\" in \
         [additional_authentication].",
        "For some certificates only, let an acceptance rule issue authnmethodsreferences with multipleauthn for them.",
    ],
    fields: &["relying_party", "rule_set", "rule"],
    source: "AD FS claim rule language, section 6.2; AD FS protocols, section 8.1",
    rank: 58,
    ..BASE
};

pub(in crate::outcome) const CLAIM_RULE_LIMIT_EXCEEDED: Entry = Entry {
    code: "FG7021",
    admin_text: "A claim rule would have done more than the limits allow; the whole sign-in is refused rather than the rule \
                 skipped.",
    remedy: &[
        "The record names the rule set, the rule and the limit. A skipped deny rule would open access, so nothing is \
         skipped.",
        "A regular expression that goes back too often usually has a repetition inside a repetition, such as (a+)+: \
         rewrite it.",
        "If the rule is right and the claims are many, raise the limit in [limits].",
    ],
    fields: &["rule_set", "rule", "reason"],
    source: "AD FS claim rule language, sections 6.4 and 7",
    rank: 70,
    ..BASE
};
