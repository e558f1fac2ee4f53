//! The two containers as they lie on disk: everything readable in them, whether or not it belongs there. A sign-in uses
//! [`TrustStore`], which refuses the whole when a part is wrong; a linter has to see the parts.

use crate::certificate::Certificate;
use crate::chain::{TrustContainer, TrustStore, TrustStoreProblem};
use std::sync::Arc;
use x509_parser::pem::Pem;

/// A file of a container: its name and its content.
pub type ContainerFile = (String, Vec<u8>);

/// One certificate of a container.
#[derive(Debug, Clone)]
pub struct Member {
    /// Which container.
    pub container: TrustContainer,
    /// Its file.
    pub file: String,
    /// The certificate.
    pub certificate: Arc<Certificate>,
}

/// Both containers.
#[derive(Debug)]
pub struct Containers {
    /// Roots first, then intermediates, each in the order of the files.
    pub members: Vec<Member>,
    /// Why the gateway would not start on them.
    pub problems: Vec<TrustStoreProblem>,
}

impl Containers {
    /// Reads the files of both.
    pub fn read(roots: Vec<ContainerFile>, intermediates: Vec<ContainerFile>) -> Self {
        let mut members = Vec::new();
        for (container, files) in [(TrustContainer::Roots, &roots), (TrustContainer::Intermediates, &intermediates)] {
            for (file, bytes) in files {
                members.extend(certificates(bytes).map(|certificate| {
                    let (file, certificate) = (file.clone(), Arc::new(certificate));
                    Member { container, file, certificate }
                }));
            }
        }
        let problems = TrustStore::build(roots, intermediates).err().unwrap_or_default();
        Self { members, problems }
    }

    /// The likeliest issuer of a certificate among the members, itself included for a self-issued one.
    pub(super) fn parent(&self, certificate: &Certificate) -> Option<&Member> {
        let possible = |member: &&Member| super::visible_chain::may_have_issued(&member.certificate, certificate);
        let others = |member: &&Member| *member.certificate != *certificate;
        let mut candidates = self.members.iter().filter(possible);
        if certificate.is_self_issued() { candidates.next() } else { candidates.find(others) }
    }
}

fn certificates(bytes: &[u8]) -> impl Iterator<Item = Certificate> {
    let blocks: Vec<Vec<u8>> = if bytes.first() == Some(&0x30) {
        vec![bytes.to_vec()]
    } else {
        Pem::iter_from_buffer(bytes).filter_map(Result::ok).map(|block| block.contents).collect()
    };
    blocks.into_iter().filter_map(|der| Certificate::read_der(&der).ok())
}
