//! `[[attribute_store]]`: what claim rules can ask besides the built-in stores.

use super::Located;
use super::database::{self, PostgresSection, SqliteSection, postgresql, sqlite};
use super::document::{Section, Source};
use super::keys::{Key, Table, Variant};
use super::ldap::{self, LdapSection, attribute_store};
use super::shapes::{Choice, File, Optional, Required, Text};
use std::path::PathBuf;

/// `[[attribute_store]]`.
#[derive(Debug, Clone)]
pub struct AttributeStoreSection {
    /// As rules write it; case and blanks count.
    pub name: Located<String>,
    /// What it is.
    pub kind: AttributeStoreKind,
}

/// What stands behind a store.
#[derive(Debug, Clone)]
pub enum AttributeStoreKind {
    /// A domain of Active Directory: `filter;attributes;DOMAIN\user`.
    ActiveDirectory(Box<LdapSection>),
    /// Another directory server: `filter;attributes`.
    Ldap(Box<LdapSection>),
    /// An SQLite file.
    Sqlite(SqliteSection),
    /// A PostgreSQL database.
    PostgreSql(Box<PostgresSection>),
    /// `toUpper`, `toLower`, `base64`, `trim`.
    StringProcessing,
    /// Pairwise identifiers.
    OpaqueId {
        /// The farm's secret.
        secret_file: Located<PathBuf>,
    },
    /// When a password expires.
    PasswordExpiry {
        /// Where people change their password.
        change_url: Option<Located<String>>,
    },
}

pub(super) const ATTRIBUTE_STORE: Table = Table {
    name: "attribute_store",
    repeated: true,
    meaning: "An attribute store that claim rules can ask, besides \"Active Directory\", which is the `[directory]`, \
              `_PasswordExpiryStore` and `_ProxyCredentialStore`. A section with one of these names takes its place. \
              docs/attribute-stores.md says how queries are written.",
    keys: &[&NAME, &KIND],
    variants: &[
        ldap::ACTIVE_DIRECTORY_STORE,
        ldap::LDAP_STORE,
        database::SQLITE,
        database::POSTGRESQL,
        STRING_PROCESSING,
        OPAQUE_ID,
        PASSWORD_EXPIRY,
    ],
};

const STRING_PROCESSING: Variant = Variant { key: "kind", choice: "string-processing", keys: &[] };
const OPAQUE_ID: Variant = Variant { key: "kind", choice: "opaque-id", keys: &[&SECRET_FILE] };
const PASSWORD_EXPIRY: Variant = Variant { key: "kind", choice: "password-expiry", keys: &[&CHANGE_URL] };

#[derive(Clone, Copy)]
enum StoreKind {
    ActiveDirectory,
    Ldap,
    Sqlite,
    PostgreSql,
    StringProcessing,
    OpaqueId,
    PasswordExpiry,
}

const NAME: Key<Required<Text>> = Key {
    name: "name",
    shape: Required {
        kind: Text("text"),
        example: "Personnel",
        cure: "Give the store the name that rules write in store = \"…\".",
    },
    meaning: "The name that rules write in `store = \"…\"`; case and blanks count.",
};

const KIND: Key<Choice<StoreKind>> = Key {
    name: "kind",
    shape: Choice {
        first: ("active-directory", StoreKind::ActiveDirectory),
        others: &[
            ("ldap", StoreKind::Ldap),
            ("sqlite", StoreKind::Sqlite),
            ("postgresql", StoreKind::PostgreSql),
            ("string-processing", StoreKind::StringProcessing),
            ("opaque-id", StoreKind::OpaqueId),
            ("password-expiry", StoreKind::PasswordExpiry),
        ],
        cure: Some("Say what stands behind the name, such as kind = \"postgresql\"."),
    },
    meaning: "What stands behind the name.",
};

const SECRET_FILE: Key<Required<File>> = Key {
    name: "secret_file",
    shape: Required {
        kind: File,
        example: "keys/opaque-id.secret",
        cure: "Name a file with 32 octets or more from a random source, the same on every node of the farm.",
    },
    meaning: "File with the secret that identifiers are made with, 32 octets or more, the same on every node. With another \
              secret everybody gets another identifier.",
};

const CHANGE_URL: Key<Optional<Text>> = Key {
    name: "change_url",
    shape: Optional {
        kind: Text("URL"),
        example: "https://password.contoso.com/",
        absent: "no value in the third column",
    },
    meaning: "Where people change their password.",
};

pub(super) fn attribute_stores(document: &mut Section<'_, '_>) -> Vec<AttributeStoreSection> {
    let sections = document.sections(&ATTRIBUTE_STORE).unwrap_or_default();
    let stores: Vec<_> = sections.into_iter().filter_map(store).collect();
    reject_duplicates(document.source, &stores);
    stores
}

fn store(mut section: Section<'_, '_>) -> Option<AttributeStoreSection> {
    let name = section.required(&NAME);
    let kind = section.required_choice(&KIND);
    let Some(kind) = kind else {
        // Which keys belong here is not known, so none of them is judged.
        ATTRIBUTE_STORE.variants.iter().for_each(|variant| section.pass_over(variant.keys));
        section.finish();
        return None;
    };
    let chosen = &ATTRIBUTE_STORE.variants[kind as usize];
    for other in ATTRIBUTE_STORE.variants.iter().filter(|other| other.choice != chosen.choice) {
        section.idle(other, chosen);
    }
    let kind = match kind {
        StoreKind::ActiveDirectory => {
            AttributeStoreKind::ActiveDirectory(Box::new(attribute_store(&mut section, true)))
        }
        StoreKind::Ldap => AttributeStoreKind::Ldap(Box::new(attribute_store(&mut section, false))),
        StoreKind::Sqlite => AttributeStoreKind::Sqlite(sqlite(&mut section)),
        StoreKind::PostgreSql => AttributeStoreKind::PostgreSql(Box::new(postgresql(&mut section))),
        StoreKind::StringProcessing => AttributeStoreKind::StringProcessing,
        StoreKind::OpaqueId => AttributeStoreKind::OpaqueId { secret_file: section.required(&SECRET_FILE) },
        StoreKind::PasswordExpiry => AttributeStoreKind::PasswordExpiry { change_url: section.optional(&CHANGE_URL) },
    };
    section.finish();
    Some(AttributeStoreSection { name, kind })
}

fn reject_duplicates(source: &Source<'_>, stores: &[AttributeStoreSection]) {
    for (at, store) in stores.iter().enumerate() {
        let name = &store.name;
        if !name.value.is_empty() && stores.iter().take(at).any(|earlier| earlier.name.value == name.value) {
            let message = format!("is {:?}, which another attribute store is called too", name.value);
            source.problem(name, message, "A rule means one store by a name; give each its own.");
        }
    }
}
