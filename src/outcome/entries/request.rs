//! Stage 2: bytes to a request.

use super::super::{Disposition, Entry, Level, Paths, SoapFault, Wire};
use crate::sign_in::Stage;

/// What the entries of this file share.
const BASE: Entry = Entry {
    code: "",
    stage: Stage::Request,
    disposition: Disposition::Refuse,
    paths: Paths::Federated,
    user_text: "The application sent a request this service cannot read. Nothing is wrong with your certificate; tell your help desk the reference below.",
    admin_text: "",
    remedy: &[],
    entra_code: None,
    adfs_event: Some(111),
    wire: Wire::Fault(SoapFault::FailedAuthentication),
    level: Level::Notice,
    fields: &[],
    source: "AD FS wire facts 2.2 to 2.8",
    rank: 50,
};

pub(in crate::outcome) const UNSUPPORTED_CONTENT_TYPE: Entry = Entry {
    code: "FG2001",
    wire: Wire::UnsupportedMediaType,
    admin_text: "The request is not application/soap+xml in UTF-8.",
    remedy: &["Send Content-Type: application/soap+xml; charset=utf-8. SOAP 1.1 (text/xml) is not bound here."],
    fields: &["content_type"],
    ..BASE
};

pub(in crate::outcome) const REQUEST_TOO_LARGE: Entry = Entry {
    code: "FG2002",
    wire: Wire::PayloadTooLarge,
    admin_text: "The request body is longer than [limits] request_bytes.",
    remedy: &[
        "A request for a token is about 2 KiB; find out what the client sends.",
        "Raise [limits] request_bytes only for a client you know.",
    ],
    fields: &["limit"],
    ..BASE
};

pub(in crate::outcome) const MALFORMED_XML: Entry = Entry {
    code: "FG2003",
    wire: Wire::BadRequest,
    admin_text: "The body is not well-formed XML.",
    remedy: &["Look at the position in the record; the client or something on the way damaged the message."],
    fields: &["position"],
    ..BASE
};

pub(in crate::outcome) const FORBIDDEN_XML: Entry = Entry {
    code: "FG2004",
    wire: Wire::BadRequest,
    level: Level::Warning,
    admin_text: "The body contains a document type declaration, an entity or a processing instruction, which are never read here.",
    remedy: &["No federation client sends these: treat the source as probing.", "Block the peer if it goes on."],
    fields: &["construct", "peer"],
    ..BASE
};

pub(in crate::outcome) const XML_LIMIT_EXCEEDED: Entry = Entry {
    code: "FG2005",
    wire: Wire::BadRequest,
    level: Level::Warning,
    admin_text: "The body exceeds a limit of depth, attributes or text.",
    remedy: &[
        "No federation client comes near these limits: treat the source as probing.",
        "The limits are [limits] xml_depth, xml_attributes and xml_text_bytes.",
    ],
    fields: &["limit"],
    ..BASE
};

pub(in crate::outcome) const NOT_SOAP_12: Entry = Entry {
    code: "FG2006",
    wire: Wire::Fault(SoapFault::VersionMismatch),
    admin_text: "The document element is not a SOAP 1.2 envelope.",
    remedy: &["Configure the client for SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope)."],
    fields: &["element"],
    ..BASE
};

pub(in crate::outcome) const MALFORMED_ENVELOPE: Entry = Entry {
    code: "FG2007",
    wire: Wire::BadRequest,
    admin_text: "The envelope does not hold one optional Header and one Body with one child, in this order.",
    remedy: &["Compare the message with a WS-Trust request that works; `fedgate lab` prints one."],
    fields: &["reason"],
    ..BASE
};

pub(in crate::outcome) const MISSING_ACTION: Entry = Entry {
    code: "FG2008",
    wire: Wire::Fault(SoapFault::AddressingHeaderRequired),
    admin_text: "There is no WS-Addressing Action header.",
    remedy: &["The client must send wsa:Action; the HTTP SOAPAction header does not replace it."],
    ..BASE
};

pub(in crate::outcome) const DUPLICATE_ACTION: Entry = Entry {
    code: "FG2009",
    wire: Wire::Fault(SoapFault::InvalidAddressingHeader),
    level: Level::Warning,
    admin_text: "A WS-Addressing header that may occur once occurs more than once.",
    remedy: &["No correct client does this: look at what stands between it and this service."],
    fields: &["header"],
    ..BASE
};

pub(in crate::outcome) const ACTION_MISMATCH: Entry = Entry {
    code: "FG2010",
    wire: Wire::Fault(SoapFault::InvalidAddressingHeader),
    admin_text: "The HTTP action and the WS-Addressing Action differ.",
    remedy: &["The WS-Addressing header counts; make the client or the proxy in between send the same in both."],
    fields: &["http_action", "action"],
    ..BASE
};

pub(in crate::outcome) const ACTION_NOT_SUPPORTED: Entry = Entry {
    code: "FG2011",
    wire: Wire::Fault(SoapFault::ActionNotSupported),
    admin_text: "The Action is not the issue request of the WS-Trust version that this endpoint speaks.",
    remedy: &[
        "Endpoints below /2005/ speak http://schemas.xmlsoap.org/ws/2005/02/trust, those below /13/ \
         http://docs.oasis-open.org/ws-sx/ws-trust/200512; the Action is …/RST/Issue.",
        "WS-Trust 1.3 has no certificatetransport endpoint by default, in AD FS as here.",
    ],
    fields: &["action"],
    ..BASE
};

pub(in crate::outcome) const HEADER_NOT_UNDERSTOOD: Entry = Entry {
    code: "FG2012",
    wire: Wire::Fault(SoapFault::MustUnderstand),
    admin_text: "A header marked mustUnderstand is not known here.",
    remedy: &["Find out which client feature adds the header; it cannot be ignored by the rules of SOAP."],
    fields: &["header"],
    ..BASE
};

pub(in crate::outcome) const DUPLICATE_IDENTIFIER: Entry = Entry {
    code: "FG2013",
    wire: Wire::Fault(SoapFault::InvalidSecurity),
    level: Level::Warning,
    admin_text: "Two elements carry the same wsu:Id.",
    remedy: &["No correct client does this; it is how signatures are wrapped. Treat the source as probing."],
    fields: &["identifier"],
    ..BASE
};

pub(in crate::outcome) const PASSWORD_ON_CERTIFICATE_ENDPOINT: Entry = Entry {
    code: "FG2014",
    wire: Wire::Fault(SoapFault::InvalidSecurity),
    admin_text: "The message carries a UsernameToken. On a certificate endpoint only the certificate counts, so the message is refused rather than half believed.",
    remedy: &[
        "Send user names and passwords to usernamemixed.",
        "Remove the UsernameToken from the certificate client.",
    ],
    ..BASE
};

pub(in crate::outcome) const TIMESTAMP_UNREADABLE: Entry = Entry {
    code: "FG2015",
    wire: Wire::Fault(SoapFault::InvalidSecurity),
    admin_text: "There is no wsu:Timestamp where the endpoint demands one, or it has no readable Created or Expires.",
    remedy: &["The values must be xs:dateTime in UTC, such as 2026-01-10T10:00:00Z."],
    fields: &["value"],
    ..BASE
};

pub(in crate::outcome) const TIMESTAMP_OUTSIDE_WINDOW: Entry = Entry {
    code: "FG2016",
    wire: Wire::Fault(SoapFault::InvalidSecurity),
    admin_text: "The wsu:Timestamp is expired or lies in the future beyond the tolerated skew.",
    remedy: &[
        "Compare the client's clock with this machine's; the record has both times.",
        "The tolerance is [service] clock_skew_seconds.",
    ],
    fields: &["created", "expires", "now"],
    ..BASE
};

pub(in crate::outcome) const MALFORMED_TOKEN_REQUEST: Entry = Entry {
    code: "FG2017",
    wire: Wire::Fault(SoapFault::InvalidRequest),
    admin_text: "The body is not one RequestSecurityToken, of the WS-Trust version that this endpoint speaks, with one RequestType.",
    remedy: &["Compare the message with a WS-Trust request that works; `fedgate lab` prints one."],
    fields: &["reason"],
    ..BASE
};

pub(in crate::outcome) const REQUEST_TYPE_NOT_SUPPORTED: Entry = Entry {
    code: "FG2018",
    wire: Wire::Fault(SoapFault::InvalidRequest),
    admin_text: "Only Issue is served; Renew, Validate and Cancel are not, as in AD FS.",
    remedy: &["Ask for a new token instead of renewing the old one."],
    fields: &["request_type"],
    ..BASE
};

pub(in crate::outcome) const KEY_TYPE_NOT_SUPPORTED: Entry = Entry {
    code: "FG2019",
    wire: Wire::Fault(SoapFault::InvalidRequest),
    admin_text: "Only bearer tokens are issued (NoProofKey); a symmetric or public proof key was asked for.",
    remedy: &["Set the client's key type to bearer."],
    fields: &["key_type"],
    ..BASE
};

pub(in crate::outcome) const TOKEN_TYPE_NOT_SUPPORTED: Entry = Entry {
    code: "FG2020",
    wire: Wire::Fault(SoapFault::InvalidRequest),
    admin_text: "The token type asked for is not issued here.",
    remedy: &["Ask for SAML 1.1 or SAML 2.0, or leave TokenType out."],
    fields: &["token_type"],
    ..BASE
};

pub(in crate::outcome) const REQUEST_INTERRUPTED: Entry = Entry {
    code: "FG2021",
    wire: Wire::RequestTimeout,
    admin_text: "The request body broke off or did not arrive in time.",
    remedy: &["Look at the network between the client and this listener."],
    fields: &["reason"],
    ..BASE
};
