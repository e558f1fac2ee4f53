//! A gateway's files in a temporary folder: everything in order until a test changes something.

use super::super::{Assembled, Configuration, Problems, open};
use super::{SHORTEST, with_server};
use crate::chain::test_pki::{Node, TestKey, authority};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Issues one claim. `permit` makes it an authorization rule.
pub(crate) const PERMIT: &str =
    r#"=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");"#;

/// The folder, removed when it goes out of scope.
pub(crate) struct Site {
    folder: TempDir,
    pub(super) root: Node,
    pub(super) issuing: Node,
}

impl Site {
    pub(crate) fn new() -> Self {
        let root = Node::root(authority("Root"), TestKey::ec());
        let issuing = root.issue(authority("Issuing"), TestKey::ec());
        let site = Self { folder: tempfile::tempdir().unwrap(), root, issuing };
        site.write("fedgate.toml", SHORTEST);
        site.write("roots/root.pem", site.root.pem());
        site.write("intermediates/issuing.cer", &site.issuing.der);
        for name in ["tls", "signing"] {
            site.write_pair(name);
        }
        site.write("directory.ldif", "dn: CN=Alice,DC=contoso,DC=test\nuserPrincipalName: alice@contoso.test\n");
        for name in ["acceptance.rules", "authorization.rules", "transform.rules"] {
            site.write(name, PERMIT);
        }
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    /// A self-signed certificate and its key: NAME.pem and NAME.key.
    pub(super) fn write_pair(&self, name: &str) {
        let pair = Node::root(authority(name), TestKey::ec());
        self.write(&format!("{name}.pem"), pair.pem());
        self.write(&format!("{name}.key"), pair.key().pkey().private_key_to_pem_pkcs8().unwrap());
    }

    /// A configuration with other text in place of some.
    pub(crate) fn configure(&self, change: impl FnOnce(&str) -> String) {
        self.write("fedgate.toml", change(SHORTEST));
    }

    pub(super) fn configure_server(&self, lines: &str) {
        self.write("fedgate.toml", with_server(lines));
    }

    pub(super) fn open(&self) -> Result<(Configuration, Assembled), Problems> {
        open(&self.path("fedgate.toml"))
    }

    /// The warnings, when there is nothing worse.
    pub(super) fn warnings(&self) -> Vec<String> {
        let (_, assembled) = self.open().unwrap_or_else(|problems| panic!("{problems}"));
        assembled.warnings.iter().map(|warning| self.shorten(warning)).collect()
    }

    /// Every problem as an operator reads it, the folder's name left out.
    pub(super) fn told(&self) -> Vec<String> {
        let Err(problems) = self.open() else { panic!("this site has problems") };
        assert!(!problems.is_empty());
        problems.sorted().iter().map(|problem| self.shorten(&problem.to_string())).collect()
    }

    fn shorten(&self, text: &str) -> String {
        let folder = Path::new(self.folder.path()).display().to_string();
        text.replace(&format!("{folder}/"), "")
    }
}
