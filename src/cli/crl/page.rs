//! What `fedgate crl` prints for people.

use crate::control::{CrlReport, CrlState, ExemptionReport, FetchReport, FetchResult, Refreshed, Status};
use crate::verification::{Colour, Layout, Mark};
use jiff::Timestamp;

/// Exemptions, then every address.
pub(super) fn list(status: &Status, layout: Layout) -> String {
    let mut page = String::new();
    status.exemptions.iter().for_each(|exemption| banner(&mut page, exemption, layout));
    if status.crls.is_empty() {
        layout.write(&mut page, "", "", "The gateway has needed no CRL yet.", None);
    }
    for crl in &status.crls {
        layout.marked(&mut page, "", mark(crl.state), &crl.url);
        let line = |page: &mut String, text: &str| layout.write(page, "  ", "  ", text, None);
        line(&mut page, &state(crl, status.at));
        line(&mut page, &format!("{}; named by {}", crl.authority, named_by(crl)));
        let (content, next) = (content(crl), next(crl, status.at));
        line(&mut page, &content.map_or_else(|| next.clone(), |content| format!("{content}; {next}")));
        if let Some(failure) = last_failure(crl) {
            line(&mut page, &failure);
        }
    }
    page
}

fn banner(page: &mut String, exemption: &ExemptionReport, layout: Layout) {
    let ExemptionReport { authority, reason, until, in_force, days, .. } = exemption;
    if *in_force {
        let text = format!(
            "EXEMPT: certificates of {authority} are accepted when nothing can be said of their revocation, until {until} \
             ({days} d left): {reason}"
        );
        layout.write(page, "!! ", "   ", &text, Some(Colour::Red));
    } else {
        let text = format!("The exemption of {authority} ended at {until} ({days} d ago) and lets nobody in: {reason}");
        layout.write(page, "-- ", "   ", &text, None);
    }
}

/// One address in full.
pub(super) fn show(crl: &CrlReport, at: Timestamp, layout: Layout) -> String {
    let mut page = String::new();
    layout.marked(&mut page, "", mark(crl.state), &crl.url);
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            layout.field(&mut page, "  ", name, &value);
        }
    };
    field("state", Some(state(crl, at)));
    field("failure", last_failure(crl));
    field("authority", Some(crl.authority.clone()));
    field("SHA-256", Some(crl.authority_sha256.clone()));
    field("named by", Some(named_by(crl).to_owned()));
    field("content", content(crl));
    field("delta of", crl.delta_of.clone());
    field("scope", (!crl.scope.is_empty()).then(|| crl.scope.join("; ")));
    field("AKI", crl.authority_key_identifier.clone());
    field("thisUpdate", crl.this_update.map(|moment| moment.to_string()));
    field("nextUpdate", crl.next_update.map(|moment| moment.to_string()));
    field("publication", crl.next_publish.map(|moment| format!("the next one is announced for {moment}")));
    field("arrived", crl.arrived_at.map(|moment| format!("{moment} from {}", origin(crl.arrived_from.as_deref()))));
    field("in memory", crl.bytes_in_memory.map(|bytes| format!("{bytes} bytes")));
    field("ETag", crl.etag.clone());
    field("modified", crl.last_modified.clone());
    field("success", crl.last_success_at.map(|moment| format!("the last at {moment} ({} ago)", period(moment, at))));
    field(
        "needed",
        Some(format!("by a sign-in, the last at {} ({} ago)", crl.last_needed_at, period(crl.last_needed_at, at))),
    );
    field("next", Some(next(crl, at)));
    page.push_str("  fetches, the last one first\n");
    for fetch in crl.history.iter().rev() {
        layout.marked(&mut page, "    ", fetch_mark(fetch), &format!("{} {}", fetch.at, told(fetch)));
    }
    page
}

/// What came of asking one address.
pub(super) fn refreshed(result: &Refreshed, layout: Layout) -> String {
    let mut page = String::new();
    let Refreshed { crl, fetch, failed } = result;
    layout.marked(&mut page, "", if *failed { Mark::Bad } else { Mark::Good }, &crl.url);
    let text = fetch.as_ref().map_or_else(|| "the fetch was abandoned".to_owned(), told);
    layout.write(&mut page, "  ", "  ", &text, None);
    if *failed && crl.state == CrlState::InForce {
        let held = crl.next_update.map_or_else(String::new, |moment| format!(" until {moment}"));
        let number = crl.number.as_ref().map_or_else(String::new, |number| format!(" number {number}"));
        layout.write(&mut page, "  ", "  ", &format!("the CRL held,{number}, goes on serving{held}"), None);
    }
    page
}

fn mark(state: CrlState) -> Mark {
    match state {
        CrlState::InForce => Mark::Good,
        CrlState::Expired | CrlState::NotYetInForce | CrlState::Failed => Mark::Bad,
        CrlState::OtherSigner | CrlState::NeverFetched => Mark::Open,
    }
}

fn fetch_mark(fetch: &FetchReport) -> Mark {
    match fetch.result {
        FetchResult::New | FetchResult::Unchanged => Mark::Good,
        FetchResult::NotInForce | FetchResult::Failed => Mark::Bad,
    }
}

fn state(crl: &CrlReport, at: Timestamp) -> String {
    let moment =
        |moment: Option<Timestamp>| moment.map_or_else(|| "a moment that is not told".to_owned(), |m| m.to_string());
    match crl.state {
        CrlState::InForce => {
            let left = crl.next_update.map(|next_update| format!(", {} left", period(next_update, at)));
            format!(
                "in force, from {} to {}{}",
                moment(crl.this_update),
                moment(crl.next_update),
                left.unwrap_or_default()
            )
        }
        CrlState::Expired => match crl.next_update {
            Some(next_update) => format!("expired {} ago, at {next_update}", period(next_update, at)),
            None => "never in force, for it has no nextUpdate".to_owned(),
        },
        CrlState::NotYetInForce => format!("not in force before {}", moment(crl.this_update)),
        CrlState::Failed => "failed: there is none".to_owned(),
        CrlState::OtherSigner => "not this authority's: the CRL here is signed by another that may".to_owned(),
        CrlState::NeverFetched => "not fetched yet".to_owned(),
    }
}

fn named_by(crl: &CrlReport) -> &str {
    if crl.named_by == "configuration" { "the configuration" } else { "certificates" }
}

/// What is in it.
fn content(crl: &CrlReport) -> Option<String> {
    let number = crl.number.as_ref().map_or_else(|| "without a number".to_owned(), |number| format!("number {number}"));
    let of = crl.delta_of.as_ref().map_or_else(String::new, |base| format!(" to {base}"));
    let bytes = crl.bytes.map_or_else(String::new, |bytes| format!(", {bytes} bytes"));
    let entries = crl.entries?;
    Some(format!(
        "{} CRL {number}{of}, {entries} {}{bytes}, {}",
        crl.kind.as_deref().unwrap_or("complete"),
        if entries == 1 { "entry" } else { "entries" },
        crl.encoding.as_deref().unwrap_or("DER")
    ))
}

fn next(crl: &CrlReport, at: Timestamp) -> String {
    let what = if crl.consecutive_failures > 0 { "retry" } else { "renewal" };
    match crl.next_fetch_at {
        Some(moment) if moment > at => format!("{what} at {moment} (in {})", period(moment, at)),
        Some(_) => format!("{what} is due"),
        None => "being fetched".to_owned(),
    }
}

fn last_failure(crl: &CrlReport) -> Option<String> {
    let failure = crl.failure.as_ref()?;
    let times = crl.consecutive_failures;
    let times = if times > 1 { format!(" ({times} failures in a row)") } else { String::new() };
    Some(format!("the last fetch failed{times}: {failure}"))
}

/// What a fetch brought, in a sentence.
fn told(fetch: &FetchReport) -> String {
    let number =
        fetch.number.as_ref().map_or_else(|| "without a number".to_owned(), |number| format!("number {number}"));
    let to = fetch.next_update.map_or_else(String::new, |moment| format!(" to {moment}"));
    let life = fetch.this_update.map_or_else(String::new, |moment| format!(", from {moment}{to}"));
    let result = match (fetch.result, &fetch.failure) {
        (_, Some(failure)) => format!("failed: {failure}"),
        (FetchResult::New, None) => format!("new: {number}{life}"),
        (FetchResult::Unchanged, None) => format!("unchanged: {number}{life}"),
        (_, None) => format!("not in force: {number}{life}"),
    };
    let mut how = vec![format!("{} ms", fetch.took_ms)];
    how.extend(fetch.status.map(|status| format!("HTTP {status}")));
    how.extend((fetch.bytes > 0).then(|| format!("{} bytes", fetch.bytes)));
    how.extend((fetch.from == "cache_folder").then(|| "from the cache folder".to_owned()));
    how.extend((!fetch.redirects.is_empty()).then(|| format!("redirected to {}", fetch.redirects.join(", then to "))));
    format!("{result} ({})", how.join(", "))
}

fn origin(from: Option<&str>) -> &'static str {
    if from == Some("cache_folder") { "the cache folder" } else { "its address" }
}

/// How far apart two moments are, in its two largest units.
fn period(one: Timestamp, other: Timestamp) -> String {
    let seconds = one.duration_since(other).as_secs().unsigned_abs();
    match seconds {
        86_400.. => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
        3600.. => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        60.. => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_two_units() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let after = |seconds: i64| period(Timestamp::from_second(start.as_second() + seconds).unwrap(), start);
        let cases = [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (7260, "2 h 1 min"), (-90_000, "1 d 1 h")];
        cases.iter().for_each(|(seconds, expected)| assert_eq!(after(*seconds), *expected));
    }

    /// What a certificate, a server or a configuration says is shown and never obeyed.
    #[test]
    fn nothing_that_is_told_can_move_the_cursor() {
        let hostile = "a\u{1b}[2J\nb\u{202e}c\u{9b}31m";
        let fetch = serde_json::json!({
            "at": "2026-01-01T00:00:00Z", "took_ms": 7, "from": "address", "status": 200, "bytes": 1,
            "redirects": [hostile], "result": "failed", "failure": hostile,
        });
        let crl: CrlReport = serde_json::from_value(serde_json::json!({
            "url": hostile, "authority": hostile, "authority_sha256": hostile, "named_by": "certificate",
            "state": "in_force", "kind": hostile, "number": hostile, "delta_of": hostile,
            "authority_key_identifier": hostile, "scope": [hostile], "entries": 1, "bytes": 2, "encoding": hostile,
            "this_update": "2026-01-01T00:00:00Z", "next_update": "2026-01-09T00:00:00Z", "etag": hostile,
            "last_modified": hostile, "consecutive_failures": 3, "failure": hostile,
            "last_needed_at": "2026-01-01T00:00:00Z", "history": [fetch],
        }))
        .unwrap();
        let at: Timestamp = "2026-01-02T00:00:00Z".parse().unwrap();
        let exemption = ExemptionReport {
            authority: hostile.to_owned(),
            authority_sha256: String::new(),
            reason: hostile.to_owned(),
            until: at,
            in_force: true,
            days: 0,
        };
        let layout = Layout { colours: false, width: 80 };
        let fetched = Some(crl.history[0].clone());
        let pages = [
            show(&crl, at, layout),
            refreshed(&Refreshed { crl: crl.clone(), fetch: fetched, failed: true }, layout),
            list(&Status { at, exemptions: vec![exemption], crls: vec![crl] }, layout),
        ];
        for page in pages {
            let unsafe_one = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
            assert_eq!(page.chars().find(unsafe_one), None, "{page}");
            assert!(page.contains(r"a\u{1b}[2J\nb\u{202e}c\u{9b}31m"), "{page}");
            assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
        }
    }
}
