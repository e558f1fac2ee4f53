//! Stage 8: the signed token.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Token,
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
    source: "AD FS wire facts 4.1",
    rank: 50,
};

pub(in crate::outcome) const SIGNED_IN: Entry = Entry {
    code: "FG0000",
    disposition: Disposition::Issue,
    level: Level::Info,
    wire: Wire::Token,
    adfs_event: Some(299),
    user_text: "You are signed in.",
    admin_text: "A token was issued.",
    remedy: &[],
    fields: &["account", "relying_party", "assertion_id"],
    rank: 0,
    ..BASE
};

pub(in crate::outcome) const SIGNED_IN_BY_STRONG_MAPPING: Entry = Entry {
    code: "FG0001",
    admin_text: "A token was issued; the account was found by a strong mapping, which names this very certificate.",
    source: "KB5014754",
    ..SIGNED_IN
};

pub(in crate::outcome) const SIGNED_IN_BY_MAIL_ADDRESS: Entry = Entry {
    code: "FG0002",
    admin_text: "A token was issued; the account was found by nothing stronger than the certificate's mail address.",
    remedy: &[
        "Nothing needs mending. To map this user more firmly, write the certificate into altSecurityIdentities or issue \
         certificates with the user principal name.",
        "To stop mapping by mail address, remove rfc822 from [subject] bindings.",
    ],
    source: "KB5014754",
    ..SIGNED_IN
};

pub(in crate::outcome) const DUPLICATE_NAME_IDENTIFIER: Entry = Entry {
    code: "FG8001",
    adfs_event: Some(186),
    admin_text: "The rules issued two different name identifiers; a token has one subject (ID4139).",
    remedy: &["Make one rule of the relying party issue the nameidentifier claim."],
    fields: &["relying_party"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const AUTHENTICATION_STATEMENT_INCOMPLETE: Entry = Entry {
    code: "FG8002",
    admin_text: "The rules issued only one of authenticationmethod and authenticationinstant; a token needs both (ID4270).",
    remedy: &["Pass both claims through, or neither."],
    fields: &["relying_party"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const CLAIM_UNWRITABLE: Entry = Entry {
    code: "FG8003",
    admin_text: "A claim cannot be written into a SAML 1.1 token.",
    remedy: &[
        "The type must be a URI with a name after its last slash; values must be characters XML allows. The record names the claim.",
    ],
    fields: &["claim_type", "reason"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const SIGNING_FAILED: Entry = Entry {
    code: "FG8004",
    wire: Wire::Fault(SoapFault::InternalService),
    user_text: "Sign-in is not available at the moment. Try again in a few minutes.",
    admin_text: "The token-signing key could not sign, or what the browser keeps could not be sealed: the detail says which.",
    remedy: &[
        "Check the key of [token_signing] and, for a hardware key, its device.",
        "A session cannot be sealed for a certificate, or one sent along with it, of more than 65535 bytes.",
    ],
    fields: &["detail"],
    rank: 90,
    ..BASE
};

pub(in crate::outcome) const TOKEN_NOT_DESCRIBABLE: Entry = Entry {
    code: "FG8005",
    wire: Wire::Fault(SoapFault::InternalService),
    admin_text: "The token's identifier or lifetime is not one a token can have.",
    remedy: &["Look at [service] token_lifetime_minutes and at this machine's clock."],
    fields: &["reason"],
    rank: 60,
    ..BASE
};

pub(in crate::outcome) const ISSUER_UNKNOWN: Entry = Entry {
    code: "FG8006",
    disposition: Disposition::Refuse,
    level: Level::Notice,
    user_text: "We could not sign you in: this application does not know the part of your user name after the @. Give your help \
                desk the reference below.",
    admin_text: "The rules issued no usable issuer (issuerid) for this user, most often because the domain of the user principal \
                 name is not among the federated domains.",
    remedy: &[
        "With preset = \"office-365\", add the domain and the IssuerUri that Entra ID has for it to domains.",
        "With rules of Azure AD Connect, add the domain to the pattern of the issuerid rule; what fits no domain stays a user \
         principal name.",
        "A domain below a federated one has the issuer of the domain above it, unless it is federated by itself.",
    ],
    entra_code: Some("AADSTS50107"),
    fields: &["relying_party", "issuer"],
    rank: 60,
    ..BASE
};
