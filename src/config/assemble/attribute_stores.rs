//! The attribute stores, and whether the rules ask any that are not there.

use super::{Builder, Located, Place};
use crate::claims::active_directory_store;
use crate::claims::language::RuleSet;
use crate::claims::stores::opaque_id::FarmSecret;
use crate::claims::stores::uses;
use crate::config::{
    AttributeStoreKind, AttributeStoreSection, DirectorySection, LdapSection, PostgresSection, SqliteSection,
};
use crate::federation::{AdditionalAuthentication, ClaimsProviderTrust, RelyingPartyTrusts};
use crate::lookups::{
    ActiveDirectoryStore, AttributeStore, AttributeStores, ComputedStore, Directory, LdapStore, PostgresSettings,
    PostgresSettingsError, PostgresStore, SqliteSettings, SqliteStore, WindowsDomain,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most entries that a question may bring from an embedded directory.
const EMBEDDED_ENTRIES: u32 = 1_000;

impl Builder<'_> {
    pub(super) fn attribute_stores(&mut self, directory: Option<&Arc<dyn Directory>>) -> Option<AttributeStores> {
        let mut stores = AttributeStores::built_in();
        let sections = &self.configuration.attribute_stores;
        let built: Vec<Option<Arc<dyn AttributeStore>>> =
            sections.iter().map(|section| self.attribute_store(section)).collect();
        stores.put(active_directory_store::NAME, self.own_domain(directory?));
        for (section, store) in sections.iter().zip(built) {
            stores.put(section.name.value.clone(), store?);
        }
        Some(stores)
    }

    /// "Active Directory", as far as no section takes its place.
    fn own_domain(&self, directory: &Arc<dyn Directory>) -> Arc<dyn AttributeStore> {
        let (domain, entries) = match &self.configuration.directory {
            DirectorySection::Ldap(section) => (windows_domain(section), section.maximum_store_entries),
            DirectorySection::Ldif { netbios_domain, .. } => (WindowsDomain::new(netbios_domain, ""), EMBEDDED_ENTRIES),
        };
        Arc::new(ActiveDirectoryStore::new(Arc::clone(directory), domain, entries))
    }

    fn attribute_store(&mut self, section: &AttributeStoreSection) -> Option<Arc<dyn AttributeStore>> {
        Some(match &section.kind {
            AttributeStoreKind::ActiveDirectory(server) => {
                let directory = self.ldap(server)?;
                let domain = windows_domain(server);
                Arc::new(ActiveDirectoryStore::new(directory, domain, server.maximum_store_entries))
            }
            AttributeStoreKind::Ldap(server) => Arc::new(LdapStore::new(self.ldap(server)?)),
            AttributeStoreKind::Sqlite(section) => Arc::new(self.sqlite(section)?),
            AttributeStoreKind::PostgreSql(section) => Arc::new(self.postgresql(section)?),
            AttributeStoreKind::StringProcessing => Arc::new(ComputedStore::StringProcessing),
            AttributeStoreKind::OpaqueId { secret_file } => {
                Arc::new(ComputedStore::OpaqueId(self.farm_secret(secret_file)?))
            }
            AttributeStoreKind::PasswordExpiry { change_url } => {
                let change_url = change_url.as_ref().map(|url| url.value.clone());
                Arc::new(ComputedStore::PasswordExpiry { change_url })
            }
        })
    }

    fn farm_secret(&mut self, file: &Located<PathBuf>) -> Option<FarmSecret> {
        let octets = self.read(file)?;
        match FarmSecret::new(octets.trim_ascii_end()) {
            Ok(secret) => Some(secret),
            Err(error) => {
                let message = format!("names {}, which cannot be used: {error}", file.value.display());
                self.problem(file, message, "Make one with `openssl rand -hex 32` and copy it to every node.");
                None
            }
        }
    }

    /// The file need not be there yet, but a path that can never be opened is found now.
    fn sqlite(&mut self, section: &SqliteSection) -> Option<SqliteStore> {
        if section.file.value.as_os_str().is_empty() {
            return None;
        }
        if !section.file.value.is_file() {
            let message = format!("names {}, which is not a file", section.file.value.display());
            self.problem(&section.file, message, "Correct the path, or put the database there.");
            return None;
        }
        Some(SqliteStore::new(SqliteSettings {
            file: section.file.value.clone(),
            connections: section.connections,
            query_timeout: section.query_timeout,
            maximum_rows: section.maximum_rows,
        }))
    }

    fn postgresql(&mut self, section: &PostgresSection) -> Option<PostgresStore> {
        let ca_certificate = section.ca_certificate.as_ref().map(|path| self.authorities(path));
        let password = section.password_file.as_ref().map(|path| self.password(path));
        let store = PostgresStore::new(PostgresSettings {
            host: section.host.value.clone(),
            port: section.port,
            database: section.database.value.clone(),
            user: section.user.value.clone(),
            password: password.map_or(Some(None), |read| read.map(Some))?,
            tls: section.tls,
            ca_certificate: ca_certificate.map_or(Some(None), |read| read.map(Some))?,
            connections: section.connections,
            connect_timeout: section.connect_timeout,
            query_timeout: section.query_timeout,
            maximum_rows: section.maximum_rows,
        });
        match (store, &section.ca_certificate) {
            (Ok(store), _) => Some(store),
            // The reader of the key has said so already.
            (Err(PostgresSettingsError::Plain), _) => None,
            (Err(error), path) => {
                let message = format!("cannot be used: {error}");
                let cure = "Name a PEM file with the authority's certificate.";
                match path {
                    Some(path) => self.problem(path, message, cure),
                    None => self.problem(&section.host, message, cure),
                }
                None
            }
        }
    }

    /// A store or a query that cannot be asked is found now and not by the first person who signs in.
    pub(super) fn check_stores(
        &mut self,
        stores: &AttributeStores,
        provider: Option<&ClaimsProviderTrust>,
        everywhere: Option<&AdditionalAuthentication>,
        parties: Option<&RelyingPartyTrusts>,
    ) {
        let configuration = self.configuration;
        if let Some(provider) = provider {
            self.check_rules(stores, &provider.acceptance, Some(&configuration.claims_provider.acceptance_rules));
        }
        if let Some(additional) = everywhere {
            self.check_rules(stores, &additional.rules, configuration.additional_authentication.rules.as_ref());
        }
        for section in &configuration.relying_parties {
            let trust = section.identifiers.value.first().and_then(|name| parties?.find(name));
            let Some(trust) = trust else { continue };
            let additional = section.additional_authentication_rules.as_ref();
            self.check_rules(stores, &trust.authorization, section.authorization_rules.as_ref());
            self.check_rules(stores, &trust.additional_authentication, additional);
            self.check_rules(stores, &trust.delegation_authorization, section.delegation_rules.as_ref());
            self.check_rules(stores, &trust.impersonation_authorization, section.impersonation_rules.as_ref());
            self.check_rules(stores, &trust.transform, section.transform_rules.as_ref());
        }
    }

    /// The rules of an access control policy have no file: they ask what they may.
    fn check_rules(&mut self, stores: &AttributeStores, rules: &RuleSet, file: Option<&Located<PathBuf>>) {
        let Some(file) = file else { return };
        for asked in uses(rules) {
            if let Err((message, cure)) = stores.check(&asked) {
                self.problem_in(place(&file.value, asked.rule.position.line), file, message, cure);
            }
        }
    }
}

fn windows_domain(section: &LdapSection) -> WindowsDomain {
    WindowsDomain::new(&section.netbios_domain, &section.base_dn.value)
}

fn place(file: &Path, line: usize) -> Place {
    Place { file: file.to_owned(), line: Some(line), column: None }
}
