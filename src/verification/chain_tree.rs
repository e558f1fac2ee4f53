//! Chains as trees: root first, each certificate below its issuer.

use super::failed_paths::{FailedPath, PathStep};
use super::layout::{Colour, Layout, Mark};
use super::page::facts;
use super::report::Report;
use super::visible_chain::Origin;

/// Most failed paths on a page; the JSON has more of them.
const MOST: usize = 4;

/// The chain of a report with everything that its certificates say.
pub(super) fn chain(page: &mut String, report: &Report, layout: Layout) {
    let failed = report.failed_paths.first().filter(|_| !report.chain_accepted);
    layout.heading(page, if report.chain_accepted { "Chain" } else { "Chain (not accepted)" });
    let length = report.chain.len();
    for (depth, (position, link)) in report.chain.iter().enumerate().rev().enumerate() {
        let (first, below) = branch("  ", depth);
        let broken = failed.is_some_and(|failed| failed.broke_at == Some(position));
        let missing = depth == 0 && link.facts.issuer != link.facts.subject;
        let mark = if broken && !missing { "  ✗ here" } else { "" };
        let colour = if broken && !missing { Colour::Red } else { Colour::Bold };
        layout.write(page, &first, &below, &format!("{}{mark}", link.facts.subject), Some(colour));
        let bar = if depth + 1 == length { format!("{below}  ") } else { format!("{below}│ ") };
        layout.field(page, &bar, "from", &whence(position, link.origin, link.file.as_deref()));
        if missing {
            let mark = if broken { "  ✗ here" } else { "" };
            let issuer = format!("{} (its certificate is not at hand){mark}", link.facts.issuer);
            layout.field(page, &bar, "issuer", &issuer);
        }
        facts(page, &link.facts, &bar, layout);
    }
}

/// What stands before a certificate this deep, and before what is said of it.
fn branch(indent: &str, depth: usize) -> (String, String) {
    match depth {
        0 => (indent.to_owned(), indent.to_owned()),
        _ => (format!("{indent}{}└ ", "  ".repeat(depth - 1)), format!("{indent}{}", "  ".repeat(depth))),
    }
}

fn whence(position: usize, origin: Origin, file: Option<&str>) -> String {
    let file = file.unwrap_or_default();
    match origin {
        Origin::Sent if position == 0 => "the input".to_owned(),
        Origin::Sent => "sent with it, in the input".to_owned(),
        Origin::Root => format!("root container, {file}"),
        Origin::Intermediate => format!("intermediate container, {file}"),
    }
}

/// The paths that failed besides the one that the page is about.
pub(super) fn failed_paths(page: &mut String, report: &Report, layout: Layout) {
    let (heading, skipped) = if report.chain_accepted {
        ("Paths that were tried too, and failed", 0)
    } else {
        ("Other paths that were tried, and failed too", 1)
    };
    let others = report.failed_paths.get(skipped..).unwrap_or_default();
    if others.is_empty() {
        return;
    }
    layout.heading(page, heading);
    others.iter().take(MOST).for_each(|path| failed_path(page, path, layout));
    match others.len().saturating_sub(MOST) + report.failed_paths_omitted {
        0 => {}
        1 => layout.write(page, "  ", "  ", "and 1 more, which told less", None),
        more => layout.write(page, "  ", "  ", &format!("and {more} more, which told less"), None),
    }
}

fn failed_path(page: &mut String, path: &FailedPath, layout: Layout) {
    layout.marked(page, "  ", Mark::Bad, &format!("{} {}. {}", path.code, path.outcome, path.finding));
    for (depth, (position, PathStep { subject, serial, origin, file })) in
        path.certificates.iter().enumerate().rev().enumerate()
    {
        let (first, below) = branch("    ", depth);
        let whence = whence(position, *origin, file.as_deref());
        let mark = if path.broke_at == Some(position) { "  ✗ here" } else { "" };
        layout.write(page, &first, &format!("{below}  "), &format!("{subject} ({whence}; {serial}){mark}"), None);
    }
}
