//! What the client gets: the shape of ADFS-PROTOCOLS section 2.7, written down a second time as the product's judge, and
//! nothing in it that a stranger should not learn.

use super::message;
use super::people::PASSWORD;
use super::run::{Ending, Run};
use fedgate::chain::PresentedChain;
use fedgate::http::render::Answer;
use fedgate::outcome::{Disposition, Outcome, SoapFault, Wire};
use fedgate::protocol::soap::format_instant;
use fedgate::sign_in::Stage;
use jiff::SignedDuration;

const SOAP: &str = "application/soap+xml; charset=utf-8";
const SECURITY: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const TRUST_13: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
const TRUST: &str = "http://schemas.xmlsoap.org/ws/2005/02/trust";
const ADDRESSING: &str = "http://www.w3.org/2005/08/addressing";
const DISPATCHER: &str = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher";

/// A WS-Trust client's sign-in that was answered.
pub(super) struct Answered<'a> {
    pub(super) run: &'a Run,
    pub(super) ending: &'a Ending,
    pub(super) answer: &'a Answer,
}

pub(super) fn complaints(answered: &Answered<'_>) -> Vec<String> {
    let wire = answered.ending.verdict.outcome.entry().wire;
    let mut complaints = match wire {
        Wire::Token => token(answered),
        Wire::Fault(fault) => self::fault(answered, fault),
        Wire::BadRequest => page(answered, 400),
        Wire::Forbidden => page(answered, 403),
        Wire::RequestTimeout => page(answered, 408),
        Wire::PayloadTooLarge => page(answered, 413),
        Wire::UnsupportedMediaType => page(answered, 415),
    };
    complaints.extend(expected(answered));
    if wire != Wire::Token {
        complaints.extend(leaks(answered));
    }
    complaints
}

/// What the file says of the answer.
fn expected(answered: &Answered<'_>) -> Vec<String> {
    let Some(wire) = &answered.run.scenario.expect.wire else { return Vec::new() };
    let mut complaints = Vec::new();
    if answered.answer.status != wire.status {
        complaints.push(format!("the status is {}", answered.answer.status));
    }
    let found = (subcode(&answered.answer.body), reason(&answered.answer.body));
    if wire.subcode.is_some() && found.0 != wire.subcode {
        complaints.push(format!("the subcode is {:?}", found.0));
    }
    let text = found.1.unwrap_or(&answered.answer.body);
    if wire.begins.as_ref().is_some_and(|begins| !text.starts_with(begins.as_str())) {
        complaints.push(format!("the answer says {text:?}"));
    }
    complaints
}

fn token(answered: &Answered<'_>) -> Vec<String> {
    let Some(issued) = &answered.ending.verdict.issued else { return vec!["nothing was issued".to_owned()] };
    let prefix = if is_13(answered) { "trust" } else { "t" };
    let (answer, mut complaints) = (&answered.answer, head(answered, 200, SOAP));
    if !answer.body.contains(&format!("<{prefix}:RequestedSecurityToken>{}</{prefix}:", issued.token.as_str())) {
        complaints.push("the token is not in the answer byte for byte".to_owned());
    }
    complaints
}

fn head(answered: &Answered<'_>, status: u16, content_type: &str) -> Vec<String> {
    let found = (answered.answer.status, answered.answer.content_type);
    if found == (status, content_type) { Vec::new() } else { vec![format!("the answer is {found:?}")] }
}

/// What a person reads: what to do next, the code and the reference.
fn page(answered: &Answered<'_>, status: u16) -> Vec<String> {
    let entry = answered.ending.verdict.outcome.entry();
    let mut complaints = head(answered, status, "text/plain; charset=utf-8");
    for part in [entry.user_text, entry.code, &answered.run.evidence.correlation.to_string()] {
        if !answered.answer.body.contains(part) {
            complaints.push(format!("the page does not say {part:?}"));
        }
    }
    complaints
}

/// Whether the endpoint speaks WS-Trust 1.3.
fn is_13(answered: &Answered<'_>) -> bool {
    answered.run.scenario.request.path.contains("/13/")
}

/// Code, subcode and the start of the reason.
fn shape(fault: SoapFault, trust: &'static str) -> (&'static str, Option<(&'static str, &'static str)>, &'static str) {
    let sender = |namespace, name, reason| ("s:Sender", Some((namespace, name)), reason);
    match fault {
        SoapFault::FailedAuthentication => sender(SECURITY, "FailedAuthentication", "ID3242: "),
        SoapFault::PasswordExpired => sender(SECURITY, "FailedAuthentication.ExpiredPassword", "ID3242: "),
        SoapFault::AccessDenied => sender(SECURITY, "FailedAuthentication", "MSIS3126: "),
        SoapFault::InvalidSecurity => sender(SECURITY, "InvalidSecurity", "An error occurred"),
        SoapFault::InvalidScope => sender(trust, "InvalidScope", "ID3082: "),
        SoapFault::InvalidRequest => sender(trust, "InvalidRequest", ""),
        SoapFault::ActionNotSupported => sender(ADDRESSING, "ActionNotSupported", ""),
        SoapFault::InvalidAddressingHeader => sender(ADDRESSING, "InvalidAddressingHeader", ""),
        SoapFault::AddressingHeaderRequired => sender(ADDRESSING, "MessageAddressingHeaderRequired", ""),
        SoapFault::MustUnderstand => ("s:MustUnderstand", None, ""),
        SoapFault::VersionMismatch => ("s:VersionMismatch", None, ""),
        SoapFault::InternalService => ("s:Receiver", Some((DISPATCHER, "InternalServiceFault")), ""),
    }
}

fn fault(answered: &Answered<'_>, fault: SoapFault) -> Vec<String> {
    let (mut complaints, body) = (head(answered, 500, SOAP), answered.answer.body.as_str());
    let (code, subcode, reason_begins) = shape(fault, if is_13(answered) { TRUST_13 } else { TRUST });
    let code = format!("<s:Fault><s:Code><s:Value>{code}</s:Value>");
    let subcode = subcode.map_or_else(String::new, |(namespace, name)| {
        format!("<s:Subcode><s:Value xmlns:e=\"{namespace}\">e:{name}</s:Value></s:Subcode>")
    });
    if !body.contains(&format!("{code}{subcode}</s:Code>")) {
        complaints.push(format!("the fault is not {code} {subcode}"));
    }
    let block = match (fault, &answered.run.scenario.expect.wire) {
        (SoapFault::VersionMismatch, _) => Some("<s:Upgrade><s:SupportedEnvelope qname=\"s:Envelope\"/></s:Upgrade>"),
        (SoapFault::MustUnderstand, Some(wire)) => wire.header.as_deref(),
        _ => None,
    };
    if block.is_some_and(|block| !body.contains(&format!("{block}</s:Header>"))) {
        complaints.push(format!("the fault's header does not have {block:?}"));
    }
    if !reason(body).is_some_and(|reason| reason.starts_with(reason_begins) && !reason.is_empty()) {
        complaints.push(format!("the reason does not begin with {reason_begins:?}"));
    }
    let entry = answered.ending.verdict.outcome.entry();
    let admitted = entry.stage.digit() >= '4';
    let may = match fault {
        SoapFault::InternalService => entry.disposition == Disposition::Fail,
        SoapFault::AccessDenied => entry.stage == Stage::Claims,
        SoapFault::PasswordExpired => answered.ending.verdict.outcome == Outcome::PasswordExpired,
        _ => true,
    };
    if !may {
        complaints.push(format!("{fault:?} would tell this refusal from the others"));
    }
    match sample(answered, fault) {
        Some(sample) if body != sample => {
            complaints.push("the fault is not, letter for letter, the one that all such refusals share".to_owned());
        }
        None if admitted && fault != SoapFault::PasswordExpired => {
            complaints.push("no such fault may come of an admitted request".to_owned())
        }
        _ => {}
    }
    complaints
}

/// The fault that every refusal of this kind shares: nothing in it may depend on the certificate, the account, the rules or
/// the reason, only on the request's MessageID and the moment.
fn sample(answered: &Answered<'_>, fault: SoapFault) -> Option<String> {
    let file = match fault {
        SoapFault::FailedAuthentication => "fault-failed-authentication.xml",
        SoapFault::AccessDenied => "fault-access-denied.xml",
        SoapFault::InternalService => "fault-internal-service.xml",
        SoapFault::InvalidSecurity => "fault-invalid-security.xml",
        _ => return None,
    };
    let sample = message::file(file).unwrap();
    let related = "<a:RelatesTo>urn:uuid:6e8ce948-eb66-4720-916b-0695697e6e45</a:RelatesTo>";
    assert!(sample.contains(related), "{file}");
    let to = answered.ending.verdict.relates_to.as_ref();
    let relates_to = to.map_or_else(String::new, |id| format!("<a:RelatesTo>{id}</a:RelatesTo>"));
    let at = answered.run.evidence.at;
    let until = at + SignedDuration::from_mins(5);
    Some(
        sample
            .replace(related, &relates_to)
            .replace("2026-01-10T10:00:00.123Z", &format_instant(at))
            .replace("2026-01-10T10:05:00.123Z", &format_instant(until)),
    )
}

/// Everything that only the operator may know.
fn leaks(answered: &Answered<'_>) -> Vec<String> {
    let (record, presented) = (&answered.ending.record, answered.run.evidence.connection.presented.as_ref());
    let mut secrets = vec![
        PASSWORD.to_owned(),
        "p&amp;&lt;".to_owned(),
        "CN=".to_owned(),
        "CONTOSO\\".to_owned(),
        "contoso.test".to_owned(),
        record.finding.clone(),
    ];
    if let Some(Ok(certificate)) = presented.map(PresentedChain::leaf) {
        secrets.push(answered.run.scenario.certificate.subject.clone());
        secrets.push(certificate.serial().to_string());
        secrets.extend(certificate.user_principal_names().chain(certificate.rfc822_names()).map(str::to_owned));
    }
    let stage = answered.ending.verdict.outcome.entry().stage.digit();
    if stage >= '4' {
        secrets.push("FG".to_owned());
        secrets.push(answered.ending.verdict.outcome.name().to_owned());
        let told = record.details.iter().chain(&record.identifiers).map(|(_, value)| value.clone());
        secrets.extend(told.filter(|value| value.len() > 5));
    }
    let found = secrets.into_iter().filter(|secret| answered.answer.body.contains(secret.as_str()));
    found.map(|secret| format!("the answer reveals {secret:?}")).collect()
}

/// `wsse:FailedAuthentication`: the namespace by the prefix it usually has, the name.
fn subcode(body: &str) -> Option<String> {
    let value = between(body, "<s:Subcode><s:Value xmlns:e=\"", "</s:Value>")?;
    let (namespace, name) = value.split_once("\">e:")?;
    let prefixes = [(SECURITY, "wsse"), (TRUST, "wst"), (ADDRESSING, "wsa"), (DISPATCHER, "wcf")];
    let (_, prefix) = prefixes.into_iter().find(|(known, _)| *known == namespace)?;
    Some(format!("{prefix}:{name}"))
}

fn reason(body: &str) -> Option<&str> {
    between(body, "<s:Reason><s:Text xml:lang=\"en-US\">", "</s:Text>")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// A token answer with the assertion and its identifier taken out.
pub(super) fn without_token(body: &str) -> String {
    let assertion = between(body, "<t:RequestedSecurityToken>", "</t:RequestedSecurityToken>").unwrap_or_default();
    let id = between(assertion, "AssertionID=\"", "\"").unwrap_or("(there is no assertion)");
    body.replace(assertion, "(assertion)").replace(id, "(id)")
}
