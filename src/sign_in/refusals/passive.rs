//! A browser's sign-in that cannot begin or go on.

use crate::federation::ReplyAddressError;
use crate::federation::prompt::{Impossible, Location, SignInDemand};
use crate::outcome::{Outcome, Refusal};
use crate::protocol::wsfed::{ParameterError, PassiveRequestError};
use crate::sign_in::session::{LoopDetected, SealError, TransactionError};

impl From<ParameterError> for Refusal {
    fn from(error: ParameterError) -> Self {
        Self::because(Outcome::ParametersUnreadable, &error).with("reason", error.to_string())
    }
}

impl From<PassiveRequestError> for Refusal {
    fn from(error: PassiveRequestError) -> Self {
        let outcome = match error {
            PassiveRequestError::NoProtocol | PassiveRequestError::UnsupportedAction(_) => {
                Outcome::PassiveActionNotServed
            }
            PassiveRequestError::MissingRealm => return Self::because(Outcome::MissingAppliesTo, &error),
            PassiveRequestError::NotAnAge { .. } => Outcome::PassiveRequestMalformed,
        };
        Self::because(outcome, &error).with("reason", error.to_string())
    }
}

impl From<ReplyAddressError> for Refusal {
    fn from(error: ReplyAddressError) -> Self {
        match error {
            ReplyAddressError::NoEndpoint => Self::because(Outcome::NoPassiveEndpoint, &error),
            ReplyAddressError::NotOfTheTrust(_) => {
                Self::because(Outcome::ReplyAddressRefused, &error).with("reason", error.to_string())
            }
        }
    }
}

impl From<TransactionError> for Refusal {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Seal(_) | TransactionError::OtherRequest | TransactionError::OtherBrowser => {
                Self::because(Outcome::SignInStateInvalid, &error).with("reason", error.to_string())
            }
            TransactionError::Expired => Self::because(Outcome::SignInStateExpired, &error),
            TransactionError::Used => Self::because(Outcome::SignInStateUsed, &error),
            TransactionError::TooMany => Self::because(Outcome::SignInStatesExhausted, &error),
        }
    }
}

impl From<LoopDetected> for Refusal {
    fn from(error: LoopDetected) -> Self {
        Self::because(Outcome::LoopDetected, &error)
            .with("requests", error.requests.to_string())
            .with("seconds", error.seconds.to_string())
            .with("reason", error.to_string())
    }
}

/// A session or a state that the browser could not be given.
impl From<SealError> for Refusal {
    fn from(error: SealError) -> Self {
        Self::because(Outcome::SigningFailed, &error).with("detail", error.to_string())
    }
}

/// Why no method can satisfy a demand; `domain` is that of the person who is expected, as far as the request says.
pub(in crate::sign_in) fn impossible(
    reason: Impossible,
    demand: &SignInDemand,
    location: Location,
    domain: Option<&str>,
) -> Refusal {
    let refuse = |outcome, finding: &str| Refusal::new(outcome, finding).with("demand", demand.to_string());
    match reason {
        Impossible::NothingEnabled => {
            refuse(Outcome::MethodNotEnabled, "No method is enabled for where it comes from.")
                .with("location", location.to_string())
        }
        Impossible::NotEnabled => refuse(Outcome::MethodNotEnabled, "No method that is asked for is enabled here.")
            .with("location", location.to_string()),
        Impossible::UnknownMethod => refuse(Outcome::MethodUnknown, "The method that is asked for is not known."),
        Impossible::NoSecondFactor => {
            refuse(Outcome::NoSecondFactor, "Two factors are asked for, and no second one is enabled.")
        }
        Impossible::PasswordOfCertificateUsers => refuse(
            Outcome::PasswordDemandedOfCertificateUsers,
            "A password is asked for, and only certificates are enabled.",
        )
        .with("domain", domain.unwrap_or("unknown")),
    }
}
