//! How a sign-in ended, in the words of SAML 2.0. No more is told than a SOAP fault tells: whoever holds a request must not
//! learn whether a certificate is revoked or an account unknown.

use super::Stage;
use crate::outcome::{Outcome, SoapFault, Wire};
use crate::protocol::samlp::{Detail, Party, Status};
use uuid::Uuid;

/// The status of a failed sign-in; `None` when a token was issued. The message names the record, for whoever asks our help desk.
pub fn saml_status(outcome: Outcome, correlation: Uuid) -> Option<Status> {
    let (party, detail) = match outcome {
        Outcome::MultiFactorDemanded
        | Outcome::MethodUnknown
        | Outcome::MethodNotEnabled
        | Outcome::PasswordDemandedOfCertificateUsers
        | Outcome::NoSecondFactor => (Party::Responder, Some(Detail::NoAuthnContext)),
        Outcome::SamlNotPassive => (Party::Responder, Some(Detail::NoPassive)),
        Outcome::NameFormatNotIssued => (Party::Responder, Some(Detail::InvalidNameIdPolicy)),
        Outcome::SamlOutsideWindow => (Party::Requester, None),
        _ => by_wire(outcome.entry().wire)?,
    };
    Some(Status { party, detail, message: Some(format!("Reference {correlation}")) })
}

/// Whether the relying party is told, rather than the person. Who cannot prove who they are can try again here, and nobody can
/// there; where the person must see nothing (`silent`), the relying party is told whatever happens. One whose requests go round
/// in circles, or whose state is not the browser's, would only send the next one.
pub fn is_told_to_relying_party(outcome: Outcome, silent: bool) -> bool {
    let goes_round = matches!(
        outcome,
        Outcome::LoopDetected
            | Outcome::SignInStateInvalid
            | Outcome::SignInStateExpired
            | Outcome::SignInStateUsed
            | Outcome::SignInStatesExhausted
    );
    // it is not for us, or the person is elsewhere by now
    let nobody_asked = matches!(outcome, Outcome::SamlDestinationOfAnother);
    let stage = outcome.entry().stage;
    !goes_round && !nobody_asked && (silent || matches!(stage, Stage::Admission | Stage::Claims | Stage::Token))
}

fn by_wire(wire: Wire) -> Option<(Party, Option<Detail>)> {
    Some(match wire {
        Wire::Token => return None,
        Wire::Fault(fault) => match fault {
            SoapFault::FailedAuthentication | SoapFault::PasswordExpired | SoapFault::InvalidSecurity => {
                (Party::Responder, Some(Detail::AuthnFailed))
            }
            SoapFault::AccessDenied => (Party::Responder, Some(Detail::RequestDenied)),
            SoapFault::InternalService => (Party::Responder, None),
            SoapFault::InvalidScope
            | SoapFault::InvalidRequest
            | SoapFault::ActionNotSupported
            | SoapFault::InvalidAddressingHeader
            | SoapFault::AddressingHeaderRequired
            | SoapFault::MustUnderstand
            | SoapFault::VersionMismatch => (Party::Requester, Some(Detail::RequestUnsupported)),
        },
        Wire::Forbidden => (Party::Responder, Some(Detail::AuthnFailed)),
        Wire::BadRequest | Wire::RequestTimeout | Wire::PayloadTooLarge | Wire::UnsupportedMediaType => {
            (Party::Requester, None)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn status(outcome: Outcome) -> Option<Status> {
        saml_status(outcome, Uuid::nil())
    }

    #[test]
    fn tokens_and_only_tokens_have_no_status() {
        for outcome in Outcome::ALL {
            let is_token = outcome.entry().wire == Wire::Token;
            assert_eq!(status(*outcome).is_none(), is_token, "{outcome:?}");
        }
    }

    /// Outcomes that a SOAP fault does not tell apart are not told apart here, but that one factor was too few: the relying party
    /// asked for nothing else, and only an authenticated person comes so far.
    #[test]
    fn a_status_tells_no_more_than_a_fault() {
        let mut told: HashMap<Wire, Status> = HashMap::new();
        let same = |outcome: &&Outcome| {
            matches!(outcome.entry().wire, Wire::Fault(SoapFault::FailedAuthentication | SoapFault::InternalService))
                && **outcome != Outcome::MultiFactorDemanded
        };
        for outcome in Outcome::ALL.iter().filter(same) {
            let (wire, status) = (outcome.entry().wire, status(*outcome).unwrap());
            assert_eq!(told.entry(wire).or_insert_with(|| status.clone()), &status, "{outcome:?}");
        }
        assert_eq!(told.len(), 2);
    }

    #[test]
    fn a_refusal_of_the_rules_is_a_denied_request() {
        let status = status(Outcome::IssuanceDenied).unwrap();
        assert_eq!((status.party, status.detail), (Party::Responder, Some(Detail::RequestDenied)));
        assert_eq!(status.message.as_deref(), Some("Reference 00000000-0000-0000-0000-000000000000"));
    }
}
