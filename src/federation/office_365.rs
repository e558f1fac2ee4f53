//! The relying party trust towards Office 365, by which Entra ID knows a federated domain. What people otherwise copy from
//! one rule set into another is generated here: the identifiers, the address, and the issuance transform rules of Azure AD
//! Connect (ADFS-PROTOCOLS section 4.2) with the two claims of a certificate, and a table of domains in place of a pattern.

use crate::claims::claim_types::{
    AUTHENTICATION_METHODS_REFERENCES, CERTIFICATE_ISSUER, IMMUTABLE_ID, INSIDE_CORPORATE_NETWORK, ISSUER_ID,
    NAME_IDENTIFIER, OFFICE_UPN, PROPERTY_FORMAT, SERIAL_NUMBER, WINDOWS_ACCOUNT_NAME,
};
use std::fmt::Write;

/// What the trust is found by. The first is what requests name.
pub const IDENTIFIERS: &[&str] = &["urn:federation:MicrosoftOnline", "https://login.microsoftonline.com/extSTS.srf"];
/// Where tokens go.
pub const REPLY_ADDRESS: &str = "https://login.microsoftonline.com/login.srf";

const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const MULTI_FACTOR_INSTANT: &str =
    "http://schemas.microsoft.com/ws/2017/04/identity/claims/multifactorauthenticationinstant";
const OBJECT_GUID: &str = "urn:fedgate:objectguid";
const CONSISTENCY_GUID: &str = "urn:fedgate:consistencyguid";
const MISSING: &str = "urn:fedgate:missing";

/// Attributes of an account that Entra ID may know it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImmutableIdSource {
    /// `mS-DS-ConsistencyGuid`, or `objectGUID` of an account that has none: Azure AD Connect's own way.
    #[default]
    ConsistencyGuidOrObjectGuid,
    /// `mS-DS-ConsistencyGuid` alone. An account that has none gets a token without ImmutableID.
    ConsistencyGuid,
    /// `objectGUID` alone.
    ObjectGuid,
}

/// A federated domain of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederatedDomain {
    /// What stands after the `@` of user principal names.
    pub name: String,
    /// The IssuerUri that Entra ID has for it.
    pub issuer: String,
}

/// What the preset leaves open.
#[derive(Debug, Clone, Copy)]
pub struct Office365<'a> {
    /// Where the ImmutableID comes from.
    pub immutable_id: ImmutableIdSource,
    /// The domains; without any, every token has the issuer of the federation service.
    pub domains: &'a [FederatedDomain],
}

impl Office365<'_> {
    /// The issuance transform rules, as AD FS would print them.
    pub fn transform_rules(&self) -> String {
        let account = format!("c:[Type == \"{WINDOWS_ACCOUNT_NAME}\", Issuer == \"AD AUTHORITY\"]");
        let mut rules = Rules::default();
        rules.add(
            "User principal name of the account",
            &[&account],
            &format!("issue({})", asked(&[OFFICE_UPN], "userPrincipalName")),
        );
        self.immutable_id(&account, &mut rules);
        rules.add(
            "The subject is the ImmutableID",
            &[&claim(IMMUTABLE_ID)],
            &format!(
                "issue(Type = \"{NAME_IDENTIFIER}\", Value = c.Value, Properties[\"{PROPERTY_FORMAT}\"] = \"{UNSPECIFIED}\")"
            ),
        );
        self.issuer(&mut rules);
        for (name, claim_type) in [
            ("Inside the corporate network", INSIDE_CORPORATE_NETWORK),
            ("Authentication methods", AUTHENTICATION_METHODS_REFERENCES),
            ("When a second factor was given", MULTI_FACTOR_INSTANT),
            ("Certificate serial number", SERIAL_NUMBER),
            ("Certificate issuer", CERTIFICATE_ISSUER),
        ] {
            rules.add(name, &[&claim(claim_type)], "issue(claim = c)");
        }
        rules.0
    }

    fn immutable_id(&self, account: &str, rules: &mut Rules) {
        let from_consistency_guid = format!("issue({})", asked(&[IMMUTABLE_ID], "mS-DS-ConsistencyGuid"));
        match self.immutable_id {
            ImmutableIdSource::ObjectGuid => {
                let action = format!("issue({})", asked(&[IMMUTABLE_ID], "objectGUID"));
                rules.add("ImmutableID from the object GUID", &[account], &action);
            }
            ImmutableIdSource::ConsistencyGuid => {
                rules.add("ImmutableID from the consistency GUID", &[account], &from_consistency_guid);
            }
            ImmutableIdSource::ConsistencyGuidOrObjectGuid => {
                let both = asked(&[OBJECT_GUID, CONSISTENCY_GUID], "objectGUID,mS-DS-ConsistencyGuid");
                rules.add("Read what an ImmutableID can be made of", &[account], &format!("add({both})"));
                let action = format!("issue(Type = \"{IMMUTABLE_ID}\", Value = c.Value)");
                rules.add("ImmutableID from the consistency GUID", &[&claim(CONSISTENCY_GUID)], &action);
                rules.without(CONSISTENCY_GUID, "There is no consistency GUID");
                let none = missing(CONSISTENCY_GUID);
                rules.add("ImmutableID from the object GUID", &[&none, &claim(OBJECT_GUID)], &action);
            }
        }
    }

    /// One rule for each domain, and one for people of none: what stays a user principal name is no issuer, and the token is
    /// refused here rather than by Entra ID.
    fn issuer(&self, rules: &mut Rules) {
        for FederatedDomain { name, issuer } in self.domains {
            // host names and URIs: nothing in them but the full stop means anything to a pattern or a text
            let pattern = format!("(?i)^[^@]+@{}$", name.replace('.', "\\."));
            rules.add(
                &format!("Issuer of {name}"),
                &[&format!("c:[Type == \"{OFFICE_UPN}\", Value =~ \"{pattern}\"]")],
                &format!("issue(Type = \"{ISSUER_ID}\", Value = \"{issuer}\")"),
            );
        }
        if !self.domains.is_empty() {
            rules.without(ISSUER_ID, "The domain is not federated");
            rules.add(
                "No issuer for a domain that is not federated",
                &[&missing(ISSUER_ID), &claim(OFFICE_UPN)],
                &format!("issue(Type = \"{ISSUER_ID}\", Value = c.Value)"),
            );
        }
    }
}

#[derive(Default)]
struct Rules(String);

impl Rules {
    fn add(&mut self, name: &str, conditions: &[&str], action: &str) {
        let between = if self.0.is_empty() { "" } else { "\n" };
        let conditions = conditions.join("\n && ");
        let _ = write!(self.0, "{between}@RuleName = \"{name}\"\n{conditions}\n => {action};\n");
    }

    fn without(&mut self, claim_type: &str, name: &str) {
        let condition = format!("NOT EXISTS([Type == \"{claim_type}\"])");
        self.add(name, &[&condition], &format!("add(Type = \"{MISSING}\", Value = \"{claim_type}\")"));
    }
}

/// A note that there is no claim of a type: conditions about existence stand by themselves in a rule.
fn missing(claim_type: &str) -> String {
    format!("[Type == \"{MISSING}\", Value == \"{claim_type}\"]")
}

fn claim(claim_type: &str) -> String {
    format!("c:[Type == \"{claim_type}\"]")
}

/// A question about the account to Active Directory.
fn asked(types: &[&str], attributes: &str) -> String {
    let types: Vec<String> = types.iter().map(|claim_type| format!("\"{claim_type}\"")).collect();
    let types = types.join(", ");
    format!("store = \"Active Directory\", types = ({types}), query = \";{attributes};{{0}}\", param = c.Value")
}

#[cfg(test)]
mod tests;
