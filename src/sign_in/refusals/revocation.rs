//! A path of which something is revoked, or nothing can be said.

use super::ocsp;
use crate::chain::CertificateRole;
use crate::outcome::{Outcome, Refusal};
use crate::revocation::{CrlFailure, RevocationError, RevocationReason};

impl From<RevocationError> for Refusal {
    fn from(error: RevocationError) -> Self {
        let certificate = &error.certificate().certificate;
        let refusal = Self::because(outcome(&error), &error)
            .with("subject", certificate.subject().dotnet())
            .with("issuer", certificate.issuer().dotnet())
            .with("serial", certificate.serial().to_string());
        match &error {
            RevocationError::Revoked { reason, since, url, .. } => {
                refusal.with("reason", reason.to_string()).with("revoked_at", since.to_string()).with("crl", url)
            }
            RevocationError::RevokedByOcsp { reason, since, url, .. } => {
                refusal.with("reason", reason.to_string()).with("revoked_at", since.to_string()).with("ocsp", url)
            }
            RevocationError::OcspUnavailable { failure, .. } => ocsp::particulars(refusal, failure.cause()),
            RevocationError::OnHold { since, url, .. } => {
                let reason = RevocationReason::CertificateHold.name();
                refusal.with("reason", reason).with("revoked_at", since.to_string()).with("crl", url)
            }
            RevocationError::CrlExpired { next_update, url, .. } => {
                refusal.with("next_update", next_update.to_string()).with("crl", url)
            }
            RevocationError::CrlNotYetValid { this_update, url, .. } => {
                refusal.with("this_update", this_update.to_string()).with("crl", url)
            }
            RevocationError::CrlWithoutNextUpdate { url, .. } => refusal.with("crl", url),
            RevocationError::ReasonsUncovered { url, covered, .. } => {
                refusal.with("crl", url).with("covered", covered.to_string())
            }
            RevocationError::Unavailable { failure, .. } => particulars(refusal, failure.cause()),
            RevocationError::Unanswered { .. } => refusal,
        }
    }
}

fn outcome(error: &RevocationError) -> Outcome {
    match error {
        // for the authority's users a suspension is the same, and an outage for all of them
        RevocationError::Revoked { certificate, .. }
        | RevocationError::OnHold { certificate, .. }
        | RevocationError::RevokedByOcsp { certificate, .. }
            if certificate.role != CertificateRole::Leaf =>
        {
            Outcome::AuthorityRevoked
        }
        RevocationError::RevokedByOcsp { reason: RevocationReason::CertificateHold, .. } => Outcome::OnHold,
        RevocationError::Revoked { .. } | RevocationError::RevokedByOcsp { .. } => Outcome::Revoked,
        RevocationError::OcspUnavailable { failure, .. } => ocsp::outcome(failure.cause()),
        RevocationError::OnHold { .. } => Outcome::OnHold,
        RevocationError::CrlExpired { .. } => Outcome::CrlExpired,
        RevocationError::CrlNotYetValid { .. } => Outcome::CrlNotYetValid,
        RevocationError::CrlWithoutNextUpdate { .. } => Outcome::CrlWithoutNextUpdate,
        RevocationError::ReasonsUncovered { .. } => Outcome::CrlReasonsUncovered,
        RevocationError::Unavailable { failure, .. } => unavailable(failure.cause()),
        RevocationError::Unanswered { .. } => Outcome::CrlUnanswered,
    }
}

fn unavailable(cause: &CrlFailure) -> Outcome {
    match cause {
        CrlFailure::NoUrl { .. } => Outcome::CrlNotConfigured,
        CrlFailure::UnsupportedScheme { .. } => Outcome::CrlSchemeUnsupported,
        CrlFailure::Unreachable { .. } => Outcome::CrlUnreachable,
        CrlFailure::TimedOut { .. } => Outcome::CrlTimedOut,
        CrlFailure::HttpStatus { .. } => Outcome::CrlHttpStatus,
        CrlFailure::AddressForbidden { .. } => Outcome::CrlAddressForbidden,
        CrlFailure::Redirected { .. } => Outcome::CrlRedirected,
        CrlFailure::Compressed { .. } => Outcome::CrlCompressed,
        CrlFailure::BrokenOff { .. } => Outcome::CrlBrokenOff,
        CrlFailure::TooLarge { .. } => Outcome::CrlTooLarge,
        CrlFailure::Unreadable { .. } => Outcome::CrlUnreadable,
        CrlFailure::WrongIssuer { .. } => Outcome::CrlOfAnotherAuthority,
        CrlFailure::WrongIssuerKey { .. } => Outcome::CrlOfAnotherKey,
        CrlFailure::IssuerMayNotSign { .. } => Outcome::CrlSignerNotAllowed,
        CrlFailure::BadSignature { .. } => Outcome::CrlSignatureInvalid,
        CrlFailure::WeakSignature { .. } => Outcome::CrlSignatureWeak,
        CrlFailure::SignerNotTrusted { .. } => Outcome::CrlSignerNotTrusted,
        CrlFailure::Unsupported { .. } => Outcome::CrlUnsupported,
        CrlFailure::OutOfScope { .. } => Outcome::CrlOutOfScope,
        CrlFailure::RolledBack { .. } => Outcome::CrlRolledBack,
        CrlFailure::DeltaAlone { .. } => Outcome::CrlDeltaAlone,
    }
}

fn particulars(refusal: Refusal, cause: &CrlFailure) -> Refusal {
    match cause {
        CrlFailure::NoUrl { .. } => refusal,
        CrlFailure::UnsupportedScheme { url, detail } => refusal.with("crl", url).with("detail", *detail),
        CrlFailure::Unreachable { url, detail } => refusal.with("crl", url).with("detail", detail),
        CrlFailure::TimedOut { url, seconds } => refusal.with("crl", url).with("limit", format!("{seconds} s")),
        CrlFailure::HttpStatus { url, status } => refusal.with("crl", url).with("status", status.to_string()),
        CrlFailure::AddressForbidden { url, place, rule } => {
            refusal.with("crl", url).with("address", place).with("rule", rule)
        }
        CrlFailure::Redirected { url, detail } => refusal.with("crl", url).with("detail", detail),
        CrlFailure::Compressed { url, coding } => refusal.with("crl", url).with("coding", coding),
        CrlFailure::BrokenOff { url, received, detail } => {
            refusal.with("crl", url).with("detail", format!("{detail} after {received} bytes"))
        }
        CrlFailure::TooLarge { url, limit } => refusal.with("crl", url).with("limit", limit.to_string()),
        CrlFailure::Unreadable { url, detail } => refusal.with("crl", url).with("detail", detail.to_string()),
        CrlFailure::WrongIssuer { url, found, expected } => {
            refusal.with("crl", url).with("found", found).with("expected", expected)
        }
        CrlFailure::WrongIssuerKey { url, found, expected, .. } => {
            refusal.with("crl", url).with("found", found).with("expected", expected)
        }
        CrlFailure::IssuerMayNotSign { url, .. }
        | CrlFailure::BadSignature { url }
        | CrlFailure::DeltaAlone { url } => refusal.with("crl", url),
        CrlFailure::WeakSignature { url, algorithm } => refusal.with("crl", url).with("algorithm", algorithm),
        CrlFailure::SignerNotTrusted { url, signer, detail } => {
            refusal.with("crl", url).with("signer", signer).with("detail", detail)
        }
        CrlFailure::Unsupported { url, what } => refusal.with("crl", url).with("detail", what),
        CrlFailure::OutOfScope { url, detail } => refusal.with("crl", url).with("scope", detail),
        CrlFailure::RolledBack { url, held, offered } => {
            refusal.with("crl", url).with("held", held).with("offered", offered)
        }
    }
}
