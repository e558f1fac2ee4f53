//! The request of a scenario, as it came over the wire.

use super::recipe::{self, BodyProblem, Listener, Scenario};
use super::{Mistake, keys, pki::Pki};
use crate::support::signature;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fedgate::chain::PresentedChain;
use fedgate::federation::Endpoint;
use fedgate::http::routes::CERTIFICATE_TRANSPORT;
use fedgate::sign_in::Evidence;
use fedgate::sign_in::evidence::{
    self, ConnectionEvidence, ListenerRole, ProxyHeader, ProxyHeaderName, RequestEvidence, TlsFacts,
};
use std::path::Path;
use uuid::Uuid;

/// The longest body a gateway reads unless configured otherwise.
const REQUEST_BYTES: usize = 64 * 1024;

pub(super) fn evidence(scenario: &Scenario, pki: &Pki) -> Result<Evidence, Mistake> {
    let request = &scenario.request;
    let presented = PresentedChain::new(pki.user.clone(), pki.sent.clone());
    let (listener, port) = match scenario.connection.listener {
        Listener::UserTls => (ListenerRole::UserTls, 49443),
        Listener::Service => (ListenerRole::Service, 443),
    };
    let visit = scenario.browser.as_ref();
    let (path, content_type) = match visit {
        None => (request.path.as_str(), request.content_type.as_str()),
        Some(visit) => (Endpoint::Passive.path(), visit.content_type.as_str()),
    };
    let body = match request.body {
        None if visit.is_some() => Ok(Vec::new()),
        None => Ok(message(scenario, pki)?.into_bytes()),
        Some(BodyProblem::TooLarge) => Err(evidence::BodyProblem::TooLarge { limit: REQUEST_BYTES }),
        Some(BodyProblem::Interrupted) => {
            Err(evidence::BodyProblem::Interrupted { reason: "not complete within 15 s".to_owned() })
        }
    };
    Ok(Evidence {
        at: scenario.at.0,
        correlation: Uuid::from_u128(0x11111111_2222_3333_4444_555555555555),
        assertion: Uuid::from_u128(0xaaaaaaaa_bbbb_cccc_dddd_eeeeeeeeeeee),
        connection: ConnectionEvidence {
            listener,
            peer: scenario.connection.peer.clone(),
            port,
            tls: TlsFacts {
                version: "TLSv1.3".to_owned(),
                cipher: "TLS_AES_256_GCM_SHA384".to_owned(),
                server_name: Some("sts.contoso.test".to_owned()),
                resumed: false,
            },
            presented: scenario.connection.certificate.then_some(presented),
        },
        request: RequestEvidence {
            path: path.to_owned(),
            endpoint: Endpoint::at(path).map_or(CERTIFICATE_TRANSPORT, Endpoint::path),
            content_type: Some(content_type.to_owned()).filter(|content_type| !content_type.is_empty()),
            soap_action: request.soap_action.clone(),
            client_request_id: None,
            user_agent: None,
            proxy_headers: proxy_headers(request)?,
            body,
        },
    })
}

/// Headers of other names are not what the gateway gathers.
fn proxy_headers(request: &recipe::Request) -> Result<Vec<ProxyHeader>, Mistake> {
    let mut headers = Vec::new();
    for (name, lines) in &request.headers {
        let known = ProxyHeaderName::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| Mistake::from(format!("{name:?} is no header of a proxy")))?;
        headers.extend(lines.as_slice().iter().map(|line| ProxyHeader { name: known, value: line.clone().into() }));
    }
    Ok(headers)
}

fn message(scenario: &Scenario, pki: &Pki) -> Result<String, Mistake> {
    let request = &scenario.request;
    let mut message = match &request.text {
        Some(text) => text.clone(),
        None => file(&request.message)?,
    };
    for (found, other) in &request.change {
        if !message.contains(found) {
            return Err(format!("the message has no {found:?} to change").into());
        }
        message = message.replace(found, other);
    }
    if request.signed {
        let key = keys::key("user", &scenario.certificate.key)?.private().private_key_to_pem_pkcs8()?;
        let template = message.replace("{certificate}", &STANDARD.encode(&pki.user));
        message = signature::sign(&template, std::str::from_utf8(&key)?);
    }
    for (found, other) in &request.change_signed {
        if !message.contains(found) {
            return Err(format!("the signed message has no {found:?} to change").into());
        }
        message = message.replace(found, other);
    }
    Ok(message)
}

/// A file of `tests/messages`, without the line end that editors leave.
pub(super) fn file(name: &str) -> Result<String, Mistake> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages").join(name);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.trim_end().to_owned())
}
