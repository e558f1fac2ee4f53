//! Stages 2 and 6, for credentials that come in the message: a name and a password, or a signature.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries about the message share.
const MESSAGE: Entry = Entry {
    code: "",
    stage: Stage::Request,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: "The application sent a sign-in that this service cannot read. Tell your help desk the reference below.",
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(111),
    wire: Wire::Fault(SoapFault::InvalidSecurity),
    level: Level::Notice,
    fields: &["reason"],
    source: "AD FS wire facts 2.3, 2.5",
    rank: 50,
};

/// What the entries about the name and the password share. To the client they are one.
const BASE: Entry = Entry {
    stage: Stage::Subject,
    user_text: "We could not sign you in with this name and password. Check both and try again, or give your help desk the reference below.",
    adfs_event: Some(411),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    fields: &["account"],
    source: "AD FS wire facts 2.7, 13.3",
    ..MESSAGE
};

pub(in crate::outcome) const USERNAME_TOKEN_UNUSABLE: Entry = Entry {
    code: "FG2030",
    admin_text: "The message does not carry one UsernameToken with one name and one password in the clear.",
    remedy: &[
        "Look at the reason: this endpoint takes a UsernameToken with a plain Password, as MSAL and Exchange send it.",
    ],
    ..MESSAGE
};

pub(in crate::outcome) const MESSAGE_NOT_SIGNED: Entry = Entry {
    code: "FG2031",
    level: Level::Warning,
    admin_text: "The message is not signed by the key of the certificate it carries, over its timestamp and its To header.",
    remedy: &[
        "Look at the reason: the client must sign wsu:Timestamp and wsa:To with RSA or ECDSA and SHA-256 or longer.",
        "A signature with SHA-1 is never accepted; let the client follow the policy of this service's metadata.",
        "If no client was changed, treat the source as probing.",
    ],
    ..MESSAGE
};

pub(in crate::outcome) const MESSAGE_FOR_ANOTHER_SERVICE: Entry = Entry {
    code: "FG2032",
    level: Level::Warning,
    admin_text: "The signed To header names another address than this endpoint's: the message was made for somebody else.",
    remedy: &[
        "Compare the To header with [service] name; clients take the address from this service's metadata.",
        "If the address is not yours, somebody passes on a message that a user sent to another service.",
    ],
    fields: &["to", "expected"],
    ..MESSAGE
};

pub(in crate::outcome) const USER_NAME_UNUSABLE: Entry = Entry {
    code: "FG6201",
    admin_text: "The name is neither name@domain nor DOMAIN\\name with the domain of this farm.",
    remedy: &[
        "Let the person sign in with the user principal name; [directory] netbios_domain is the only domain before a backslash.",
    ],
    fields: &["user_name", "domain"],
    ..BASE
};

pub(in crate::outcome) const USER_NAME_UNKNOWN: Entry = Entry {
    code: "FG6202",
    admin_text: "No account has this name.",
    remedy: &[
        "Compare the name with the account's userPrincipalName or sAMAccountName, and [subject] account_filter.",
        "Many of these from one address are somebody guessing.",
    ],
    fields: &["user_name", "tried"],
    ..BASE
};

pub(in crate::outcome) const USER_NAME_AMBIGUOUS: Entry = Entry {
    code: "FG6203",
    level: Level::Warning,
    admin_text: "More than one account has this name.",
    remedy: &["Give the name to one account only, or leave the others out with [subject] account_filter."],
    fields: &["user_name", "accounts"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const WRONG_PASSWORD: Entry = Entry {
    code: "FG6204",
    admin_text: "The password is not the account's.",
    remedy: &[
        "Nothing, if it happens now and then.",
        "If it goes on, find the device or the program that keeps an old password; the record has its address.",
    ],
    ..BASE
};

pub(in crate::outcome) const PASSWORD_EXPIRED: Entry = Entry {
    code: "FG6205",
    wire: Wire::Fault(SoapFault::PasswordExpired),
    user_text: "Your password has expired. Change it, then sign in again.",
    admin_text: "The password is the account's, and must be changed before it can be used. The client is told, as by AD FS: only who knows the password gets here.",
    remedy: &["Let the person change the password where the domain lets them."],
    fields: &["account", "reason"],
    ..BASE
};

pub(in crate::outcome) const PASSWORD_SIGN_IN_REFUSED: Entry = Entry {
    code: "FG6206",
    admin_text: "The directory refuses the account although its attributes show no reason.",
    remedy: &[
        "Look at the reason: logon hours, workstations, an authentication policy, or a state that the gateway's account may not read.",
    ],
    fields: &["account", "reason"],
    ..BASE
};

pub(in crate::outcome) const EXTRANET_LOCKED_OUT: Entry = Entry {
    code: "FG6207",
    adfs_event: Some(1210),
    admin_text: "Too many wrong passwords came for this name from places of this kind; this one was not tried. A familiar place is one whose every address the person has signed in from.",
    remedy: &[
        "Wait until the moment in the record: then one attempt is let through.",
        "Find who guesses; the record has the addresses. The threshold is [extranet_lockout] threshold.",
    ],
    fields: &["user_name", "place", "until"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const LOCKOUT_MEMORY_FULL: Entry = Entry {
    code: "FG6208",
    level: Level::Error,
    admin_text: "As many names are locked out as can be remembered, so further names are refused rather than a lock forgotten.",
    remedy: &[
        "Somebody guesses on a large scale: block the addresses in the records.",
        "The limit is [extranet_lockout] most_names.",
    ],
    fields: &["user_name", "limit"],
    ..BASE
};

/// What the entries about a signed message of an accepted certificate share.
const SIGNED: Entry =
    Entry { user_text: super::GENERIC_USER_TEXT, level: Level::Warning, source: "AD FS wire facts 2.5", ..BASE };

pub(in crate::outcome) const MESSAGE_REPLAYED: Entry = Entry {
    code: "FG6209",
    admin_text: "This very message was honoured before. Each counts once while its timestamp lets it.",
    remedy: &[
        "A client that repeats a request must sign it anew; look at what sends it twice.",
        "If no client does, somebody got hold of a message: find out where, because only TLS protects it.",
    ],
    fields: &["until"],
    ..SIGNED
};

pub(in crate::outcome) const REPLAY_MEMORY_FULL: Entry = Entry {
    code: "FG6210",
    level: Level::Error,
    admin_text: "As many signed messages are remembered as can be, so a further one could be replayed unnoticed and is refused.",
    remedy: &["Find the client that floods certificatemixed; only accepted certificates get this far."],
    fields: &["limit"],
    ..SIGNED
};
