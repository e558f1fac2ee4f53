//! Stage 7: an attribute store that a claim rule asks.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Claims,
    disposition: Disposition::Fail,
    paths: Paths::Federated,
    user_text: "Sign-in is not available at the moment. Try again in a few minutes.",
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(364),
    wire: Wire::Fault(SoapFault::InternalService),
    level: Level::Error,
    fields: &[],
    source: "AD FS claim rule language, sections 4.5 and 5",
    rank: 70,
};

pub(in crate::outcome) const UNREACHABLE: Entry = Entry {
    code: "FG7101",
    admin_text: "An attribute store that a claim rule asks cannot be reached.",
    remedy: &[
        "Check the server or file, the network and its TLS certificate; the record has the detail.",
        "Sign-ins go on by themselves once it answers; no restart is needed.",
    ],
    fields: &["rule_set", "rule", "store", "server", "detail"],
    ..BASE
};

pub(in crate::outcome) const TIMED_OUT: Entry = Entry {
    code: "FG7102",
    admin_text: "An attribute store did not answer within its time.",
    remedy: &["Look at the store's load and at the query: a column or attribute without an index makes it slow."],
    fields: &["rule_set", "rule", "store", "server", "limit"],
    ..BASE
};

pub(in crate::outcome) const LOGIN_REFUSED: Entry = Entry {
    code: "FG7103",
    admin_text: "An attribute store refused the gateway's own login.",
    remedy: &["Check the store's account and password file; the account may be locked or its password changed."],
    fields: &["rule_set", "rule", "store", "server", "detail"],
    ..BASE
};

pub(in crate::outcome) const REJECTED_QUERY: Entry = Entry {
    code: "FG7104",
    admin_text: "An attribute store refused the query.",
    remedy: &["The record has what it said: a misspelt column or table, a value of the wrong type, or missing rights."],
    fields: &["rule_set", "rule", "store", "server", "detail"],
    ..BASE
};

pub(in crate::outcome) const TOO_MANY_ROWS: Entry = Entry {
    code: "FG7105",
    admin_text: "An attribute store has more answers than one question may bring.",
    remedy: &[
        "Make the query narrower, or raise the store's maximum ([directory] maximum_store_entries for Active Directory).",
        "A person in more than 1,024 groups cannot be answered for; Windows has the same bound.",
    ],
    fields: &["rule_set", "rule", "store", "server", "limit"],
    ..BASE
};

pub(in crate::outcome) const BUSY: Entry = Entry {
    code: "FG7106",
    admin_text: "Every connection to an attribute store was in use and none came free in time.",
    remedy: &["Raise the store's connections, or find out why its answers are slow."],
    fields: &["rule_set", "rule", "store", "server", "limit"],
    ..BASE
};

pub(in crate::outcome) const ANSWER_UNUSABLE: Entry = Entry {
    code: "FG7107",
    admin_text: "An attribute store answered, and no claim can be made of it.",
    remedy: &["The record has the reason. A query needs one column for each claim type of its rule."],
    fields: &["rule_set", "rule", "store", "reason"],
    ..BASE
};
