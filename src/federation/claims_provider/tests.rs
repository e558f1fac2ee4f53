use super::*;
use crate::federation::Credential;

#[test]
fn method_and_instant_are_supplied_together_or_not_at_all() {
    let at = "2026-01-10T10:00:00.1239Z".parse().unwrap();
    let authentication = Authentication::by(Credential::TlsCertificate, at);
    let (method, instant) = (authentication.method_claim(), authentication.instant_claim());
    let reference: Vec<Claim> = authentication.reference_claims().collect();
    let cases = [
        (reference, 3),
        (vec![], 2),
        (vec![method.clone()], 1),
        (vec![instant.clone()], 1),
        (vec![method, instant], 2),
    ];
    for (mut claims, expected) in cases {
        complete_authentication(&mut claims, &authentication);
        assert_eq!(claims.len(), expected);
    }
}
