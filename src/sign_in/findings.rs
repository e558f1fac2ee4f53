//! What each stage found, in one sentence for the operator, and the identifiers a record carries.

use super::passive::{Asked, Message};
use super::{IssuedClaims, SignInRequest};
use crate::certificate::hexadecimal;
use crate::chain::{PresentedChain, ValidatedChain};
use crate::federation::{AdmittedRequest, TokenForm};
use crate::outcome::Detail;
use crate::revocation::{AcceptedChain, DeltaUse, NotCheckedReason, Revocation};
use crate::subject::{Account, MappedSubject};
use crate::token::SignedToken;
use std::fmt::Write;

pub(super) fn connection(presented: &Option<&PresentedChain>) -> String {
    let Some(presented) = presented else { return "A connection; the message has to prove who sent it.".to_owned() };
    format!("The client proved possession of a certificate's key and sent {} more.", presented.sent().len())
}

pub(super) fn browser(presented: &Option<&PresentedChain>) -> String {
    match presented {
        Some(_) => connection(presented),
        None => "A browser, without a certificate.".to_owned(),
    }
}

pub(super) fn message(message: &Message) -> String {
    match &message.asked {
        Asked::SignIn(sign_in) => format!("A {} for {}.", sign_in.protocol(), sign_in.applies_to()),
        Asked::Logout(logout) => format!("A SAML 2.0 logout request of {}.", logout.request.issuer),
        Asked::LoggedOut(response) => format!("A SAML 2.0 logout response of {}.", response.issuer),
        Asked::SignOut(_) => "A sign-out.".to_owned(),
        Asked::CleanUp => "A sign-out elsewhere.".to_owned(),
    }
}

pub(super) fn request(request: &SignInRequest) -> String {
    let (version, to) = (request.version.name(), request.applies_to.as_deref().unwrap_or("nobody"));
    format!("A WS-Trust {version} issue request for {to}.")
}

pub(super) fn admission(admitted: &AdmittedRequest) -> String {
    format!("It is for the relying party trust {:?}.", admitted.trust().name)
}

pub(super) fn chain(chain: &ValidatedChain) -> String {
    let mut finding = String::with_capacity(256);
    for (position, certificate) in chain.path().iter().enumerate() {
        finding.push_str(if position == 0 { "A path to a trusted root: " } else { " ← " });
        finding.push_str(certificate.subject().dotnet());
    }
    finding.push('.');
    finding
}

pub(super) fn revocation(chain: &AcceptedChain) -> String {
    let mut finding = String::with_capacity(384);
    finding.push_str("Nothing on the path is revoked:");
    for (certificate, revocation) in chain.path().iter().zip(chain.revocation()) {
        let serial = certificate.serial();
        let _ = match revocation {
            Revocation::Checked { url, next_update, delta, .. } => write!(
                finding,
                " {serial} by {url} (next update {next_update}{});",
                match delta {
                    None => String::new(),
                    Some(DeltaUse::Combined { url, number, .. }) => format!(", amended by the delta {number} at {url}"),
                    Some(DeltaUse::LeftOut(problem)) => format!(", without its delta: {problem}"),
                }
            ),
            Revocation::NotChecked(NotCheckedReason::Exempt { exemption, problem }) => write!(
                finding,
                " {serial} NOT CHECKED, exempt until {} ({}): {problem};",
                exemption.until, exemption.reason
            ),
            Revocation::CheckedByOcsp { url, next_update, .. } => {
                write!(finding, " {serial} by OCSP at {url} (next update {next_update});")
            }
            Revocation::NotChecked(NotCheckedReason::TrustAnchor) => {
                write!(finding, " {serial} by being a root of ours;")
            }
        };
    }
    finding.pop();
    finding.push('.');
    finding
}

pub(super) fn subject(subject: &MappedSubject) -> String {
    format!("The account {} by {}.", subject.account().entry().dn, subject.binding())
}

pub(super) fn named_account(account: &Account) -> String {
    format!("The account {} by its name, and the password is its own.", account.entry().dn)
}

pub(super) fn recalled_account(account: &Account) -> String {
    format!("The account {} by its name, as the session says.", account.entry().dn)
}

pub(super) fn claims(claims: &IssuedClaims) -> String {
    format!("The rules permit the sign-in and issue {} claims.", claims.claims().len())
}

pub(super) fn token(token: &SignedToken, form: TokenForm) -> String {
    let form = match form {
        TokenForm::Saml11 => "SAML 1.1",
        TokenForm::Saml20 => "SAML 2.0",
    };
    format!("A signed {form} token {}, valid until {}.", token.assertion_id(), token.not_on_or_after())
}

/// Where the client thought it was sending to. Behind a proxy and in certauth mode the host differs, so it is no reason to
/// refuse (ADFS-PROTOCOLS section 2.4), but it tells an operator of a wrong address.
pub(super) fn describe_request(request: &SignInRequest, identifiers: &mut Vec<Detail>) {
    const SHOWN: usize = 256;
    if let Some(to) = &request.to {
        identifiers.push(("to", to.chars().take(SHOWN).collect()));
    }
}

/// Identifiers of the presented certificate, as far as it can be read. Nothing is believed here: the record must say what
/// was presented even when it is refused a moment later.
pub(super) fn describe_presented(presented: &PresentedChain, identifiers: &mut Vec<Detail>) {
    if let Ok(certificate) = presented.leaf() {
        identifiers.push(("certificate_subject", certificate.subject().dotnet().to_owned()));
        identifiers.push(("certificate_issuer", certificate.issuer().dotnet().to_owned()));
        identifiers.push(("certificate_serial", certificate.serial().to_string()));
        identifiers.push(("certificate_sha256", hexadecimal::lower(*certificate.fingerprint())));
    }
}

/// A certificate that passed unchecked, and a delta CRL that was left out, are seen in every record.
pub(super) fn describe_revocation(chain: &AcceptedChain, identifiers: &mut Vec<Detail>) {
    for revocation in chain.revocation() {
        match revocation {
            Revocation::NotChecked(NotCheckedReason::Exempt { exemption, problem }) => {
                let text = format!("until {}, {}: {problem}", exemption.until, exemption.reason);
                identifiers.push(("revocation_exempt", text));
            }
            Revocation::Checked { delta: Some(DeltaUse::LeftOut(problem)), .. } => {
                identifiers.push(("delta_crl_left_out", problem.to_string()));
            }
            _ => {}
        }
    }
}

pub(super) fn describe_account(account: &Account, identifiers: &mut Vec<Detail>) {
    identifiers.push(("account", account.windows_account_name().to_owned()));
}
