//! A rule file: what strict reading accepts, lenient reading accepts too; what is laid out anew means the same and is laid out
//! for good; what is accepted can be run; findings are bounded and stand where they say.
#![no_main]

use fedgate::claims::language::{RuleProblem, Strictness, findings, format, parse};
use fedgate::claims::{AD_AUTHORITY, Claim, Evaluation, Limits, Progress, RuleStage, STRING, StoreRows};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let strict = parse("fuzz", text, Strictness::Strict);
    let lenient = parse("fuzz", text, Strictness::Lenient);
    assert!(strict.is_err() || lenient.is_ok());
    let found = findings("fuzz", text, Strictness::Strict, Some(RuleStage::Authorization));
    assert_eq!(found.errors.is_empty(), strict.is_ok());
    assert!(found.errors.len() <= 120 && found.warnings.len() <= 200);
    for finding in found.errors.iter().chain(&found.warnings) {
        assert!(finding.line_column <= finding.line_text.chars().count());
        let _ = (finding.to_string(), finding.finding(), finding.cure().map(|cure| cure.to_string()));
    }
    for strictness in [Strictness::Strict, Strictness::Lenient] {
        match (parse("fuzz", text, strictness), format("fuzz", text, strictness)) {
            (Ok(rules), Ok(laid_out)) => {
                let again = parse("fuzz", &laid_out, strictness).expect("what is laid out reads");
                assert_eq!(again.rules().len(), rules.rules().len());
                assert_eq!(format("fuzz", &laid_out, strictness).as_ref(), Ok(&laid_out));
            }
            (Ok(_), Err(lost)) => assert!(lost.iter().all(|lost| lost.problem == RuleProblem::Comment)),
            (Err(_), laid_out) => assert!(laid_out.is_err()),
        }
    }
    let Ok(rules) = lenient else { return };
    let mut evaluation = Evaluation::start(&rules, vec![claim("role", "a.b"), claim("upn", "")], &Limits::default());
    while let Ok(Progress::Wants(queries)) = evaluation.advance() {
        evaluation.supply(queries.iter().map(|_| StoreRows::new(Vec::new())).collect());
    }
});

fn claim(claim_type: &'static str, value: &'static str) -> Claim {
    let [claim_type, value, value_type] = [claim_type, value, STRING].map(Into::into);
    let [issuer, original_issuer] = [AD_AUTHORITY, AD_AUTHORITY].map(Into::into);
    Claim { claim_type, value, value_type, issuer, original_issuer, properties: Default::default() }
}
