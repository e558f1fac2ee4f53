//! A regular expression and a replacement in a rule, and a value to try them on, one a line: the pattern is translated and
//! compiled, or refused for a reason of its own; what is compiled ends within its limits.
#![no_main]

use fedgate::claims::language::{RuleProblem, Strictness, parse};
use fedgate::claims::{AD_AUTHORITY, Claim, Evaluation, EvaluationError, Limits, Progress, STRING};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let plain = text.replace('"', "'");
    let mut lines = plain.splitn(3, '\n');
    let [pattern, replacement, value] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let rules = format!(
        "c:[Value =~ \"{pattern}\"] => issue(Type = \"m\"); \
         c:[Type == \"t\"] => issue(Type = \"r\", Value = RegExReplace(c.Value, \"{pattern}\", \"{replacement}\"));"
    );
    match parse("fuzz", &rules, Strictness::Strict) {
        Err(errors) => {
            let pattern = |problem: &RuleProblem| matches!(problem, RuleProblem::Pattern { .. });
            assert!(errors.iter().all(|error| pattern(&error.problem)), "{errors:?}");
        }
        Ok(rules) => {
            let claims = vec![claim(value.to_owned()), claim(format!("{value}\n"))];
            let limits = Limits { regex_backtracks: 10_000, ..Limits::default() };
            let mut evaluation = Evaluation::start(&rules, claims, &limits);
            match evaluation.advance() {
                Ok(Progress::Finished) => assert!(evaluation.finish().output().count() <= 3),
                Ok(Progress::Wants(_)) => panic!("no rule asks anybody"),
                Err(error) => assert!(
                    matches!(error, EvaluationError::Pattern { .. } | EvaluationError::TextTooLong { .. }),
                    "{error}"
                ),
            }
        }
    }
});

fn claim(value: String) -> Claim {
    let [claim_type, value_type] = ["t", STRING].map(Into::into);
    let [issuer, original_issuer] = [AD_AUTHORITY, AD_AUTHORITY].map(Into::into);
    Claim { claim_type, value: value.into(), value_type, issuer, original_issuer, properties: Default::default() }
}
