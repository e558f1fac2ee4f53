//! What `fedgate trust list` says of each certificate of the containers.

use super::{CertificateFacts, Containers, Member};
use crate::chain::TrustContainer;
use crate::revocation::RevocationPolicy;
use jiff::Timestamp;
use serde::Serialize;

/// One certificate of a container.
#[derive(Debug, Clone, Serialize)]
pub struct StoredFacts {
    /// `root` or `intermediate`.
    pub container: &'static str,
    /// Its file.
    pub file: String,
    /// Subject of the stored certificate it is below; `null` for a root, and when there is none.
    pub below: Option<String>,
    /// Where the configuration says its CRL is.
    pub configured_crl_urls: Vec<String>,
    /// Where stored certificates that it issued say its CRL is.
    pub named_crl_urls: Vec<String>,
    /// What it says.
    #[serde(flatten)]
    pub facts: CertificateFacts,
}

/// Every certificate of both containers, roots first.
pub fn stored(containers: &Containers, policy: &RevocationPolicy, at: Timestamp) -> Vec<StoredFacts> {
    containers.members.iter().map(|member| one(containers, member, policy, at)).collect()
}

fn one(containers: &Containers, member: &Member, policy: &RevocationPolicy, at: Timestamp) -> StoredFacts {
    let certificate = &*member.certificate;
    let above = containers.parent(certificate).filter(|parent| *parent.certificate != *certificate);
    StoredFacts {
        container: match member.container {
            TrustContainer::Roots => "root",
            TrustContainer::Intermediates => "intermediate",
        },
        file: member.file.clone(),
        below: above.map(|parent| parent.certificate.subject().dotnet().to_owned()),
        configured_crl_urls: configured(member, policy),
        named_crl_urls: named_by_children(containers, member),
        facts: CertificateFacts::of(certificate, at),
    }
}

pub(super) fn configured(member: &Member, policy: &RevocationPolicy) -> Vec<String> {
    let settings = policy.authority(member.certificate.fingerprint());
    settings.map(|settings| settings.crl_distribution_points.clone()).unwrap_or_default()
}

/// The addresses of an authority's CRL stand in the certificates that it issued.
pub(super) fn named_by_children(containers: &Containers, member: &Member) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for other in &containers.members {
        let issued = *other.certificate != *member.certificate
            && containers.parent(&other.certificate).is_some_and(|parent| parent.certificate == member.certificate);
        for url in other.certificate.crl_distribution_points().iter().filter(|_| issued) {
            if !urls.contains(url) {
                urls.push(url.clone());
            }
        }
    }
    urls
}
