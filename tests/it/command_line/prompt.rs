//! `fedgate prompt explain`.

use crate::support::fedgate::{Ended, run};

/// The row of a table, as words.
fn row(output: &str, enabled: &str) -> Vec<String> {
    let line =
        output.lines().find(|line| line.starts_with(&format!("{enabled}  "))).unwrap_or_else(|| panic!("{output}"));
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_default_setting_locks_certificate_users_out_and_the_cure_is_named() {
    let Ended { code, output, errors } = run(["prompt", "explain", "--behavior", "unset", "--domain", "contoso.test"]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let refused = "REFUSED: wants password";
    assert_eq!(row(&output, "certificate"), ["certificate", refused, refused, refused], "{output}");
    let password = "password page";
    assert_eq!(row(&output, "password, certificate"), ["password, certificate", password, password, password]);
    assert!(output.contains("-DomainId contoso.test") && output.contains("-PromptLoginBehavior nativeSupport"));
    assert!(output.contains("wfresh=0 wauth=http://schemas.microsoft.com/"), "{output}");
}

#[test]
fn a_request_is_explained_as_it_came() {
    let request = "https://sts.contoso.test/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wfresh=0";
    let Ended { code, output, errors } = run(["prompt", "explain", request]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(output.starts_with("Relying party  urn:federation:MicrosoftOnline\n"), "{output}");
    assert!(output.contains("any method, and now (wfresh=0)"), "{output}");
    let prompt = "certificate prompt";
    assert_eq!(row(&output, "certificate"), ["certificate", prompt, prompt, prompt]);
    assert!(!output.contains("PromptLoginBehavior"), "{output}");
}

#[test]
fn where_sources_differ_both_readings_are_told() {
    let output = run(["prompt", "explain", "--behavior", "Disabled"]).output;
    assert!(output.contains("Reading 1 of 2") && output.contains("Entra ID adds  nothing"), "{output}");
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    for (arguments, said) in [
        (&["prompt", "explain", "wa=wsignin1.0&wtrealm=a&wtrealm=b"][..], "more than once"),
        (&["prompt", "explain", "https://sts.contoso.test/adfs/ls/?wa=wsignout1.0"], "sign-out"),
        (&["prompt", "explain", "--behavior", "True"], "NativeSupport"),
        (&["prompt", "explain"], "required"),
    ] {
        let Ended { code, output, errors } = run(arguments.iter().copied());
        assert_eq!((code, output.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(errors.contains(said), "{errors}");
    }
}
