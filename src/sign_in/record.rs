//! One record per sign-in: built once, at the end, and logged as one event. No secret, no assertion, no token.

use super::{Evidence, Step, Verdict};
use crate::metrics::SignInCounts;
use crate::outcome::{Detail, Level, Outcome};
use crate::text::Text;
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Everything an operator needs to know about one sign-in.
#[derive(Debug, Clone)]
pub struct SignInRecord {
    /// Names the sign-in everywhere.
    pub correlation: Uuid,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub finding: String,
    /// Particulars of the outcome.
    pub details: Vec<Detail>,
    /// The certificate and the account, as far as they became known.
    pub identifiers: Vec<Detail>,
    /// Every stage taken.
    pub steps: Vec<Step>,
    /// The types and values of the issued claims.
    pub claims: Vec<(Text, Text)>,
    /// The moment everything was judged at, and facts of the connection: peer, port, TLS version and so on.
    pub circumstances: Vec<Detail>,
    /// Certificate claims that the token should carry and does not.
    pub missing_certificate_claims: Vec<&'static str>,
    /// Display name of the relying party trust, once the request was admitted.
    pub relying_party: Option<String>,
}

impl SignInRecord {
    /// The record of a verdict.
    pub fn new(evidence: &Evidence, verdict: &Verdict) -> Self {
        let issued = verdict.issued.as_ref();
        let claims = issued.map_or_else(Vec::new, |issued| {
            issued.claims.claims().iter().map(|claim| (claim.claim_type.clone(), claim.value.clone())).collect()
        });
        Self {
            correlation: evidence.correlation,
            outcome: verdict.outcome,
            finding: verdict.finding.clone(),
            details: verdict.details.clone(),
            identifiers: verdict.identifiers.clone(),
            steps: verdict.steps.clone(),
            claims,
            circumstances: circumstances(evidence),
            missing_certificate_claims: issued
                .map_or_else(Vec::new, |issued| issued.missing_certificate_claims.clone()),
            relying_party: verdict.relying_party.clone(),
        }
    }

    /// The steps as one line: `chain=812us revocation=9us`.
    fn timings(&self) -> String {
        let mut text = String::with_capacity(160);
        for step in &self.steps {
            let _ = write!(text, "{}={}us ", step.stage.name(), step.took.as_micros());
        }
        text.truncate(text.trim_end().len());
        text
    }
}

fn circumstances(evidence: &Evidence) -> Vec<Detail> {
    let (connection, request) = (&evidence.connection, &evidence.request);
    let mut facts = vec![
        ("now", evidence.at.to_string()),
        ("peer", connection.peer.clone()),
        ("port", connection.port.to_string()),
        ("tls", format!("{} {}", connection.tls.version, connection.tls.cipher)),
        ("path", request.path.clone()),
    ];
    let mut optional = |name: &'static str, value: &Option<String>| {
        if let Some(value) = value {
            facts.push((name, value.clone()));
        }
    };
    optional("server_name", &connection.tls.server_name);
    optional("client_request_id", &request.client_request_id);
    optional("user_agent", &request.user_agent);
    facts
}

/// Receives every record. The log is always written and the sign-in counted; a watcher (the lab, a test) may look on.
pub struct Recorder {
    counts: SignInCounts,
    warned: Mutex<HashSet<String>>,
    watcher: Option<Box<dyn Fn(SignInRecord) + Send + Sync>>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("watched", &self.watcher.is_some()).finish_non_exhaustive()
    }
}

impl Recorder {
    /// Writes to the log only.
    pub fn new() -> Self {
        Self { counts: SignInCounts::default(), warned: Mutex::default(), watcher: None }
    }

    /// Writes to the log and shows every record to `watcher`.
    pub fn watched(watcher: impl Fn(SignInRecord) + Send + Sync + 'static) -> Self {
        Self { watcher: Some(Box::new(watcher)), ..Self::new() }
    }

    /// How often sign-ins ended in each way.
    pub fn counts(&self) -> &SignInCounts {
        &self.counts
    }

    /// Logs the sign-in, once.
    pub fn record(&self, record: SignInRecord) {
        self.counts.add(record.outcome);
        log(&record);
        self.warn_of_missing_claims(&record);
        if let Some(watcher) = &self.watcher {
            watcher(record);
        }
    }

    /// Without serial number and issuer in the token, Entra ID never notices that a certificate was revoked. Every
    /// record says so; the loud warning comes once per trust.
    fn warn_of_missing_claims(&self, record: &SignInRecord) {
        let Some(trust) = record.relying_party.as_ref().filter(|_| !record.missing_certificate_claims.is_empty())
        else {
            return;
        };
        if self.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(trust.clone()) {
            tracing::warn!(
                relying_party = %trust,
                missing = %record.missing_certificate_claims.join(" "),
                correlation_id = %record.correlation,
                "a certificate signed in, but the token lacks certificate claims: revoking the certificate will not \
                 revoke the sessions made with it. Pass the claims through on the claims provider trust and on this one"
            );
        }
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

fn log(record: &SignInRecord) {
    let entry = record.outcome.entry();
    let particulars = join([&record.identifiers, &record.details, &record.circumstances]);
    macro_rules! event {
        ($level:expr) => {
            tracing::event!(
                target: "fedgate::sign_in",
                $level,
                code = entry.code,
                outcome = record.outcome.name(),
                stage = entry.stage.name(),
                correlation_id = %record.correlation,
                adfs_event = entry.adfs_event,
                relying_party = record.relying_party.as_deref(),
                missing_claims = (!record.missing_certificate_claims.is_empty())
                    .then(|| record.missing_certificate_claims.join(" ")),
                timings = %record.timings(),
                particulars = %particulars,
                "{}", record.finding
            )
        };
    }
    match entry.level {
        Level::Info | Level::Notice => event!(tracing::Level::INFO),
        Level::Warning => event!(tracing::Level::WARN),
        Level::Error => event!(tracing::Level::ERROR),
    }
}

/// `name="value"` pairs; values are quoted so that nothing a client sent can forge a field or a line.
fn join<const N: usize>(groups: [&Vec<Detail>; N]) -> String {
    let mut text = String::with_capacity(512);
    for (name, value) in groups.into_iter().flatten() {
        if !text.is_empty() {
            text.push(' ');
        }
        let _ = write!(text, "{name}={value:?}");
    }
    text
}
