//! What a suite's cases add up to, held against the promise and the listed exceptions.

use crate::exceptions::Exceptions;
use crate::trial::Verdict;

/// One judged case.
pub(crate) struct Judged {
    pub(crate) id: String,
    /// Whether the yardstick says that the path is good.
    pub(crate) expected: bool,
    pub(crate) verdict: Verdict,
}

/// Prints the counts; `false` when the promise is broken, an unlisted case deviates or a listed one no longer does.
pub(crate) fn report(suite: &str, promise: usize, cases: &[Judged]) -> bool {
    let exceptions = Exceptions::of(suite);
    let deviating: Vec<&Judged> = cases.iter().filter(|case| case.expected != case.verdict.is_ok()).collect();
    let false_accepts = deviating.iter().filter(|case| !case.expected).count();
    let passed = cases.len() - deviating.len();
    println!(
        "conformance: {suite}: {passed} of {} passed (promised: {promise}), {false_accepts} false accepts, {} false rejects, \
         {} listed exceptions",
        cases.len(),
        deviating.len() - false_accepts,
        exceptions.len(),
    );
    let mut kept = passed >= promise && false_accepts == 0;
    for case in &deviating {
        let got = case.verdict.as_ref().map_or_else(ToString::to_string, |()| "accepted".to_owned());
        match exceptions.reason(&case.id, case.expected) {
            Some(reason) => println!("  exception {}: {reason}\n    got: {got}", case.id),
            None => {
                kept = false;
                let expected = if case.expected { "accepted" } else { "refused" };
                println!("  NOT LISTED {}: expected {expected}, got {got}", case.id);
            }
        }
    }
    for id in exceptions.ids().filter(|id| !deviating.iter().any(|case| case.id == *id)) {
        kept = false;
        println!("  NO LONGER TRUE {id}: exceptions.toml lists a deviation that is not one");
    }
    if let Ok(wanted) = std::env::var("FEDGATE_CASE") {
        for case in cases.iter().filter(|case| case.id.contains(&wanted)) {
            let got = case.verdict.as_ref().map_or_else(ToString::to_string, |()| "accepted".to_owned());
            println!("  {}: {got}", case.id);
        }
    }
    kept
}
