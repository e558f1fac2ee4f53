//! SOAP 1.2 with WS-Addressing: reading an envelope, writing its header and faults.

use super::Version;
use super::namespaces::{ACTION_FAULT, ADDRESSING, DISPATCHER, SECURITY, SOAP_12, UTILITY};
use crate::outcome::SoapFault;
use crate::xml::canonical::{escape_attribute, escape_text};
use crate::xml::reader::Element;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// What an envelope says, with the body's one child still unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// WS-Addressing Action.
    pub action: &'a str,
    /// WS-Addressing MessageID, echoed in the answer.
    pub message_id: Option<&'a str>,
    /// WS-Addressing To. Informational: behind proxies the host differs.
    pub to: Option<&'a str>,
    /// The WS-Security header, if there is one.
    pub security: Option<&'a Element>,
    /// The body's only child.
    pub payload: &'a Element,
}

/// Why an envelope is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Another SOAP version, or no SOAP at all.
    #[error("the document element is {{{namespace}}}{name}, not a SOAP 1.2 Envelope")]
    NotSoap12 {
        /// Its namespace.
        namespace: String,
        /// Its local name.
        name: String,
    },
    /// Not one optional Header and one Body with one child.
    #[error("{0}")]
    Malformed(&'static str),
    /// No Action header.
    #[error("the envelope has no wsa:Action header")]
    MissingAction,
    /// A header that may occur once occurs twice.
    #[error("the header {0} occurs more than once")]
    DuplicateHeader(&'static str),
    /// A mustUnderstand header nobody here knows.
    #[error("the header {{{namespace}}}{name} is marked mustUnderstand and is not known here")]
    NotUnderstood {
        /// Its namespace.
        namespace: String,
        /// Its local name.
        name: String,
    },
    /// The same wsu:Id twice.
    #[error("two elements carry wsu:Id {0:?}")]
    DuplicateIdentifier(String),
}

/// The MessageID of a document that may be refused later, so that even the fault relates to its request.
pub fn message_id(root: &Element) -> Option<&str> {
    let header = root.child(SOAP_12, "Header")?;
    Some(header.child(ADDRESSING, "MessageID")?.trimmed()).filter(|id| !id.is_empty() && id.len() <= 256)
}

/// Reads an envelope.
///
/// # Errors
/// When it is not the one envelope WS-Trust knows.
pub fn read_envelope(root: &Element) -> Result<Envelope<'_>, EnvelopeError> {
    if !root.is(SOAP_12, "Envelope") {
        return Err(EnvelopeError::NotSoap12 { namespace: root.namespace.to_string(), name: root.name.to_string() });
    }
    let (header, body) = match root.children.as_slice() {
        [header, body] if header.is(SOAP_12, "Header") && body.is(SOAP_12, "Body") => (Some(header), body),
        [body] if body.is(SOAP_12, "Body") => (None, body),
        _ => return Err(EnvelopeError::Malformed("the envelope is not an optional Header and one Body")),
    };
    let [payload] = body.children.as_slice() else {
        return Err(EnvelopeError::Malformed("the Body does not have exactly one child"));
    };
    reject_duplicate_identifiers(root)?;
    let header = header.ok_or(EnvelopeError::MissingAction)?;
    reject_unknown_headers(header)?;
    Ok(Envelope {
        action: once(header, ADDRESSING, "Action")?.ok_or(EnvelopeError::MissingAction)?.trimmed(),
        message_id: once(header, ADDRESSING, "MessageID")?.and(message_id(root)),
        to: once(header, ADDRESSING, "To")?.map(Element::trimmed),
        security: once(header, SECURITY, "Security")?,
        payload,
    })
}

fn once<'a>(
    header: &'a Element,
    namespace: &'static str,
    name: &'static str,
) -> Result<Option<&'a Element>, EnvelopeError> {
    let mut found = header.children(namespace, name);
    let first = found.next();
    match found.next() {
        None => Ok(first),
        Some(_) => Err(EnvelopeError::DuplicateHeader(name)),
    }
}

fn reject_unknown_headers(header: &Element) -> Result<(), EnvelopeError> {
    for block in &header.children {
        let known = *block.namespace == *ADDRESSING || block.is(SECURITY, "Security");
        let must = matches!(block.attribute(SOAP_12, "mustUnderstand").map(str::trim), Some("1" | "true"));
        if must && !known {
            return Err(EnvelopeError::NotUnderstood {
                namespace: block.namespace.to_string(),
                name: block.name.to_string(),
            });
        }
    }
    Ok(())
}

/// Two elements of one wsu:Id are how a signature is wrapped: nothing here trusts identifiers, and none may be ambiguous.
fn reject_duplicate_identifiers(root: &Element) -> Result<(), EnvelopeError> {
    let mut seen = HashSet::new();
    for id in root.descendants().filter_map(|element| element.attribute(UTILITY, "Id")) {
        if !seen.insert(id) {
            return Err(EnvelopeError::DuplicateIdentifier(id.to_owned()));
        }
    }
    Ok(())
}

/// How long an answer's own timestamp holds.
const ANSWER_VALIDITY: SignedDuration = SignedDuration::from_mins(5);

/// `2026-01-10T10:00:00.123Z`, as AD FS writes moments.
pub fn format_instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Opens an envelope up to and including `<s:Body>`.
pub fn open_envelope(out: &mut String, action: &str, relates_to: Option<&str>, at: Timestamp) {
    open_header(out, action, relates_to, at);
    out.push_str("</s:Header><s:Body>");
}

/// Opens an envelope; its header may go on.
fn open_header(out: &mut String, action: &str, relates_to: Option<&str>, at: Timestamp) {
    out.push_str("<s:Envelope xmlns:s=\"");
    out.push_str(SOAP_12);
    out.push_str("\" xmlns:a=\"");
    out.push_str(ADDRESSING);
    out.push_str("\" xmlns:u=\"");
    out.push_str(UTILITY);
    out.push_str("\"><s:Header><a:Action s:mustUnderstand=\"1\">");
    out.push_str(action);
    out.push_str("</a:Action>");
    if let Some(id) = relates_to {
        out.push_str("<a:RelatesTo>");
        escape_text(out, id);
        out.push_str("</a:RelatesTo>");
    }
    out.push_str("<o:Security s:mustUnderstand=\"1\" xmlns:o=\"");
    out.push_str(SECURITY);
    out.push_str("\"><u:Timestamp u:Id=\"_0\"><u:Created>");
    out.push_str(&format_instant(at));
    out.push_str("</u:Created><u:Expires>");
    out.push_str(&format_instant(at + ANSWER_VALIDITY));
    out.push_str("</u:Expires></u:Timestamp></o:Security>");
}

/// Closes what [`open_envelope`] opened.
pub fn close_envelope(out: &mut String) {
    out.push_str("</s:Body></s:Envelope>");
}

/// The code, subcode and reason of a fault. The subcode's prefix is declared on its Value, because `a` already means
/// WS-Addressing on the envelope.
struct FaultShape {
    code: &'static str,
    subcode: Option<(&'static str, &'static str)>,
    reason: &'static str,
}

fn shape(fault: SoapFault, version: Version) -> FaultShape {
    let sender =
        |namespace, subcode, reason| FaultShape { code: "s:Sender", subcode: Some((namespace, subcode)), reason };
    let bare = |code, reason| FaultShape { code, subcode: None, reason };
    match fault {
        SoapFault::FailedAuthentication => sender(
            SECURITY,
            "FailedAuthentication",
            "ID3242: The security token could not be authenticated or authorized.",
        ),
        SoapFault::PasswordExpired => sender(
            SECURITY,
            "FailedAuthentication.ExpiredPassword",
            "ID3242: The security token could not be authenticated or authorized. The password has expired.",
        ),
        SoapFault::AccessDenied => sender(SECURITY, "FailedAuthentication", "MSIS3126: Access denied."),
        SoapFault::InvalidSecurity => {
            sender(SECURITY, "InvalidSecurity", "An error occurred when verifying security for the message.")
        }
        SoapFault::InvalidScope => {
            sender(version.namespace(), "InvalidScope", "ID3082: The request scope is not valid or is unsupported.")
        }
        SoapFault::InvalidRequest => {
            sender(version.namespace(), "InvalidRequest", "The request was invalid or malformed.")
        }
        SoapFault::ActionNotSupported => {
            sender(ADDRESSING, "ActionNotSupported", "The action cannot be processed at the receiver.")
        }
        SoapFault::InvalidAddressingHeader => sender(
            ADDRESSING,
            "InvalidAddressingHeader",
            "A header representing a message addressing property is not valid.",
        ),
        SoapFault::AddressingHeaderRequired => sender(
            ADDRESSING,
            "MessageAddressingHeaderRequired",
            "A required header representing a message addressing property is not present.",
        ),
        SoapFault::MustUnderstand => bare("s:MustUnderstand", "A header marked mustUnderstand was not understood."),
        SoapFault::VersionMismatch => bare("s:VersionMismatch", "The message is not a SOAP 1.2 envelope."),
        SoapFault::InternalService => FaultShape {
            code: "s:Receiver",
            subcode: Some((DISPATCHER, "InternalServiceFault")),
            reason: "The server was unable to process the request due to an internal error.",
        },
    }
}

/// What a fault says beside its code.
#[derive(Debug, Clone, Copy, Default)]
pub struct FaultContext<'a> {
    /// The version of WS-Trust that the endpoint speaks; faults of WS-Trust itself are in its namespace.
    pub version: Version,
    /// MessageID of the request.
    pub relates_to: Option<&'a str>,
    /// Namespace and local name of the header block that a `MustUnderstand` fault is about.
    pub not_understood: Option<(&'a str, &'a str)>,
}

/// Writes a whole fault message. Nothing in it depends on why the sign-in ended.
pub fn render_fault(fault: SoapFault, context: FaultContext<'_>, at: Timestamp) -> String {
    let shape = shape(fault, context.version);
    let mut out = String::with_capacity(1400);
    open_header(&mut out, ACTION_FAULT, context.relates_to, at);
    header_block(&mut out, fault, context);
    out.push_str("</s:Header><s:Body><s:Fault><s:Code><s:Value>");
    out.push_str(shape.code);
    out.push_str("</s:Value>");
    if let Some((namespace, name)) = shape.subcode {
        out.push_str("<s:Subcode><s:Value xmlns:e=\"");
        out.push_str(namespace);
        out.push_str("\">e:");
        out.push_str(name);
        out.push_str("</s:Value></s:Subcode>");
    }
    out.push_str("</s:Code><s:Reason><s:Text xml:lang=\"en-US\">");
    out.push_str(shape.reason);
    out.push_str("</s:Text></s:Reason></s:Fault>");
    close_envelope(&mut out);
    out
}

/// Two faults are explained by a header block (SOAP 1.2 part 1 sections 5.4.7 and 5.4.8).
fn header_block(out: &mut String, fault: SoapFault, context: FaultContext<'_>) {
    match (fault, context.not_understood) {
        (SoapFault::VersionMismatch, _) => {
            out.push_str("<s:Upgrade><s:SupportedEnvelope qname=\"s:Envelope\"/></s:Upgrade>");
        }
        // a prefix cannot be bound to no namespace
        (SoapFault::MustUnderstand, Some((namespace, name))) if !namespace.is_empty() => {
            out.push_str("<s:NotUnderstood qname=\"h:");
            escape_attribute(out, name);
            out.push_str("\" xmlns:h=\"");
            escape_attribute(out, namespace);
            out.push_str("\"/>");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::reader::{XmlLimits, parse_document};

    fn document(header: &str, body: &str) -> Element {
        let text = format!(
            r#"<s:Envelope xmlns:s="{SOAP_12}" xmlns:a="{ADDRESSING}" xmlns:u="{UTILITY}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"#
        );
        parse_document(text.as_bytes(), XmlLimits::default()).unwrap()
    }

    fn refused(header: &str, body: &str) -> EnvelopeError {
        read_envelope(&document(header, body)).unwrap_err()
    }

    #[test]
    fn unknown_headers_are_ignored_unless_they_must_be_understood() {
        let read = document("<a:Action>x</a:Action><p:AuthInfo xmlns:p='urn:p'/>", "<b/>");
        assert_eq!(read_envelope(&read).unwrap().action, "x");
        for must in ["1", "true"] {
            let header = format!("<a:Action>x</a:Action><h xmlns='urn:h' s:mustUnderstand='{must}'/>");
            assert!(matches!(refused(&header, "<b/>"), EnvelopeError::NotUnderstood { .. }));
        }
    }

    #[test]
    fn malformed_envelopes_are_told_apart() {
        assert_eq!(refused("", "<b/>"), EnvelopeError::MissingAction);
        let twice = refused("<a:Action>x</a:Action><a:Action>y</a:Action>", "<b/>");
        assert_eq!(twice, EnvelopeError::DuplicateHeader("Action"));
        let bodies = refused("<a:Action>x</a:Action>", "<b/><c/>");
        assert!(matches!(bodies, EnvelopeError::Malformed(_)));
        let ids = refused("<a:Action u:Id='i'>x</a:Action>", "<b u:Id='i'/>");
        assert_eq!(ids, EnvelopeError::DuplicateIdentifier("i".into()));
        let soap11 =
            parse_document(b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>", XmlLimits::default());
        assert!(matches!(read_envelope(&soap11.unwrap()), Err(EnvelopeError::NotSoap12 { .. })));
    }

    #[test]
    fn every_fault_parses_back_and_keeps_its_subcode_namespace() {
        use SoapFault::*;
        for fault in [
            FailedAuthentication,
            PasswordExpired,
            AccessDenied,
            InvalidSecurity,
            InvalidScope,
            InvalidRequest,
            ActionNotSupported,
            InvalidAddressingHeader,
            AddressingHeaderRequired,
            MustUnderstand,
            VersionMismatch,
            InternalService,
        ] {
            let context = FaultContext {
                relates_to: Some("urn:uuid:1&2"),
                not_understood: Some(("urn:\"h&", "Session")),
                version: Version::V13,
            };
            let text = render_fault(fault, context, Timestamp::UNIX_EPOCH);
            let root = parse_document(text.as_bytes(), XmlLimits::default()).unwrap();
            let header = root.child(SOAP_12, "Header").unwrap();
            assert_eq!(header.child(ADDRESSING, "RelatesTo").unwrap().text, "urn:uuid:1&2");
            let not_understood = header.child(SOAP_12, "NotUnderstood").and_then(|block| block.attribute("", "qname"));
            assert_eq!(not_understood, (fault == MustUnderstand).then_some("h:Session"));
            assert_eq!(header.child(SOAP_12, "Upgrade").is_some(), fault == VersionMismatch);
            let body = root.child(SOAP_12, "Body").unwrap().child(SOAP_12, "Fault").unwrap();
            assert!(!body.child(SOAP_12, "Reason").unwrap().child(SOAP_12, "Text").unwrap().text.is_empty());
        }
        let unqualified = FaultContext { not_understood: Some(("", "Session")), ..FaultContext::default() };
        assert!(!render_fault(MustUnderstand, unqualified, Timestamp::UNIX_EPOCH).contains("NotUnderstood"));
        let denied = render_fault(AccessDenied, FaultContext::default(), Timestamp::UNIX_EPOCH);
        assert!(denied.contains("e:FailedAuthentication") && denied.contains("MSIS3126:"));
        assert!(!denied.contains("RelatesTo"));
        for version in [Version::February2005, Version::V13] {
            let scope =
                render_fault(InvalidScope, FaultContext { version, ..FaultContext::default() }, Timestamp::UNIX_EPOCH);
            assert!(scope.contains(&format!("xmlns:e=\"{}\">e:InvalidScope", version.namespace())), "{scope}");
        }
    }
}
