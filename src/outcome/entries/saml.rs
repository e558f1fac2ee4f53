//! Stages 2, 3 and 8, as far as only SAML 2.0 can end so.

use super::super::{Entry, Level, SoapFault, Wire};
use super::browser::{REQUEST, TRUST};
use crate::sign_in::Stage;

pub(in crate::outcome) const MESSAGE_UNREADABLE: Entry = Entry {
    code: "FG2201",
    admin_text: "There is no SAML message in SAMLRequest or SAMLResponse: it is not Base64, not compressed as its binding wants, no XML that is accepted, or too long.",
    remedy: &[
        "Look at the reason. A message in the query of an address is DEFLATE, then Base64; one in a form is Base64 alone.",
        "Document types, entities and processing instructions are never read.",
    ],
    fields: &["reason"],
    source: "SAML bindings 3.4.4.1, 3.5.4",
    ..REQUEST
};

pub(in crate::outcome) const MESSAGE_MALFORMED: Entry = Entry {
    code: "FG2202",
    admin_text: "The SAML message is not as the schema wants it, of another version, or asks for something that is not served.",
    remedy: &["Look at the reason, and at how the application makes its requests."],
    fields: &["reason"],
    source: "SAML core 3.2.1, 3.4.1, 3.7.1",
    ..REQUEST
};

pub(in crate::outcome) const SIGNATURE_REFUSED: Entry = Entry {
    code: "FG2203",
    admin_text: "The signature of the SAML message is missing, not of the one form that SAML allows, or by nobody whom the relying party trust names. Nothing in the message counts.",
    remedy: &[
        "Look at the reason. After a change of the application's certificate, update request_signing_certificates of its [[relying_party]].",
        "MSIS7093: SHA-1 is not accepted; let the application sign with RSA or ECDSA and SHA-256.",
        "If the application's own log knows nothing of this request, somebody forged it.",
    ],
    fields: &["reason", "issuer"],
    source: "SAML core 5.4, SAML bindings 3.4.4.1, AD FS wire facts 7",
    level: Level::Warning,
    ..REQUEST
};

pub(in crate::outcome) const DESTINATION_OF_ANOTHER: Entry = Entry {
    code: "FG3201",
    admin_text: "The SAML message says that it was sent to another address than this service's.",
    remedy: &[
        "Compare the address with [service] name, and with the user TLS host name if there is one.",
        "If it is another service's, somebody carried the message here.",
    ],
    fields: &["reason"],
    source: "SAML core 3.2.1",
    ..TRUST
};

pub(in crate::outcome) const OUTSIDE_WINDOW: Entry = Entry {
    code: "FG3202",
    admin_text: "The SAML message is too old, or from the future.",
    remedy: &[
        "Compare the application's clock with this machine's.",
        "A message that is minutes old comes from the back button, or from somebody who replays it.",
    ],
    fields: &["reason"],
    source: "AD FS wire facts 7 (SamlMessageDeliveryWindow)",
    ..TRUST
};

pub(in crate::outcome) const CONSUMER_REFUSED: Entry = Entry {
    code: "FG3203",
    admin_text: "The request wants its response at an address, an index or by a binding that the relying party trust does not have. Nothing was sent.",
    remedy: &[
        "If the address is the application's, add it as a [[relying_party.saml_endpoint]].",
        "If it is not, somebody tries to have tokens sent elsewhere.",
    ],
    fields: &["reason"],
    source: "SAML profiles 4.1.4.1, AD FS wire facts 7",
    ..TRUST
};

pub(in crate::outcome) const NO_SAML_ENDPOINT: Entry = Entry {
    code: "FG3204",
    admin_text: "The relying party trust has no SAML 2.0 endpoint for the answer.",
    remedy: &[
        "Add a [[relying_party.saml_endpoint]]: an assertion consumer for sign-in, a logout service for sign-out.",
    ],
    ..TRUST
};

pub(in crate::outcome) const NOT_PASSIVE: Entry = Entry {
    code: "FG3205",
    admin_text: "The request forbids to ask the person anything (IsPassive), and nobody is signed in as it wants.",
    remedy: &["Nothing: the application asks whether somebody is signed in, and this is the answer."],
    source: "SAML core 3.4.1",
    level: Level::Info,
    ..TRUST
};

pub(in crate::outcome) const LOGOUT_OF_NOBODY: Entry = Entry {
    code: "FG3206",
    admin_text: "The logout request names a person or a session that this browser's session does not have.",
    remedy: &[
        "Nothing, if the session had ended before.",
        "If it happens always, compare the NameID and the SessionIndex of the request with those of the assertion: both must be repeated as they were.",
    ],
    source: "SAML core 3.7.3, AD FS wire facts 7",
    ..TRUST
};

pub(in crate::outcome) const NAME_FORMAT_NOT_ISSUED: Entry = Entry {
    code: "FG8201",
    stage: Stage::Token,
    admin_text: "The request wants a name identifier of a format (NameIDPolicy) that the rules do not issue.",
    remedy: &[
        "Issue the nameidentifier claim with this format: a rule sets it by the property http://schemas.xmlsoap.org/ws/2005/05/identity/claimproperties/format.",
        "Or let the application ask for the format that is issued, or for none.",
    ],
    fields: &["wanted", "issued"],
    source: "SAML core 3.4.1.1, AD FS wire facts 7",
    ..TRUST
};

pub(in crate::outcome) const NOT_ENCRYPTED: Entry = Entry {
    code: "FG8202",
    stage: Stage::Token,
    admin_text: "The assertion could not be encrypted for the relying party, and is not sent in the open.",
    remedy: &["Check encryption_certificate of the [[relying_party]]: its key must be RSA."],
    fields: &["reason"],
    wire: Wire::Fault(SoapFault::InternalService),
    level: Level::Error,
    ..TRUST
};
