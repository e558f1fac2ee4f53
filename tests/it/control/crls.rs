//! `fedgate crl list`, `show` and `refresh` against publishers good and bad.

use super::World;
use super::publisher::issuing_crl;
use std::time::Duration;

const SIX_DAYS: std::ops::Range<i64> = -24..120;

#[test]
fn what_is_held_is_listed_once_a_sign_in_has_needed_it() {
    let world = World::start();
    let before = world.run(&["crl", "list"]);
    assert_eq!((before.code, before.output.as_str()), (Some(0), "The gateway has needed no CRL yet.\n"));
    assert_eq!(world.run(&["crl", "show", "issuing"]).code, Some(2));
    world.publisher.publishes("issuing.crl", issuing_crl(12, SIX_DAYS));
    world.sign_in("good");

    let listed = world.run(&["crl", "list"]);
    assert_eq!((listed.code, listed.errors.as_str()), (Some(0), ""));
    let expected = [
        format!("✓ {}\n", world.publisher.url("issuing.crl")),
        format!("✓ {}\n", world.publisher.url("root.crl")),
        "; named by the configuration\n".to_owned(),
        "complete CRL number 12, 0 entries, ".to_owned(),
        " bytes, DER; renewal at ".to_owned(),
        " left\n".to_owned(),
    ];
    for expected in expected {
        assert!(listed.output.contains(&expected), "{expected:?} is not in\n{}", listed.output);
    }
    for columns in [50, 80, 100] {
        let listed = super::run_in(world.folder.path(), columns, &["crl", "list"]).output;
        let long: Vec<&str> = listed.lines().filter(|line| line.chars().count() > columns).collect();
        assert!(long.is_empty(), "{long:?}");
    }

    let (code, lines) = world.json(&["crl", "list"]);
    assert_eq!((code, lines.len()), (Some(0), 2));
    let issuing = &lines[0];
    let texts = [
        ("record", "crl"),
        ("state", "in_force"),
        ("kind", "complete"),
        ("number", "12"),
        ("encoding", "DER"),
        ("named_by", "configuration"),
        ("arrived_from", "address"),
        ("etag", "\"v\""),
    ];
    for (key, value) in texts {
        assert_eq!(issuing[key], value, "{key}");
    }
    assert_eq!((issuing["entries"].as_u64(), issuing["consecutive_failures"].as_u64()), (Some(0), Some(0)));
    assert!(issuing["bytes"].as_u64() > Some(100) && issuing["failure"].is_null() && issuing["history"].is_null());

    let shown = world.run(&["crl", "show", "issuing"]);
    assert_eq!(shown.code, Some(0), "{}", shown.errors);
    for expected in ["  SHA-256     ", "  AKI         ", "  ETag        \"v\"\n", "number 12, from ", "HTTP 200"] {
        assert!(shown.output.contains(expected), "{expected:?} is not in\n{}", shown.output);
    }
    let several = world.run(&["crl", "show", ".crl"]);
    assert_eq!(several.code, Some(2));
    assert!(several.errors.contains("2 addresses have \".crl\" in them\n  http://"), "{}", several.errors);
    let none = world.run(&["crl", "refresh", "nowhere"]);
    assert_eq!(none.code, Some(2));
    assert!(none.errors.contains("no address has \"nowhere\" in it; there are\n  http://"), "{}", none.errors);
}

#[test]
fn a_refresh_brings_what_is_new_and_never_what_is_worse() {
    let world = World::start();
    let first = issuing_crl(12, SIX_DAYS);
    world.publisher.publishes("issuing.crl", first.clone());
    world.sign_in("good");
    let number = || world.json(&["crl", "show", "issuing"]).1[0]["number"].clone();
    let steps: [(Vec<u8>, Option<i32>, &str, &str); 5] = [
        (first, Some(0), "unchanged: number 12", "12"),
        (issuing_crl(13, SIX_DAYS), Some(0), "new: number 13", "13"),
        (issuing_crl(11, SIX_DAYS), Some(1), "is older than the one already held (number 11, held 13)", "13"),
        (issuing_crl(14, -48..-24), Some(1), "not in force: number 14", "13"),
        (b"<html>maintenance</html>".to_vec(), Some(1), "is not a CRL", "13"),
    ];
    for (crl, code, says, held) in steps {
        world.publisher.publishes("issuing.crl", crl);
        let refreshed = world.run(&["crl", "refresh", "issuing"]);
        let one_line = refreshed.output.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one_line.contains(says), "{says:?} is not in {one_line}");
        assert_eq!(refreshed.code, code, "{one_line}");
        assert_eq!(number(), held, "{one_line}");
        assert_eq!(code == Some(1), one_line.contains("the CRL held, number 13, goes on serving until "), "{one_line}");
        assert_eq!(refreshed.errors, "", "progress is for terminals");
    }
    let (_, lines) = world.json(&["crl", "show", "issuing"]);
    let history: Vec<&str> =
        lines[0]["history"].as_array().unwrap().iter().map(|fetch| fetch["result"].as_str().unwrap()).collect();
    assert_eq!(history, ["new", "unchanged", "new", "failed", "not_in_force", "failed"]);
    assert_eq!(lines[0]["state"], "in_force");

    let document = include_str!("../../../docs/control.md");
    let (crl, fetch) = (lines[0].as_object().unwrap(), lines[0]["history"][0].as_object().unwrap());
    for key in crl.keys().chain(fetch.keys()).filter(|key| *key != "record") {
        assert!(document.contains(&format!("`{key}`")), "{key} is not documented");
    }

    let (code, all) = world.json(&["crl", "refresh", "--all"]);
    assert_eq!((code, all.len()), (Some(1), 2));
    let failed: Vec<bool> = all.iter().map(|one| one["failed"].as_bool().unwrap()).collect();
    assert_eq!(failed, [true, false]);
    assert_eq!(all[1]["fetch"]["result"], "unchanged");
}

#[test]
fn a_failed_address_is_told_with_its_reason_and_asked_in_spite_of_its_back_off() {
    let world = World::start();
    world.publisher.fails("issuing.crl", "503 Service Unavailable");
    world.publisher.publishes("root.crl", vec![0x30]);
    world.sign_in("good");
    let listed = world.run(&["crl", "list"]).output;
    for expected in
        ["✗ ", "failed: there is none\n", "the last fetch failed: the server answered HTTP 503", "retry at "]
    {
        assert!(listed.contains(expected), "{expected:?} is not in\n{listed}");
    }
    let refreshed = world.run(&["crl", "refresh", "issuing"]);
    assert_eq!(refreshed.code, Some(1));
    let (_, lines) = world.json(&["crl", "show", "issuing"]);
    assert_eq!(lines[0]["state"], "failed");
    assert_eq!(lines[0]["consecutive_failures"], 2);
    assert_eq!(lines[0]["history"][1]["status"], 503);
    assert!(lines[0]["number"].is_null());

    world.publisher.publishes("issuing.crl", issuing_crl(2, -48..-24));
    assert_eq!(world.run(&["crl", "refresh", "issuing"]).code, Some(1));
    let (_, lines) = world.json(&["crl", "list"]);
    assert_eq!((lines[0]["state"].as_str(), lines[0]["number"].as_str()), (Some("expired"), Some("2")));
    let listed = world.run(&["crl", "list"]).output;
    assert!(listed.contains("  expired 1 d 0 h ago, at "), "{listed}");

    world.publisher.publishes_slowly("issuing.crl", issuing_crl(3, SIX_DAYS), Duration::from_millis(300));
    let refreshed = world.run(&["crl", "refresh", "issuing"]);
    assert_eq!((refreshed.code, refreshed.output.contains("new: number 3")), (Some(0), true), "{}", refreshed.output);
}

#[test]
fn exemptions_stand_above_the_list() {
    let exempt = |until: &str| format!("exempt_reason = \"its server moves\\u202e\"\nexempt_until = {until}");
    let world = World::with(&exempt("2999-12-31"));
    let listed = world.run(&["crl", "list"]).output;
    let one_line = listed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(one_line.starts_with("!! EXEMPT: certificates of CN=Contoso Issuing CA"), "{listed}");
    assert!(one_line.contains("until 3000-01-01T00:00:00Z (") && one_line.contains(" d left): its server moves"));
    assert!(listed.contains("moves\\u{202e}"), "{listed}");
    let (_, lines) = world.json(&["crl", "list"]);
    assert_eq!((lines[0]["record"].as_str(), lines[0]["in_force"].as_bool()), (Some("exemption"), Some(true)));

    let world = World::with(&exempt("2020-12-31"));
    let listed = world.run(&["crl", "list"]).output;
    assert!(listed.starts_with("-- The exemption of CN=Contoso Issuing CA"), "{listed}");
    assert!(listed.contains("ended at 2021-01-01T00:00:00Z"), "{listed}");
    world.gateway.wait_for("ended at 2021-01-01T00:00:00Z");
}
