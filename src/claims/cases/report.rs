//! Runs and comparisons as JSON. Claims have the keys of case files, so that what a run printed can become a case.

use super::comparison::{Comparison, Side};
use super::run::CaseRun;
use super::written::Case;
use crate::claims::language::Effect;
use crate::claims::{Claim, MadeClaim, RuleOutcome, RuleTrace, StageDecision, TracedFiring};
use serde_json::{Map, Value, json};

/// One run. `output` and `decision` are what came out; what the case expects stands beside them.
pub fn run_json(case: &Case, run: &CaseRun, trace: bool) -> Value {
    let mut report = Map::new();
    let mut say = |key: &str, value: Value| report.insert(key.to_owned(), value);
    if let Some(id) = &case.id {
        say("id", json!(id));
    }
    say("stage", json!(run.stage.keyword()));
    say("output", claims(&run.output));
    say("decision", json!(run.decision.map(StageDecision::keyword)));
    say("failure", json!(run.failure.as_ref().map(ToString::to_string)));
    say("warnings", json!(run.warnings()));
    if let Some(expected) = &case.expected_output {
        say("expected_output", expected.iter().map(|written| claim(&written.claim())).collect());
    }
    if let Some(expected) = &case.expected_decision {
        say("expected_decision", json!(expected));
    }
    if case.expects_anything() {
        let differences = run.differences(case);
        say("as_expected", json!(differences.is_empty()));
        say("differences", json!(differences));
    }
    if trace {
        say("trace", run.evaluated().trace().rules().iter().map(rule).collect());
    }
    Value::Object(report)
}

/// Two sides: the rows in which they agree, and those in which they do not.
pub fn comparison_json(comparison: &Comparison) -> Value {
    let rows = comparison.rows().into_iter().map(|(left, right)| {
        let verdict = match (&left, &right) {
            (Some(_), Some(_)) => "both",
            (Some(_), None) => "left",
            (None, _) => "right",
        };
        json!({ "in": verdict, "claim": left.or(right).map(|found| claim(&found)) })
    });
    json!({
        "about": comparison.about,
        "equal": comparison.is_equal(),
        "left": side(&comparison.left),
        "right": side(&comparison.right),
        "claims": rows.collect::<Vec<_>>(),
    })
}

fn side(side: &Side) -> Value {
    json!({ "name": side.name, "decision": side.decision, "failure": side.failure })
}

fn claims(claims: &[Claim]) -> Value {
    claims.iter().map(claim).collect()
}

fn claim(claim: &Claim) -> Value {
    let property = |(name, value): (&crate::text::Text, &crate::text::Text)| (name.to_string(), json!(value.as_str()));
    json!({
        "type": claim.claim_type.as_str(),
        "value": claim.value.as_str(),
        "value_type": claim.value_type.as_str(),
        "issuer": claim.issuer.as_str(),
        "original_issuer": claim.original_issuer.as_str(),
        "properties": claim.properties.iter().map(property).collect::<Map<_, _>>(),
    })
}

fn rule(traced: &RuleTrace) -> Value {
    let mut report = json!({
        "rule": traced.rule.number,
        "name": traced.name(),
        "line": traced.rule.position.line,
        "fired": matches!(traced.outcome, RuleOutcome::Fired(_)),
    });
    let details = match &traced.outcome {
        RuleOutcome::DidNotFire(obstacle) => json!({
            "condition": &*obstacle.condition,
            "matched": obstacle.matched,
            "closest": obstacle.closest.as_ref().map(|closest| {
                json!({ "claim": claim(&closest.claim), "fails": closest.fails })
            }),
        }),
        RuleOutcome::Fired(firing) => fired(firing, traced.effect),
    };
    if let (Value::Object(report), Value::Object(details)) = (&mut report, details) {
        report.extend(details);
    }
    report
}

fn fired(firing: &TracedFiring, effect: Effect) -> Value {
    let tuples = firing.tuples.iter().map(|tuple| {
        let bound = tuple.bound.iter().map(|(name, bound)| json!({ "variable": &**name, "claim": claim(bound) }));
        bound.collect::<Value>()
    });
    let queries = firing.queries.iter().map(|query| {
        json!({
            "store": query.store.as_str(),
            "query": query.query.as_str(),
            "params": query.params.iter().map(|param| param.as_str()).collect::<Vec<_>>(),
            "values": query.values,
            "took_us": u64::try_from(query.took.as_micros()).unwrap_or(u64::MAX),
        })
    });
    let made = firing.made.iter().map(|made| match made {
        MadeClaim::New(new) if effect == Effect::Issue => json!({ "issued": claim(new) }),
        MadeClaim::New(new) => json!({ "added": claim(new) }),
        MadeClaim::Known(known) => json!({ "there_already": claim(known) }),
        MadeClaim::Empty => json!({ "dropped": "a claim without a value" }),
    });
    json!({ "tuples": tuples.collect::<Value>(), "queries": queries.collect::<Value>(), "made": made.collect::<Value>() })
}
