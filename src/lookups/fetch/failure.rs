//! Why a fetch brought nothing. One variant per distinct fact, whatever was to be fetched.

use super::address_policy::Forbidden;
use crate::revocation::CrlFailure;

/// What went wrong with one address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// Not an address that is fetched from.
    #[error("the address cannot be used: {0}")]
    UnsupportedScheme(&'static str),
    /// The host, or the address it stands for, may not be asked.
    #[error("{0}")]
    Forbidden(#[from] Forbidden),
    /// No connection, or no such file.
    #[error("{0}")]
    Unreachable(String),
    /// Not complete within so many seconds.
    #[error("not complete within {0} s")]
    TimedOut(u64),
    /// An HTTP status that brings nothing.
    #[error("HTTP {0}")]
    HttpStatus(u16),
    /// A redirect that is not followed.
    #[error("{0}")]
    Redirected(String),
    /// The transfer began and broke off.
    #[error("broken off after {received} bytes: {detail}")]
    BrokenOff {
        /// How much had arrived.
        received: usize,
        /// What the connection said.
        detail: String,
    },
    /// Larger than this limit in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// The body has this content coding, which nobody asked for.
    #[error("compressed ({0})")]
    Compressed(String),
}

impl FetchFailure {
    /// The same, said of a CRL.
    pub(in crate::lookups) fn of_crl(self, url: &str) -> CrlFailure {
        let url = url.to_owned();
        match self {
            Self::UnsupportedScheme(detail) => CrlFailure::UnsupportedScheme { url, detail },
            Self::Forbidden(Forbidden { place, rule }) => CrlFailure::AddressForbidden { url, place, rule },
            Self::Unreachable(detail) => CrlFailure::Unreachable { url, detail },
            Self::TimedOut(seconds) => CrlFailure::TimedOut { url, seconds },
            Self::HttpStatus(status) => CrlFailure::HttpStatus { url, status },
            Self::Redirected(detail) => CrlFailure::Redirected { url, detail },
            Self::BrokenOff { received, detail } => CrlFailure::BrokenOff { url, received, detail },
            Self::TooLarge(limit) => CrlFailure::TooLarge { url, limit },
            Self::Compressed(coding) => CrlFailure::Compressed { url, coding },
        }
    }
}
