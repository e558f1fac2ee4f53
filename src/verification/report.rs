//! The report on one presented chain.

use super::addresses::{self, AddressFacts};
use super::crl_evidence::{Evidence, RevocationFacts, no_crl};
use super::failed_paths::{self, FailedPath};
use super::remarks;
use super::responders::{self, Heard};
use super::visible_chain::{self, Link};
use crate::chain::{self, ChainPolicy, PresentedChain, TrustStore, ValidatedChain};
use crate::outcome::Refusal;
use crate::revocation::ocsp::OcspWanted;
use crate::revocation::{
    self, CrlAnswer, CrlFailure, CrlWanted, NotCheckedReason, OcspAnswered, Revocation, RevocationError,
    RevocationPolicy,
};
use crate::subject;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// What certificates are judged by.
#[derive(Debug)]
pub struct Settings {
    /// The containers.
    pub trust: TrustStore,
    /// Demands on a path.
    pub chain: ChainPolicy,
    /// Settings of revocation.
    pub revocation: RevocationPolicy,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A path to a trusted root, and nothing on it is revoked.
    Good,
    /// A sign-in would end here.
    Refused,
    /// The path is good; of revocation nothing is known, because nobody gave a CRL and none was fetched.
    Undetermined,
    /// The input holds no certificate.
    Unreadable,
}

/// What is to be known of one certificate.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The file it came from.
    pub input: String,
    /// The moment it was judged at.
    pub judged_at: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Code of the outcome that a sign-in would end with; `null` unless refused.
    pub code: Option<&'static str>,
    /// Its name.
    pub outcome: Option<&'static str>,
    /// One sentence with the particulars.
    pub finding: String,
    /// What to do, in order.
    pub remedy: Vec<String>,
    /// Whether the chain is an accepted path; otherwise it is the refused one that came furthest.
    pub chain_accepted: bool,
    /// The chain, leaf first.
    pub chain: Vec<Link>,
    /// Paths that were tried and refused, most telling first; when the chain was not accepted, it is the first of them.
    pub failed_paths: Vec<FailedPath>,
    /// How many more there are.
    pub failed_paths_omitted: usize,
    /// Revocation of each certificate of an accepted path, leaf first.
    pub revocation: Vec<RevocationFacts>,
    /// Addresses and files that were looked at.
    pub addresses: Vec<AddressFacts>,
    /// What an account can be found by.
    pub names: Names,
    /// What decides nothing and is worth a word: what AD FS or Entra ID would mind, and sources that disagree.
    pub remarks: Vec<String>,
}

/// What an account can be found by.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Names {
    /// User principal names.
    pub user_principal_names: Vec<String>,
    /// E-mail addresses.
    pub mail: Vec<String>,
    /// Values of `altSecurityIdentities` that would map this certificate strongly.
    pub alt_security_identities: Vec<String>,
}

/// A judgement on its way: the chain has been judged, the addresses are still to be asked.
pub struct Judged<'a> {
    settings: &'a Settings,
    at: Timestamp,
    report: Report,
    chain: Option<(ValidatedChain, Vec<CrlWanted>)>,
}

/// Judges the chain. Only an accepted one has addresses that may be asked.
pub fn judge_chain<'a>(input: &str, presented: &PresentedChain, settings: &'a Settings, at: Timestamp) -> Judged<'a> {
    let mut report = Report::new(input, at);
    let (validated, tried) = chain::explore(presented, &settings.trust, &settings.chain, at);
    let failed = failed_paths::by_what_they_tell(tried);
    let leaf = presented.leaf().ok();
    if let Some(leaf) = &leaf {
        report.names = Names {
            user_principal_names: leaf.user_principal_names().map(str::to_owned).collect(),
            mail: leaf.rfc822_names().map(str::to_owned).collect(),
            alt_security_identities: subject::strong_forms(leaf),
        };
    }
    let chain = match validated {
        Ok(chain) => {
            report.chain_accepted = true;
            report.chain = visible_chain::links(chain.path(), &settings.trust, at);
            let wanted = revocation::required(&chain, &settings.revocation);
            Some((chain, wanted))
        }
        Err(error) => {
            if let Some((path, _)) = failed.first() {
                report.chain = visible_chain::links(path, &settings.trust, at);
            }
            report.refuse(error.into());
            None
        }
    };
    (report.failed_paths, report.failed_paths_omitted) = failed_paths::reported(failed, &settings.trust);
    Judged { settings, at, report, chain }
}

impl Judged<'_> {
    /// The CRLs that are needed, leaf first; none for a chain that was refused.
    pub fn wanted(&self) -> &[CrlWanted] {
        self.chain.as_ref().map_or(&[], |(_, wanted)| wanted)
    }

    /// Every OCSP responder of the path; none for a chain that was refused.
    pub fn responders(&self) -> Vec<OcspWanted> {
        let chain = self.chain.as_ref();
        chain.map_or_else(Vec::new, |(chain, _)| revocation::every_responder(chain, &self.settings.revocation))
    }

    /// The delta CRLs that the CRLs at hand, or the operator, name: for which certificate of the path, and where.
    pub fn deltas_wanted(&self, evidence: &Evidence) -> Vec<(usize, CrlWanted)> {
        let mut deltas = Vec::new();
        for (position, wanted) in self.wanted().iter().enumerate() {
            let Ok(found) = evidence.answer(position, wanted, self.at).0 else { continue };
            deltas.extend(found.iter().filter_map(|found| Some((position, wanted.delta_of(&found.complete)?))));
        }
        deltas
    }

    /// Judges revocation by the evidence.
    pub fn finish(self, evidence: &Evidence) -> Report {
        let Self { settings, at, mut report, chain } = self;
        let fetching = evidence.crls.is_some();
        let Some((chain, wanted)) = chain else {
            if fetching {
                report
                    .remarks
                    .push("Nothing was fetched: only the addresses of an accepted path are asked.".to_owned());
            }
            return report;
        };
        let path = chain.path().to_vec();
        let crls = report.take_crls(&wanted, evidence, at);
        let heard: Vec<Heard<'_>> = evidence.responders.iter().map(|fetched| fetched.read(at)).collect();
        let skew = settings.revocation.clock_skew;
        report.addresses.extend(heard.iter().map(|heard| heard.facts(skew, at)));
        report.addresses.extend(evidence.unused(&report.addresses, chain.leaf()));
        report.remarks = remarks::of_other_products(&report.addresses);
        report.remarks.extend(remarks::of_contradictions(&report.revocation, &report.addresses));
        let questions = revocation::required_ocsp(&chain, &wanted, &crls, &settings.revocation, at);
        let ocsp = responders::answers(questions, &heard, at);
        report.take_ocsp(&wanted, &ocsp, skew, at);
        let answers = revocation::Answers { crls: &crls, ocsp: &ocsp };
        match revocation::judge(chain, &wanted, answers, &settings.revocation, at) {
            Ok(accepted) => report.accept(accepted.revocation()),
            Err(error) if !fetching => match left_open(&error, &wanted) {
                Some(why) => report.leave_open(why),
                None => report.refuse(error.into()),
            },
            Err(error) => report.refuse(error.into()),
        }
        report.revocation.extend(path.last().map(|root| RevocationFacts::anchor(root)));
        report
    }
}

/// Nobody gave what would decide, and nothing was fetched: that says nothing of the certificate.
fn left_open(error: &RevocationError, wanted: &[CrlWanted]) -> Option<String> {
    let of = || wanted.iter().find(|wanted| wanted.certificate == error.certificate().certificate);
    match error {
        RevocationError::Unavailable { failure, .. } if matches!(failure.cause(), CrlFailure::NoUrl { .. }) => {
            of().map(|wanted| no_crl(&wanted.issuer))
        }
        RevocationError::OcspUnavailable { certificate, .. } => Some(format!(
            "the OCSP responder of \"{}\" decides, and nobody is asked without --url-fetch",
            certificate.certificate.issuer().dotnet()
        )),
        _ => None,
    }
}

impl Report {
    fn new(input: &str, at: Timestamp) -> Self {
        Self {
            input: input.to_owned(),
            judged_at: at.to_string(),
            verdict: Verdict::Undetermined,
            code: None,
            outcome: None,
            finding: String::new(),
            remedy: Vec::new(),
            chain_accepted: false,
            chain: Vec::new(),
            failed_paths: Vec::new(),
            failed_paths_omitted: 0,
            revocation: Vec::new(),
            addresses: Vec::new(),
            names: Names::default(),
            remarks: Vec::new(),
        }
    }

    /// A report on an input that holds no certificate.
    pub fn unreadable(input: &str, problem: String, at: Timestamp) -> Self {
        Self { verdict: Verdict::Unreadable, finding: problem, ..Self::new(input, at) }
    }

    /// Takes in what the CRLs say, of each certificate and at each address.
    fn take_crls(&mut self, wanted: &[CrlWanted], evidence: &Evidence, at: Timestamp) -> Vec<CrlAnswer> {
        let mut answers = Vec::with_capacity(wanted.len());
        for (position, wanted) in wanted.iter().enumerate() {
            let (answer, looked_at) = evidence.answer(position, wanted, at);
            let nothing_given = evidence.crls.is_none() && looked_at.is_empty();
            self.revocation.push(RevocationFacts::read(wanted, &answer, nothing_given, at));
            self.addresses.extend(looked_at);
            for fetched in evidence.issuers.get(position).into_iter().flatten() {
                self.addresses.push(addresses::issuer_address(fetched, &wanted.certificate, &wanted.issuer));
            }
            answers.push(answer);
        }
        answers
    }

    /// Where a responder decides, its word stands in place of the CRL's.
    fn take_ocsp(&mut self, wanted: &[CrlWanted], answered: &[OcspAnswered], skew: SignedDuration, at: Timestamp) {
        for OcspAnswered { wanted: question, answer } in answered {
            let position = wanted.iter().position(|wanted| wanted.certificate == question.certificate);
            if let Some(facts) = position.and_then(|position| self.revocation.get_mut(position)) {
                *facts = facts.clone().by_responder(answer, skew, at);
            }
        }
    }

    fn accept(&mut self, revocation: &[Revocation]) {
        self.verdict = Verdict::Good;
        self.finding = "A path leads to a trusted root, and nothing on it is revoked.".to_owned();
        for (facts, settled) in self.revocation.iter_mut().zip(revocation) {
            if let Revocation::NotChecked(NotCheckedReason::Exempt { exemption, problem }) = settled {
                *facts = facts.clone().exempt(exemption, problem);
                self.finding = format!(
                    "A path leads to a trusted root. Of \"{}\" it is not known whether it is revoked; the configuration \
                     lets it pass until {}.",
                    facts.subject, exemption.until
                );
            }
        }
    }

    fn leave_open(&mut self, why: String) {
        self.verdict = Verdict::Undetermined;
        self.finding = format!("A path leads to a trusted root, but whether anything on it is revoked is open: {why}.");
        self.remedy = vec!["Let the CRLs be fetched with --url-fetch, or give them with --crl.".to_owned()];
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.verdict = Verdict::Refused;
        self.code = Some(refusal.outcome.code());
        self.outcome = Some(refusal.outcome.name());
        self.finding = refusal.finding;
        self.remedy = refusal.outcome.entry().remedy.iter().map(|step| (*step).to_owned()).collect();
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
