//! The CRLs held and the fetches that brought them, as the control socket tells them.

use super::ExemptionReport;
use crate::certificate::hexadecimal;
use crate::lookups::{CrlOrigin, CrlView, FetchOutcome, FetchRecord};
use crate::revocation::{Crl, IssuingDistributionPoint, ReasonSet, UrlSource};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything at one moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// The moment.
    pub at: Timestamp,
    /// Exemptions from revocation checking.
    pub exemptions: Vec<ExemptionReport>,
    /// The CRLs by address.
    pub crls: Vec<CrlReport>,
}

/// Whether sign-ins can be judged by a CRL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrlState {
    /// They can.
    InForce,
    /// It is held and past its nextUpdate.
    Expired,
    /// It is held and its thisUpdate has not come.
    NotYetInForce,
    /// None is held: every fetch failed.
    Failed,
    /// None of this signer is there, but one of another that may sign too.
    OtherSigner,
    /// The first fetch has not ended.
    NeverFetched,
}

/// One address and the authority whose CRL it should have. The documentation of the keys is in docs/control.md.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/control.md has a line for each
pub struct CrlReport {
    pub url: String,
    pub authority: String,
    pub authority_sha256: String,
    pub named_by: String,
    pub state: CrlState,
    pub kind: Option<String>,
    pub number: Option<String>,
    pub delta_of: Option<String>,
    pub authority_key_identifier: Option<String>,
    pub scope: Vec<String>,
    pub entries: Option<usize>,
    pub bytes: Option<usize>,
    pub bytes_in_memory: Option<usize>,
    pub encoding: Option<String>,
    pub this_update: Option<Timestamp>,
    pub next_update: Option<Timestamp>,
    pub next_publish: Option<Timestamp>,
    pub arrived_at: Option<Timestamp>,
    pub arrived_from: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub next_fetch_at: Option<Timestamp>,
    pub consecutive_failures: u32,
    pub failure: Option<String>,
    pub last_success_at: Option<Timestamp>,
    pub last_needed_at: Timestamp,
    /// The last fetches, the oldest first; empty in a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<FetchReport>,
}

/// What a fetch was good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchResult {
    /// A CRL in force that was not held before.
    New,
    /// The one held is still the right one.
    Unchanged,
    /// A genuine CRL that is not in force.
    NotInForce,
    /// No CRL.
    Failed,
}

impl FetchResult {
    /// As it is spelled in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::NotInForce => "not_in_force",
            Self::Failed => "failed",
        }
    }
}

/// One fetch.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(missing_docs)] // docs/control.md has a line for each
pub struct FetchReport {
    pub at: Timestamp,
    pub took_ms: u64,
    pub from: String,
    pub status: Option<u16>,
    pub bytes: usize,
    pub redirects: Vec<String>,
    pub result: FetchResult,
    pub number: Option<String>,
    pub this_update: Option<Timestamp>,
    pub next_update: Option<Timestamp>,
    pub failure: Option<String>,
}

/// An address that was asked because an operator said so.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refreshed {
    /// What is known since.
    pub crl: CrlReport,
    /// The fetch.
    pub fetch: Option<FetchReport>,
    /// Whether it brought or confirmed no CRL in force.
    pub failed: bool,
}

/// One report for each view. A signer whose CRL is not at an address is no failure when another's is.
pub(super) fn reports(views: &[CrlView], at: Timestamp) -> Vec<CrlReport> {
    let others = |view: &CrlView| {
        let another = |other: &CrlView| other.url == view.url && other.crl.is_some();
        let anothers = view.failure.as_ref().is_some_and(|(failure, _)| failure.may_be_anothers());
        view.crl.is_none() && anothers && views.iter().any(another)
    };
    views.iter().map(|view| CrlReport::of(view, others(view), at)).collect()
}

/// What came of asking, for each address and signer that was asked.
pub(super) fn refreshed(asked: &[(CrlView, Option<FetchRecord>)], at: Timestamp) -> Vec<Refreshed> {
    let views: Vec<CrlView> = asked.iter().map(|(view, _)| view.clone()).collect();
    let answer = |(mut crl, (_, record)): (CrlReport, &(CrlView, Option<FetchRecord>))| {
        let fetch = record.as_ref().map(FetchReport::of);
        let good =
            fetch.as_ref().is_some_and(|fetch| matches!(fetch.result, FetchResult::New | FetchResult::Unchanged));
        crl.history = Vec::new();
        Refreshed { failed: !good && crl.state != CrlState::OtherSigner, crl, fetch }
    };
    reports(&views, at).into_iter().zip(asked).map(answer).collect()
}

impl CrlReport {
    fn of(view: &CrlView, other_signer: bool, at: Timestamp) -> Self {
        let held = view.crl.as_deref();
        let crl = held.map(|held| held.crl());
        let state = match (held, &view.failure) {
            (Some(held), _) if held.is_current(at) => CrlState::InForce,
            (Some(held), _) if held.has_expired(at) => CrlState::Expired,
            (Some(_), _) => CrlState::NotYetInForce,
            (None, Some(_)) if other_signer => CrlState::OtherSigner,
            (None, Some(_)) => CrlState::Failed,
            (None, None) => CrlState::NeverFetched,
        };
        Self {
            url: view.url.clone(),
            authority: view.signer.subject().dotnet().to_owned(),
            authority_sha256: hexadecimal::upper(*view.signer.fingerprint()),
            named_by: named_by(view.source).to_owned(),
            state,
            kind: crl.map(|crl| kind(crl).to_owned()),
            number: crl.and_then(Crl::number).map(ToString::to_string),
            delta_of: crl.and_then(Crl::delta_of).map(ToString::to_string),
            authority_key_identifier: crl
                .and_then(Crl::authority_key_identifier)
                .map(|identifier| hexadecimal::upper(identifier.iter().copied())),
            scope: crl.and_then(Crl::issuing_distribution_point).map(scope).unwrap_or_default(),
            entries: crl.map(Crl::entries),
            bytes: held.and(view.arrival).map(|arrival| arrival.bytes),
            bytes_in_memory: crl.map(Crl::bytes_held),
            encoding: crl.map(|crl| if crl.was_pem() { "PEM" } else { "DER" }.to_owned()),
            this_update: crl.map(Crl::this_update),
            next_update: crl.and_then(Crl::next_update),
            next_publish: crl.and_then(Crl::next_publish),
            arrived_at: held.and(view.arrival).map(|arrival| second(arrival.at)),
            arrived_from: held.and(view.arrival).map(|arrival| origin(arrival.origin).to_owned()),
            etag: view.validators.etag.clone(),
            last_modified: view.validators.last_modified.clone(),
            next_fetch_at: view.again_at.map(second),
            consecutive_failures: view.failure.as_ref().map_or(0, |(_, failures)| *failures),
            failure: view.failure.as_ref().map(|(failure, _)| failure.to_string()),
            last_success_at: view.last_success.map(second),
            last_needed_at: view.last_used,
            history: view.history.iter().map(FetchReport::of).collect(),
        }
    }
}

impl FetchReport {
    fn of(record: &FetchRecord) -> Self {
        let (result, failure) = match &record.outcome {
            FetchOutcome::New => (FetchResult::New, None),
            FetchOutcome::Unchanged => (FetchResult::Unchanged, None),
            FetchOutcome::NotInForce => (FetchResult::NotInForce, None),
            FetchOutcome::Failed(failure) => (FetchResult::Failed, Some(failure.to_string())),
        };
        Self {
            at: second(record.at),
            took_ms: u64::try_from(record.took.as_millis()).unwrap_or(u64::MAX),
            from: origin(record.origin).to_owned(),
            status: record.status,
            bytes: record.bytes,
            redirects: record.redirects.clone(),
            result,
            number: record.crl.as_ref().and_then(|crl| crl.number.clone()),
            this_update: record.crl.as_ref().map(|crl| crl.this_update),
            next_update: record.crl.as_ref().and_then(|crl| crl.next_update),
            failure,
        }
    }
}

pub(super) fn named_by(source: UrlSource) -> &'static str {
    match source {
        UrlSource::Configured => "configuration",
        UrlSource::Certificate => "certificate",
    }
}

fn origin(origin: CrlOrigin) -> &'static str {
    match origin {
        CrlOrigin::Address => "address",
        CrlOrigin::CacheFolder => "cache_folder",
    }
}

/// Partial: it speaks of some certificates or some reasons only.
fn kind(crl: &Crl) -> &'static str {
    if crl.delta_of().is_some() {
        return "delta";
    }
    let partial = |scope: &IssuingDistributionPoint| {
        scope.only_user_certificates
            || scope.only_ca_certificates
            || scope.only_attribute_certificates
            || scope.only_some_reasons.is_some_and(|reasons| reasons != ReasonSet::ALL)
            || scope.distribution_point.is_some()
    };
    if crl.issuing_distribution_point().is_some_and(partial) { "partial" } else { "complete" }
}

/// What limits the CRL, in words (RFC 5280 section 5.2.5).
fn scope(scope: &IssuingDistributionPoint) -> Vec<String> {
    let mut limits = Vec::new();
    let mut limit = |holds: bool, words: &str| {
        if holds {
            limits.push(words.to_owned());
        }
    };
    limit(scope.only_user_certificates, "end-entity certificates only");
    limit(scope.only_ca_certificates, "CA certificates only");
    limit(scope.only_attribute_certificates, "attribute certificates only");
    limit(scope.indirect, "also certificates of other issuers");
    limits.extend(scope.only_some_reasons.map(|reasons| format!("only for {reasons}")));
    let names = scope.distribution_point.as_ref().map(|names| match names.uris.as_slice() {
        [] => "only a distribution point whose name is no URL".to_owned(),
        uris => format!("only the distribution point {}", uris.join(", ")),
    });
    limits.extend(names);
    limits
}

/// People read these, and no fetch is so quick that less would matter.
fn second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}
