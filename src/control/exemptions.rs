//! Exemptions from revocation checking, those that count and those that have ended.

use crate::certificate::hexadecimal;
use crate::revocation::RevocationPolicy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An exemption as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionReport {
    /// The authority's name.
    pub authority: String,
    /// SHA-256 of its certificate in upper-case hexadecimal.
    pub authority_sha256: String,
    /// Why, in the operator's words.
    pub reason: String,
    /// The first moment it counts no more.
    pub until: Timestamp,
    /// Whether it counts.
    pub in_force: bool,
    /// Whole days left, or since it ended.
    pub days: i64,
}

impl ExemptionReport {
    /// Every exemption, by the authority's name.
    pub fn all(policy: &RevocationPolicy, at: Timestamp) -> Vec<Self> {
        let report = |(fingerprint, settings): (&[u8; 32], &crate::revocation::AuthoritySettings)| {
            let exemption = settings.exemption.as_ref()?;
            Some(Self {
                authority: settings.name.clone(),
                authority_sha256: hexadecimal::upper(*fingerprint),
                reason: exemption.reason.clone(),
                until: exemption.until,
                in_force: exemption.counts(at),
                days: exemption.until.duration_since(at).as_hours().abs() / 24,
            })
        };
        let mut all: Vec<Self> = policy.authorities.iter().filter_map(report).collect();
        all.sort_by(|one, other| {
            (&one.authority, &one.authority_sha256).cmp(&(&other.authority, &other.authority_sha256))
        });
        all
    }
}
