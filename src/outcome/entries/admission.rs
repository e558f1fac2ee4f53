//! Stage 3: may this request be served here at all.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Admission,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: "The application asked for a sign-in this service does not know. Nothing is wrong with your certificate; tell your help desk the reference below.",
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(111),
    wire: Wire::Fault(SoapFault::InvalidScope),
    level: Level::Notice,
    fields: &[],
    source: "AD FS wire facts 2.4, 2.7",
    rank: 50,
};

pub(in crate::outcome) const MISSING_APPLIES_TO: Entry = Entry {
    code: "FG3001",
    admin_text: "The request names no relying party (AppliesTo).",
    remedy: &["A bearer token has an audience: the client must send wsp:AppliesTo."],
    ..BASE
};

pub(in crate::outcome) const UNKNOWN_RELYING_PARTY: Entry = Entry {
    code: "FG3002",
    admin_text: "No relying party trust has the identifier in AppliesTo.",
    remedy: &[
        "Compare the identifier with [[relying_party]] identifiers, letter by letter: the comparison is ordinal.",
        "For Office 365 it is urn:federation:MicrosoftOnline.",
    ],
    fields: &["applies_to"],
    ..BASE
};

pub(in crate::outcome) const RELYING_PARTY_DISABLED: Entry = Entry {
    code: "FG3003",
    admin_text: "The relying party trust exists but is disabled.",
    remedy: &["Set enabled = true in its [[relying_party]] section if that is wanted."],
    fields: &["relying_party"],
    ..BASE
};
