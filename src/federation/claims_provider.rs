//! The claims a certificate sign-in begins with, before any rule: what the directory says of the account, what the
//! certificate says of itself, how and when the person signed in.

use crate::certificate::Certificate;
use crate::claims::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, certificate_claims, claim_types as types};
use crate::protocol::soap::format_instant;
use crate::sign_in::Evidence;
use crate::subject::MappedSubject;
use jiff::Timestamp;

/// TLS client authentication in the normalised form the rules see. The token writer turns it into `urn:ietf:rfc:2246`.
const TLS_CLIENT: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient";
const XSD_DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
/// Who makes statements about the request rather than the person.
const CLIENT_CONTEXT: &str = "CLIENT CONTEXT";
/// What a Web Application Proxy would put its host name in.
const PROXY_NAME: &str = "fedgate";

/// The incoming claims of the "Active Directory" claims provider trust.
pub fn incoming_claims(subject: &MappedSubject, certificate: &Certificate, at: Timestamp) -> Vec<Claim> {
    let mut claims = certificate_claims(certificate);
    let mut say = |claim_type: &str, value: String| claims.push(Claim::new(claim_type, value, AD_AUTHORITY));
    say(types::WINDOWS_ACCOUNT_NAME, subject.windows_account_name().to_owned());
    say(types::NAME, subject.windows_account_name().to_owned());
    if let Some(upn) = subject.user_principal_name() {
        say(types::UPN, upn.to_owned());
    }
    if let Some(sid) = subject.sid() {
        say(types::PRIMARY_SID, sid.to_owned());
    }
    claims.extend(authentication_claims(at));
    claims
}

/// How and when the person signed in.
fn authentication_claims(at: Timestamp) -> [Claim; 3] {
    [
        Claim::new(types::AUTHENTICATION_METHOD, TLS_CLIENT, AD_AUTHORITY),
        Claim::new(types::AUTHENTICATION_INSTANT, format_instant(at), AD_AUTHORITY).with_value_type(XSD_DATE_TIME),
        Claim::new(types::AUTHENTICATION_METHODS_REFERENCES, TLS_CLIENT, AD_AUTHORITY),
    ]
}

/// What is known of the request itself; the rules of a relying party see these without an acceptance rule, as in AD FS
/// from 2012 R2. The user TLS listener faces the internet and is its own proxy, so nobody is inside the corporate network:
/// the `X-MS-*` headers that could say otherwise are not believed from anybody yet. Rules ask for `x-ms-proxy` to know
/// that a request came from outside, and for the forwarded address to know from where; a deny rule that finds neither
/// would not fire (ADFS-PROTOCOLS section 10).
pub fn request_context(evidence: &Evidence) -> Vec<Claim> {
    let context =
        |name: &str, value: &str| Claim::new(format!("{}{name}", types::REQUEST_CONTEXT), value, CLIENT_CONTEXT);
    let client_ip = evidence.connection.peer.rsplit_once(':').map_or("", |(address, _)| address);
    let client_ip = client_ip.trim_matches(['[', ']']);
    let mut claims = vec![
        Claim::new(types::INSIDE_CORPORATE_NETWORK, "false", CLIENT_CONTEXT).with_value_type(XSD_BOOLEAN),
        context("x-ms-endpoint-absolute-path", &evidence.request.path),
        context("x-ms-proxy", PROXY_NAME),
        context("x-ms-client-ip", client_ip),
        context("x-ms-forwarded-client-ip", client_ip),
        context("userip", client_ip),
        context("client-request-id", &evidence.correlation.to_string()),
    ];
    if let Some(agent) = &evidence.request.user_agent {
        claims.push(context("x-ms-client-user-agent", agent));
    }
    claims
}

/// Adds how and when the person signed in, unless the rules already said so: AD FS supplies both by itself, and a token
/// must have both or neither.
pub(crate) fn complete_authentication(claims: &mut Vec<Claim>, at: Timestamp) {
    let says = |claims: &[Claim], claim_type: &str| claims.iter().any(|claim| claim.claim_type == claim_type);
    if says(claims, types::AUTHENTICATION_METHOD) || says(claims, types::AUTHENTICATION_INSTANT) {
        return;
    }
    let [mut method, mut instant, _] = authentication_claims(at);
    for claim in [&mut method, &mut instant] {
        LOCAL_AUTHORITY.clone_into(&mut claim.issuer);
    }
    claims.extend([method, instant]);
}

#[cfg(test)]
mod tests;
