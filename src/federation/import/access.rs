//! Who gets in: authorization rules, or an access control policy of AD FS in place of them. There is one or the other.

use super::carried::ImportedTrust;
use super::printed::Printed;
use crate::claims::access_control::AccessControlPolicy;

/// The properties of a trust that say it.
const RULES: &str = "IssuanceAuthorizationRules";
const POLICY: &str = "AccessControlPolicyName";
const PARAMETERS: &str = "AccessControlPolicyParameters";

/// What the configuration will say.
pub(super) enum Access {
    /// Rules in a file; empty where nobody may have a token until somebody says who.
    Rules(String),
    /// A policy that is here as well.
    Policy {
        /// Our name for it.
        name: &'static str,
        /// The groups that it is about.
        groups: Vec<String>,
    },
}

pub(super) fn of(trust: &mut ImportedTrust, printed: &Printed) -> Access {
    if let Some(rules) = printed.text(RULES) {
        trust.carried.push("the authorization rules".to_owned());
        return Access::Rules(rules);
    }
    let Some(named) = printed.text(POLICY) else {
        trust.leave(RULES, "", "Without authorization rules nobody gets a token, in AD FS as here.");
        return Access::Rules(String::new());
    };
    let known = AccessControlPolicy::read(&named);
    let usable = known.zip(groups(printed)).filter(|(policy, groups)| policy.rules(groups).is_ok());
    let Some((policy, groups)) = usable else {
        let parameters = printed.text(PARAMETERS).map(|text| format!(" with {text}"));
        let reason = match known {
            Some(_) => {
                "The text does not tell for certain which groups it is about, so nobody gets a token until \
                 authorization.rules says who; or name access_control_policy and access_control_groups yourself."
            }
            None => {
                "It is none of the policies that AD FS comes with, so nobody gets a token until \
                     authorization.rules says who."
            }
        };
        trust.undecided = true;
        trust.leave(POLICY, named + &parameters.unwrap_or_default(), reason);
        return Access::Rules(String::new());
    };
    let about = if groups.is_empty() { String::new() } else { format!(" for {}", groups.join(", ")) };
    trust.carried.push(format!("the access control policy {:?}{about}", named.trim()));
    Access::Policy { name: policy.name(), groups }
}

/// The groups of the policy, none if it has none; `None` when one may be missing or is not certainly a group's name: the
/// wrong groups could let in whom the policy keeps out.
fn groups(printed: &Printed) -> Option<Vec<String>> {
    let (texts, cut_short) = printed.texts(PARAMETERS);
    let mut groups = Vec::new();
    for text in &texts {
        let listed = match text.split_once(':') {
            None => text.as_str(),
            Some((key, rest)) if ["group", "groups", "groupparameter"].contains(&&*key.trim().to_lowercase()) => rest,
            Some(_) => return None,
        };
        groups.extend(listed.split(',').map(|group| group.trim().to_owned()));
    }
    (!cut_short && groups.iter().all(|group| is_name(group))).then_some(groups)
}

/// What a group of Active Directory can be called, below a domain or alone (MS-SAMR section 3.1.1.6).
fn is_name(text: &str) -> bool {
    let name = text.split_once('\\').map_or(text, |(_, name)| name);
    !name.trim().is_empty() && !name.contains(|character: char| r#""/\[]:;|=,+*?<>{}`"#.contains(character))
}
