//! What the CRLs mean for a path at a moment in time. Fails closed: a certificate of which nothing can be said is refused,
//! and each reason for that is a fact of its own.

use super::crl_extensions::CrlNumber;
use super::delta::{self, DeltaUse};
use super::distribution_point::ReasonSet;
use super::failure::CrlFailure;
use super::ocsp::OcspMode;
use super::ocsp_judgement::{self, OcspAnswered};
use super::revocation_error::{JudgedCertificate, RevocationError};
use super::{
    CrlAnswer, CrlWanted, Exemption, FoundCrl, FoundCrls, Listing, RevocationPolicy, RevocationReason, VerifiedCrl,
    signers,
};
use crate::certificate::Certificate;
use crate::chain::{self, CertificateRole, ValidatedChain};
use jiff::Timestamp;
use std::sync::Arc;

/// What is known about one certificate of an accepted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// A CRL in force does not list it.
    Checked {
        /// Where the CRL came from; of several that list some reasons each, all, and the rest of the first.
        url: String,
        /// Its number, if it has one.
        crl_number: Option<CrlNumber>,
        /// When it was issued.
        this_update: Timestamp,
        /// Until when it counts.
        next_update: Timestamp,
        /// How many certificates it lists.
        entries: usize,
        /// It was in PEM armour: AD FS and Entra ID would have refused it.
        was_pem: bool,
        /// What part its delta had; absent when nobody announces one.
        delta: Option<DeltaUse>,
    },
    /// A responder says that it is good.
    CheckedByOcsp {
        /// Where the answer came from.
        url: String,
        /// Who signed it.
        responder: String,
        /// Since when that was known.
        this_update: Timestamp,
        /// Until when it counts.
        next_update: Timestamp,
        /// It repeats our nonce.
        echoed_nonce: bool,
    },
    /// Not looked at, and why.
    NotChecked(NotCheckedReason),
}

/// Why a certificate's revocation was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotCheckedReason {
    /// It is the root: trusted because the operator put it there, and revoked by taking it away.
    TrustAnchor,
    /// Nothing could be said of it, and the operator exempts its authority from that for a while.
    Exempt {
        /// The exemption.
        exemption: Exemption,
        /// Why nothing could be said.
        problem: String,
    },
}

/// What came of every question.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// By CRL, in the order of what was wanted.
    pub crls: &'a [CrlAnswer],
    /// By OCSP.
    pub ocsp: &'a [OcspAnswered],
}

/// A chain whose revocation is settled. Made by [`judge`] alone.
#[derive(Debug)]
pub struct AcceptedChain {
    chain: ValidatedChain,
    revocation: Vec<Revocation>,
}

impl AcceptedChain {
    /// The certificate presented.
    pub fn leaf(&self) -> &Arc<Certificate> {
        self.chain.leaf()
    }

    /// Leaf to root.
    pub fn path(&self) -> &[Arc<Certificate>] {
        self.chain.path()
    }

    /// What is known about each certificate of the path, in its order.
    pub fn revocation(&self) -> &[Revocation] {
        &self.revocation
    }
}

/// Accepts the chain when each of its certificates but the trust anchor is settled and good. The CRLs belong to
/// `wanted` by position, and all answers to this chain.
pub fn judge(
    chain: ValidatedChain,
    wanted: &[CrlWanted],
    answers: Answers<'_>,
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<AcceptedChain, RevocationError> {
    let revocation = judge_path(chain.path(), wanted, answers, policy, at)?;
    Ok(AcceptedChain { chain, revocation })
}

pub(super) fn judge_path(
    path: &[Arc<Certificate>],
    wanted: &[CrlWanted],
    answers: Answers<'_>,
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<Vec<Revocation>, RevocationError> {
    let mut settled = Vec::with_capacity(path.len());
    let mut errors = Vec::new();
    for (position, pair) in path.windows(2).enumerate() {
        let by_crl = || judge_by_crl(position, path, wanted, answers.crls, policy, at);
        let by_ocsp = |crl| ocsp_judgement::judge(identify(position, &pair[0]), pair, answers.ocsp, policy, at, crl);
        let judged = match ocsp_judgement::mode(&pair[1], policy) {
            OcspMode::Off => by_crl(),
            OcspMode::Instead => by_ocsp(None),
            OcspMode::Fallback => match by_crl() {
                Err(error) if !error.is_revocation() => by_ocsp(Some(Box::new(error))),
                settled => settled,
            },
        };
        match judged {
            Ok(revocation) => settled.push(revocation),
            Err(error) => match policy.exemption(pair[1].fingerprint(), at).filter(|_| !error.is_known()) {
                Some(exemption) => {
                    let (exemption, problem) = (exemption.clone(), error.to_string());
                    settled.push(Revocation::NotChecked(NotCheckedReason::Exempt { exemption, problem }));
                }
                None => errors.push(error),
            },
        }
    }
    match errors.into_iter().min_by_key(RevocationError::rank) {
        Some(most_telling) => Err(most_telling),
        None => {
            settled.push(Revocation::NotChecked(NotCheckedReason::TrustAnchor));
            Ok(settled)
        }
    }
}

/// What its issuer's CRL says of the certificate at this position of the path.
pub(super) fn judge_by_crl(
    position: usize,
    path: &[Arc<Certificate>],
    wanted: &[CrlWanted],
    answers: &[CrlAnswer],
    policy: &RevocationPolicy,
    at: Timestamp,
) -> Result<Revocation, RevocationError> {
    let asked = Asked { path, wanted, answers, policy, at };
    let certificate = identify(position, &path[position]);
    match wanted.get(position) {
        Some(wanted)
            if path[position..].starts_with(&[Arc::clone(&wanted.certificate), Arc::clone(&wanted.issuer)]) =>
        {
            asked.judge(certificate, position, &mut Vec::new())
        }
        _ => Err(RevocationError::Unanswered { certificate }),
    }
}

fn identify(position: usize, certificate: &Arc<Certificate>) -> Box<JudgedCertificate> {
    Box::new(JudgedCertificate {
        role: match position {
            0 => CertificateRole::Leaf,
            position => CertificateRole::Intermediate { position },
        },
        certificate: Arc::clone(certificate),
    })
}

/// All questions and answers about a path and about who signed the CRLs.
struct Asked<'a> {
    path: &'a [Arc<Certificate>],
    wanted: &'a [CrlWanted],
    answers: &'a [CrlAnswer],
    policy: &'a RevocationPolicy,
    at: Timestamp,
}

impl Asked<'_> {
    /// Judges the certificate of one question. `judging` are the signers under judgement at this moment: one that vouches
    /// for itself by an indirect CRL is not asked in a circle.
    fn judge(
        &self,
        certificate: Box<JudgedCertificate>,
        position: usize,
        judging: &mut Vec<usize>,
    ) -> Result<Revocation, RevocationError> {
        let pair = self.wanted.get(position).zip(self.answers.get(position));
        let Some((wanted, answer)) = pair else { return Err(RevocationError::Unanswered { certificate }) };
        let found = match answer {
            Ok(found) => found,
            Err(failure) => return Err(RevocationError::Unavailable { certificate, failure: failure.clone() }),
        };
        judging.push(position);
        for found in found.iter() {
            self.judge_signer(&certificate, wanted, found, judging)?;
        }
        judging.pop();
        judge_found(Asker { certificate, wanted, policy: self.policy, at: self.at }, found)
    }

    /// Who signed must be one of those who may; one that is not on the path is looked at here for the first time.
    fn judge_signer(
        &self,
        certificate: &JudgedCertificate,
        wanted: &CrlWanted,
        found: &FoundCrl,
        judging: &mut Vec<usize>,
    ) -> Result<(), RevocationError> {
        let is_it = |candidate: &&Arc<Certificate>| candidate.fingerprint() == found.complete.issuer_fingerprint();
        let unanswered = || RevocationError::Unanswered { certificate: Box::new(certificate.clone()) };
        let signer = wanted.signers.iter().find(is_it).ok_or_else(unanswered)?;
        if self.path.contains(signer) {
            return Ok(());
        }
        let not_trusted = |detail: String| {
            let (url, signer) = (found.complete.url().to_owned(), signer.subject().dotnet().to_owned());
            let failure = CrlFailure::SignerNotTrusted { url, signer, detail }.into();
            RevocationError::Unavailable { certificate: Box::new(certificate.clone()), failure }
        };
        let own = signers::path_of(signer, self.path, self.policy).ok_or_else(unanswered)?;
        chain::judge_path_of_signer(&own, &self.policy.signer_paths, self.at)
            .map_err(|error| not_trusted(error.to_string()))?;
        for pair in own.windows(2).take_while(|pair| !self.path.contains(&pair[0])) {
            if ocsp_judgement::mode(&pair[1], self.policy) == OcspMode::Instead {
                return Err(not_trusted(format!(
                    "whether \"{}\" is revoked would have to be asked by OCSP, which is asked only about the \
                     certificates of the path itself",
                    pair[0].subject().dotnet()
                )));
            }
            let asked = |wanted: &CrlWanted| wanted.certificate == pair[0] && wanted.issuer == pair[1];
            let position = self.wanted.iter().position(asked).ok_or_else(unanswered)?;
            if !judging.contains(&position) {
                self.judge(identify(self.path.len() - 1, &pair[0]), position, judging)?;
            }
        }
        Ok(())
    }
}

fn judge_found(asker: Asker<'_>, found: &FoundCrls) -> Result<Revocation, RevocationError> {
    // A revocation is for good: the issuer's signed word counts however old the list, and whatever its scope.
    let mut lists = found
        .iter()
        .flat_map(|found| [Some(&found.complete), found.delta.as_ref().and_then(|delta| delta.as_ref().ok())]);
    if let Some(revoked) = lists.find_map(|list| asker.revoked_for_good(list?)) {
        return Err(revoked);
    }
    let (mut covered, mut settled, mut problem) = (ReasonSet::NONE, Vec::new(), None);
    for found in found.iter() {
        match asker.judge_crl(found) {
            Ok((reasons, revocation)) => {
                covered = covered.union(reasons);
                settled.push(revocation);
            }
            Err(error @ RevocationError::OnHold { .. }) => return Err(error),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    let urls = |settled: &[Revocation]| settled.iter().filter_map(Revocation::url).collect::<Vec<_>>().join(" and ");
    match (settled.as_slice(), problem) {
        ([_], _) if covered == ReasonSet::ALL => Ok(settled.remove(0)),
        ([first, ..], _) if covered == ReasonSet::ALL => Ok(first.clone().with_url(urls(&settled))),
        (_, Some(problem)) => Err(problem),
        (settled, None) => {
            Err(RevocationError::ReasonsUncovered { certificate: asker.certificate, url: urls(settled), covered })
        }
    }
}

/// One certificate's question.
struct Asker<'a> {
    certificate: Box<JudgedCertificate>,
    wanted: &'a CrlWanted,
    policy: &'a RevocationPolicy,
    at: Timestamp,
}

impl Asker<'_> {
    fn listing(&self, list: &VerifiedCrl) -> Option<Listing> {
        let certificate = &self.wanted.certificate;
        list.crl().listing_of(certificate.issuer(), certificate.serial().octets())
    }

    fn revoked_for_good(&self, list: &VerifiedCrl) -> Option<RevocationError> {
        let Listing { reason, revoked_at: since } = self.listing(list)?;
        let undone = list.is_delta() && reason == RevocationReason::RemoveFromCrl;
        if undone || reason == RevocationReason::CertificateHold {
            return None;
        }
        let (certificate, url) = (self.certificate.clone(), list.url().to_owned());
        Some(RevocationError::Revoked { certificate, reason, since, url })
    }

    /// What one complete CRL and its delta say of a certificate that is not revoked for good, and for which reasons.
    fn judge_crl(&self, found: &FoundCrl) -> Result<(ReasonSet, Revocation), RevocationError> {
        let (verified, at) = (&found.complete, self.at);
        let certificate = || self.certificate.clone();
        let (crl, url) = (verified.crl(), verified.url().to_owned());
        if verified.is_delta() {
            return Err(RevocationError::Unavailable {
                certificate: certificate(),
                failure: CrlFailure::DeltaAlone { url }.into(),
            });
        }
        if let Some(what) = crl.breach_of_profile().filter(|_| self.policy.strict_profile) {
            let failure = CrlFailure::Unsupported { url, what: what.to_owned() }.into();
            return Err(RevocationError::Unavailable { certificate: certificate(), failure });
        }
        if crl.is_of_one_key() && verified.issuer_fingerprint() != self.wanted.issuer.fingerprint() {
            let detail = "it lists the certificates of another key of its authority only".to_owned();
            let failure = CrlFailure::OutOfScope { url, detail }.into();
            return Err(RevocationError::Unavailable { certificate: certificate(), failure });
        }
        let reasons = match verified.covers(&self.wanted.certificate, self.wanted.configured_urls()) {
            Ok(reasons) => reasons,
            Err(failure) => {
                return Err(RevocationError::Unavailable { certificate: certificate(), failure: failure.into() });
            }
        };
        let next_update = match crl.next_update() {
            None => return Err(RevocationError::CrlWithoutNextUpdate { certificate: certificate(), url }),
            Some(next_update) if at >= next_update => {
                return Err(RevocationError::CrlExpired { certificate: certificate(), url, next_update });
            }
            Some(next_update) => next_update,
        };
        let this_update = crl.this_update();
        if this_update.duration_since(at) > self.policy.clock_skew {
            return Err(RevocationError::CrlNotYetValid { certificate: certificate(), url, this_update });
        }
        let delta = delta::part_of(found, self.policy, at);
        if let Some((since, url)) = self.held(found, delta.as_ref()) {
            return Err(RevocationError::OnHold { certificate: certificate(), since, url });
        }
        let (crl_number, entries, was_pem) = (crl.number().cloned(), crl.entries(), crl.was_pem());
        Ok((reasons, Revocation::Checked { url, crl_number, this_update, next_update, entries, was_pem, delta }))
    }

    /// Since when the certificate is on hold, and which list says so. A delta that may be combined has the last word.
    fn held(&self, found: &FoundCrl, delta_use: Option<&DeltaUse>) -> Option<(Timestamp, String)> {
        let on = |list: &VerifiedCrl| Some((self.listing(list)?, list.url().to_owned()));
        let delta = match (&found.delta, delta_use) {
            (Some(Ok(delta)), Some(DeltaUse::Combined { .. })) => on(delta),
            _ => None,
        };
        let (Listing { reason, revoked_at }, url) = delta.or_else(|| on(&found.complete))?;
        (reason == RevocationReason::CertificateHold).then_some((revoked_at, url))
    }
}

impl Revocation {
    fn url(&self) -> Option<&str> {
        match self {
            Self::Checked { url, .. } => Some(url),
            Self::CheckedByOcsp { .. } | Self::NotChecked(_) => None,
        }
    }

    fn with_url(mut self, all: String) -> Self {
        if let Self::Checked { url, .. } = &mut self {
            *url = all;
        }
        self
    }
}

#[cfg(test)]
mod tests;
