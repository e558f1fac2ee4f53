//! The claims a certificate sign-in begins with, before any rule: what the directory says of the account, what the
//! certificate says of itself, how and when the person signed in.

use crate::certificate::Certificate;
use crate::claims::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, certificate_claims, claim_types as types};
use crate::protocol::soap::format_instant;
use crate::subject::MappedSubject;
use jiff::Timestamp;

/// TLS client authentication in the normalised form the rules see. The token writer turns it into `urn:ietf:rfc:2246`.
const TLS_CLIENT: &str = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/tlsclient";
const XSD_DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

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
pub(super) fn authentication_claims(at: Timestamp) -> [Claim; 3] {
    [
        Claim::new(types::AUTHENTICATION_METHOD, TLS_CLIENT, AD_AUTHORITY),
        Claim::new(types::AUTHENTICATION_INSTANT, format_instant(at), AD_AUTHORITY).with_value_type(XSD_DATE_TIME),
        Claim::new(types::AUTHENTICATION_METHODS_REFERENCES, TLS_CLIENT, AD_AUTHORITY),
    ]
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
