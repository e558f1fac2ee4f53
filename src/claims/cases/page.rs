//! Runs and comparisons as text for people.

use super::comparison::{Comparison, Side, described, particulars};
use super::run::CaseRun;
use super::written::Case;
use crate::claims::language::Effect;
use crate::claims::{Claim, MadeClaim, Obstacle, RuleOutcome, RuleTrace, StageDecision, TracedFiring};
use crate::verification::{Colour, Layout, Mark};
use std::fmt::Write;

/// One run, with the trace of its rules when that is wanted.
pub fn run_page(case: &Case, run: &CaseRun, rules: &str, trace: bool, layout: Layout) -> String {
    let mut page = String::new();
    let title = match (&case.id, &case.title) {
        (Some(id), Some(title)) => format!("{id}: {title}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => "A run of claim rules".to_owned(),
    };
    layout.write(&mut page, "", "", &title, Some(Colour::Bold));
    layout.field(&mut page, "  ", "rules", rules);
    layout.field(&mut page, "  ", "stage", run.stage.name());
    layout.field(&mut page, "  ", "input", &counted(case.input_claims.len(), "claim"));
    if trace {
        layout.heading(&mut page, "Rules");
        run.evaluated().trace().rules().iter().for_each(|traced| rule(&mut page, traced, layout));
    }
    layout.heading(&mut page, &format!("Output: {}", counted(run.output.len(), "claim")));
    run.output.iter().for_each(|found| claim(&mut page, "  ", found, layout));
    page.push('\n');
    match (&run.failure, run.decision) {
        (Some(failure), _) => layout.marked(&mut page, "", Mark::Bad, &format!("The rules failed: {failure}.")),
        (None, Some(decision)) => layout.marked(&mut page, "", mark(decision), &meaning(decision)),
        (None, None) => {}
    }
    run.warnings().iter().for_each(|warning| layout.marked(&mut page, "", Mark::Open, warning));
    expectations(&mut page, case, run, layout);
    page
}

fn expectations(page: &mut String, case: &Case, run: &CaseRun, layout: Layout) {
    if !case.expects_anything() {
        return;
    }
    let differences = run.differences(case);
    if differences.is_empty() {
        layout.marked(page, "", Mark::Good, "As the case expects.");
        return;
    }
    layout.marked(page, "", Mark::Bad, "Not as the case expects:");
    page.push_str(&difference_page(&differences, layout));
}

/// What differs from what a case expects, one line each.
pub fn difference_page(differences: &[String], layout: Layout) -> String {
    let mut page = String::new();
    for difference in differences {
        let colour = match difference.chars().next() {
            Some('+') => Some(Colour::Green),
            Some('-') => Some(Colour::Red),
            _ => None,
        };
        layout.write(&mut page, "    ", "      ", difference, colour);
    }
    page
}

fn mark(decision: StageDecision) -> Mark {
    match decision.keyword() {
        "permit" | "no_mfa" => Mark::Good,
        "deny" => Mark::Bad,
        _ => Mark::Open,
    }
}

fn meaning(decision: StageDecision) -> String {
    use crate::claims::AuthorizationDecision::{Denied, NoPermit, Permit};
    let meaning = match decision {
        StageDecision::Authorization(Permit) => "a permit and no deny",
        StageDecision::Authorization(Denied) => "a rule denies, which beats every permit",
        StageDecision::Authorization(NoPermit) => "no rule permits",
        StageDecision::SecondFactor(true) => "a second factor is demanded",
        StageDecision::SecondFactor(false) => "no second factor is demanded",
    };
    format!("Decision: {} ({meaning}).", decision.keyword())
}

fn rule(page: &mut String, traced: &RuleTrace, layout: Layout) {
    let number = traced.rule.number;
    let name = match &traced.rule.name {
        Some(name) => format!("{number} {name:?}, line {}", traced.rule.position.line),
        None => format!("{number}, line {}", traced.rule.position.line),
    };
    match &traced.outcome {
        RuleOutcome::DidNotFire(obstacle) => {
            layout.marked(page, "  ", Mark::Idle, &format!("{name}: did not fire"));
            unsatisfied(page, obstacle, layout);
        }
        RuleOutcome::Fired(firing) => {
            let times =
                if firing.tuples.len() == 1 { "once".to_owned() } else { format!("{} times", firing.tuples.len()) };
            layout.marked(page, "  ", Mark::Good, &format!("{name}: fired {times}"));
            fired(page, firing, traced.effect, layout);
        }
    }
}

const INDENT: &str = "      ";

fn unsatisfied(page: &mut String, obstacle: &Obstacle, layout: Layout) {
    match obstacle.matched {
        None => layout.field(page, INDENT, "no claim is", &one_line(&obstacle.condition)),
        Some(count) => {
            let text = format!("{}, where {}", one_line(&obstacle.condition), matching(count));
            layout.field(page, INDENT, "not so", &text);
        }
    }
    if let Some(closest) = &obstacle.closest {
        layout.field(page, INDENT, "closest", &described(&closest.claim));
        closest.fails.iter().for_each(|fails| layout.field(page, INDENT, "but not", fails));
    }
}

fn matching(count: usize) -> String {
    if count == 1 { "1 claim matches".to_owned() } else { format!("{count} claims match") }
}

/// Rules are often wrapped; their conditions are shown in one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fired(page: &mut String, firing: &TracedFiring, effect: Effect, layout: Layout) {
    for tuple in &firing.tuples {
        let mut first = "for";
        for (name, bound) in &tuple.bound {
            let variable = if name.is_empty() { String::new() } else { format!("{name}: ") };
            layout.field(page, INDENT, first, &format!("{variable}{}", described(bound)));
            first = "  and";
        }
    }
    for query in &firing.queries {
        let params = query.params.iter().map(|param| format!("\"{param}\"")).collect::<Vec<_>>().join(", ");
        layout.field(page, INDENT, "asked", &format!("{}: {} with {params}", query.store, query.query));
        let took = if query.took.is_zero() { String::new() } else { format!(" in {:?}", query.took) };
        layout.field(page, INDENT, "answer", &format!("{}{took}", counted(query.values, "value")));
    }
    let verb = if effect == Effect::Issue { "issued" } else { "added" };
    for made in &firing.made {
        match made {
            MadeClaim::New(claim) => layout.field(page, INDENT, verb, &described(claim)),
            MadeClaim::Known(claim) => layout.field(page, INDENT, "had already", &described(claim)),
            MadeClaim::Empty => layout.field(page, INDENT, "dropped", "a claim without a value"),
        }
    }
}

fn claim(page: &mut String, indent: &str, claim: &Claim, layout: Layout) {
    layout.write(page, indent, &format!("{indent}  "), &claim.claim_type, None);
    layout.write(page, &format!("{indent}  = "), &format!("{indent}    "), &claim.value, Some(Colour::Bold));
    let inner = format!("{indent}    ");
    particulars(claim).iter().for_each(|particular| layout.write(page, &inner, &inner, particular, None));
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Two sides, claim by claim.
pub fn comparison_page(comparison: &Comparison, layout: Layout) -> String {
    let mut page = String::new();
    layout.write(&mut page, "", "", &comparison.about, Some(Colour::Bold));
    for (name, side) in [("left", &comparison.left), ("right", &comparison.right)] {
        layout.field(&mut page, "  ", name, &side.name);
        if let Some(failure) = &side.failure {
            layout.field(&mut page, "  ", "", &format!("failed: {failure}"));
        }
    }
    page.push('\n');
    let rows = comparison.rows();
    let (mut both, mut only) = (0, 0);
    for (left, right) in &rows {
        let (sign, colour, found) = match (left, right) {
            (Some(found), Some(_)) => ("  = ", None, found),
            (Some(found), None) => ("  < ", Some(Colour::Red), found),
            (None, Some(found)) => ("  > ", Some(Colour::Green), found),
            (None, None) => continue,
        };
        if colour.is_some() {
            only += 1
        } else {
            both += 1
        }
        layout.write(&mut page, sign, "      ", &described(found), colour);
    }
    decisions(&mut page, &comparison.left, &comparison.right, layout);
    page.push('\n');
    if comparison.is_equal() {
        layout.marked(&mut page, "", Mark::Good, &format!("Both sides agree: {}.", counted(both, "claim")));
    } else {
        let mut verdict = format!("The sides differ: {} on both", counted(both, "claim"));
        let _ = write!(verdict, ", {only} on one side only (< left, > right).");
        layout.marked(&mut page, "", Mark::Bad, &verdict);
    }
    page
}

fn decisions(page: &mut String, left: &Side, right: &Side, layout: Layout) {
    if left.decision.is_some() || right.decision.is_some() {
        let [left, right] = [left, right].map(|side| side.decision.unwrap_or("nothing"));
        page.push('\n');
        layout.write(page, "  ", "  ", &format!("The left decides {left}, the right {right}."), None);
    }
}
