use super::*;
use crate::claims::STRING;

fn at() -> Timestamp {
    "2026-01-10T10:00:00.1239Z".parse().unwrap()
}

#[test]
fn the_moment_of_the_sign_in_is_a_date_time() {
    let [method, instant, reference] = authentication_claims(at());
    assert_eq!((method.value.as_str(), method.value_type.as_str()), (TLS_CLIENT, STRING));
    assert_eq!((instant.value.as_str(), instant.value_type.as_str()), ("2026-01-10T10:00:00.123Z", XSD_DATE_TIME));
    assert_eq!((reference.value.as_str(), reference.value_type.as_str()), (TLS_CLIENT, STRING));
}

#[test]
fn method_and_instant_are_supplied_together_or_not_at_all() {
    let [method, instant, reference] = authentication_claims(at());
    let cases = [
        (vec![reference.clone()], 3),
        (vec![], 2),
        (vec![method.clone()], 1),
        (vec![instant.clone()], 1),
        (vec![method, instant], 2),
    ];
    for (mut claims, expected) in cases {
        complete_authentication(&mut claims, at());
        assert_eq!(claims.len(), expected);
    }
}
