//! Stage 6 and 7: the directory gave no answer. Our side is at fault, not the person.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Subject,
    disposition: Disposition::Fail,
    paths: Paths::Federated,
    user_text: "Sign-in is not available at the moment. Try again in a few minutes.",
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(111),
    wire: Wire::Fault(SoapFault::InternalService),
    level: Level::Error,
    fields: &[],
    source: "RFC 4511",
    rank: 80,
};

pub(in crate::outcome) const UNREACHABLE: Entry = Entry {
    code: "FG6101",
    admin_text: "The directory cannot be reached.",
    remedy: &[
        "Check the server, the network and its TLS certificate; the record has the detail.",
        "Sign-ins go on by themselves once it answers; no restart is needed.",
    ],
    fields: &["server", "detail"],
    ..BASE
};

pub(in crate::outcome) const TIMED_OUT: Entry = Entry {
    code: "FG6102",
    admin_text: "The directory did not answer within [directory] connect_timeout_seconds or operation_timeout_seconds.",
    remedy: &["Look at the directory server's load; an unindexed attribute makes searches slow."],
    fields: &["server", "limit"],
    ..BASE
};

pub(in crate::outcome) const BIND_REFUSED: Entry = Entry {
    code: "FG6103",
    admin_text: "The directory refused the gateway's own bind.",
    remedy: &["Check [directory] bind_dn and the password file; the account may be locked or its password changed."],
    fields: &["server", "detail"],
    ..BASE
};

pub(in crate::outcome) const REJECTED_SEARCH: Entry = Entry {
    code: "FG6104",
    admin_text: "The directory refused the search.",
    remedy: &["The record has the result code; check [directory] base_dn and the gateway's read rights."],
    fields: &["server", "result_code", "detail"],
    ..BASE
};

pub(in crate::outcome) const TOO_MANY_ENTRIES: Entry = Entry {
    code: "FG6105",
    admin_text: "The directory returned more entries than [directory] maximum_entries.",
    remedy: &["A sign-in concerns one account: find out why so many match."],
    fields: &["server", "limit"],
    ..BASE
};

pub(in crate::outcome) const BUSY: Entry = Entry {
    code: "FG6106",
    admin_text: "Every connection to the directory was in use and none came free in time.",
    remedy: &["Raise [directory] connections, or find out why searches are slow."],
    fields: &["server", "limit"],
    ..BASE
};
