//! The stages of a sign-in, the same for the federated and the cloud-native path.

/// One stage. The order is the order in which a sign-in passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What TLS told us.
    Connection,
    /// Bytes to a request.
    Request,
    /// May this request be served here at all.
    Admission,
    /// A path to a trusted root at this time.
    Chain,
    /// Nothing on the path is revoked.
    Revocation,
    /// Exactly one usable account.
    Subject,
    /// The claim rules.
    Claims,
    /// The signed token.
    Token,
}

impl Stage {
    /// The name as logs and reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Request => "request",
            Self::Admission => "admission",
            Self::Chain => "chain",
            Self::Revocation => "revocation",
            Self::Subject => "subject",
            Self::Claims => "claims",
            Self::Token => "token",
        }
    }

    /// The first digit of the codes this stage decides.
    pub fn digit(self) -> char {
        match self {
            Self::Connection => '1',
            Self::Request => '2',
            Self::Admission => '3',
            Self::Chain => '4',
            Self::Revocation => '5',
            Self::Subject => '6',
            Self::Claims => '7',
            Self::Token => '8',
        }
    }
}
