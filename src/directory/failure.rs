//! Why a directory gave no answer. Never merged: "cannot be reached" is not "did not answer in time" is not "refused us".

/// A failed search. `server` is what the operator configured (`ldaps://dc1.contoso.test`), never a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryFailure {
    /// No connection (refused, name not found, TLS not agreed), or it broke during the search.
    #[error("the directory {server} cannot be reached: {detail}")]
    Unreachable {
        /// The configured server.
        server: String,
        /// What the connection attempt said.
        detail: String,
    },
    /// Connected, but no answer within the configured time.
    #[error("the directory {server} did not answer within {seconds} s")]
    TimedOut {
        /// The configured server.
        server: String,
        /// The limit that ran out.
        seconds: u64,
    },
    /// The gateway's own bind was refused.
    #[error("the directory {server} refused the gateway's bind: {detail}")]
    BindRefused {
        /// The configured server.
        server: String,
        /// Result code and diagnostic text.
        detail: String,
    },
    /// The search itself was refused.
    #[error("the directory {server} answered result code {code}: {detail}")]
    Rejected {
        /// The configured server.
        server: String,
        /// LDAP result code (RFC 4511 section 4.1.9).
        code: u32,
        /// The server's diagnostic text.
        detail: String,
    },
    /// More entries than one sign-in may need.
    #[error("the directory {server} returned more than {limit} entries")]
    TooManyEntries {
        /// The configured server.
        server: String,
        /// The configured limit.
        limit: u32,
    },
    /// Every pooled connection is in use and none came free in time.
    #[error("no connection to the directory {server} came free within {seconds} s")]
    Busy {
        /// The configured server.
        server: String,
        /// The limit that ran out.
        seconds: u64,
    },
}
