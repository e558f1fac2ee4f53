//! Stage 5, where OCSP is asked: no responder gave an answer to judge by.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Revocation,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(319),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Error,
    fields: &[],
    source: "RFC 6960 sections 3.2 and 4.2",
    rank: 50,
};

pub(in crate::outcome) const NOT_CONFIGURED: Entry = Entry {
    code: "FG5060",
    admin_text: "Neither the configuration nor the certificate names an OCSP responder for this authority.",
    remedy: &[
        "Set ocsp_url for the authority in [[revocation.authority]].",
        "Or issue certificates with the responder in their authority information access.",
    ],
    fields: &["issuer"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const ADDRESS_UNUSABLE: Entry = Entry {
    code: "FG5061",
    admin_text: "The OCSP responder's address is not one that may be asked.",
    remedy: &[
        "Set an http:// address as ocsp_url of the authority in [[revocation.authority]].",
        "If the responder is where the record's detail says, and you trust it there, add it to [revocation] fetch_allow.",
        "A responder that redirects is not followed: name the address it redirects to.",
    ],
    fields: &["ocsp", "detail"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const UNREACHABLE: Entry = Entry {
    code: "FG5062",
    admin_text: "The OCSP responder cannot be reached: no connection, or it broke off.",
    remedy: &[
        "Ask it from this machine with `openssl ocsp -url`.",
        "Check name resolution and the firewall towards the responder.",
        "Sign-ins go on by themselves once it answers.",
    ],
    fields: &["ocsp", "detail"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const TIMED_OUT: Entry = Entry {
    code: "FG5063",
    admin_text: "The OCSP responder did not answer within [revocation] fetch_timeout_seconds.",
    remedy: &["Look at the responder's load; a CRL can stand in for it with ocsp = \"off\"."],
    fields: &["ocsp", "limit"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const HTTP_STATUS: Entry = Entry {
    code: "FG5064",
    admin_text: "The OCSP responder answered, but not with 200.",
    remedy: &["Look at the responder; the record has the status. Redirects are not followed."],
    fields: &["ocsp", "status"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const TOO_LARGE: Entry = Entry {
    code: "FG5065",
    admin_text: "The OCSP responder's answer is larger than an answer about one certificate can be.",
    remedy: &["Ask the address with `openssl ocsp -url` and look at what it sends."],
    fields: &["ocsp", "limit"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const UNREADABLE: Entry = Entry {
    code: "FG5066",
    admin_text: "What the OCSP responder's address returned is not an OCSP response.",
    remedy: &["Fetch the URL and look: it is often an HTML error page."],
    fields: &["ocsp", "detail"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const TRY_LATER: Entry = Entry {
    code: "FG5067",
    admin_text: "The OCSP responder asks to try later.",
    remedy: &["Wait, and look at the responder's own log: it is busy or has no CRL to answer from."],
    fields: &["ocsp"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const REFUSED: Entry = Entry {
    code: "FG5068",
    admin_text: "The OCSP responder refuses to answer.",
    remedy: &[
        "unauthorized: it does not answer for this authority, or not to this machine; correct ocsp_url.",
        "Any other status is a defect or a setting of the responder; look at its log.",
    ],
    fields: &["ocsp", "status"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const NOT_AUTHORISED: Entry = Entry {
    code: "FG5069",
    admin_text: "Whoever signed the OCSP answer may not answer for this authority.",
    remedy: &[
        "Give the responder a certificate of the same authority and key with the extended key usage OCSP signing.",
        "The record says who signed and what is missing.",
    ],
    fields: &["ocsp", "responder", "detail"],
    rank: 57,
    ..BASE
};

pub(in crate::outcome) const SIGNATURE_INVALID: Entry = Entry {
    code: "FG5070",
    admin_text: "The OCSP answer's signature does not verify.",
    remedy: &[
        "If the authority changed its key, install its new certificate.",
        "Otherwise the answer was tampered with or damaged.",
    ],
    fields: &["ocsp"],
    rank: 57,
    ..BASE
};

pub(in crate::outcome) const UNSUPPORTED: Entry = Entry {
    code: "FG5071",
    admin_text: "The OCSP answer has a signature algorithm or a critical extension that is not accepted.",
    remedy: &["Have the responder sign with SHA-256 or stronger and without extensions of its own."],
    fields: &["ocsp", "detail"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const NONCE_MISMATCH: Entry = Entry {
    code: "FG5072",
    admin_text: "The OCSP answer repeats another nonce than the one it was asked with.",
    remedy: &[
        "Look for a cache between this machine and the responder.",
        "If nobody can explain it, treat it as a replay that hides a revocation.",
    ],
    fields: &["ocsp"],
    rank: 58,
    ..BASE
};

pub(in crate::outcome) const OF_ANOTHER_CERTIFICATE: Entry = Entry {
    code: "FG5073",
    admin_text: "The OCSP answer is about another certificate.",
    remedy: &[
        "Look for a cache between this machine and the responder; correct ocsp_url if it is another authority's responder.",
    ],
    fields: &["ocsp"],
    rank: 56,
    ..BASE
};

pub(in crate::outcome) const EXPIRED: Entry = Entry {
    code: "FG5074",
    admin_text: "The OCSP answer is past its nextUpdate.",
    remedy: &["Look at the responder: it answers from an old CRL or an old store of answers.", "Compare the clocks."],
    fields: &["ocsp", "next_update", "now"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const NOT_YET_VALID: Entry = Entry {
    code: "FG5075",
    level: Level::Warning,
    admin_text: "The OCSP answer's thisUpdate or producedAt lies in the future.",
    remedy: &["Compare the clocks of the responder and of this machine."],
    fields: &["ocsp", "this_update", "now"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const WITHOUT_NEXT_UPDATE: Entry = Entry {
    code: "FG5076",
    level: Level::Warning,
    admin_text: "The OCSP answer does not say until when it counts, so its freshness cannot be judged.",
    remedy: &["Configure the responder to write nextUpdate."],
    fields: &["ocsp"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const UNKNOWN_CERTIFICATE: Entry = Entry {
    code: "FG5077",
    level: Level::Warning,
    admin_text: "The OCSP responder does not know the certificate.",
    remedy: &[
        "If the authority issued it, look at how the responder learns of new certificates.",
        "If not, the certificate may be forged: ask the authority at once.",
    ],
    fields: &["ocsp"],
    rank: 61,
    ..BASE
};

pub(in crate::outcome) const SIGNATURE_WEAK: Entry = Entry {
    code: "FG5078",
    admin_text: "The OCSP answer is signed with SHA-1, which can be forged.",
    remedy: &[
        "Have the responder sign with SHA-256 or stronger.",
        "Only where that cannot be had: [trust] allow_sha1 accepts SHA-1 on certificates, CRLs and OCSP answers alike.",
    ],
    fields: &["ocsp", "algorithm"],
    source: "NIST SP 800-131A; RFC 6960 section 4.3",
    rank: 55,
    ..BASE
};
