//! Stage 4: a path to a trusted root at this time.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Chain,
    disposition: Disposition::Refuse,
    paths: Paths::Both,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(319),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Notice,
    fields: &[],
    source: "RFC 5280 section 6.1",
    rank: 50,
};

pub(in crate::outcome) const CERTIFICATE_UNREADABLE: Entry = Entry {
    code: "FG4001",
    admin_text: "The presented certificate cannot be read as X.509.",
    remedy: &["Look at the certificate with `openssl x509 -text`; reissue it."],
    fields: &["reason"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const UNKNOWN_ISSUER: Entry = Entry {
    entra_code: Some("AADSTS500176"),
    code: "FG4002",
    admin_text: "The chain ends at an authority that is not in the root container.",
    remedy: &[
        "If these users belong here, put their root into [trust] roots.",
        "If not, this is a stranger's certificate and the refusal is right.",
    ],
    fields: &["subject", "top"],
    rank: 20,
    ..BASE
};

pub(in crate::outcome) const MISSING_INTERMEDIATE: Entry = Entry {
    entra_code: Some("AADSTS500176"),
    code: "FG4003",
    admin_text: "An issuing certificate was neither sent by the client nor found in the intermediate container.",
    remedy: &[
        "Put the missing authority's certificate into [trust] intermediates.",
        "Or have the device send it: install it beside the user's certificate.",
    ],
    fields: &["subject", "missing_issuer"],
    rank: 30,
    source: "RFC 5280 section 6.1; AD FS user certificate troubleshooting (seed)",
    ..BASE
};

pub(in crate::outcome) const CERTIFICATE_NOT_YET_VALID: Entry = Entry {
    entra_code: Some("AADSTS500172"),
    code: "FG4004",
    user_text: "Your certificate is not valid yet. Wait until it is, or ask for a new one.",
    admin_text: "The user's certificate is not valid yet.",
    remedy: &[
        "Compare notBefore with this machine's clock; the record has both.",
        "If the certificate is fresh, its authority's clock may be ahead.",
    ],
    fields: &["subject", "not_before", "now"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const CERTIFICATE_EXPIRED: Entry = Entry {
    entra_code: Some("AADSTS500172"),
    code: "FG4005",
    user_text: "Your certificate has expired. Ask for a new one.",
    admin_text: "The user's certificate has expired.",
    remedy: &["Renew the user's certificate.", "If it should still be valid, compare this machine's clock."],
    fields: &["subject", "not_after", "now"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const AUTHORITY_NOT_YET_VALID: Entry = Entry {
    code: "FG4006",
    level: Level::Warning,
    admin_text: "A certificate authority on the path is not valid yet.",
    remedy: &["Compare the authority's notBefore with this machine's clock."],
    fields: &["subject", "not_before", "now"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const AUTHORITY_EXPIRED: Entry = Entry {
    code: "FG4007",
    level: Level::Warning,
    admin_text: "A certificate authority on the path has expired.",
    remedy: &[
        "Install the authority's renewed certificate in the container the record names.",
        "All its users are refused until then.",
    ],
    fields: &["subject", "not_after", "now"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const WRONG_EXTENDED_KEY_USAGE: Entry = Entry {
    code: "FG4008",
    admin_text: "The certificate, or an authority above it, does not allow client authentication.",
    remedy: &[
        "Issue user certificates with clientAuth (1.3.6.1.5.5.7.3.2) or smart card logon.",
        "The accepted purposes are [trust] extended_key_usages.",
    ],
    fields: &["subject", "found"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const WEAK_KEY: Entry = Entry {
    entra_code: Some("AADSTS50032"),
    code: "FG4009",
    admin_text: "A key on the path is weaker than the policy's minimum.",
    remedy: &[
        "Reissue the certificate with a stronger key.",
        "The minimums are [trust] minimum_rsa_bits and minimum_ec_bits.",
    ],
    fields: &["subject", "bits", "minimum"],
    rank: 70,
    source: "[trust] policy; NIST SP 800-131A",
    ..BASE
};

pub(in crate::outcome) const WEAK_SIGNATURE: Entry = Entry {
    code: "FG4010",
    admin_text: "A certificate on the path is signed with an algorithm the policy refuses.",
    remedy: &["Reissue the certificate with SHA-256 or better."],
    fields: &["subject", "algorithm"],
    rank: 70,
    source: "[trust] policy; NIST SP 800-131A",
    ..BASE
};

pub(in crate::outcome) const SIGNATURE_INVALID: Entry = Entry {
    code: "FG4011",
    level: Level::Warning,
    admin_text: "A certificate names an authority in our containers, but that authority did not sign it.",
    remedy: &[
        "An authority that was renewed with a new key needs its new certificate here.",
        "Otherwise the certificate is forged or damaged.",
    ],
    fields: &["subject", "issuer"],
    rank: 40,
    ..BASE
};

pub(in crate::outcome) const NOT_A_CERTIFICATE_AUTHORITY: Entry = Entry {
    code: "FG4012",
    level: Level::Warning,
    admin_text: "A certificate that is not allowed to issue certificates issued one on this path.",
    remedy: &["Treat it as an attempt to misuse an end entity certificate, and ask its holder."],
    fields: &["subject", "reason"],
    rank: 65,
    ..BASE
};

pub(in crate::outcome) const PATH_TOO_LONG: Entry = Entry {
    code: "FG4013",
    admin_text: "The path is longer than an authority or the policy allows.",
    remedy: &["Compare the authorities' path length constraints and [trust] maximum_depth with the hierarchy."],
    fields: &["subject", "reason"],
    rank: 65,
    ..BASE
};

pub(in crate::outcome) const UNHANDLED_CRITICAL_EXTENSION: Entry = Entry {
    code: "FG4014",
    admin_text: "A certificate on the path carries a critical extension that is not understood here.",
    remedy: &["By RFC 5280 section 4.2 such a certificate must be refused; tell us the OID in the record."],
    fields: &["subject", "oid"],
    rank: 65,
    ..BASE
};

pub(in crate::outcome) const NAME_CONSTRAINT_VIOLATED: Entry = Entry {
    code: "FG4015",
    level: Level::Warning,
    admin_text: "A name in the certificate lies outside what an authority above it may name.",
    remedy: &["Compare the subject and alternative names with the authority's name constraints."],
    fields: &["subject", "reason"],
    rank: 66,
    ..BASE
};

pub(in crate::outcome) const PATH_REFUSED: Entry = Entry {
    code: "FG4016",
    level: Level::Warning,
    admin_text: "OpenSSL, asked as a second judge, refused the path.",
    remedy: &["The record has OpenSSL's code and text; `openssl verify` repeats it."],
    fields: &["subject", "reason"],
    rank: 64,
    ..BASE
};

pub(in crate::outcome) const PATH_BUDGET_EXHAUSTED: Entry = Entry {
    code: "FG4017",
    level: Level::Warning,
    admin_text: "Too many candidate paths: the search was stopped.",
    remedy: &["No ordinary hierarchy needs so many; look at the certificates the client sent."],
    fields: &["limit"],
    rank: 80,
    ..BASE
};

pub(in crate::outcome) const NAME_CONSTRAINTS_UNSUPPORTED: Entry = Entry {
    code: "FG4018",
    level: Level::Warning,
    admin_text: "An authority on the path has a name constraint of a kind that cannot be evaluated, so it cannot be kept.",
    remedy: &["Ask the authority's operator for constraints over names that RFC 5280 section 4.2.1.10 defines."],
    fields: &["subject", "reason"],
    rank: 66,
    ..BASE
};

pub(in crate::outcome) const CERTIFICATE_POLICIES_UNACCEPTABLE: Entry = Entry {
    code: "FG4019",
    level: Level::Warning,
    admin_text: "The certificate policies along the path, with their mappings and constraints, leave nothing acceptable.",
    remedy: &["Compare the certificatePolicies of the path from the root down; the record names where it fails."],
    fields: &["subject", "reason"],
    rank: 66,
    ..BASE
};

pub(in crate::outcome) const UNSUPPORTED_KEY: Entry = Entry {
    code: "FG4020",
    admin_text: "A certificate on the path has a key of a kind that no minimum strength is defined for.",
    remedy: &["Issue certificates with RSA or elliptic curve keys."],
    fields: &["subject", "algorithm"],
    rank: 70,
    ..BASE
};

pub(in crate::outcome) const DEPTH_EXCEEDED: Entry = Entry {
    code: "FG4021",
    admin_text: "No path to a trusted root was found within the configured depth.",
    remedy: &["Compare [trust] maximum_depth with the hierarchy."],
    fields: &["maximum"],
    rank: 64,
    ..BASE
};

pub(in crate::outcome) const CERTIFICATE_PROFILE_VIOLATED: Entry = Entry {
    code: "FG4022",
    level: Level::Warning,
    admin_text: "A certificate on the path is one that RFC 5280 forbids an authority to issue, so its meaning is in doubt.",
    remedy: &["The record names the certificate and what is wrong with it; have its authority issue it anew."],
    fields: &["subject", "reason"],
    rank: 65,
    source: "RFC 5280 section 4",
    ..BASE
};

pub(in crate::outcome) const WRONG_KEY_USAGE: Entry = Entry {
    code: "FG4023",
    admin_text: "The key usage of the user's certificate does not allow digital signatures, and a sign-in is one.",
    remedy: &[
        "If the user has several certificates, the one for encryption was chosen; choose the one for signing in.",
        "Otherwise issue certificates whose keyUsage has digitalSignature.",
    ],
    fields: &["subject"],
    rank: 70,
    source: "RFC 8446 section 4.4.2.2; RFC 5280 section 4.2.1.3",
    ..BASE
};
