//! Why a responder gave no answer to judge by. One variant per distinct fact; what an operator does next differs for each.

use super::super::DerError;
use super::response::ResponseStatus;
use jiff::Timestamp;

/// What went wrong with one responder (or that there is none).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcspFailure {
    /// Neither the configuration nor the certificate names a responder.
    #[error("there is no OCSP responder of {issuer} to ask: the certificate names none and none is configured")]
    NoUrl {
        /// The authority whose responder would be needed.
        issuer: String,
    },
    /// The address is not one that is asked.
    #[error("the OCSP address {url} cannot be used: {detail}")]
    UnsupportedAddress {
        /// The address.
        url: String,
        /// Why.
        detail: String,
    },
    /// No connection, or it broke off.
    #[error("the OCSP responder at {url} cannot be reached: {detail}")]
    Unreachable {
        /// The address.
        url: String,
        /// What the attempt said.
        detail: String,
    },
    /// No complete answer within the configured time.
    #[error("the OCSP responder at {url} did not answer within {seconds} s")]
    TimedOut {
        /// The address.
        url: String,
        /// The limit that ran out.
        seconds: u64,
    },
    /// An answer, but not 200.
    #[error("the OCSP responder at {url} answered with HTTP status {status}")]
    HttpStatus {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// Larger than an OCSP answer about one certificate can be.
    #[error("the answer of the OCSP responder at {url} is larger than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// Not an OCSP response.
    #[error("what {url} answered is not an OCSP response: {detail}")]
    Unreadable {
        /// The address.
        url: String,
        /// What the reader stumbled over.
        detail: DerError,
    },
    /// The responder asks to be left alone for now.
    #[error("the OCSP responder at {url} asks to try later")]
    TryLater {
        /// The address.
        url: String,
    },
    /// The responder answers with an error of its own.
    #[error("the OCSP responder at {url} refuses to answer: {}", .status.name())]
    Refused {
        /// The address.
        url: String,
        /// Its reason.
        status: ResponseStatus,
    },
    /// Signed by somebody who may not answer for this authority.
    #[error("the answer at {url} was signed by {responder}, who may not: {detail}")]
    NotAuthorised {
        /// The address.
        url: String,
        /// Who signed.
        responder: String,
        /// What is missing.
        detail: String,
    },
    /// The signature does not verify.
    #[error("the signature of the OCSP answer at {url} does not verify")]
    SignatureInvalid {
        /// The address.
        url: String,
    },
    /// Signed with SHA-1, which the operator does not allow.
    #[error("the OCSP answer at {url} is signed with SHA-1 ({algorithm}), which [trust] allow_sha1 does not allow")]
    WeakSignature {
        /// The address.
        url: String,
        /// Dotted OID of the signature algorithm.
        algorithm: String,
    },
    /// An algorithm or an extension that this gateway does not judge.
    #[error("the OCSP answer at {url} is of a kind that is not judged: it has {what}")]
    Unsupported {
        /// The address.
        url: String,
        /// What it is.
        what: String,
    },
    /// It repeats another nonce than ours: a replay, or a cache in between.
    #[error("the OCSP answer at {url} repeats another nonce than the one it was asked with")]
    NonceMismatch {
        /// The address.
        url: String,
    },
    /// Nothing in it is about the certificate asked about.
    #[error("the OCSP answer at {url} is about another certificate")]
    OfAnotherCertificate {
        /// The address.
        url: String,
    },
    /// It is past its nextUpdate.
    #[error("the OCSP answer at {url} expired at {next_update}")]
    Expired {
        /// The address.
        url: String,
        /// When.
        next_update: Timestamp,
    },
    /// It is from the future, beyond the allowed clock skew.
    #[error("the OCSP answer at {url} counts only from {this_update}")]
    NotYetValid {
        /// The address.
        url: String,
        /// From when it counts.
        this_update: Timestamp,
    },
    /// It does not say how long it counts.
    #[error("the OCSP answer at {url} has no nextUpdate, so it could be of any age")]
    WithoutNextUpdate {
        /// The address.
        url: String,
    },
    /// The responder does not know the certificate.
    #[error("the OCSP responder at {url} does not know the certificate")]
    UnknownCertificate {
        /// The address.
        url: String,
    },
}

/// One responder that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspAttempt {
    /// What went wrong.
    pub failure: OcspFailure,
    /// The failure is remembered, and the responder not asked again before.
    pub retry_at: Option<Timestamp>,
}

impl From<OcspFailure> for OcspAttempt {
    fn from(failure: OcspFailure) -> Self {
        Self { failure, retry_at: None }
    }
}

impl std::fmt::Display for OcspAttempt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.failure)?;
        match self.retry_at {
            Some(moment) => write!(formatter, "; it will be asked again after {moment}"),
            None => Ok(()),
        }
    }
}

/// No responder gave an answer to judge by. The last attempt names the cause; those before it are kept for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{last}{}", Earlier(.earlier))]
pub struct OcspUnavailable {
    /// The last responder asked.
    pub last: Box<OcspAttempt>,
    /// Those asked before, in order.
    pub earlier: Vec<OcspAttempt>,
}

impl OcspUnavailable {
    /// The fact that decides the outcome.
    pub fn cause(&self) -> &OcspFailure {
        &self.last.failure
    }
}

impl From<OcspFailure> for OcspUnavailable {
    fn from(failure: OcspFailure) -> Self {
        Self { last: Box::new(failure.into()), earlier: Vec::new() }
    }
}

struct Earlier<'a>(&'a [OcspAttempt]);

impl std::fmt::Display for Earlier<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|attempt| write!(formatter, "; before that: {attempt}"))
    }
}
