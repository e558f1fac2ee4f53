//! `[subject]`.

use super::Located;
use super::document::{Section, Source};
use super::keys::{Key, Table};
use super::shapes::{List, Optional, Text};
use crate::directory::Filter;
use crate::subject::Binding;

/// `[subject]`: how a certificate becomes an account.
#[derive(Debug, Clone)]
pub struct SubjectSection {
    /// Ways to find the account, the deciding one first.
    pub bindings: Vec<Binding>,
    /// Which entries can be accounts, when the file says so.
    pub account_filter: Option<Located<Filter>>,
    /// Attribute of the account that must equal the certificate's serial number.
    pub require_equal_serial_attribute: Option<String>,
    /// Attribute of the account that must equal the certificate's issuer.
    pub require_equal_issuer_attribute: Option<String>,
}

pub(super) const SUBJECT: Table = Table {
    name: "subject",
    repeated: false,
    meaning: "How a certificate becomes an account. Exactly one enabled account signs in; none or two are refused.",
    keys: &[&BINDINGS, &ACCOUNT_FILTER, &REQUIRE_EQUAL_SERIAL_ATTRIBUTE, &REQUIRE_EQUAL_ISSUER_ATTRIBUTE],
    variants: &[],
};

const NAMES: &[(&str, Binding)] = &[
    ("alt-security-identities", Binding::AltSecurityIdentities),
    ("user-certificate", Binding::UserCertificate),
    ("user-principal-name", Binding::UserPrincipalName),
    ("rfc822", Binding::Rfc822),
];

const BINDINGS: Key<List> = Key {
    name: "bindings",
    shape: List {
        item: "`alt-security-identities`, `user-certificate`, `user-principal-name`, `rfc822`",
        default: &["alt-security-identities", "user-principal-name", "rfc822"],
        example: &[],
        cure: Some("Without a binding nobody can sign in; leave the key out for the usual ones."),
    },
    meaning: "Ways to find the account: the first that finds one decides. The first two need the directory to know this very \
              certificate; the others trust the names that authorities put into certificates.",
};

const ACCOUNT_FILTER: Key<Optional<Text>> = Key {
    name: "account_filter",
    shape: Optional {
        kind: Text("LDAP filter"),
        example: "(objectClass=person)",
        absent: "`(&(objectCategory=person)(objectClass=user))` in Active Directory, every entry elsewhere",
    },
    meaning: "Which entries can be accounts at all. A mail contact with a person's address would otherwise make two of one.",
};

const REQUIRE_EQUAL_SERIAL_ATTRIBUTE: Key<Optional<Text>> = Key {
    name: "require_equal_serial_attribute",
    shape: Optional { kind: Text("attribute name"), example: "serialNumber", absent: "not required" },
    meaning: "Attribute of the account that must equal the certificate's serial number.",
};

const REQUIRE_EQUAL_ISSUER_ATTRIBUTE: Key<Optional<Text>> = Key {
    name: "require_equal_issuer_attribute",
    shape: Optional { kind: Text("attribute name"), example: "extensionAttribute1", absent: "not required" },
    meaning: "Attribute of the account that must equal the certificate's issuer.",
};

pub(super) fn subject(mut section: Section<'_, '_>) -> SubjectSection {
    let names = section.list(&BINDINGS);
    let subject = SubjectSection {
        bindings: bindings(section.source, &names),
        account_filter: account_filter(&mut section),
        require_equal_serial_attribute: attribute(&mut section, &REQUIRE_EQUAL_SERIAL_ATTRIBUTE),
        require_equal_issuer_attribute: attribute(&mut section, &REQUIRE_EQUAL_ISSUER_ATTRIBUTE),
    };
    section.finish();
    subject
}

fn bindings(source: &Source<'_>, names: &Located<Vec<String>>) -> Vec<Binding> {
    let mut bindings = Vec::new();
    for name in &names.value {
        match NAMES.iter().find(|(known, _)| known == name) {
            Some((_, binding)) if bindings.contains(binding) => {
                let cure = "Name each binding once; the order says which decides.";
                source.problem(names, format!("names {name:?} twice"), cure);
            }
            Some((_, binding)) => bindings.push(*binding),
            None => {
                let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
                let cure = format!("The bindings are {}.", known.join(", "));
                source.problem(names, format!("names {name:?}, which is no binding"), cure);
            }
        }
    }
    bindings
}

fn account_filter(section: &mut Section<'_, '_>) -> Option<Located<Filter>> {
    let text = section.optional(&ACCOUNT_FILTER)?;
    match Filter::parse(&text.value) {
        Ok(filter) => {
            let Located { line, column, key, .. } = text;
            Some(Located { value: filter, line, column, key })
        }
        Err(error) => {
            let cure = "Write an LDAP filter (RFC 4515), such as (&(objectCategory=person)(objectClass=user)).";
            section.source.problem(&text, format!("is no filter: {error}"), cure);
            None
        }
    }
}

fn attribute(section: &mut Section<'_, '_>, key: &Key<Optional<Text>>) -> Option<String> {
    let name = section.optional(key)?;
    if !is_attribute_name(&name.value) {
        let cure = "Give the attribute's name in the directory, such as serialNumber.";
        section.source.problem(&name, format!("must be the name of an attribute, is {:?}", name.value), cure);
    }
    Some(name.value)
}

/// The `descr` form of RFC 4512 section 1.4.
fn is_attribute_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
