//! The properties of a relying party trust: which the configuration says, which hold anyway, which it cannot say.

use super::carried::{self, ImportedTrust, Usability, checked, one_line, rule_file};
use super::printed::Printed;
use super::{Taken, section};

/// Rule sets that are written and that no key of the configuration names.
const KEPT: [(&str, &str); 3] = [
    ("delegation.rules", "DelegationAuthorizationRules"),
    ("impersonation.rules", "ImpersonationAuthorizationRules"),
    ("additional-authentication.rules", "AdditionalAuthenticationRules"),
];

/// What a property has to be like to make a difference.
#[derive(Clone, Copy)]
enum Matters {
    /// There is something in it.
    Present,
    /// It is switched on.
    True,
    /// It is none of these.
    Otherwise(&'static [&'static str]),
}

/// Properties without a place in the configuration.
const WITHOUT_A_PLACE: &[(&str, Matters, &str)] = &[
    (
        "TokenLifetime",
        Matters::Otherwise(&["0", "60"]),
        "One lifetime holds for every trust: [service] token_lifetime_minutes.",
    ),
    ("NotBeforeSkew", Matters::Otherwise(&["0"]), "Tokens hold from the moment they are made."),
    (
        "SignatureAlgorithm",
        Matters::Otherwise(&[
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ]),
        "Tokens are signed with SHA-256; tell the application before it is moved.",
    ),
    ("EncryptionCertificate", Matters::Present, "Tokens are not encrypted; TLS protects them on their way."),
    ("WSFedEndpoint", Matters::Present, "There is no sign-in in a browser yet; nothing is sent there."),
    ("AdditionalWSFedEndpoint", Matters::Present, "There is no sign-in in a browser yet; nothing is sent there."),
    ("SamlEndpoints", Matters::Present, "There is no SAML 2.0 yet; nothing is sent there."),
    ("SamlResponseSignature", Matters::Otherwise(&["AssertionOnly"]), "There is no SAML 2.0 yet."),
    ("SignedSamlRequestsRequired", Matters::True, "There is no SAML 2.0 yet."),
    ("RequestSigningCertificate", Matters::Present, "There is no SAML 2.0 yet; no request is signed."),
    ("EncryptedNameIdRequired", Matters::True, "There is no SAML 2.0 yet."),
    (
        "ClaimsProviderName",
        Matters::Otherwise(&["Active Directory"]),
        "The directory is the only claims provider; people of others cannot sign in.",
    ),
    ("RequestMFAFromClaimsProviders", Matters::True, "The directory is the only claims provider."),
    ("EnableJWT", Matters::True, "Tokens are SAML 1.1."),
    ("AllowedAuthenticationClassReferences", Matters::Present, "A certificate is the only way to sign in."),
    ("MetadataUrl", Matters::Present, "Metadata is not fetched; changes of the application are made by hand."),
    ("ProxyEndpointMappings", Matters::Present, "Applications are not published."),
    ("ProxyTrustedEndpoints", Matters::Present, "Applications are not published."),
    ("PublishedThroughProxy", Matters::True, "Applications are not published."),
    (
        "AdditionalAuthenticationRules",
        Matters::Present,
        "The rules are kept; nobody is asked for a second factor here.",
    ),
    ("DelegationAuthorizationRules", Matters::Present, "The rules are kept; nobody acts on behalf of others here."),
    ("ImpersonationAuthorizationRules", Matters::Present, "The rules are kept; nobody impersonates others here."),
];

/// Properties that are about AD FS's own administration.
const NO_DIFFERENCE: &[&str] = &[
    "AccessControlPolicyName",
    "AccessControlPolicyParameters",
    "AllowedClientTypes",
    "AlwaysRequireAuthentication",
    "AutoUpdateEnabled",
    "ClaimsAccepted",
    "ConflictWithPublishedPolicy",
    "Enabled",
    "EncryptClaims",
    "EncryptionCertificateRevocationCheck",
    "Identifier",
    "IssuanceAuthorizationRules",
    "IssuanceTransformRules",
    "IssueOAuthRefreshTokensTo",
    "LastMonitoredTime",
    "LastPublishedPolicyCheckSuccessful",
    "LastUpdateTime",
    "MonitoringEnabled",
    "Name",
    "Notes",
    "ObjectIdentifier",
    "OrganizationInfo",
    "ProtocolProfile",
    "PSComputerName",
    "PSShowComputerName",
    "RefreshTokenProtectionEnabled",
    "ResultantPolicy",
    "RunspaceId",
    "ScopeGroupId",
    "ScopeGroupIdentifier",
    "SigningCertificateRevocationCheck",
];

const PERMIT_ALL: &str = "@RuleTemplate = \"AllowAllAuthzRule\"\n\
    => issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");";

const PERMIT_INSIDE: &str = "@RuleName = \"Permit everyone for intranet access\"\n\
    exists([Type == \"http://schemas.microsoft.com/ws/2012/01/insidecorporatenetwork\", Value == \"true\"])\n \
    => issue(Type = \"http://schemas.microsoft.com/authorization/claims/permit\", Value = \"true\");";

pub(super) fn carry(trust: &mut ImportedTrust, printed: &Printed, rules: &str, taken: &mut Taken) {
    let authorization = authorization(trust, printed);
    trust.files.push(checked("authorization.rules", "IssuanceAuthorizationRules", authorization));
    trust.files.push(rule_file(printed, "transform.rules", "IssuanceTransformRules"));
    let kept = KEPT.into_iter().map(|(name, property)| rule_file(printed, name, property));
    trust.files.extend(kept.filter(|file| !file.text.is_empty()));
    let identifiers = identifiers(trust, printed, taken);
    let enabled = !printed.text("Enabled").is_some_and(|text| text.trim().eq_ignore_ascii_case("false"));
    name(trust, taken);
    if identifiers.is_empty() && trust.usability == Usability::Usable {
        let reason = "No identifier of its own is left, and a trust is found by its identifiers.";
        trust.usability = Usability::Commented(reason.to_owned());
    }
    carried::refuse_unsound(trust);
    if trust.usability == Usability::Usable {
        let state = if enabled { "enabled" } else { "disabled" };
        let plural = if identifiers.len() == 1 { "" } else { "s" };
        trust.carried.push(format!("name, {} identifier{plural}, {state}", identifiers.len()));
        taken.names.insert(trust.name.clone());
        taken.identifiers.extend(identifiers.iter().cloned());
    }
    if printed.is_true("AlwaysRequireAuthentication") {
        trust
            .carried
            .push("AlwaysRequireAuthentication, which holds for every trust: nobody stays signed in".to_owned());
    }
    leave_the_rest(trust, printed);
    if !matches!(trust.usability, Usability::NoSection(_)) {
        trust.section = section::relying_party(trust, &identifiers, enabled, rules);
    }
}

fn name(trust: &mut ImportedTrust, taken: &Taken) {
    if trust.name.is_empty() {
        trust.usability = Usability::Commented("It has no name; give it one.".to_owned());
    } else if taken.names.contains(&trust.name) {
        let reason = "A relying party of this name is there already; it was left as it is.";
        trust.usability = Usability::NoSection(reason.to_owned());
    }
}

/// Identifiers that nobody has yet.
fn identifiers(trust: &mut ImportedTrust, printed: &Printed, taken: &Taken) -> Vec<String> {
    let (all, cut_short) = printed.texts("Identifier");
    if cut_short {
        let reason = "The console left identifiers out; set `$FormatEnumerationLimit = -1` and print the trust again.";
        trust.leave("Identifier", all.join(", ") + ", ...", reason);
    }
    let mut own: Vec<String> = Vec::new();
    for identifier in all {
        if identifier != one_line(&identifier) {
            trust.leave("Identifier", identifier, "It has control characters or runs of blanks in it.");
        } else if taken.identifiers.contains(&identifier) {
            trust.leave("Identifier", identifier, "Another relying party has it; requests with it go there.");
        } else if !own.contains(&identifier) {
            own.push(identifier);
        }
    }
    own
}

/// Authorization rules, or those that say the same as an access control policy. AD FS has one or the other.
fn authorization(trust: &mut ImportedTrust, printed: &Printed) -> String {
    if let Some(rules) = printed.text("IssuanceAuthorizationRules") {
        trust.carried.push("the authorization rules".to_owned());
        return rules;
    }
    let Some(policy) = printed.text("AccessControlPolicyName") else {
        let reason = "Without authorization rules nobody gets a token, in AD FS as here.";
        trust.leave("IssuanceAuthorizationRules", "", reason);
        return String::new();
    };
    let rules = match policy.trim().to_ascii_lowercase().as_str() {
        "permit everyone" => PERMIT_ALL,
        "permit everyone for intranet access" => PERMIT_INSIDE,
        _ => {
            let parameters = printed.text("AccessControlPolicyParameters").map(|text| format!(" with {text}"));
            let value = policy + &parameters.unwrap_or_default();
            let reason = "This policy has no rules of its own to take over, so nobody gets a token until \
                          authorization.rules says who.";
            trust.leave("AccessControlPolicyName", value, reason);
            return String::new();
        }
    };
    trust.carried.push(format!("the access control policy {:?}, as a rule", policy.trim()));
    rules.to_owned()
}

fn leave_the_rest(trust: &mut ImportedTrust, printed: &Printed) {
    for (name, value) in printed.properties() {
        if printed.find(name).is_none() {
            continue;
        }
        let place = WITHOUT_A_PLACE.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
        let text = carried::shown(value);
        match place {
            Some((_, matters, reason)) if makes_a_difference(*matters, printed, name, &text) => {
                trust.leave(name, text, reason);
            }
            Some(_) => {}
            None if NO_DIFFERENCE.iter().any(|known| known.eq_ignore_ascii_case(name)) => {}
            None => trust.leave(name, text, "fedgate does not know this property."),
        }
    }
}

fn makes_a_difference(matters: Matters, printed: &Printed, name: &str, text: &str) -> bool {
    match matters {
        Matters::Present => true,
        Matters::True => printed.is_true(name),
        Matters::Otherwise(usual) => {
            !usual.iter().any(|usual| usual.eq_ignore_ascii_case(text.trim_matches(['{', '}'])))
        }
    }
}
