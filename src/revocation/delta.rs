//! Delta CRLs: whether one may amend the complete CRL in hand (RFC 5280 sections 5.2.4 and 6.3.3 (c)).
//!
//! A delta that is announced and cannot be used does not end a sign-in: the complete CRL counts until its own nextUpdate,
//! as section 6.3.3 allows and Windows does. The record says each time that and why the delta was left out. What a genuine
//! delta revokes counts even then; what it takes off the list counts only when it may be combined.

use super::failure::CrlUnavailable;
use super::{CrlNumber, FoundCrl, RevocationPolicy, VerifiedCrl};
use jiff::Timestamp;

/// What part the delta CRL had in the judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeltaUse {
    /// It was combined with the complete CRL.
    Combined {
        /// Where it came from.
        url: String,
        /// Its number.
        number: CrlNumber,
        /// Until when it counts.
        next_update: Timestamp,
    },
    /// The complete CRL was judged by alone.
    LeftOut(DeltaProblem),
}

/// Why a delta CRL was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeltaProblem {
    /// There is none to be had.
    #[error("the delta CRL cannot be had: {0}")]
    Unavailable(CrlUnavailable),
    /// A complete CRL stands where a delta should.
    #[error("{url} has a complete CRL where a delta CRL should be")]
    NotADelta {
        /// Where it came from.
        url: String,
    },
    /// Without both numbers nobody knows what amends what.
    #[error("the delta CRL at {url} or the complete CRL has no number")]
    Unnumbered {
        /// Where it came from.
        url: String,
    },
    /// The delta amends a newer complete CRL than the one in hand (section 5.2.4 (c)).
    #[error("the delta CRL at {url} amends CRL {needs} or later, and the complete CRL in hand is {held}")]
    BaseTooOld {
        /// Where it came from.
        url: String,
        /// The oldest CRL it amends.
        needs: CrlNumber,
        /// The one in hand.
        held: CrlNumber,
    },
    /// The complete CRL already knows more (section 5.2.4 (d)).
    #[error("the delta CRL {number} at {url} is older than the complete CRL {held}")]
    OlderThanBase {
        /// Where it came from.
        url: String,
        /// The delta's number.
        number: CrlNumber,
        /// The complete CRL's.
        held: CrlNumber,
    },
    /// Another issuer or another issuing distribution point (section 6.3.3 (c)(1) and (2)).
    #[error("the delta CRL at {url} has another scope than the complete CRL")]
    OtherScope {
        /// Where it came from.
        url: String,
    },
    /// Another key (section 6.3.3 (c)(3)).
    #[error("the delta CRL at {url} belongs to another key than the complete CRL")]
    OtherKey {
        /// Where it came from.
        url: String,
    },
    /// Past its nextUpdate, or without one.
    #[error("the delta CRL at {url} has expired (next update {})", Moment(.next_update))]
    Expired {
        /// Where it came from.
        url: String,
        /// When.
        next_update: Option<Timestamp>,
    },
    /// From the future, beyond the allowed clock skew.
    #[error("the delta CRL at {url} counts only from {this_update}")]
    NotYetValid {
        /// Where it came from.
        url: String,
        /// From when it counts.
        this_update: Timestamp,
    },
}

struct Moment<'a>(&'a Option<Timestamp>);

impl std::fmt::Display for Moment<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(moment) => write!(formatter, "{moment}"),
            None => formatter.write_str("not named"),
        }
    }
}

/// What part the delta of this CRL has; `None` when nobody announces one.
pub(super) fn part_of(found: &FoundCrl, policy: &RevocationPolicy, at: Timestamp) -> Option<DeltaUse> {
    Some(match found.delta.as_ref()? {
        Ok(delta) => combine(delta, &found.complete, policy, at).unwrap_or_else(DeltaUse::LeftOut),
        Err(failure) => DeltaUse::LeftOut(DeltaProblem::Unavailable(failure.clone())),
    })
}

fn combine(
    delta: &VerifiedCrl,
    complete: &VerifiedCrl,
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<DeltaUse, DeltaProblem> {
    let url = delta.url().to_owned();
    let (crl, base) = (delta.crl(), complete.crl());
    let Some(needs) = crl.delta_of() else { return Err(DeltaProblem::NotADelta { url }) };
    let (Some(number), Some(held)) = (crl.number(), base.number()) else {
        return Err(DeltaProblem::Unnumbered { url });
    };
    if crl.issuer_der() != base.issuer_der() || crl.issuing_distribution_point() != base.issuing_distribution_point() {
        return Err(DeltaProblem::OtherScope { url });
    }
    let other_key = crl.authority_key_identifier() != base.authority_key_identifier();
    if other_key || delta.issuer_fingerprint() != complete.issuer_fingerprint() {
        return Err(DeltaProblem::OtherKey { url });
    }
    if held < needs {
        return Err(DeltaProblem::BaseTooOld { url, needs: needs.clone(), held: held.clone() });
    }
    if number < held {
        return Err(DeltaProblem::OlderThanBase { url, number: number.clone(), held: held.clone() });
    }
    let this_update = crl.this_update();
    if this_update.duration_since(at) > policy.clock_skew {
        return Err(DeltaProblem::NotYetValid { url, this_update });
    }
    match crl.next_update() {
        Some(next_update) if at < next_update => Ok(DeltaUse::Combined { url, number: number.clone(), next_update }),
        next_update => Err(DeltaProblem::Expired { url, next_update }),
    }
}
