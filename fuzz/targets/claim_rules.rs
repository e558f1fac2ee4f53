//! A rule file: what strict reading accepts, lenient reading accepts too; and what is accepted can be run.
#![no_main]

use fedgate::claims::language::{Strictness, parse};
use fedgate::claims::{AD_AUTHORITY, Claim, Evaluation, Limits, Progress, STRING, StoreRows};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let strict = parse("fuzz", text, Strictness::Strict);
    let lenient = parse("fuzz", text, Strictness::Lenient);
    assert!(strict.is_err() || lenient.is_ok());
    let Ok(rules) = lenient else { return };
    let mut evaluation = Evaluation::start(&rules, vec![claim("role", "a.b"), claim("upn", "")], &Limits::default());
    while let Ok(Progress::Wants(queries)) = evaluation.advance() {
        evaluation.supply(queries.iter().map(|_| StoreRows { columns: Vec::new() }).collect());
    }
});

fn claim(claim_type: &'static str, value: &'static str) -> Claim {
    let [claim_type, value, value_type] = [claim_type, value, STRING].map(Into::into);
    let [issuer, original_issuer] = [AD_AUTHORITY, AD_AUTHORITY].map(Into::into);
    Claim { claim_type, value, value_type, issuer, original_issuer, properties: Default::default() }
}
