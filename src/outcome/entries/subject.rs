//! Stage 6: exactly one usable account.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Subject,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(411),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Notice,
    fields: &[],
    source: "AD FS wire facts 9.4; KB5014754",
    rank: 50,
};

pub(in crate::outcome) const NOTHING_TO_MAP: Entry = Entry {
    entra_code: Some("AADSTS1001003"),
    code: "FG6001",
    admin_text: "The certificate holds nothing that the configured bindings could look up.",
    remedy: &[
        "Compare the certificate's alternative names with [subject] bindings.",
        "Issue certificates with the user principal name or the mail address.",
    ],
    fields: &["subject", "bindings"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const NO_ACCOUNT: Entry = Entry {
    entra_code: Some("AADSTS1001009"),
    code: "FG6002",
    admin_text: "No account matches the certificate.",
    remedy: &[
        "The record lists every binding tried with the value looked for; compare with the account.",
        "Write the certificate's mapping into altSecurityIdentities for the strongest binding.",
    ],
    fields: &["tried"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const AMBIGUOUS_ACCOUNT: Entry = Entry {
    entra_code: Some("AADSTS1001009"),
    code: "FG6003",
    level: Level::Warning,
    admin_text: "More than one account matches the certificate by the binding that decides.",
    remedy: &[
        "Remove the value from all accounts but one; the record lists them.",
        "If one of them is no account, such as a mail contact, leave such entries out with [subject] account_filter.",
    ],
    fields: &["binding", "accounts"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const ACCOUNT_DISABLED: Entry = Entry {
    entra_code: Some("AADSTS50057"),
    code: "FG6004",
    admin_text: "The account is disabled.",
    remedy: &["Enable the account if the person should sign in."],
    fields: &["account"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const ACCOUNT_EXPIRED: Entry = Entry {
    code: "FG6005",
    admin_text: "The account has expired (accountExpires).",
    remedy: &["Move the account's expiry date if the person should sign in."],
    fields: &["account", "expired_at"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const ACCOUNT_LOCKED_OUT: Entry = Entry {
    code: "FG6006",
    admin_text: "The account is locked out (lockoutTime).",
    remedy: &["Find what sends wrong passwords for the account, then unlock it."],
    fields: &["account"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const DIRECTORY_SERIAL_MISMATCH: Entry = Entry {
    code: "FG6007",
    level: Level::Warning,
    admin_text: "The account's serial number attribute differs from the certificate's serial number.",
    remedy: &[
        "The user has another certificate than the directory says: update the directory or revoke the other.",
        "The attribute is [subject] require_equal_serial_attribute.",
    ],
    fields: &["account", "directory", "certificate"],
    rank: 75,
    ..BASE
};

pub(in crate::outcome) const DIRECTORY_ISSUER_MISMATCH: Entry = Entry {
    code: "FG6008",
    level: Level::Warning,
    admin_text: "The account's issuer attribute differs from the certificate's issuer.",
    remedy: &[
        "The user has a certificate of another authority than the directory says.",
        "The attribute is [subject] require_equal_issuer_attribute.",
    ],
    fields: &["account", "directory", "certificate"],
    rank: 75,
    ..BASE
};

pub(in crate::outcome) const DIRECTORY_ATTRIBUTE_MISSING: Entry = Entry {
    code: "FG6009",
    level: Level::Warning,
    admin_text: "The account lacks an attribute that the configuration requires to equal the certificate's.",
    remedy: &["Fill the attribute for this account, or drop the requirement from [subject]."],
    fields: &["account", "attribute"],
    rank: 74,
    ..BASE
};

pub(in crate::outcome) const ACCOUNT_UNUSABLE: Entry = Entry {
    code: "FG6010",
    level: Level::Warning,
    admin_text: "The account lacks or garbles an attribute that a sign-in needs.",
    remedy: &[
        "Look at the attribute the record names; the directory's schema or the gateway's read rights may be wrong.",
    ],
    fields: &["account", "attribute"],
    rank: 72,
    ..BASE
};
