//! Claims that cannot become a token, or a key that cannot sign it.

use crate::claims::claim_types;
use crate::outcome::{Outcome, Refusal};
use crate::token::{SigningError, TokenError};

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        let reason = error.to_string();
        let refusal = Self::because(outcome(&error), &error);
        let unwritable =
            |refusal: Self, claim_type: String| refusal.with("claim_type", claim_type).with("reason", &reason);
        match error {
            TokenError::ClaimType { claim_type } | TokenError::ValueType { claim_type, .. } => {
                unwritable(refusal, claim_type)
            }
            TokenError::ForbiddenCharacter { place, .. } => unwritable(refusal, place),
            TokenError::AuthenticationInstant { .. } => {
                unwritable(refusal, claim_types::AUTHENTICATION_INSTANT.to_owned())
            }
            TokenError::AssertionId { id } => refusal.with("reason", id),
            TokenError::IssuerId { value } => refusal.with("issuer", value),
            TokenError::TwoIssuers { second, .. } => refusal.with("issuer", second),
            TokenError::Lifetime { seconds } => refusal.with("reason", format!("{seconds} s")),
            TokenError::TwoNameIdentifiers { .. } | TokenError::AuthenticationIncomplete { .. } => refusal,
        }
    }
}

fn outcome(error: &TokenError) -> Outcome {
    match error {
        TokenError::TwoNameIdentifiers { .. } => Outcome::DuplicateNameIdentifier,
        TokenError::AuthenticationIncomplete { .. } => Outcome::AuthenticationStatementIncomplete,
        TokenError::IssuerId { .. } | TokenError::TwoIssuers { .. } => Outcome::TokenIssuerUnknown,
        TokenError::ClaimType { .. }
        | TokenError::ValueType { .. }
        | TokenError::ForbiddenCharacter { .. }
        | TokenError::AuthenticationInstant { .. } => Outcome::ClaimUnwritable,
        TokenError::AssertionId { .. } | TokenError::Lifetime { .. } => Outcome::TokenNotDescribable,
    }
}

impl From<SigningError> for Refusal {
    fn from(error: SigningError) -> Self {
        Self::because(Outcome::SigningFailed, &error).with("detail", error.to_string())
    }
}
