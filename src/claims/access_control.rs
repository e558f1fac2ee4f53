//! The access control policies that AD FS comes with, as rule sets: what a policy does is seen in the trace like any rule.

use super::RuleStage;
use super::language::{self, RuleSet, Strictness};
use std::fmt::Write;

/// A built-in policy, by what it admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessControlPolicy {
    /// Everybody.
    PermitEveryone,
    /// Everybody with a second factor.
    RequireMfa,
    /// Everybody; from outside the corporate network with a second factor.
    RequireMfaFromExtranet,
    /// Everybody; from a device that is not registered with a second factor.
    RequireMfaFromUnauthenticatedDevices,
    /// Everybody; members of groups with a second factor.
    RequireMfaForGroup,
    /// Everybody inside the corporate network.
    PermitIntranet,
    /// Members of groups.
    PermitGroup,
    /// Everybody but members of groups.
    PermitEveryoneExceptGroup,
}

/// Why a policy cannot be used as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessControlError {
    /// The policy is about groups, and none is named.
    #[error("the policy {0:?} needs groups")]
    GroupsMissing(&'static str),
    /// The policy is not about groups.
    #[error("the policy {0:?} has no groups")]
    GroupsUnused(&'static str),
    /// No name of a group.
    #[error("{0:?} names no group; write S-1-5-21-…, DOMAIN\\group or the group's name")]
    Group(String),
}

use AccessControlPolicy::{
    PermitEveryone, PermitEveryoneExceptGroup, PermitGroup, PermitIntranet, RequireMfa, RequireMfaForGroup,
    RequireMfaFromExtranet, RequireMfaFromUnauthenticatedDevices,
};

/// The policy, our name for it, and that of AD FS.
const NAMES: [(AccessControlPolicy, &str, &str); 8] = [
    (PermitEveryone, "permit-everyone", "Permit everyone"),
    (RequireMfa, "require-mfa", "Permit everyone and require MFA"),
    (RequireMfaFromExtranet, "require-mfa-from-extranet", "Permit everyone and require MFA from extranet access"),
    (
        RequireMfaFromUnauthenticatedDevices,
        "require-mfa-from-unauthenticated-devices",
        "Permit everyone and require MFA from unauthenticated devices",
    ),
    (RequireMfaForGroup, "require-mfa-for-group", "Permit everyone and require MFA for specific group"),
    (PermitIntranet, "permit-intranet", "Permit everyone for intranet access"),
    (PermitGroup, "permit-group", "Permit specific group"),
    (PermitEveryoneExceptGroup, "permit-everyone-except-group", "Permit everyone except specific group"),
];

macro_rules! claim_type {
    (permit) => {
        "http://schemas.microsoft.com/authorization/claims/permit"
    };
    (deny) => {
        "http://schemas.microsoft.com/authorization/claims/deny"
    };
}

const EVERYBODY: &str =
    concat!("@RuleName = \"Permit everybody\"\n => issue(Type = \"", claim_type!(permit), "\", Value = \"true\");\n");

/// What is known of the network is a claim that is always there; anything but "true" counts as outside.
const INSIDE: &str =
    "EXISTS([Type == \"http://schemas.microsoft.com/ws/2012/01/insidecorporatenetwork\", Value =~ \"^(?i)true$\"])";
/// A device proves itself by its registration.
const REGISTERED_DEVICE: &str =
    "EXISTS([Type == \"http://schemas.microsoft.com/2012/01/devicecontext/claims/registrationid\"])";
/// Without the account's name its groups cannot be asked for.
const ACCOUNT: &str = "c:[Type == \"http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname\", Issuer == \"AD AUTHORITY\"]";
const PERMIT: &str = concat!("issue(Type = \"", claim_type!(permit), "\", Value = \"true\")");
const DENY: &str = concat!("issue(Type = \"", claim_type!(deny), "\", Value = \"true\")");
const DEMAND: &str = "issue(Type = \"http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod\", \
                      Value = \"http://schemas.microsoft.com/claims/multipleauthn\")";

impl AccessControlPolicy {
    /// The policy of a name: ours, or that of AD FS, with blanks or hyphens. Case is ignored.
    pub fn read(name: &str) -> Option<Self> {
        let same = |known: &str| known.eq_ignore_ascii_case(name.trim());
        NAMES
            .iter()
            .find(|(_, ours, theirs)| same(ours) || same(theirs) || same(&theirs.replace(' ', "-")))
            .map(|(policy, ..)| *policy)
    }

    /// Our names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, ours, _)| *ours)
    }

    /// Our name.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(policy, ..)| *policy == self).map_or("", |(_, ours, _)| *ours)
    }

    fn is_about_groups(self) -> bool {
        matches!(self, RequireMfaForGroup | PermitGroup | PermitEveryoneExceptGroup)
    }

    /// The issuance authorization rules and the additional authentication rules of the policy.
    ///
    /// # Errors
    /// When groups are missing, or named where they mean nothing, or are none.
    pub fn rules(self, groups: &[String]) -> Result<(RuleSet, RuleSet), AccessControlError> {
        match (self.is_about_groups(), groups.is_empty()) {
            (true, true) => return Err(AccessControlError::GroupsMissing(self.name())),
            (false, false) => return Err(AccessControlError::GroupsUnused(self.name())),
            _ => {}
        }
        let groups = groups.iter().map(|group| Group::read(group)).collect::<Result<Vec<_>, _>>()?;
        let parsed = |stage: RuleStage, text: &str| {
            let name = format!("access control policy {:?}, {}", self.name(), stage.name());
            language::parse(&name, text, Strictness::Strict).map_err(|problems| {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                AccessControlError::Group(problems.join("; "))
            })
        };
        Ok((
            parsed(RuleStage::Authorization, &self.authorization(&groups))?,
            parsed(RuleStage::AdditionalAuthentication, &self.additional_authentication(&groups))?,
        ))
    }

    fn authorization(self, groups: &[Group<'_>]) -> String {
        match self {
            PermitEveryone | RequireMfa | RequireMfaFromExtranet | RequireMfaFromUnauthenticatedDevices => {
                EVERYBODY.to_owned()
            }
            RequireMfaForGroup => {
                format!("@RuleName = \"Permit everybody whose groups can be asked for\"\n{ACCOUNT}\n => {PERMIT};\n")
            }
            PermitIntranet => format!("@RuleName = \"Permit inside the corporate network\"\n{INSIDE}\n => {PERMIT};\n"),
            PermitGroup => membership(groups, "Permit", PERMIT),
            PermitEveryoneExceptGroup => {
                let deny = membership(groups, "Deny", DENY);
                format!(
                    "@RuleName = \"Permit everybody whose groups can be asked for\"\n{ACCOUNT}\n => {PERMIT};\n\n{deny}"
                )
            }
        }
    }

    fn additional_authentication(self, groups: &[Group<'_>]) -> String {
        match self {
            PermitEveryone | PermitIntranet | PermitGroup | PermitEveryoneExceptGroup => String::new(),
            RequireMfa => format!("@RuleName = \"A second factor from everybody\"\n => {DEMAND};\n"),
            RequireMfaFromExtranet => {
                format!("@RuleName = \"A second factor from outside\"\nNOT {INSIDE}\n => {DEMAND};\n")
            }
            RequireMfaFromUnauthenticatedDevices => {
                format!(
                    "@RuleName = \"A second factor without a known device\"\nNOT {REGISTERED_DEVICE}\n => {DEMAND};\n"
                )
            }
            RequireMfaForGroup => membership(groups, "A second factor from", DEMAND),
        }
    }
}

/// A group as the configuration names it.
struct Group<'n> {
    name: &'n str,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Identifier,
    Qualified,
    Bare,
}

impl Form {
    /// How the directory is asked for groups of this form, and the type the answers get.
    fn asked(self) -> (&'static str, &'static str) {
        match self {
            Self::Identifier => ("tokenGroups(SID)", "urn:fedgate:group-sid"),
            Self::Qualified => ("tokenGroups(domainQualifiedName)", "urn:fedgate:group-qualified-name"),
            Self::Bare => ("tokenGroups", "urn:fedgate:group-name"),
        }
    }
}

impl<'n> Group<'n> {
    /// A name stands in the rules between quotes.
    fn read(name: &'n str) -> Result<Self, AccessControlError> {
        let name = name.trim();
        if name.is_empty() || name.contains(|character: char| character == '"' || character.is_control()) {
            return Err(AccessControlError::Group(name.to_owned()));
        }
        let form = if name.to_ascii_uppercase().starts_with("S-1-") {
            Form::Identifier
        } else if name.contains('\\') {
            Form::Qualified
        } else {
            Form::Bare
        };
        Ok(Self { name, form })
    }
}

/// Asks for the account's groups, nested ones included, and acts for each that is named.
fn membership(groups: &[Group<'_>], verb: &str, act: &str) -> String {
    let mut forms: Vec<Form> = Vec::new();
    for group in groups {
        if !forms.contains(&group.form) {
            forms.push(group.form);
        }
    }
    let types: Vec<String> = forms.iter().map(|form| format!("\"{}\"", form.asked().1)).collect();
    let attributes: Vec<&str> = forms.iter().map(|form| form.asked().0).collect();
    let mut text = format!(
        "@RuleName = \"Ask for the user's groups\"\n{ACCOUNT}\n => add(store = \"Active Directory\", types = ({}), query = \
         \";{};{{0}}\", param = c.Value);\n",
        types.join(", "),
        attributes.join(",")
    );
    for Group { name, form } in groups {
        let (claim_type, pattern) = (form.asked().1, escaped(name));
        let _ = write!(
            text,
            "\n@RuleName = \"{verb} {name}\"\nEXISTS([Type == \"{claim_type}\", Value =~ \"^(?i){pattern}$\"])\n => {act};\n"
        );
    }
    text
}

/// Directories compare names of groups without regard to case, so the comparison is a pattern.
fn escaped(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len() * 2);
    for character in name.chars() {
        if character.is_ascii() && !character.is_ascii_alphanumeric() && character != '-' && character != ' ' {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests;
