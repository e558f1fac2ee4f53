//! Stage 5: nothing on the path is revoked.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Revocation,
    disposition: Disposition::Refuse,
    paths: Paths::Both,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(319),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Warning,
    fields: &[],
    source: "RFC 5280 sections 5 and 6.3",
    rank: 50,
};

pub(in crate::outcome) const REVOKED: Entry = Entry {
    entra_code: Some("AADSTS500171"),
    code: "FG5001",
    level: Level::Notice,
    admin_text: "The user's certificate is revoked.",
    remedy: &[
        "The refusal is right. If the certificate should not be revoked, ask its authority; revocation cannot be undone.",
    ],
    fields: &["subject", "serial", "reason", "revoked_at"],
    rank: 90,
    ..BASE
};

pub(in crate::outcome) const ON_HOLD: Entry = Entry {
    code: "FG5002",
    level: Level::Notice,
    admin_text: "The user's certificate is on hold (suspended).",
    remedy: &["Ask its authority to release the certificate or to revoke it for good."],
    fields: &["subject", "serial", "revoked_at"],
    rank: 89,
    ..BASE
};

pub(in crate::outcome) const AUTHORITY_REVOKED: Entry = Entry {
    code: "FG5003",
    level: Level::Error,
    admin_text: "A certificate authority on the path is revoked or on hold.",
    remedy: &["No certificate of this authority can sign in. Ask its operator what happened before anything else."],
    fields: &["subject", "serial", "reason"],
    rank: 95,
    ..BASE
};

pub(in crate::outcome) const CRL_EXPIRED: Entry = Entry {
    entra_code: Some("AADSTS500173"),
    code: "FG5004",
    level: Level::Error,
    admin_text: "The CRL is past its nextUpdate.",
    remedy: &["Publish a new CRL at the URL in the record.", "All users of this authority are refused until then."],
    fields: &["crl", "next_update", "now"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const CRL_NOT_YET_VALID: Entry = Entry {
    code: "FG5005",
    admin_text: "The CRL's thisUpdate lies in the future.",
    remedy: &["Compare the clocks of the authority and of this machine."],
    fields: &["crl", "this_update", "now"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const CRL_WITHOUT_NEXT_UPDATE: Entry = Entry {
    code: "FG5006",
    admin_text: "The CRL does not say when the next one comes, so its freshness cannot be judged.",
    remedy: &["Configure the authority to write nextUpdate, as RFC 5280 section 5.1.2.5 requires."],
    fields: &["crl"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const CRL_NOT_CONFIGURED: Entry = Entry {
    code: "FG5007",
    level: Level::Error,
    admin_text: "Neither the configuration nor the certificate names a CRL for this authority.",
    remedy: &[
        "Set crl_distribution_point for the authority in [[revocation.authority]].",
        "Or issue certificates with a CRL distribution point.",
    ],
    fields: &["issuer"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_SCHEME_UNSUPPORTED: Entry = Entry {
    code: "FG5008",
    level: Level::Error,
    admin_text: "The CRL's URL cannot be used: it has a scheme that is not fetched (http, https, ldap, ldaps and a configured file are).",
    remedy: &["Publish the CRL over http, or configure such a URL in [[revocation.authority]]."],
    fields: &["crl"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_UNREACHABLE: Entry = Entry {
    code: "FG5009",
    level: Level::Error,
    admin_text: "The CRL cannot be fetched: no connection, or it broke off.",
    remedy: &[
        "Fetch the URL in the record from this machine with curl.",
        "Check name resolution and the firewall towards the CRL server.",
        "Sign-ins go on by themselves once it answers.",
    ],
    fields: &["crl", "detail"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_TIMED_OUT: Entry = Entry {
    entra_code: Some("AADSTS2205012"),
    code: "FG5010",
    level: Level::Error,
    admin_text: "The CRL was not downloaded within [revocation] fetch_timeout_seconds.",
    remedy: &[
        "Put the CRL on a faster link; Entra ID gives up as well.",
        "Raise the limit only if the CRL is large and the link known.",
    ],
    fields: &["crl", "limit"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_HTTP_STATUS: Entry = Entry {
    entra_code: Some("AADSTS500173"),
    code: "FG5011",
    level: Level::Error,
    admin_text: "The CRL server answered, but not with 200.",
    remedy: &["Look at the CRL server; the record has the status."],
    fields: &["crl", "status"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_TOO_LARGE: Entry = Entry {
    entra_code: Some("AADSTS2205014"),
    code: "FG5012",
    level: Level::Error,
    admin_text: "The CRL is larger than [revocation] maximum_crl_bytes.",
    remedy: &["Compare with Entra ID's own limits before raising it.", "Have the authority partition its CRL."],
    fields: &["crl", "limit"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_UNREADABLE: Entry = Entry {
    entra_code: Some("AADSTS2205011"),
    code: "FG5013",
    level: Level::Error,
    admin_text: "What the CRL's URL returned is not a CRL.",
    remedy: &["Fetch the URL and look: it is often an HTML error page."],
    fields: &["crl", "detail"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const CRL_OF_ANOTHER_AUTHORITY: Entry = Entry {
    entra_code: Some("AADSTS2205015"),
    code: "FG5014",
    level: Level::Error,
    admin_text: "The CRL was issued by another authority.",
    remedy: &["Correct the URL of this authority in [[revocation.authority]], or the distribution point it writes."],
    fields: &["crl", "found", "expected"],
    rank: 56,
    ..BASE
};

pub(in crate::outcome) const CRL_SIGNATURE_INVALID: Entry = Entry {
    entra_code: Some("AADSTS2205015"),
    code: "FG5015",
    level: Level::Error,
    admin_text: "The CRL's signature does not verify with the authority's key.",
    remedy: &[
        "If the authority changed its key, install its new certificate.",
        "Otherwise the CRL was tampered with or damaged.",
    ],
    fields: &["crl"],
    rank: 57,
    ..BASE
};

pub(in crate::outcome) const CRL_OUT_OF_SCOPE: Entry = Entry {
    code: "FG5016",
    level: Level::Error,
    admin_text: "The CRL does not cover this kind of certificate (its issuing distribution point says so).",
    remedy: &["Configure the URL of the CRL that covers it."],
    fields: &["crl", "scope"],
    rank: 56,
    ..BASE
};

pub(in crate::outcome) const CRL_UNSUPPORTED: Entry = Entry {
    code: "FG5017",
    level: Level::Error,
    admin_text: "The CRL is of a form this release does not judge (indirect, unknown critical extension).",
    remedy: &["Configure the URL of a complete CRL of this authority."],
    fields: &["crl", "detail"],
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const CRL_BROKEN_OFF: Entry = Entry {
    code: "FG5018",
    level: Level::Error,
    admin_text: "The transfer of the CRL began and broke off.",
    remedy: &[
        "Fetch the URL in the record from this machine with curl; look at the CRL server and what is in between.",
    ],
    fields: &["crl", "detail"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_OF_ANOTHER_KEY: Entry = Entry {
    code: "FG5019",
    entra_code: Some("AADSTS2205015"),
    level: Level::Error,
    admin_text: "The CRL belongs to another key of the authority than the one that issued the certificate.",
    remedy: &[
        "After a renewal each key has its own CRL: configure the URL of this key's CRL.",
        "The record has both key identifiers.",
    ],
    fields: &["crl", "found", "expected"],
    rank: 56,
    ..BASE
};

pub(in crate::outcome) const CRL_SIGNER_NOT_ALLOWED: Entry = Entry {
    code: "FG5020",
    level: Level::Error,
    admin_text: "The authority signed the CRL, but its certificate's key usage lacks cRLSign.",
    remedy: &["Reissue the authority's certificate with keyUsage cRLSign, as RFC 5280 section 6.3.3 requires."],
    fields: &["crl", "issuer"],
    rank: 57,
    ..BASE
};

pub(in crate::outcome) const CRL_ROLLED_BACK: Entry = Entry {
    code: "FG5021",
    level: Level::Error,
    admin_text: "The CRL offered is older than the one already seen.",
    remedy: &[
        "Look at the publisher: an old file may have been restored or a cache may be stale.",
        "If nobody can explain it, treat it as a replay that hides a revocation.",
    ],
    fields: &["crl", "held", "offered"],
    rank: 58,
    ..BASE
};

pub(in crate::outcome) const CRL_UNANSWERED: Entry = Entry {
    code: "FG5022",
    level: Level::Error,
    admin_text: "The lookup gave no answer about a certificate of the path: a defect of fedgate, not of the certificate.",
    remedy: &["Report it with the record; the sign-in was refused because nothing was known."],
    rank: 85,
    ..BASE
};

pub(in crate::outcome) const CRL_DELTA_ALONE: Entry = Entry {
    code: "FG5030",
    level: Level::Error,
    admin_text: "The CRL's URL has a delta CRL where the complete one should be.",
    remedy: &[
        "Set crl_distribution_point in [[revocation.authority]] to the URL of the complete CRL.",
        "The delta's URL belongs in delta_crl_distribution_point.",
    ],
    fields: &["crl"],
    rank: 56,
    ..BASE
};

pub(in crate::outcome) const CRL_REASONS_UNCOVERED: Entry = Entry {
    code: "FG5031",
    level: Level::Error,
    admin_text: "The CRLs that could be had list only some reasons for revocation; others could have been overlooked.",
    remedy: &[
        "Publish the CRLs for the other reasons too, and have the certificates or crl_distribution_point name them.",
    ],
    fields: &["crl", "covered"],
    rank: 56,
    ..BASE
};

pub(in crate::outcome) const CRL_ADDRESS_FORBIDDEN: Entry = Entry {
    code: "FG5040",
    level: Level::Error,
    admin_text: "The CRL's URL, or a redirect from it, leads to an address that fedgate does not ask.",
    remedy: &[
        "If the CRL server is really there, add its address to [revocation] fetch_allow.",
        "Link-local, loopback and metadata addresses in a certificate are a mistake of its authority, or an attack.",
    ],
    fields: &["crl", "address", "rule"],
    source: "OWASP Top 10 2021 A10: server-side request forgery; [revocation] fetch_allow and fetch_deny",
    rank: 54,
    ..BASE
};

pub(in crate::outcome) const CRL_REDIRECTED: Entry = Entry {
    code: "FG5041",
    level: Level::Error,
    admin_text: "The CRL server redirects in a circle, too often, or to something other than http and https.",
    remedy: &[
        "Follow the URL in the record with curl -L -v; the record names the redirect.",
        "Configure the URL where the CRL really is in [[revocation.authority]].",
    ],
    fields: &["crl", "detail"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_COMPRESSED: Entry = Entry {
    code: "FG5042",
    level: Level::Error,
    admin_text: "The CRL server sent the CRL compressed although nobody asked for it.",
    remedy: &["Turn off compression (Content-Encoding) for CRLs on the server; other clients cannot read them either."],
    fields: &["crl", "coding"],
    rank: 50,
    ..BASE
};

pub(in crate::outcome) const CRL_SIGNATURE_WEAK: Entry = Entry {
    code: "FG5023",
    level: Level::Error,
    admin_text: "The CRL is signed with SHA-1, which can be forged.",
    remedy: &[
        "Have the authority sign its CRL with SHA-256 or stronger: AD CS takes the algorithm from CNGHashAlgorithm.",
        "Only where that cannot be had: [trust] allow_sha1 accepts SHA-1 on certificates, CRLs and OCSP answers alike.",
    ],
    fields: &["crl", "algorithm"],
    source: "NIST SP 800-131A",
    rank: 55,
    ..BASE
};

pub(in crate::outcome) const CRL_SIGNER_NOT_TRUSTED: Entry = Entry {
    code: "FG5024",
    level: Level::Error,
    admin_text: "Who signed the CRL may sign for this authority, but its own certificate does not hold at this time.",
    remedy: &[
        "Read detail: it names what is wrong with the signer's certificate or with one above it.",
        "Install the signer's current certificate in the intermediate container, or configure the authority's own CRL.",
    ],
    fields: &["crl", "signer", "detail"],
    source: "RFC 5280 section 6.3.3 (f)",
    rank: 56,
    ..BASE
};
