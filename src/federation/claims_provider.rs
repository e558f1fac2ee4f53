//! The claims a sign-in begins with, before any rule: what the directory says of the account, what the certificate says of
//! itself, how and when the person signed in.

use super::Authentication;
use crate::certificate::Certificate;
use crate::claims::{AD_AUTHORITY, Claim, LOCAL_AUTHORITY, certificate_claims, claim_types as types};
use crate::subject::Account;

/// The incoming claims of the "Active Directory" claims provider trust, as far as their types are wanted: a claim that no
/// rule can read need not be made.
pub fn incoming_claims(
    account: &Account,
    certificate: Option<&Certificate>,
    authentication: &Authentication,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Claim> {
    let mut claims = certificate.map_or_else(Vec::new, |certificate| certificate_claims(certificate, &wanted));
    let mut say = |claim_type: &'static str, value: Option<&str>| {
        if let Some(value) = value.filter(|_| wanted(claim_type)) {
            claims.push(Claim::new(claim_type, value.to_owned(), AD_AUTHORITY));
        }
    };
    say(types::WINDOWS_ACCOUNT_NAME, Some(account.windows_account_name()));
    say(types::NAME, Some(account.windows_account_name()));
    say(types::UPN, account.user_principal_name());
    say(types::PRIMARY_SID, account.sid());
    if wanted(types::AUTHENTICATION_METHOD) {
        claims.push(authentication.method_claim());
    }
    if wanted(types::AUTHENTICATION_INSTANT) {
        claims.push(authentication.instant_claim());
    }
    if wanted(types::AUTHENTICATION_METHODS_REFERENCES) {
        claims.extend(authentication.reference_claims());
    }
    claims
}

/// What AD FS says among the methods when there were several factors.
pub(crate) fn multiple_authentication() -> Claim {
    Claim::new(types::AUTHENTICATION_METHODS_REFERENCES, types::MULTIPLE_AUTHENTICATION, AD_AUTHORITY)
}

/// Adds how and when the person signed in, unless the rules already said so: AD FS supplies both by itself, and a token
/// must have both or neither.
pub(crate) fn complete_authentication(claims: &mut Vec<Claim>, authentication: &Authentication) {
    let says = |claims: &[Claim], claim_type: &str| claims.iter().any(|claim| claim.claim_type == claim_type);
    if says(claims, types::AUTHENTICATION_METHOD) || says(claims, types::AUTHENTICATION_INSTANT) {
        return;
    }
    for mut claim in [authentication.method_claim(), authentication.instant_claim()] {
        claim.issuer = LOCAL_AUTHORITY.into();
        claims.push(claim);
    }
}

#[cfg(test)]
mod tests;
