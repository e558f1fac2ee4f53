//! The extensions of certificate policies (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14). An empty list, a
//! policy named twice and a number that is not one refuse the extension: what they would mean is a guess.

use super::extensions::whole;
use x509_parser::asn1_rs::{Any, Class, FromDer, Oid, Tag};

/// A policy of the issuer that counts as one of the subject's (RFC 5280 section 4.2.1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyMapping {
    /// Dotted OID in the issuer's domain.
    pub issuer_domain: String,
    /// Dotted OID in the subject's domain.
    pub subject_domain: String,
}

/// After how many certificates a demand begins (RFC 5280 section 4.2.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyConstraints {
    /// `requireExplicitPolicy`.
    pub require_explicit_policy: Option<u32>,
    /// `inhibitPolicyMapping`.
    pub inhibit_policy_mapping: Option<u32>,
}

/// `SEQUENCE OF SEQUENCE { policyIdentifier OID, … }`; qualifiers decide nothing.
pub(super) fn policies(value: &[u8]) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for information in sequence_of(value)? {
        let (_, policy) = Oid::from_der(information.data).ok()?;
        found.push(policy.to_id_string());
    }
    let mut sorted: Vec<&String> = found.iter().collect();
    sorted.sort_unstable();
    (!found.is_empty() && sorted.windows(2).all(|pair| pair[0] != pair[1])).then_some(found)
}

fn mappings(value: &[u8]) -> Option<Vec<PolicyMapping>> {
    let mut found = Vec::new();
    for mapping in sequence_of(value)? {
        let (rest, issuer_domain) = Oid::from_der(mapping.data).ok()?;
        let subject_domain = whole::<Oid<'_>, _>(rest)?;
        let (issuer_domain, subject_domain) = (issuer_domain.to_id_string(), subject_domain.to_id_string());
        found.push(PolicyMapping { issuer_domain, subject_domain });
    }
    (!found.is_empty()).then_some(found)
}

impl PolicyMapping {
    /// Reads the value of the policyMappings extension; `None` when it is malformed.
    pub fn read_all(value: &[u8]) -> Option<Vec<Self>> {
        mappings(value)
    }
}

impl PolicyConstraints {
    /// Reads the extension's value; `None` when it is malformed.
    pub fn read(value: &[u8]) -> Option<Self> {
        constraints(value)
    }
}

fn constraints(value: &[u8]) -> Option<PolicyConstraints> {
    let [explicit, mapping] = two_tagged(value)?;
    let constraints = PolicyConstraints {
        require_explicit_policy: read_if_there(explicit, skip)?,
        inhibit_policy_mapping: read_if_there(mapping, skip)?,
    };
    (explicit.is_some() || mapping.is_some()).then_some(constraints)
}

pub(super) fn inhibit_any(value: &[u8]) -> Option<u32> {
    let number = whole::<Any<'_>, _>(value).filter(|any| any.tag() == Tag::Integer)?;
    skip(number.data)
}

/// `SkipCerts ::= INTEGER (0..MAX)`. No path is as long as the largest number kept here.
fn skip(octets: &[u8]) -> Option<u32> {
    let minimal = !matches!(octets, [] | [0, 0..=0x7f, ..]);
    if !minimal || octets[0] & 0x80 != 0 {
        return None;
    }
    let number = octets.iter().fold(0u32, |number, octet| number.saturating_mul(256).saturating_add(u32::from(*octet)));
    Some(number)
}

/// The contents of `SEQUENCE { [0] … OPTIONAL, [1] … OPTIONAL }`; anything else in it, or another order, is malformed.
pub(super) fn two_tagged(value: &[u8]) -> Option<[Option<&[u8]>; 2]> {
    let mut found = [None; 2];
    let mut next = 0;
    for field in sequence_of_any(value)? {
        let place = usize::try_from(field.tag().0).ok().filter(|place| *place >= next)?;
        if field.class() != Class::ContextSpecific {
            return None;
        }
        *found.get_mut(place)? = Some(field.data);
        next = place + 1;
    }
    Some(found)
}

/// What is read of a field that may be missing; `None` when it is there and malformed.
pub(super) fn read_if_there<'a, T>(
    field: Option<&'a [u8]>,
    read: impl FnOnce(&'a [u8]) -> Option<T>,
) -> Option<Option<T>> {
    field.map_or(Some(None), |content| read(content).map(Some))
}

/// The elements of one `SEQUENCE OF SEQUENCE`.
fn sequence_of(value: &[u8]) -> Option<Vec<Any<'_>>> {
    let elements = sequence_of_any(value)?;
    elements.iter().all(|element| element.tag() == Tag::Sequence).then_some(elements)
}

/// The elements of one sequence, whatever they are.
pub(super) fn sequence_of_any(value: &[u8]) -> Option<Vec<Any<'_>>> {
    let list = whole::<Any<'_>, _>(value).filter(|any| any.tag() == Tag::Sequence)?;
    elements(list.data)
}

pub(super) fn elements(mut rest: &[u8]) -> Option<Vec<Any<'_>>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (after, element) = Any::from_der(rest).ok()?;
        found.push(element);
        rest = after;
    }
    Some(found)
}
