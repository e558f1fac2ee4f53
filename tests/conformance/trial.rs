//! One case: a leaf, what its holder sends, the containers and the CRLs, judged as a sign-in judges them.

use fedgate::certificate::Certificate;
use fedgate::chain::{ChainPolicy, PresentedChain, TrustStore, validate};
use fedgate::revocation::{
    Answers, CrlAnswer, CrlFailure, CrlReadError, CrlWanted, FoundCrl, FoundCrls, RevocationPolicy, VerifiedCrl, judge,
    required,
};
use jiff::Timestamp;
use std::sync::Arc;

/// Everything one verdict depends on. Certificates and CRLs in DER or PEM.
pub(crate) struct Trial {
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) leaf: Vec<u8>,
    pub(crate) sent: Vec<Vec<u8>>,
    /// `None` when revocation is not part of the case.
    pub(crate) crls: Option<Vec<Vec<u8>>>,
    pub(crate) policy: ChainPolicy,
    pub(crate) at: Timestamp,
}

/// Accepted, or who refused and why.
pub(crate) type Verdict = Result<(), Refused>;

#[derive(Debug)]
pub(crate) enum Refused {
    Store(String),
    Path(String),
    Revocation(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(reason) => write!(f, "trust store: {reason}"),
            Self::Path(reason) => write!(f, "path: {reason}"),
            Self::Revocation(reason) => write!(f, "revocation: {reason}"),
        }
    }
}

impl Trial {
    pub(crate) fn verdict(&self) -> Verdict {
        let roots = self.roots.iter().enumerate().map(|(number, der)| (format!("root-{number}"), der.clone()));
        let trust = TrustStore::build(roots.collect(), Vec::new()).map_err(|problems| {
            let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Refused::Store(texts.join("; "))
        })?;
        let presented = PresentedChain::new(self.leaf.clone(), self.sent.clone());
        let chain = validate(&presented, &trust, &self.policy, self.at).map_err(|e| Refused::Path(e.to_string()))?;
        let Some(crls) = &self.crls else { return Ok(()) };
        let signers = self.sent.iter().filter_map(|der| Certificate::read_der(der).ok()).map(Arc::new).collect();
        let policy = RevocationPolicy {
            crl_signers: signers,
            signer_paths: RevocationPolicy::signer_paths(self.policy.clone()),
            strict_profile: self.policy.strict_profile,
            ..RevocationPolicy::default()
        };
        let wanted = required(&chain, &policy);
        let answers: Vec<CrlAnswer> = wanted.iter().map(|wanted| answer(wanted, crls)).collect();
        match judge(chain, &wanted, Answers { crls: &answers, ocsp: &[] }, &policy, self.at) {
            Ok(_) => Ok(()),
            Err(error) => Err(Refused::Revocation(error.to_string())),
        }
    }
}

/// Every CRL by somebody who may sign for the issuer and that speaks of the certificate, with the delta that goes with it,
/// as if they had been fetched.
fn answer(wanted: &CrlWanted, crls: &[Vec<u8>]) -> CrlAnswer {
    let mut refusal = CrlFailure::Unreadable { url: "test:".to_owned(), detail: CrlReadError::Pem };
    let (mut complete, mut deltas) = (Vec::new(), Vec::new());
    for (bytes, signer) in crls.iter().flat_map(|bytes| wanted.signers.iter().map(move |signer| (bytes, signer))) {
        match VerifiedCrl::verify_with("test:", bytes, signer, wanted.sha1) {
            Ok(crl) if crl.is_delta() => deltas.push(Arc::new(crl)),
            Ok(crl) => match crl.covers(&wanted.certificate, &[]) {
                Ok(_) => complete.push(Arc::new(crl)),
                Err(failure) => refusal = failure,
            },
            Err(CrlFailure::WrongIssuer { .. }) => {}
            Err(error) => refusal = error,
        }
    }
    let with_delta = |complete: Arc<VerifiedCrl>| {
        let delta = deltas.iter().find(|delta| delta.issuer_fingerprint() == complete.issuer_fingerprint());
        FoundCrl { complete, delta: delta.cloned().map(Ok) }
    };
    FoundCrls::new(complete.into_iter().map(with_delta).collect()).ok_or_else(|| refusal.into())
}
