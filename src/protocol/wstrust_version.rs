//! The two versions of WS-Trust, as far as their messages differ (ADFS-PROTOCOLS section 2.1).

use super::namespaces as ns;

/// A version of WS-Trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// Of February 2005. Its answer is one response.
    #[default]
    February2005,
    /// 1.3, of OASIS. Its answer is a collection of one.
    V13,
}

impl Version {
    /// As people say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::February2005 => "2005",
            Self::V13 => "1.3",
        }
    }

    /// Namespace of its elements.
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::February2005 => ns::TRUST_2005,
            Self::V13 => ns::TRUST_13,
        }
    }

    /// The prefix AD FS writes. Readers with regular expressions take letters only.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::February2005 => "t",
            Self::V13 => "trust",
        }
    }

    /// Action of an issue request.
    pub const fn action(self) -> &'static str {
        match self {
            Self::February2005 => ns::ACTION_ISSUE_2005,
            Self::V13 => ns::ACTION_ISSUE_13,
        }
    }

    /// Action of the answer to it.
    pub const fn answer_action(self) -> &'static str {
        match self {
            Self::February2005 => ns::ACTION_ISSUED_2005,
            Self::V13 => ns::ACTION_ISSUED_13,
        }
    }

    /// RequestType of an issue request.
    pub const fn request_type(self) -> &'static str {
        match self {
            Self::February2005 => ns::REQUEST_TYPE_ISSUE_2005,
            Self::V13 => ns::REQUEST_TYPE_ISSUE_13,
        }
    }

    /// KeyType of a bearer token in an answer.
    pub const fn bearer(self) -> &'static str {
        match self {
            Self::February2005 => ns::KEY_TYPE_NO_PROOF,
            Self::V13 => ns::KEY_TYPE_BEARER_13,
        }
    }
}
