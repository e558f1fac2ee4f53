use super::*;
use crate::claims::{Claim, Evaluation, Limits, Progress, StoreRows};

const WINDOWS: &str = crate::claims::claim_types::WINDOWS_ACCOUNT_NAME;
const INSIDE_TYPE: &str = crate::claims::claim_types::INSIDE_CORPORATE_NETWORK;
const DEVICE: &str = "http://schemas.microsoft.com/2012/01/devicecontext/claims/registrationid";

/// What a set decides over these claims, the directory answering with these columns.
fn decided(
    stage: RuleStage,
    rules: &RuleSet,
    input: &[(&'static str, &'static str)],
    columns: &[&[&str]],
) -> &'static str {
    let input = input.iter().map(|(claim_type, value)| Claim::new(*claim_type, *value, "AD AUTHORITY")).collect();
    let mut evaluation = Evaluation::start(rules, input, &Limits::default());
    while let Progress::Wants(queries) = evaluation.advance().unwrap() {
        assert_eq!((queries.len(), queries[0].types), (1, columns.len()), "{queries:?}");
        let columns = columns.iter().map(|column| column.iter().map(|value| (*value).to_owned()).collect());
        evaluation.supply(vec![StoreRows::new(columns.collect())]);
    }
    stage.decide(evaluation.finish().output()).unwrap().keyword()
}

#[test]
fn every_policy_decides_as_its_name_says() {
    /// Policy, groups, claims, the groups of the user, who gets in, with how many factors.
    type Case = (
        AccessControlPolicy,
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
        &'static [&'static [&'static str]],
        &'static str,
        &'static str,
    );
    let alice = &[(WINDOWS, "CONTOSO\\alice")];
    let inside = &[(INSIDE_TYPE, "true")];
    let outside = &[(INSIDE_TYPE, "false")];
    let finance: &[&str] = &["CONTOSO\\Finance (EMEA)"];
    let cases: &[Case] = &[
        (PermitEveryone, &[], &[], &[], "permit", "no_mfa"),
        (RequireMfa, &[], &[], &[], "permit", "require_mfa"),
        (RequireMfaFromExtranet, &[], inside, &[], "permit", "no_mfa"),
        (RequireMfaFromExtranet, &[], outside, &[], "permit", "require_mfa"),
        (RequireMfaFromExtranet, &[], &[], &[], "permit", "require_mfa"),
        (RequireMfaFromUnauthenticatedDevices, &[], &[(DEVICE, "1")], &[], "permit", "no_mfa"),
        (RequireMfaFromUnauthenticatedDevices, &[], inside, &[], "permit", "require_mfa"),
        (PermitIntranet, &[], inside, &[], "permit", "no_mfa"),
        (PermitIntranet, &[], outside, &[], "deny", "no_mfa"),
        (PermitIntranet, &[], &[], &[], "deny", "no_mfa"),
        (PermitGroup, finance, alice, &[&["CONTOSO\\Sales", "contoso\\finance (emea)"]], "permit", "no_mfa"),
        (PermitGroup, finance, alice, &[&["CONTOSO\\Finance (EMEA) 2"]], "deny", "no_mfa"),
        (PermitGroup, finance, &[], &[&["CONTOSO\\Finance (EMEA)"]], "deny", "no_mfa"),
        (PermitGroup, &["S-1-5-21-1-513", "Sales"], alice, &[&["S-1-5-21-1-513"], &[]], "permit", "no_mfa"),
        (PermitGroup, &["S-1-5-21-1-513", "Sales"], alice, &[&["S-1-5-21-1-5130"], &["Sales"]], "permit", "no_mfa"),
        (PermitEveryoneExceptGroup, &["Sales"], alice, &[&["Sales"]], "deny", "no_mfa"),
        (PermitEveryoneExceptGroup, &["Sales"], alice, &[&["Finance"]], "permit", "no_mfa"),
        (PermitEveryoneExceptGroup, &["Sales"], &[], &[&[]], "deny", "no_mfa"),
        (RequireMfaForGroup, &["Sales"], alice, &[&["Sales"]], "permit", "require_mfa"),
        (RequireMfaForGroup, &["Sales"], alice, &[&[]], "permit", "no_mfa"),
        (RequireMfaForGroup, &["Sales"], &[], &[&[]], "deny", "no_mfa"),
    ];
    for (policy, groups, input, columns, admitted, factors) in cases {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        let (authorization, additional) = policy.rules(&groups).unwrap();
        let context = format!("{policy:?} {groups:?} {input:?} {columns:?}");
        assert_eq!(decided(RuleStage::Authorization, &authorization, input, columns), *admitted, "{context}");
        assert_eq!(decided(RuleStage::AdditionalAuthentication, &additional, input, columns), *factors, "{context}");
    }
}

#[test]
fn names_lead_to_policies_and_wrong_groups_are_refused() {
    for (policy, ours, theirs) in NAMES {
        assert_eq!(AccessControlPolicy::read(ours), Some(policy));
        assert_eq!(AccessControlPolicy::read(&theirs.to_uppercase()), Some(policy));
        assert_eq!(policy.name(), ours);
    }
    assert_eq!(AccessControlPolicy::read("Permit nobody"), None);
    let group = |text: &str| vec![text.to_owned()];
    assert_eq!(PermitGroup.rules(&[]).unwrap_err(), AccessControlError::GroupsMissing("permit-group"));
    assert_eq!(PermitEveryone.rules(&group("x")).unwrap_err(), AccessControlError::GroupsUnused("permit-everyone"));
    for hostile in ["a\"]) => issue(Type = \"x", "a\nb", " "] {
        assert!(matches!(PermitGroup.rules(&group(hostile)), Err(AccessControlError::Group(_))), "{hostile}");
    }
}

proptest::proptest! {
    /// Whatever a group is called, the policy is about that group or is refused.
    #[test]
    fn any_name_stays_a_name(name in "[ -~äß]{1,40}") {
        let user = name.trim().to_owned();
        if let Ok((rules, _)) = PermitGroup.rules(std::slice::from_ref(&name)) {
            let member: &[&[&str]] = &[&[&user]];
            proptest::prop_assert_eq!(decided(RuleStage::Authorization, &rules, &[(WINDOWS, "C\\a")], member), "permit");
            let longer = format!("{user}x");
            let other: &[&[&str]] = &[&[&longer]];
            proptest::prop_assert_eq!(decided(RuleStage::Authorization, &rules, &[(WINDOWS, "C\\a")], other), "deny");
        }
    }
}
