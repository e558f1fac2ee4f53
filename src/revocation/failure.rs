//! Why there is no CRL to judge by. One variant per distinct fact; what an operator does next differs for each.

use super::crl::CrlReadError;
use jiff::Timestamp;

/// What went wrong with one URL (or that there is none).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlFailure {
    /// The certificate names no CRL distribution point and none is configured for its authority.
    #[error("there is no place to get a CRL of {issuer} from: the certificate names none and none is configured")]
    NoUrl {
        /// The authority whose CRL would be needed.
        issuer: String,
    },
    /// A scheme that is not fetched, or not for whoever named it.
    #[error("the CRL address {url} cannot be used: {detail}")]
    UnsupportedScheme {
        /// The address.
        url: String,
        /// What would be possible.
        detail: &'static str,
    },
    /// No connection, or no such file.
    #[error("the CRL at {url} cannot be reached: {detail}")]
    Unreachable {
        /// The address.
        url: String,
        /// What the attempt said.
        detail: String,
    },
    /// Not complete within the configured time.
    #[error("the CRL at {url} did not arrive within {seconds} s")]
    TimedOut {
        /// The address.
        url: String,
        /// The limit that ran out.
        seconds: u64,
    },
    /// The host, or the address its name stands for, may not be asked.
    #[error("the CRL at {url} is not fetched: {place} is {rule}")]
    AddressForbidden {
        /// The address.
        url: String,
        /// The host or network address.
        place: String,
        /// What is said of it, as the end of a sentence.
        rule: String,
    },
    /// A redirect that is not followed: a circle, too many, or to another scheme.
    #[error("the redirects of the CRL at {url} are not followed: {detail}")]
    Redirected {
        /// The address.
        url: String,
        /// Which redirect and why.
        detail: String,
    },
    /// The server compressed the body, and nothing is decompressed.
    #[error("the server sent the CRL at {url} compressed ({coding})")]
    Compressed {
        /// The address.
        url: String,
        /// The content coding.
        coding: String,
    },
    /// The server answered with something other than 200.
    #[error("the server answered HTTP {status} for the CRL at {url}")]
    HttpStatus {
        /// The address.
        url: String,
        /// The status code.
        status: u16,
    },
    /// The transfer began and broke off.
    #[error("the transfer of the CRL at {url} broke off after {received} bytes: {detail}")]
    BrokenOff {
        /// The address.
        url: String,
        /// How much had arrived.
        received: usize,
        /// What the connection said.
        detail: String,
    },
    /// Larger than the configured limit.
    #[error("the CRL at {url} is larger than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit.
        limit: usize,
    },
    /// What arrived is not a CRL.
    #[error("what {url} answers is not a CRL: {detail}")]
    Unreadable {
        /// The address.
        url: String,
        /// Why not.
        detail: CrlReadError,
    },
    /// A CRL of another authority.
    #[error("the CRL at {url} was issued by {found}, but {expected} was expected")]
    WrongIssuer {
        /// The address.
        url: String,
        /// The CRL's issuer.
        found: String,
        /// The certificate's issuer.
        expected: String,
    },
    /// An authority of the right name but another key (after a renewal, most often).
    #[error("the CRL at {url} belongs to another key of {issuer}: key identifier {found}, expected {expected}")]
    WrongIssuerKey {
        /// The address.
        url: String,
        /// The authority's name.
        issuer: String,
        /// The CRL's authority key identifier in hexadecimal.
        found: String,
        /// The authority's subject key identifier in hexadecimal.
        expected: String,
    },
    /// The authority's own certificate does not let it sign CRLs (RFC 5280 section 6.3.3 (f)).
    #[error("{issuer} signed the CRL at {url}, but its certificate's key usage lacks cRLSign")]
    IssuerMayNotSign {
        /// The address.
        url: String,
        /// The authority's name.
        issuer: String,
    },
    /// The signature does not verify with the authority's key.
    #[error("the signature of the CRL at {url} is wrong")]
    BadSignature {
        /// The address.
        url: String,
    },
    /// Signed with SHA-1, which the operator does not allow; whether genuine is not even looked at.
    #[error("the CRL at {url} is signed with SHA-1 ({algorithm}), which [trust] allow_sha1 does not allow")]
    WeakSignature {
        /// The address.
        url: String,
        /// Dotted OID of the signature algorithm.
        algorithm: String,
    },
    /// Somebody signed it whom this certificate's authority lets sign, but whose own certificate is not to be believed.
    #[error("{signer} signed the CRL at {url}, and its own certificate does not hold: {detail}")]
    SignerNotTrusted {
        /// The address.
        url: String,
        /// The signer's subject.
        signer: String,
        /// What is wrong with its certificate, or with one between it and the path.
        detail: String,
    },
    /// A genuine CRL of a kind that is not handled; using it could overlook a revocation.
    #[error("the CRL at {url} cannot be used: {what}")]
    Unsupported {
        /// The address.
        url: String,
        /// What about it is not handled.
        what: String,
    },
    /// A genuine CRL whose issuing distribution point leaves this certificate out (RFC 5280 section 6.3.3 (b)(2)).
    #[error("the CRL at {url} does not speak of this certificate: {detail}")]
    OutOfScope {
        /// The address.
        url: String,
        /// Which limit of the scope.
        detail: String,
    },
    /// A delta CRL where a complete one is needed: alone it would let every older revocation pass (section 5.2.4).
    #[error("{url} has a delta CRL, which counts only together with the complete one")]
    DeltaAlone {
        /// The address.
        url: String,
    },
    /// An older CRL than the one already seen: a replay, or a publisher that lost its state.
    #[error("the CRL at {url} is older than the one already held (number {offered}, held {held})")]
    RolledBack {
        /// The address.
        url: String,
        /// The number, or else thisUpdate, of the CRL held.
        held: String,
        /// The same of the one offered.
        offered: String,
    },
}

impl CrlFailure {
    /// The CRL may be genuine, signed by somebody else than was asked for.
    pub fn may_be_anothers(&self) -> bool {
        matches!(
            self,
            Self::WrongIssuer { .. }
                | Self::WrongIssuerKey { .. }
                | Self::BadSignature { .. }
                | Self::IssuerMayNotSign { .. }
        )
    }
}

/// One address that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlAttempt {
    /// What went wrong.
    pub failure: CrlFailure,
    /// The failure is remembered, and the address not tried again before.
    pub retry_at: Option<Timestamp>,
    /// A CRL from this address is held, but it is past this nextUpdate and therefore not used.
    pub expired_copy: Option<Timestamp>,
}

impl From<CrlFailure> for CrlAttempt {
    fn from(failure: CrlFailure) -> Self {
        Self { failure, retry_at: None, expired_copy: None }
    }
}

impl std::fmt::Display for CrlAttempt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.failure)?;
        if let Some(next_update) = self.expired_copy {
            write!(formatter, "; the copy held expired at {next_update}")?;
        }
        if let Some(moment) = self.retry_at {
            write!(formatter, "; it will be tried again after {moment}")?;
        }
        Ok(())
    }
}

/// No address gave a usable CRL. The last attempt names the cause; those before it are kept for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{last}{}", Earlier(.earlier))]
pub struct CrlUnavailable {
    /// The last address tried.
    pub last: Box<CrlAttempt>,
    /// The addresses tried before, in order.
    pub earlier: Vec<CrlAttempt>,
}

impl CrlUnavailable {
    /// The fact that decides the outcome.
    pub fn cause(&self) -> &CrlFailure {
        &self.last.failure
    }

    /// Every attempt in order.
    pub fn attempts(&self) -> impl Iterator<Item = &CrlAttempt> {
        self.earlier.iter().chain(std::iter::once(&*self.last))
    }
}

impl From<CrlFailure> for CrlUnavailable {
    fn from(failure: CrlFailure) -> Self {
        Self { last: Box::new(failure.into()), earlier: Vec::new() }
    }
}

struct Earlier<'a>(&'a [CrlAttempt]);

impl std::fmt::Display for Earlier<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|attempt| write!(formatter, "; before that: {attempt}"))
    }
}
