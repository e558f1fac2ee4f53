//! Reports as text for people.

use super::addresses::{AddressFacts, CrlFacts};
use super::layout::{Colour, Layout, Mark};
use super::lint::{Finding, Severity};
use super::report::{Report, Verdict};
use super::stored_certificates::StoredFacts;
use super::{CertificateFacts, OcspFacts, RevocationFacts, chain_tree};

/// One report: how it ended, why and what to do; then the evidence.
pub fn page(report: &Report, layout: Layout) -> String {
    let mut page = String::new();
    let title = format!("{} (judged as of {})", report.input, report.judged_at);
    layout.write(&mut page, "", "", &title, Some(Colour::Bold));
    page.push('\n');
    verdict(&mut page, report, layout);
    if report.verdict != Verdict::Unreadable {
        chain_tree::chain(&mut page, report, layout);
        chain_tree::failed_paths(&mut page, report, layout);
        revocation(&mut page, report, layout);
        addresses(&mut page, report, layout);
        names(&mut page, report, layout);
        if !report.remarks.is_empty() {
            layout.heading(&mut page, "Remarks");
            report.remarks.iter().for_each(|remark| layout.marked(&mut page, "  ", Mark::Open, remark));
        }
    }
    page
}

/// What one certificate says.
pub(super) fn facts(page: &mut String, facts: &CertificateFacts, indent: &str, layout: Layout) {
    let field = |page: &mut String, name: &str, value: &str| layout.field(page, indent, name, value);
    field(page, "serial", &facts.serial);
    field(page, "valid", &validity(facts));
    let bits = if facts.key_bits > 0 { format!(", {} bits", facts.key_bits) } else { String::new() };
    field(page, "key", &format!("{}{bits}; signed with {}", facts.key, facts.signature_algorithm));
    match &facts.extended_key_usages {
        Some(usages) if usages.is_empty() => field(page, "usages", "none"),
        Some(usages) => field(page, "usages", &usages.join(", ")),
        None => {}
    }
    if !facts.policies.is_empty() {
        field(page, "policies", &facts.policies.join(", "));
    }
    field(page, "SKI", facts.subject_key_identifier.as_deref().unwrap_or("none"));
    field(page, "AKI", facts.authority_key_identifier.as_deref().unwrap_or("none"));
}

fn validity(facts: &CertificateFacts) -> String {
    let left = match facts.days_left {
        -1 => "expired less than a day ago".to_owned(),
        days if days < 0 => format!("expired {} ago", days_word(-days - 1)),
        days => format!("{} left", days_word(days)),
    };
    format!("{} to {} ({left})", facts.not_before, facts.not_after)
}

fn days_word(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn revocation(page: &mut String, report: &Report, layout: Layout) {
    if report.revocation.is_empty() {
        return;
    }
    layout.heading(page, "Revocation");
    for facts in &report.revocation {
        let (mark, said) = said(facts);
        layout.marked(page, "  ", mark, &format!("{}: {said}", facts.subject));
        match (&facts.ocsp, &facts.crl) {
            (Some(ocsp), _) => {
                let until =
                    facts.next_update.as_ref().map(|until| format!(", next update {until}")).unwrap_or_default();
                layout.field(page, "    ", "evidence", &format!("OCSP responder {ocsp}{until}"));
            }
            (None, Some(crl)) => layout.field(page, "    ", "evidence", &evidence(facts, crl)),
            (None, None) => {}
        }
    }
}

fn said(facts: &RevocationFacts) -> (Mark, String) {
    let since = || facts.revoked_at.as_deref().unwrap_or_default();
    match facts.status {
        "good" => (Mark::Good, "not revoked".to_owned()),
        "trust anchor" => (Mark::Good, "a root of the root container; it is revoked by taking it away".to_owned()),
        "revoked" => (Mark::Bad, format!("revoked on {} ({})", since(), facts.reason.unwrap_or_default())),
        "on hold" => (Mark::Bad, format!("on hold since {}", since())),
        "exempt" => (Mark::Open, format!("unknown, and let pass; {}", facts.problem.as_deref().unwrap_or_default())),
        _ => (Mark::Open, format!("unknown; {}", facts.problem.as_deref().unwrap_or("no CRL speaks of it"))),
    }
}

fn evidence(facts: &RevocationFacts, crl: &str) -> String {
    let number = facts.crl_number.as_ref().map(|number| format!(", number {number}")).unwrap_or_default();
    let entries = facts.entries.map(|entries| format!(", {}", entries_word(entries))).unwrap_or_default();
    let until = facts.next_update.as_ref().map(|until| format!(", next update {until}")).unwrap_or_default();
    format!("CRL {crl}{number}{entries}{until}")
}

fn entries_word(entries: usize) -> String {
    if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") }
}

fn addresses(page: &mut String, report: &Report, layout: Layout) {
    if report.addresses.is_empty() {
        return;
    }
    layout.heading(page, "Addresses and files looked at");
    for address in &report.addresses {
        let what = match address.kind {
            "crl" => "CRL",
            "issuer" => "issuer's certificate",
            _ => "OCSP",
        };
        let mark = match (&address.problem, address.asked, address.ocsp.as_ref().map(|ocsp| ocsp.status)) {
            (None, true, Some("unknown")) | (_, false, _) => Mark::Open,
            (None, true, _) => Mark::Good,
            (Some(_), true, _) => Mark::Bad,
        };
        layout.marked(page, "  ", mark, &format!("{what} {}", address.url));
        let named_by = match address.named_by {
            "certificate" => "named in the certificate",
            "configuration" => "set in the configuration",
            _ => "given on the command line",
        };
        layout.field(page, "    ", "for", &format!("{}, {named_by}", address.asked_for));
        if let Some(url) = &address.final_url {
            layout.field(page, "    ", "redirected", &format!("to {url}"));
        }
        if let Some(answer) = answer(address) {
            layout.field(page, "    ", "answer", &answer);
        }
        if let Some(crl) = &address.crl {
            crl_fields(page, crl, layout);
        }
        if let Some(ocsp) = &address.ocsp {
            ocsp_fields(page, ocsp, layout);
        }
        match (&address.problem, address.covers) {
            (Some(problem), _) => layout.field(page, "    ", "but", problem),
            (None, Some(true)) => layout.field(page, "    ", "covers", "this certificate, now"),
            _ => {}
        }
    }
}

fn answer(address: &AddressFacts) -> Option<String> {
    let parts = [
        address.http_status.map(|status| format!("HTTP {status}")),
        address.bytes.map(|bytes| format!("{bytes} bytes")),
        address.milliseconds.map(|milliseconds| format!("{milliseconds} ms")),
        address.server.as_ref().map(|server| format!("from {server}")),
        address.crl.as_ref().map(|crl| crl.encoding.to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (address.asked && !parts.is_empty()).then(|| parts.join(", "))
}

fn ocsp_fields(page: &mut String, ocsp: &OcspFacts, layout: Layout) {
    let since = || ocsp.revoked_at.as_deref().unwrap_or_default();
    let status = match ocsp.status {
        "good" => "good: not revoked".to_owned(),
        "revoked" => format!("revoked on {} ({})", since(), ocsp.reason.unwrap_or_default()),
        "on hold" => format!("on hold since {}", since()),
        _ => "unknown: the responder does not know this certificate".to_owned(),
    };
    layout.field(page, "    ", "says", &status);
    let next = ocsp.next_update.as_deref().unwrap_or("no end that it names");
    layout.field(page, "    ", "counts", &format!("{} to {next}", ocsp.this_update));
    let until =
        ocsp.signer_not_after.as_ref().map(|until| format!(", its certificate ends {until}")).unwrap_or_default();
    let signer = match ocsp.signer_is {
        "issuer" => format!("{}, the issuer itself", ocsp.signer),
        _ => format!("{}, whom the issuer lets answer{until}", ocsp.signer),
    };
    layout.field(page, "    ", "signed by", &signer);
    let nonce = match ocsp.nonce {
        Some("echoed") => "repeated, so the answer is fresh",
        Some(_) => "not repeated; the answer was made in advance, and its dates limit a replay",
        None => "not sent",
    };
    layout.field(page, "    ", "nonce", nonce);
}

fn crl_fields(page: &mut String, crl: &CrlFacts, layout: Layout) {
    let number = crl.number.as_deref().unwrap_or("none");
    let delta = crl.delta_of.as_ref().map(|base| format!(" (delta to {base})")).unwrap_or_default();
    let next = crl.next_update.as_deref().unwrap_or("never");
    let entries = entries_word(crl.entries);
    layout.field(page, "    ", "CRL", &format!("number {number}{delta}, {entries}, {} to {next}", crl.this_update));
    let (found, expected) = (crl.authority_key_identifier.as_deref(), crl.expected_key_identifier.as_deref());
    let key = match (found, expected) {
        (Some(found), Some(expected)) if found == expected => format!("key {found}, the issuer's own"),
        (Some(found), Some(expected)) => format!("key {found}, but the issuer's is {expected}"),
        (Some(found), None) => format!("key {found}"),
        (None, _) => "no key identifier".to_owned(),
    };
    layout.field(page, "    ", "signature", &format!("{}; {key}", crl.signature));
}

fn names(page: &mut String, report: &Report, layout: Layout) {
    let names = &report.names;
    layout.heading(page, "Names an account can be found by");
    let all = [("UPN", &names.user_principal_names), ("mail", &names.mail)];
    for (kind, values) in all {
        values.iter().for_each(|value| layout.value(page, "  ", kind, value));
    }
    let mut label = "strong";
    for value in &names.alt_security_identities {
        layout.value(page, "  ", label, value);
        label = "";
    }
}

fn verdict(page: &mut String, report: &Report, layout: Layout) {
    let (mark, head) = match (report.verdict, report.code, report.outcome) {
        (Verdict::Good, ..) => (Mark::Good, "Good. ".to_owned()),
        (Verdict::Undetermined, ..) => (Mark::Open, "Undetermined. ".to_owned()),
        (Verdict::Refused, Some(code), Some(outcome)) => (Mark::Bad, format!("{code} {outcome}. ")),
        (Verdict::Refused | Verdict::Unreadable, ..) => (Mark::Bad, String::new()),
    };
    layout.marked(page, "", mark, &format!("{head}{}", report.finding));
    for (number, step) in report.remedy.iter().enumerate() {
        layout.write(page, &format!("  {}. ", number + 1), "     ", step, None);
    }
}

/// One certificate of a container.
pub fn stored_text(stored: &StoredFacts, layout: Layout) -> String {
    let mut page = String::new();
    layout.write(&mut page, "", "  ", &stored.facts.subject, Some(Colour::Bold));
    layout.field(&mut page, "  ", "file", &stored.file);
    layout.field(&mut page, "  ", "below", stored.below.as_deref().unwrap_or("nobody here"));
    facts(&mut page, &stored.facts, "  ", layout);
    let its_crl = match (&stored.configured_crl_urls[..], &stored.named_crl_urls[..]) {
        ([], []) => "no address is known here; the certificates below it may name one".to_owned(),
        ([], named) => format!("{} (named by certificates below it)", named.join(", ")),
        (configured, _) => format!("{} (configured)", configured.join(", ")),
    };
    layout.field(&mut page, "  ", "its CRL", &its_crl);
    page
}

/// One finding of the linter.
pub fn finding_text(finding: &Finding, layout: Layout) -> String {
    let mut page = String::new();
    let mark = if finding.severity == Severity::Error { Mark::Bad } else { Mark::Open };
    let file = finding.file.as_deref().map(|file| format!("{file}: ")).unwrap_or_default();
    layout.marked(&mut page, "", mark, &format!("{}: {file}{}", finding.severity.name(), finding.what));
    layout.write(&mut page, "  ", "  ", finding.remedy, None);
    page
}
