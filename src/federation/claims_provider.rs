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

/// The incoming claims of the "Active Directory" claims provider trust, as far as their types are wanted: a claim that no
/// rule can read need not be made.
pub fn incoming_claims(
    subject: &MappedSubject,
    certificate: &Certificate,
    at: Timestamp,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Claim> {
    let mut claims = certificate_claims(certificate, &wanted);
    let mut say = |claim_type: &'static str, value: Option<&str>| {
        if let Some(value) = value.filter(|_| wanted(claim_type)) {
            claims.push(Claim::new(claim_type, value.to_owned(), AD_AUTHORITY));
        }
    };
    say(types::WINDOWS_ACCOUNT_NAME, Some(subject.windows_account_name()));
    say(types::NAME, Some(subject.windows_account_name()));
    say(types::UPN, subject.user_principal_name());
    say(types::PRIMARY_SID, subject.sid());
    claims.extend(authentication_claims(at).into_iter().filter(|claim| wanted(&claim.claim_type)));
    claims
}

/// What AD FS says among the methods when there were several factors.
pub(crate) fn multiple_authentication() -> Claim {
    Claim::new(types::AUTHENTICATION_METHODS_REFERENCES, types::MULTIPLE_AUTHENTICATION, AD_AUTHORITY)
}

/// How and when the person signed in.
fn authentication_claims(at: Timestamp) -> [Claim; 3] {
    [
        Claim::new(types::AUTHENTICATION_METHOD, TLS_CLIENT, AD_AUTHORITY),
        Claim::new(types::AUTHENTICATION_INSTANT, format_instant(at), AD_AUTHORITY).with_value_type(XSD_DATE_TIME),
        Claim::new(types::AUTHENTICATION_METHODS_REFERENCES, TLS_CLIENT, AD_AUTHORITY),
    ]
}

macro_rules! context {
    ($name:literal) => {
        concat!("http://schemas.microsoft.com/2012/01/requestcontext/claims/", $name)
    };
}

/// What is known of the request itself, as far as the types are wanted; the rules of a relying party see these without an
/// acceptance rule, as in AD FS from 2012 R2. The user TLS listener faces the internet and is its own proxy, so nobody is
/// inside the corporate network: the `X-MS-*` headers that could say otherwise are not believed from anybody yet. Rules ask
/// for `x-ms-proxy` to know that a request came from outside, and for the forwarded address to know from where; a deny
/// rule that finds neither would not fire (ADFS-PROTOCOLS section 10).
pub fn request_context(evidence: &Evidence, wanted: impl Fn(&str) -> bool) -> Vec<Claim> {
    let client_ip = evidence.connection.peer.rsplit_once(':').map_or("", |(address, _)| address);
    let client_ip = client_ip.trim_matches(['[', ']']);
    let mut claims = Vec::with_capacity(8);
    if wanted(types::INSIDE_CORPORATE_NETWORK) {
        let inside = Claim::new(types::INSIDE_CORPORATE_NETWORK, "false", CLIENT_CONTEXT);
        claims.push(inside.with_value_type(XSD_BOOLEAN));
    }
    let mut say = |claim_type: &'static str, value: &dyn Fn() -> String| {
        if wanted(claim_type) {
            claims.push(Claim::new(claim_type, value(), CLIENT_CONTEXT));
        }
    };
    say(context!("x-ms-endpoint-absolute-path"), &|| evidence.request.path.clone());
    say(context!("x-ms-proxy"), &|| PROXY_NAME.to_owned());
    say(context!("x-ms-client-ip"), &|| client_ip.to_owned());
    say(context!("x-ms-forwarded-client-ip"), &|| client_ip.to_owned());
    say(context!("userip"), &|| client_ip.to_owned());
    say(context!("client-request-id"), &|| evidence.correlation.to_string());
    if let Some(agent) = &evidence.request.user_agent {
        say(context!("x-ms-client-user-agent"), &|| agent.clone());
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
    let [method, instant, _] = authentication_claims(at);
    for mut claim in [method, instant] {
        claim.issuer = LOCAL_AUTHORITY.into();
        claims.push(claim);
    }
}

#[cfg(test)]
mod tests;
