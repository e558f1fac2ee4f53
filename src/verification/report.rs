//! The report on one presented chain.

use super::addresses::{self, AddressFacts};
use super::crl_evidence::{Evidence, RevocationFacts, no_crl};
use super::visible_chain::{self, Link};
use crate::certificate::Certificate;
use crate::chain::{self, ChainPolicy, PresentedChain, TrustStore, ValidatedChain};
use crate::outcome::Refusal;
use crate::revocation::{self, CrlFailure, CrlWanted, RevocationError, RevocationPolicy};
use crate::subject;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// From here on Entra ID refuses a CRL while somebody waits for it (ENTRA-CBA section 2).
const ENTRA_INTERACTIVE_BYTES: usize = 20 * 1024 * 1024;
/// From here on Entra ID takes no CRL at all in its public cloud.
const ENTRA_LARGEST_BYTES: usize = 45 * 1024 * 1024;

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
    /// Whether the chain is an accepted path; otherwise it was pieced together by names and key identifiers.
    pub chain_accepted: bool,
    /// The chain, leaf first.
    pub chain: Vec<Link>,
    /// Paths that were tried and refused, most telling first.
    pub failed_paths: Vec<String>,
    /// Revocation of each certificate of an accepted path, leaf first.
    pub revocation: Vec<RevocationFacts>,
    /// Addresses and files that were looked at.
    pub addresses: Vec<AddressFacts>,
    /// What an account can be found by.
    pub names: Names,
    /// What AD FS or Entra ID would mind although fedgate does not.
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
    let validated = chain::validate(presented, &settings.trust, &settings.chain, at);
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
            let sent: Vec<Arc<Certificate>> =
                presented.sent().iter().filter_map(|der| Certificate::read_der(der).ok().map(Arc::new)).collect();
            if let Some(leaf) = &leaf {
                let visible = visible_chain::pieced_together(leaf, &sent, &settings.trust);
                report.chain = visible_chain::links(&visible, &settings.trust, at);
            }
            report.failed_paths.push(crate::outcome::sentence(&error));
            report.refuse(error.into());
            None
        }
    };
    Judged { settings, at, report, chain }
}

impl Judged<'_> {
    /// The CRLs that are needed, leaf first; none for a chain that was refused.
    pub fn wanted(&self) -> &[CrlWanted] {
        self.chain.as_ref().map_or(&[], |(_, wanted)| wanted)
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
        let Some((chain, wanted)) = chain else { return report };
        let path = chain.path().to_vec();
        let fetching = evidence.crls.is_some();
        let mut answers = Vec::with_capacity(wanted.len());
        for (position, wanted) in wanted.iter().enumerate() {
            let (answer, looked_at) = evidence.answer(position, wanted, at);
            let nothing_given = !fetching && looked_at.is_empty();
            report.revocation.push(RevocationFacts::read(wanted, &answer, nothing_given, at));
            report.addresses.extend(looked_at);
            for fetched in evidence.issuers.get(position).into_iter().flatten() {
                report.addresses.push(addresses::issuer_address(fetched, &wanted.certificate, &wanted.issuer));
            }
            answers.push(answer);
        }
        let unused = evidence.unused(&report.addresses, chain.leaf());
        report.addresses.extend(unused);
        report.revocation.extend(path.last().map(|root| RevocationFacts::anchor(root)));
        if fetching {
            report.addresses.extend(addresses::ocsp_addresses(&path));
        }
        report.remarks = remarks(&report.addresses);
        let answers = revocation::Answers { crls: &answers, ocsp: &[] };
        match revocation::judge(chain, &wanted, answers, &settings.revocation, at) {
            Ok(_) => report.accept(),
            Err(RevocationError::Unavailable { failure, certificate }) if !fetching && is_no_url(failure.cause()) => {
                let of = wanted.iter().find(|wanted| wanted.certificate.serial().to_string() == certificate.serial);
                report.leave_open(of.map(|wanted| no_crl(&wanted.issuer)).unwrap_or_default());
            }
            Err(error) => report.refuse(error.into()),
        }
        report
    }
}

fn is_no_url(failure: &CrlFailure) -> bool {
    matches!(failure, CrlFailure::NoUrl { .. })
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

    fn accept(&mut self) {
        self.verdict = Verdict::Good;
        self.finding = "A path leads to a trusted root, and nothing on it is revoked.".to_owned();
    }

    fn leave_open(&mut self, why: String) {
        self.verdict = Verdict::Undetermined;
        self.finding = format!("A path leads to a trusted root, but whether it is revoked is open: {why}.");
        self.remedy = vec!["Give the CRLs with --crl, or let them be fetched with --url-fetch.".to_owned()];
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.verdict = Verdict::Refused;
        self.code = Some(refusal.outcome.code());
        self.outcome = Some(refusal.outcome.name());
        self.finding = refusal.finding;
        self.remedy = refusal.outcome.entry().remedy.iter().map(|step| (*step).to_owned()).collect();
    }
}

/// What AD FS or Entra ID would mind about the CRLs that were seen.
fn remarks(addresses: &[AddressFacts]) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    for address in addresses.iter().filter(|address| address.kind == "crl") {
        let url = &address.url;
        if address.crl.as_ref().is_some_and(|crl| crl.encoding == "PEM") {
            remarks.push(format!("The CRL at {url} is PEM. AD FS and Entra ID want DER and would refuse it."));
        }
        match address.bytes {
            Some(bytes) if bytes > ENTRA_LARGEST_BYTES => {
                remarks.push(format!("The CRL at {url} has {bytes} bytes. Entra ID takes none over 45 MB."));
            }
            Some(bytes) if bytes > ENTRA_INTERACTIVE_BYTES => remarks.push(format!(
                "The CRL at {url} has {bytes} bytes. Over 20 MB, Entra ID refuses the first sign-in while it loads the list."
            )),
            _ => {}
        }
    }
    remarks.dedup();
    remarks
}
