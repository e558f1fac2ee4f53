//! Where accounts are, and how a certificate becomes one.

use super::{Builder, Located, Place};
use crate::config::{DirectorySection, LdapSection};
use crate::directory::{Dialect, Filter};
use crate::lookups::{Directory, LdapDirectory, LdapSettings, LdapSettingsError, LdifDirectory};
use crate::subject::SubjectPolicy;
use openssl::x509::X509;
use std::path::PathBuf;
use std::sync::Arc;

impl Builder<'_> {
    pub(super) fn directory(&mut self) -> Option<Arc<dyn Directory>> {
        match &self.configuration.directory {
            DirectorySection::Ldif { file, .. } => self.ldif(file),
            DirectorySection::Ldap(section) => self.ldap(section),
        }
    }

    fn ldif(&mut self, file: &Located<PathBuf>) -> Option<Arc<dyn Directory>> {
        let text = self.read_text(file)?;
        match LdifDirectory::read(&text) {
            Ok(directory) => {
                if directory.is_empty() {
                    self.warn(format!("{}: the directory has no entry, so nobody is found", file.value.display()));
                }
                Some(Arc::new(directory))
            }
            Err(error) => {
                let place = Place { file: file.value.clone(), line: Some(error.line), column: None };
                self.problem_in(place, file, error.reason, "Correct the line; the form is LDIF (RFC 2849).");
                None
            }
        }
    }

    pub(super) fn ldap(&mut self, section: &LdapSection) -> Option<Arc<dyn Directory>> {
        let ca_certificate = section.ca_certificate.as_ref().map(|path| self.authorities(path));
        let bind = match (&section.bind_dn, &section.bind_password_file) {
            (Some(dn), Some(path)) => Some(self.password(path).map(|password| (dn.value.clone(), password))),
            _ => None,
        };
        let directory = LdapDirectory::new(LdapSettings {
            url: section.url.value.clone(),
            start_tls: section.start_tls,
            ca_certificate: ca_certificate.map_or(Some(None), |read| read.map(Some))?,
            bind: bind.map_or(Some(None), |read| read.map(Some))?,
            base_dn: section.base_dn.value.clone(),
            dialect: if section.open_ldap { Dialect::OpenLdap } else { Dialect::ActiveDirectory },
            connections: section.connections,
            connect_timeout: section.connect_timeout,
            operation_timeout: section.operation_timeout,
            maximum_entries: section.maximum_entries,
        });
        match directory {
            Ok(directory) => Some(Arc::new(directory)),
            Err(error) => {
                self.ldap_problem(section, &error);
                None
            }
        }
    }

    /// The text of a file with certificates of authorities. Without one, no server would ever be believed.
    pub(super) fn authorities(&mut self, path: &Located<PathBuf>) -> Option<Vec<u8>> {
        let bytes = self.read(path)?;
        if X509::stack_from_pem(&bytes).is_ok_and(|certificates| !certificates.is_empty()) {
            return Some(bytes);
        }
        let message = format!("names {}, which holds no PEM certificate", path.value.display());
        self.problem(path, message, "Name a PEM file with the certificate of the authority that issued the server's.");
        None
    }

    /// Everything in the file but line ends at its end.
    pub(super) fn password(&mut self, path: &Located<PathBuf>) -> Option<String> {
        let text = self.read_text(path)?;
        let password = text.trim_end_matches(['\r', '\n']);
        if password.is_empty() {
            let message = format!("names {}, which holds no password", path.value.display());
            let cure = "Write the password into it: a bind with an empty one is anonymous (RFC 4513 section 5.1.2).";
            self.problem(path, message, cure);
            return None;
        }
        Some(password.to_owned())
    }

    /// Passwords and authorities were looked at before; what is left is the URL, or what OpenSSL thinks of an authority.
    fn ldap_problem(&mut self, section: &LdapSection, error: &LdapSettingsError) {
        let message = format!("cannot be used: {error}");
        match (error, &section.ca_certificate) {
            (LdapSettingsError::Authority(_), Some(path)) => {
                self.problem(path, message, "Name a PEM file with the authority's certificate.");
            }
            _ => self.problem(&section.url, message, "Write ldaps://host or ldaps://host:port."),
        }
    }

    /// What the file says, or else what is known of the directory: computers are users in Active Directory too, and of
    /// another category.
    fn account_filter(&mut self) -> Option<Filter> {
        let configuration = self.configuration;
        let embedded = matches!(configuration.directory, DirectorySection::Ldif { .. });
        match (&configuration.subject.account_filter, &configuration.directory) {
            (Some(filter), _) => {
                if let Some(rule) = filter.value.unknown_rule().filter(|_| embedded) {
                    let message = format!("has the matching rule {rule}, which an LDIF file cannot be searched with");
                    self.problem(filter, message, "Compare the attribute with = in its place.");
                }
                Some(filter.value.clone())
            }
            (None, DirectorySection::Ldap(section)) if !section.open_ldap => Some(Filter::And(vec![
                Filter::Equal("objectCategory".to_owned(), b"person".to_vec()),
                Filter::Equal("objectClass".to_owned(), b"user".to_vec()),
            ])),
            (None, _) => None,
        }
    }

    pub(super) fn subject_policy(&mut self) -> SubjectPolicy {
        let account_filter = self.account_filter();
        let section = &self.configuration.subject;
        let netbios_domain = match &self.configuration.directory {
            DirectorySection::Ldif { netbios_domain, .. } => netbios_domain,
            DirectorySection::Ldap(section) => &section.netbios_domain,
        };
        SubjectPolicy {
            bindings: section.bindings.clone(),
            account_filter,
            require_equal_serial_attribute: section.require_equal_serial_attribute.clone(),
            require_equal_issuer_attribute: section.require_equal_issuer_attribute.clone(),
            netbios_domain: netbios_domain.clone(),
        }
    }
}
