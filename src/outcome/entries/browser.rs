//! Stages 2, 3, 6 and 8, as far as only a browser's sign-in at `/adfs/ls/` can end so.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries about the request share.
pub(super) const REQUEST: Entry = Entry {
    code: "",
    stage: Stage::Request,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: "The application sent a request that this service cannot read. Go back to the application and try again; if it happens again, tell your help desk the reference below.",
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(364),
    wire: Wire::BadRequest,
    level: Level::Notice,
    fields: &[],
    source: "AD FS wire facts 5.1, 5.4",
    rank: 50,
};

/// What the entries about the state of a sign-in share.
const STATE: Entry = Entry {
    stage: Stage::Admission,
    user_text: "This sign-in cannot be continued. Go back to the application and start again.",
    source: "AD FS wire facts 5.2, 6.2",
    ..REQUEST
};

/// What the entries about the trust share.
pub(super) const TRUST: Entry = Entry {
    stage: Stage::Admission,
    user_text: "The application asked for a sign-in that this service is not set up for. Nothing is wrong with your certificate; tell your help desk the reference below.",
    wire: Wire::Fault(SoapFault::InvalidScope),
    ..REQUEST
};

pub(in crate::outcome) const PARAMETERS_UNREADABLE: Entry = Entry {
    code: "FG2101",
    admin_text: "The parameters cannot be read in one way only: one is there twice, is no UTF-8 text, or there are too many.",
    remedy: &[
        "Look at the reason. A parameter that is there twice is refused, because two programs could each believe another one.",
        "Correct the application or the proxy that rewrites its addresses.",
    ],
    fields: &["reason"],
    ..REQUEST
};

pub(in crate::outcome) const PASSIVE_ACTION_NOT_SERVED: Entry = Entry {
    code: "FG2102",
    admin_text: "MSIS7065: There are no registered protocol handlers on path /adfs/ls/ to process the incoming request.",
    remedy: &[
        "A sign-in begins at the application: its request carries wa=wsignin1.0 or a SAMLRequest. A bookmark of the sign-in page does not.",
        "Compare the address that the application sends people to with the reason.",
    ],
    fields: &["reason"],
    ..REQUEST
};

pub(in crate::outcome) const PASSIVE_REQUEST_MALFORMED: Entry = Entry {
    code: "FG2103",
    admin_text: "A WS-Federation parameter has a value that it cannot have.",
    remedy: &[
        "Look at the reason. Overlooking the parameter could reuse a sign-in that was to be renewed, so it is refused.",
    ],
    fields: &["reason"],
    ..REQUEST
};

pub(in crate::outcome) const STATE_INVALID: Entry = Entry {
    code: "FG3101",
    admin_text: "The state of the sign-in was altered, or belongs to another request or another browser, or to a key that was retired.",
    remedy: &[
        "A browser that refuses cookies cannot sign in: the state is bound to one.",
        "After a restart without [sessions] key_file, sign-ins that were under way must begin again; configure one.",
        "If it happens often to one address, somebody may be tampering.",
    ],
    fields: &["reason"],
    ..STATE
};

pub(in crate::outcome) const STATE_EXPIRED: Entry = Entry {
    code: "FG3102",
    user_text: "This sign-in took too long. Go back to the application and start again.",
    admin_text: "The person took longer than ten minutes between the request and the credential.",
    remedy: &[
        "Nothing, if it happens now and then: pages are left open.",
        "Compare the clocks of several gateways that share a key.",
    ],
    ..STATE
};

pub(in crate::outcome) const STATE_USED: Entry = Entry {
    code: "FG3103",
    admin_text: "The state of this sign-in was used before: the page was sent twice, or somebody replayed it.",
    remedy: &[
        "Nothing, after the back button or a double click.",
        "If the peer differs from that of the first use, look at both records.",
    ],
    ..STATE
};

pub(in crate::outcome) const STATES_EXHAUSTED: Entry = Entry {
    code: "FG3104",
    disposition: Disposition::Fail,
    user_text: "This service is too busy to continue the sign-in. Wait a few minutes and start again from the application.",
    admin_text: "More sign-ins are under way than can be remembered, so that no further one can be shown to be new.",
    remedy: &["Look for a client that signs in over and over.", "Limit connections in front of the gateway."],
    wire: Wire::Fault(SoapFault::InternalService),
    level: Level::Error,
    ..STATE
};

pub(in crate::outcome) const REPLY_ADDRESS_REFUSED: Entry = Entry {
    code: "FG3105",
    admin_text: "The request wants the token at an address (wreply) that the relying party trust does not have. Nothing was sent there.",
    remedy: &[
        "If the address is the application's, add it to additional_ws_fed_endpoints of its [[relying_party]].",
        "If it is not, somebody tries to have tokens sent elsewhere: look at the referring page.",
    ],
    fields: &["reason"],
    ..TRUST
};

pub(in crate::outcome) const NO_PASSIVE_ENDPOINT: Entry = Entry {
    code: "FG3106",
    admin_text: "The relying party trust has no WS-Federation endpoint, so there is no address to send a token to.",
    remedy: &["Set ws_fed_endpoint in its [[relying_party]] section."],
    ..TRUST
};

pub(in crate::outcome) const METHOD_UNKNOWN: Entry = Entry {
    code: "FG3107",
    admin_text: "The request asks for an authentication method by a name that no method here has (wauth or RequestedAuthnContext).",
    remedy: &[
        "Compare the name with the aliases that `fedgate prompt explain` prints.",
        "A name with https: in place of http: is a common misprint.",
    ],
    fields: &["demand"],
    ..TRUST
};

pub(in crate::outcome) const METHOD_NOT_ENABLED: Entry = Entry {
    code: "FG3108",
    admin_text: "The request asks for authentication methods that are not enabled for where it comes from.",
    remedy: &["Compare the demand with primary_extranet and primary_intranet in [authentication_policy]."],
    fields: &["demand", "location"],
    ..TRUST
};

pub(in crate::outcome) const PASSWORD_DEMANDED: Entry = Entry {
    code: "FG3109",
    user_text: "The application asked for a password, but here people sign in with a certificate. An administrator must change one setting; tell your help desk the reference below.",
    admin_text: "The request insists on a password (wauth), and only certificates are enabled. This is what Entra ID sends for prompt=login to a federated domain whose PromptLoginBehavior is TranslateToFreshPasswordAuthentication or unset.",
    remedy: &[
        "Set PromptLoginBehavior of the domain to NativeSupport or Disabled: `fedgate prompt explain` prints the command.",
        "Or let a fresh certificate satisfy such a demand: password_demand = \"fresh-certificate\" for the farm or for this trust.",
    ],
    fields: &["demand", "domain"],
    source: "AD FS wire facts 6.1, 6.2",
    level: Level::Warning,
    ..TRUST
};

pub(in crate::outcome) const NO_SECOND_FACTOR: Entry = Entry {
    code: "FG3110",
    admin_text: "The request asks for two factors (multipleauthn), and no second one is enabled.",
    remedy: &[
        "Enable an additional method in [authentication_policy].",
        "Where every key is on a card with a PIN, let certificates count as two: [additional_authentication] certificate.",
    ],
    fields: &["demand"],
    ..TRUST
};

pub(in crate::outcome) const LOOP_DETECTED: Entry = Entry {
    code: "FG3111",
    user_text: "The application keeps sending you back here. Close the browser and try again; if it happens again, tell your help desk the reference below.",
    admin_text: "MSIS7042: The same client browser session has made too many requests within a few seconds.",
    remedy: &[
        "The application rejects the token and asks for another: look at its own log. Common causes are its clock, an audience that is not its identifier, and a certificate that it does not know.",
        "An application that drops its cookies (a cookie without Secure, another host name) goes round in the same way.",
        "The limits are loop_detection_maximum_tokens and loop_detection_interval_seconds in [sessions].",
    ],
    fields: &["requests", "seconds", "reason"],
    source: "AD FS wire facts 13.2",
    level: Level::Warning,
    wire: Wire::Fault(SoapFault::InternalService),
    ..TRUST
};

pub(in crate::outcome) const SECOND_FACTOR_OF_ANOTHER: Entry = Entry {
    code: "FG6301",
    stage: Stage::Subject,
    user_text: super::GENERIC_USER_TEXT,
    admin_text: "The two factors belong to two different accounts.",
    remedy: &[
        "The person chose a certificate of another account, or somebody uses a colleague's password. Compare the two names.",
    ],
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Warning,
    fields: &["first", "second"],
    ..STATE
};
