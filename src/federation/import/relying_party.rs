//! The properties of a relying party trust: which the configuration says, which hold anyway, which it cannot say.

use super::access::{self, Access};
use super::carried::{self, ImportedTrust, Usability, checked, one_line, rule_file};
use super::printed::Printed;
use super::{Taken, protocols, section};

/// Rule sets that may be there: the file, the property, and what there is to know.
const OPTIONAL: [(&str, &str, &str); 3] = [
    (
        "additional-authentication.rules",
        ADDITIONAL,
        "the additional authentication rules; [additional_authentication] says whether a certificate satisfies them",
    ),
    (
        "delegation.rules",
        "DelegationAuthorizationRules",
        "the delegation rules, for later: nobody acts on behalf of others here yet",
    ),
    (
        "impersonation.rules",
        "ImpersonationAuthorizationRules",
        "the impersonation rules, for later: nobody impersonates others here yet",
    ),
];
const ADDITIONAL: &str = "AdditionalAuthenticationRules";

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
    ("NotBeforeSkew", Matters::Otherwise(&["0"]), "Tokens hold from the moment they are made."),
    (
        "SignatureAlgorithm",
        Matters::Otherwise(&[
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        ]),
        "Tokens are signed with SHA-256; tell the application before it is moved.",
    ),
    (
        "EncryptionCertificate",
        Matters::Present,
        "Certificates are files: name it in encryption_certificate, or use `fedgate trusts import` with the application's metadata.",
    ),
    (
        "SamlEndpoints",
        Matters::Present,
        "Write a [[relying_party.saml_endpoint]] for each, or use `fedgate trusts import` with the application's metadata.",
    ),
    (
        "SignedSamlRequestsRequired",
        Matters::True,
        "It needs the certificates: name them in request_signing_certificates and set signed_saml_requests_required.",
    ),
    (
        "RequestSigningCertificate",
        Matters::Present,
        "Certificates are files: name them in request_signing_certificates.",
    ),
    ("EncryptedNameIdRequired", Matters::True, "Name identifiers are not encrypted by themselves."),
    (
        "ClaimsProviderName",
        Matters::Otherwise(&["Active Directory"]),
        "The directory is the only claims provider; people of others cannot sign in.",
    ),
    ("RequestMFAFromClaimsProviders", Matters::True, "The directory is the only claims provider."),
    ("EnableJWT", Matters::True, "Tokens are SAML."),
    (
        "AllowedAuthenticationClassReferences",
        Matters::Present,
        "How people may sign in is said for all trusts: [authentication_policy].",
    ),
    ("MetadataUrl", Matters::Present, "Metadata is not fetched; changes of the application are made by hand."),
    ("ProxyEndpointMappings", Matters::Present, "Applications are not published."),
    ("ProxyTrustedEndpoints", Matters::Present, "Applications are not published."),
    ("PublishedThroughProxy", Matters::True, "Applications are not published."),
];

/// Properties that are carried over, and those about AD FS's own administration.
const NO_DIFFERENCE: &[&str] = &[
    "AccessControlPolicyName",
    "AccessControlPolicyParameters",
    "AdditionalAuthenticationRules",
    "AdditionalWSFedEndpoint",
    "AllowedClientTypes",
    "AlwaysRequireAuthentication",
    "AutoUpdateEnabled",
    "ClaimsAccepted",
    "ConflictWithPublishedPolicy",
    "DelegationAuthorizationRules",
    "Enabled",
    "EncryptClaims",
    "EncryptionCertificateRevocationCheck",
    "Identifier",
    "ImpersonationAuthorizationRules",
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
    "SamlResponseSignature",
    "ScopeGroupIdentifier",
    "SigningCertificateRevocationCheck",
    "TokenLifetime",
    "WSFedEndpoint",
];

pub(super) fn carry(trust: &mut ImportedTrust, printed: &Printed, rules: &str, taken: &mut Taken) {
    let access = access::of(trust, printed);
    if let Access::Rules(rules) = &access {
        trust.files.push(checked("authorization.rules", "IssuanceAuthorizationRules", rules.clone()));
    }
    trust.files.push(rule_file(printed, "transform.rules", "IssuanceTransformRules"));
    optional_rules(trust, printed, &access);
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
    let further = protocols::carry(trust, printed);
    leave_the_rest(trust, printed);
    if !matches!(trust.usability, Usability::NoSection(_)) {
        trust.section = section::relying_party(trust, &identifiers, enabled, &access, rules, &further);
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

fn optional_rules(trust: &mut ImportedTrust, printed: &Printed, access: &Access) {
    for (name, property, carried) in OPTIONAL {
        let file = rule_file(printed, name, property);
        if file.text.is_empty() {
            continue;
        }
        if property == ADDITIONAL && matches!(access, Access::Policy { .. }) {
            let reason =
                "The access control policy says when a second factor is demanded, and there is one or the other.";
            trust.leave(property, file.text, reason);
            continue;
        }
        trust.carried.push(carried.to_owned());
        trust.files.push(file);
    }
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
