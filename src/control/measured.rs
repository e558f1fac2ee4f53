//! The gateway's numbers. One function for each group; what is counted elsewhere gets a function here.

use super::ExemptionReport;
use super::report::named_by;
use crate::certificate::hexadecimal;
use crate::http::Gateway;
use crate::lookups::CrlView;
use crate::metrics::{Exposition, Kind, SignInCounts};
use crate::outcome::Disposition;
use crate::revocation::VerifiedCrl;
use jiff::Timestamp;

/// Everything, as Prometheus reads it.
pub(super) fn measured(gateway: &Gateway, at: Timestamp) -> String {
    let mut text = Exposition::default();
    text.metric("fedgate_build_info", Kind::Gauge, "Which fedgate this is; always 1.");
    text.sample("fedgate_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    sign_ins(&mut text, gateway.recorder.counts());
    exemptions(&mut text, &ExemptionReport::all(&gateway.farm.load().revocation, at));
    crls(&mut text, &gateway.crls.views(), at);
    text.into_text()
}

fn sign_ins(text: &mut Exposition, counts: &SignInCounts) {
    const NAME: &str = "fedgate_sign_ins_total";
    text.metric(
        NAME,
        Kind::Counter,
        "Sign-ins that ended so since the start; `fedgate explain CODE` says what each means.",
    );
    for (outcome, count) in counts.all() {
        let result = match outcome.entry().disposition {
            Disposition::Issue => "issued",
            Disposition::Interrupt => "interrupted",
            Disposition::Refuse => "refused",
            Disposition::Fail => "failed",
        };
        let labels = [("path", "federated"), ("code", outcome.code()), ("outcome", outcome.name()), ("result", result)];
        text.sample(NAME, &labels, count);
    }
}

fn exemptions(text: &mut Exposition, exemptions: &[ExemptionReport]) {
    const COUNT: &str = "fedgate_revocation_exemptions_active";
    const ACTIVE: &str = "fedgate_revocation_exemption_active";
    const END: &str = "fedgate_revocation_exemption_end_timestamp_seconds";
    let active = exemptions.iter().filter(|exemption| exemption.in_force).count();
    text.metric(
        COUNT,
        Kind::Gauge,
        "Authorities whose certificates are accepted although their revocation is unknown.",
    );
    text.sample(COUNT, &[], active);
    let mut each = |name: &str, help: &str, value: fn(&ExemptionReport) -> i64| {
        text.metric(name, Kind::Gauge, help);
        for exemption in exemptions {
            let certificate = short(&exemption.authority_sha256);
            text.sample(name, &[("authority", &exemption.authority), ("certificate", certificate)], value(exemption));
        }
    };
    each(ACTIVE, "1 while the authority's exemption counts, 0 once it has ended.", |one| i64::from(one.in_force));
    each(END, "When the authority's exemption ends or ended, in seconds since 1970.", |one| one.until.as_second());
}

type Value = fn(&CrlView, Option<&VerifiedCrl>, Timestamp) -> Option<i64>;

/// Each number of a CRL; an address for which it does not exist has no sample.
const CRL_NUMBERS: &[(&str, &str, Value)] = &[
    ("fedgate_crl_in_force", "1 if sign-ins can be judged by this CRL now, else 0.", |_, crl, at| {
        Some(i64::from(crl.is_some_and(|crl| crl.is_current(at))))
    }),
    ("fedgate_crl_entries", "Certificates that the CRL lists.", |_, crl, _| number(crl?.crl().entries())),
    ("fedgate_crl_bytes", "Size of the CRL as it came.", |view, crl, _| {
        number(view.arrival.filter(|_| crl.is_some())?.bytes)
    }),
    ("fedgate_crl_this_update_timestamp_seconds", "When the CRL was issued, in seconds since 1970.", |_, crl, _| {
        Some(crl?.crl().this_update().as_second())
    }),
    ("fedgate_crl_next_update_timestamp_seconds", "When the CRL expires, in seconds since 1970.", |_, crl, _| {
        Some(crl?.crl().next_update()?.as_second())
    }),
    (
        "fedgate_crl_last_success_timestamp_seconds",
        "When the address last gave or confirmed a CRL in force, in seconds since 1970.",
        |view, _, _| Some(view.last_success?.as_second()),
    ),
    ("fedgate_crl_consecutive_failures", "Fetches that failed since the last good one.", |view, _, _| {
        Some(view.failure.as_ref().map_or(0, |(_, failures)| i64::from(*failures)))
    }),
];

fn crls(text: &mut Exposition, views: &[CrlView], at: Timestamp) {
    text.metric("fedgate_crls_held", Kind::Gauge, "CRLs in memory, in force or not.");
    text.sample("fedgate_crls_held", &[], views.iter().filter(|view| view.crl.is_some()).count());
    for (name, help, value) in CRL_NUMBERS {
        text.metric(name, Kind::Gauge, help);
        for view in views {
            let Some(value) = value(view, view.crl.as_deref(), at) else { continue };
            let fingerprint = hexadecimal::upper(*view.signer.fingerprint());
            let labels = [
                ("url", view.url.as_str()),
                ("authority", view.signer.subject().dotnet()),
                ("certificate", short(&fingerprint)),
                ("named_by", named_by(view.source)),
            ];
            text.sample(name, &labels, value);
        }
    }
}

fn number(count: usize) -> Option<i64> {
    i64::try_from(count).ok()
}

/// Enough of a fingerprint to keep authorities of one name apart.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..16).unwrap_or(fingerprint)
}
