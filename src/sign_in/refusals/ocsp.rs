//! No responder gave an answer to judge by.

use crate::outcome::{Outcome, Refusal};
use crate::revocation::ocsp::OcspFailure;

pub(super) fn outcome(cause: &OcspFailure) -> Outcome {
    match cause {
        OcspFailure::NoUrl { .. } => Outcome::OcspNotConfigured,
        OcspFailure::UnsupportedAddress { .. } => Outcome::OcspAddressUnusable,
        OcspFailure::Unreachable { .. } => Outcome::OcspUnreachable,
        OcspFailure::TimedOut { .. } => Outcome::OcspTimedOut,
        OcspFailure::HttpStatus { .. } => Outcome::OcspHttpStatus,
        OcspFailure::TooLarge { .. } => Outcome::OcspTooLarge,
        OcspFailure::Unreadable { .. } => Outcome::OcspUnreadable,
        OcspFailure::TryLater { .. } => Outcome::OcspTryLater,
        OcspFailure::Refused { .. } => Outcome::OcspRefused,
        OcspFailure::NotAuthorised { .. } => Outcome::OcspNotAuthorised,
        OcspFailure::SignatureInvalid { .. } => Outcome::OcspSignatureInvalid,
        OcspFailure::WeakSignature { .. } => Outcome::OcspSignatureWeak,
        OcspFailure::Unsupported { .. } => Outcome::OcspUnsupported,
        OcspFailure::NonceMismatch { .. } => Outcome::OcspNonceMismatch,
        OcspFailure::OfAnotherCertificate { .. } => Outcome::OcspOfAnotherCertificate,
        OcspFailure::Expired { .. } => Outcome::OcspExpired,
        OcspFailure::NotYetValid { .. } => Outcome::OcspNotYetValid,
        OcspFailure::WithoutNextUpdate { .. } => Outcome::OcspWithoutNextUpdate,
        OcspFailure::UnknownCertificate { .. } => Outcome::OcspUnknownCertificate,
    }
}

pub(super) fn particulars(refusal: Refusal, cause: &OcspFailure) -> Refusal {
    match cause {
        OcspFailure::NoUrl { .. } => refusal,
        OcspFailure::UnsupportedAddress { url, detail } | OcspFailure::Unreachable { url, detail } => {
            refusal.with("ocsp", url).with("detail", detail)
        }
        OcspFailure::TimedOut { url, seconds } => refusal.with("ocsp", url).with("limit", format!("{seconds} s")),
        OcspFailure::HttpStatus { url, status } => refusal.with("ocsp", url).with("status", status.to_string()),
        OcspFailure::TooLarge { url, limit } => refusal.with("ocsp", url).with("limit", limit.to_string()),
        OcspFailure::Unreadable { url, detail } => refusal.with("ocsp", url).with("detail", detail.to_string()),
        OcspFailure::Refused { url, status } => refusal.with("ocsp", url).with("status", status.name()),
        OcspFailure::NotAuthorised { url, responder, detail } => {
            refusal.with("ocsp", url).with("responder", responder).with("detail", detail)
        }
        OcspFailure::WeakSignature { url, algorithm } => refusal.with("ocsp", url).with("algorithm", algorithm),
        OcspFailure::Unsupported { url, what } => refusal.with("ocsp", url).with("detail", what),
        OcspFailure::Expired { url, next_update } => {
            refusal.with("ocsp", url).with("next_update", next_update.to_string())
        }
        OcspFailure::NotYetValid { url, this_update } => {
            refusal.with("ocsp", url).with("this_update", this_update.to_string())
        }
        OcspFailure::TryLater { url }
        | OcspFailure::SignatureInvalid { url }
        | OcspFailure::NonceMismatch { url }
        | OcspFailure::OfAnotherCertificate { url }
        | OcspFailure::WithoutNextUpdate { url }
        | OcspFailure::UnknownCertificate { url } => refusal.with("ocsp", url),
    }
}
