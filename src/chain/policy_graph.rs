//! Certificate policies, their mappings and their constraints (RFC 5280 section 6.1), as the graph of RFC 9618.
//!
//! The tree of RFC 5280 repeats a policy once per way that leads to it, which an attacker makes exponential
//! (CVE-2023-0464). Here each level holds a policy once, with the policies of the level above that lead to it, so that the
//! work grows with the size of the certificates.

use super::{ChainError, ChainPolicy, checks};
use crate::certificate::Certificate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const ANY_POLICY: &str = "2.5.29.32.0";

/// The policies that the certificates down to one of them leave valid.
#[derive(Debug, Default)]
struct Level<'a> {
    /// `anyPolicy` is still valid here.
    any: bool,
    nodes: BTreeMap<&'a str, Node<'a>>,
}

#[derive(Debug, Default)]
struct Node<'a> {
    /// The policies one level up that lead here; none when `anyPolicy` does.
    parents: BTreeSet<&'a str>,
}

impl Level<'_> {
    fn is_empty(&self) -> bool {
        !self.any && self.nodes.is_empty()
    }
}

/// The counters of RFC 5280 section 6.1.2 (d) to (f).
struct Counters {
    explicit_policy: usize,
    inhibit_any_policy: usize,
    policy_mapping: usize,
}

impl Counters {
    fn initial(policy: &ChainPolicy, length: usize) -> Self {
        let unless = |inhibited: bool| if inhibited { 0 } else { length + 1 };
        Self {
            explicit_policy: unless(policy.explicit_policy),
            inhibit_any_policy: unless(policy.inhibit_any_policy),
            policy_mapping: unless(policy.inhibit_policy_mapping),
        }
    }

    /// Section 6.1.4 (h) to (j).
    fn after(&mut self, authority: &Certificate) {
        if !authority.is_self_issued() {
            for counter in [&mut self.explicit_policy, &mut self.inhibit_any_policy, &mut self.policy_mapping] {
                *counter = counter.saturating_sub(1);
            }
        }
        let lower = |counter: &mut usize, to: Option<u32>| {
            *counter = to.and_then(|to| usize::try_from(to).ok()).map_or(*counter, |to| to.min(*counter));
        };
        if let Some(constraints) = authority.policy_constraints() {
            lower(&mut self.explicit_policy, constraints.require_explicit_policy);
            lower(&mut self.policy_mapping, constraints.inhibit_policy_mapping);
        }
        lower(&mut self.inhibit_any_policy, authority.inhibit_any_policy());
    }

    /// Section 6.1.5 (a) and (b).
    fn at_the_end(&mut self, leaf: &Certificate) {
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        if leaf.policy_constraints().is_some_and(|constraints| constraints.require_explicit_policy == Some(0)) {
            self.explicit_policy = 0;
        }
    }
}

/// Judges the policies of a complete path. The root is an anchor and has no part in it (RFC 5280 section 6.1.1 (d)).
pub(super) fn check(path: &[Arc<Certificate>], policy: &ChainPolicy) -> Result<(), ChainError> {
    let below_root = path.len().saturating_sub(1);
    let mut counters = Counters::initial(policy, below_root);
    let mut above: Vec<Level<'_>> = Vec::with_capacity(below_root);
    let mut level = Level { any: true, nodes: BTreeMap::new() };
    for (position, certificate) in path.iter().enumerate().take(below_root).rev() {
        let is_leaf = position == 0;
        let any_counts = counters.inhibit_any_policy > 0 || (!is_leaf && certificate.is_self_issued());
        narrow(&mut level, certificate, any_counts);
        if is_leaf {
            counters.at_the_end(certificate);
        }
        if counters.explicit_policy == 0 && level.is_empty() {
            let detail = "an explicit policy is required, and no policy is valid all the way down to here";
            return Err(refuse(certificate, detail.to_owned()));
        }
        if !is_leaf {
            let next = mapped(&mut level, certificate, counters.policy_mapping > 0)?;
            above.push(std::mem::replace(&mut level, next));
            counters.after(certificate);
        }
    }
    match path.first() {
        Some(leaf) if counters.explicit_policy == 0 && !is_acceptable(&level, &above, policy) => {
            let detail = "no policy that is asked for is valid on the whole path".to_owned();
            Err(refuse(leaf, detail))
        }
        _ => Ok(()),
    }
}

fn refuse(certificate: &Certificate, detail: String) -> ChainError {
    ChainError::CertificatePolicies { subject: checks::subject(certificate), detail }
}

/// Section 6.1.3 (d) and (e): what the certificate asserts of what is still expected.
fn narrow<'a>(level: &mut Level<'a>, certificate: &'a Certificate, any_counts: bool) {
    let asserted: BTreeSet<&str> = certificate.certificate_policies().iter().map(String::as_str).collect();
    let any_was_valid = level.any;
    let any_asserted = any_counts && asserted.contains(ANY_POLICY);
    if !any_asserted {
        level.nodes.retain(|policy, _| asserted.contains(policy));
        level.any = false;
    }
    if any_was_valid {
        for policy in asserted.into_iter().filter(|policy| *policy != ANY_POLICY) {
            level.nodes.entry(policy).or_default();
        }
    }
}

/// Section 6.1.4 (a) and (b): the level that the next certificate is held against.
fn mapped<'a>(
    level: &mut Level<'a>,
    authority: &'a Certificate,
    mapping_allowed: bool,
) -> Result<Level<'a>, ChainError> {
    let mappings = authority.policy_mappings();
    let mut next = Level { any: level.any, nodes: BTreeMap::new() };
    for mapping in mappings {
        let (from, to) = (mapping.issuer_domain.as_str(), mapping.subject_domain.as_str());
        if from == ANY_POLICY || to == ANY_POLICY {
            return Err(refuse(authority, "its policyMappings map anyPolicy, which RFC 5280 forbids".to_owned()));
        }
        if !mapping_allowed {
            level.nodes.remove(from);
            continue;
        }
        if level.any {
            level.nodes.entry(from).or_default();
        }
        if level.nodes.contains_key(from) {
            next.nodes.entry(to).or_default().parents.insert(from);
        }
    }
    let mapped_away: BTreeSet<&str> = mappings.iter().map(|mapping| mapping.issuer_domain.as_str()).collect();
    for policy in level.nodes.keys().filter(|policy| !mapped_away.contains(**policy)) {
        next.nodes.entry(policy).or_default().parents.insert(policy);
    }
    Ok(next)
}

/// Section 6.1.5 (g): a policy valid at the end goes back to one of those asked for.
fn is_acceptable(last: &Level<'_>, above: &[Level<'_>], policy: &ChainPolicy) -> bool {
    let wanted: BTreeSet<&str> = policy.initial_policies.iter().map(String::as_str).collect();
    if wanted.is_empty() || wanted.contains(ANY_POLICY) || last.any {
        return !last.is_empty();
    }
    let mut reached: BTreeSet<&str> = last.nodes.keys().copied().collect();
    let mut level = last;
    for higher in above.iter().map(Some).rev().chain([None]) {
        let mut leading = BTreeSet::new();
        for name in &reached {
            let Some(node) = level.nodes.get(name) else { continue };
            // It hangs from anyPolicy, so its own name is the one in the user's domain.
            if node.parents.is_empty() && wanted.contains(name) {
                return true;
            }
            leading.extend(node.parents.iter().copied());
        }
        let Some(higher) = higher else { break };
        (reached, level) = (leading, higher);
    }
    false
}
