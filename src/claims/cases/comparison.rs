//! Claims compared: as sets, every field counting.

use crate::claims::{Claim, LOCAL_AUTHORITY, STRING};
use std::fmt::Write;

/// How two sets of claims differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimDifference {
    /// Expected and not there.
    pub missing: Vec<Claim>,
    /// There and not expected.
    pub unexpected: Vec<Claim>,
    /// There, but with other particulars: what was expected, and what was found of the same type and value.
    pub changed: Vec<(Claim, Claim)>,
}

impl ClaimDifference {
    /// What differs between what was expected and what was found.
    pub fn between(expected: &[Claim], found: &[Claim]) -> Self {
        let mut difference = Self::default();
        let mut left: Vec<&Claim> = found.iter().filter(|claim| !expected.contains(claim)).collect();
        for claim in expected.iter().filter(|claim| !found.contains(claim)) {
            let same = |other: &&Claim| other.claim_type == claim.claim_type && other.value == claim.value;
            match left.iter().position(same) {
                Some(at) => difference.changed.push((claim.clone(), left.remove(at).clone())),
                None => difference.missing.push(claim.clone()),
            }
        }
        difference.unexpected = left.into_iter().cloned().collect();
        difference
    }

    /// Whether the sets are the same.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty() && self.changed.is_empty()
    }

    /// One line for each claim that differs.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let missing = self.missing.iter().map(|claim| format!("- {}", described(claim)));
        let unexpected = self.unexpected.iter().map(|claim| format!("+ {}", described(claim)));
        let changed = self.changed.iter().map(|(expected, found)| {
            let changes = changes(expected, found).join(", ");
            format!("! {} = \"{}\": {changes}", found.claim_type, found.value)
        });
        missing.chain(unexpected).chain(changed)
    }
}

/// The fields in which two claims of the same type and value differ.
fn changes(expected: &Claim, found: &Claim) -> Vec<String> {
    let fields = [
        ("value type", &expected.value_type, &found.value_type),
        ("issuer", &expected.issuer, &found.issuer),
        ("original issuer", &expected.original_issuer, &found.original_issuer),
    ];
    let differing = fields.into_iter().filter(|(_, expected, found)| expected != found);
    let mut changes: Vec<String> =
        differing.map(|(field, expected, found)| format!("{field} \"{found}\", expected \"{expected}\"")).collect();
    if expected.properties != found.properties {
        changes.push(format!("properties {:?}, expected {:?}", found.properties, expected.properties));
    }
    changes
}

/// A claim in one line: type and value, and what is not usual.
pub(super) fn described(claim: &Claim) -> String {
    let mut text = format!("{} = \"{}\"", claim.claim_type, claim.value);
    let particulars = particulars(claim);
    if !particulars.is_empty() {
        let _ = write!(text, " ({})", particulars.join(", "));
    }
    text
}

/// What is not usual about a claim.
pub(super) fn particulars(claim: &Claim) -> Vec<String> {
    let mut particulars = Vec::new();
    if claim.issuer != LOCAL_AUTHORITY {
        particulars.push(format!("issuer {}", claim.issuer));
    }
    if claim.original_issuer != claim.issuer {
        particulars.push(format!("original issuer {}", claim.original_issuer));
    }
    if claim.value_type != STRING {
        particulars.push(format!("value type {}", claim.value_type));
    }
    let property = |(name, value): (&crate::text::Text, &crate::text::Text)| format!("property {name} = \"{value}\"");
    particulars.extend(claim.properties.iter().map(property));
    particulars
}

/// One of two things compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called: a file.
    pub name: String,
    /// Its claims.
    pub claims: Vec<Claim>,
    /// What it decides, if it does.
    pub decision: Option<&'static str>,
    /// Why it has no claims, if it failed.
    pub failure: Option<String>,
}

/// Two sets of claims side by side. Rules say more of a claim than a token does, so only what both sides can say counts.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// What both are about: the input.
    pub about: String,
    /// The first.
    pub left: Side,
    /// The second.
    pub right: Side,
    /// Whether one side is a token, which tells only types, values and the format of the name identifier.
    pub with_token: bool,
}

impl Comparison {
    /// Rows by type, then value: the claim of the left side, and that of the right. Equal claims share a row.
    pub fn rows(&self) -> Vec<(Option<Claim>, Option<Claim>)> {
        let told = |side: &Side| -> Vec<Claim> {
            let mut claims: Vec<Claim> = Vec::new();
            for claim in side.claims.iter().filter(|claim| !self.with_token || is_attribute(claim)) {
                let claim = if self.with_token { as_told_by_a_token(claim) } else { claim.clone() };
                if !claims.contains(&claim) {
                    claims.push(claim);
                }
            }
            claims
        };
        let (left, mut right) = (told(&self.left), told(&self.right));
        let mut rows = Vec::new();
        for claim in left {
            let same = right.iter().position(|other| *other == claim);
            rows.push((Some(claim), same.map(|at| right.remove(at))));
        }
        rows.extend(right.into_iter().map(|claim| (None, Some(claim))));
        let key = |row: &(Option<Claim>, Option<Claim>)| {
            let claim = row.0.as_ref().or(row.1.as_ref());
            claim.map(|claim| (claim.claim_type.clone(), claim.value.clone(), row.0.is_none()))
        };
        rows.sort_by_key(key);
        rows
    }

    /// Whether nothing differs.
    pub fn is_equal(&self) -> bool {
        self.left.decision == self.right.decision
            && self.left.failure == self.right.failure
            && self.rows().iter().all(|(left, right)| left.is_some() && right.is_some())
    }
}

/// How and when somebody signed in stands in a statement of its own, often supplied without a rule.
fn is_attribute(claim: &Claim) -> bool {
    use crate::claims::claim_types::{AUTHENTICATION_INSTANT, AUTHENTICATION_METHOD};
    claim.claim_type != AUTHENTICATION_METHOD && claim.claim_type != AUTHENTICATION_INSTANT
}

/// A token has no issuers of claims, no value types of attributes in SAML 2.0, and of the properties the format only.
fn as_told_by_a_token(claim: &Claim) -> Claim {
    let mut told = Claim::new(claim.claim_type.clone(), claim.value.clone(), LOCAL_AUTHORITY);
    let format = crate::claims::claim_types::PROPERTY_FORMAT;
    if let Some(found) = claim.properties.get(format) {
        told.properties.insert(format.into(), found.clone());
    }
    told
}
