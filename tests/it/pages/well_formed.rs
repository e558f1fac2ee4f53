//! Pages before a judge that shares no code with fedgate: html5lib reads them by the letter of the HTML standard.

use fedgate::pages::{
    CertificateHelp, CertificateHop, ErrorPage, Language, Material, Page, Pages, Settings, SignIn, SignedOut,
    TryAnother, samples,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the judge finds in each page. Debian's own interpreter is asked, for Debian's packages are for it alone.
fn read(pages: &[String]) -> Vec<Value> {
    let mut judge = Command::new("/usr/bin/python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/read_pages.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 can be run");
    judge.stdin.take().unwrap().write_all(serde_json::to_string(pages).unwrap().as_bytes()).unwrap();
    let output = judge.wait_with_output().unwrap();
    assert!(output.status.success(), "python3-html5lib is installed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn settings() -> Settings {
    Settings {
        service_name: "sts.contoso.test".to_owned(),
        organisation: Some("Contoso".to_owned()),
        logo: None,
        help_text: Some("Call 4711.".to_owned()),
        help_link: Some("https://help.contoso.test/".to_owned()),
        language: None,
    }
}

#[test]
fn every_page_keeps_the_letter_of_the_standard() {
    let pages = Pages::new(settings(), Material::default()).unwrap();
    let (mut names, mut rendered) = (Vec::new(), Vec::new());
    for (tag, language) in pages.languages() {
        for sample in samples() {
            names.push((sample.name, tag));
            rendered.push(pages.render(&sample.page, language).html);
        }
    }
    for (found, (name, tag)) in read(&rendered).iter().zip(names) {
        for nothing in ["errors", "unlabelled", "duplicate_ids", "dangling"] {
            assert_eq!(found[nothing], serde_json::json!([]), "{name} {tag} {nothing}");
        }
        assert_eq!(found["language"], tag);
        assert_eq!(found["landmarks"], serde_json::json!(["header", "main", "footer"]), "{name}");
        let headings: Vec<&str> =
            found["headings"].as_array().unwrap().iter().map(|heading| heading[0].as_str().unwrap()).collect();
        assert_eq!(headings.iter().filter(|heading| **heading == "h1").count(), 1, "{name}");
        assert_eq!(headings[0], "h1", "{name}");
        let heading = found["headings"][0][1].as_str().unwrap();
        assert_eq!(found["title"], format!("{heading} · Contoso"), "{name} {tag}");
    }
}

/// Whatever a request says comes back as it was said, and nowhere else.
#[test]
fn data_stays_data() {
    let texts = r#"([<>"'&{}%/\\= a-z]|<script>|</title>|</style>|-->|\{\{ state \}\}|&quot;|&#34;|é|😀){1,60}"#;
    let strategy = proptest::string::string_regex(texts).unwrap();
    let mut runner = TestRunner::deterministic();
    let pages = Pages::new(settings(), Material::default()).unwrap();
    let drawn: Vec<String> = (0..24).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let mut rendered: Vec<String> = Vec::new();
    for text in &drawn {
        let address = format!("/adfs/ls/?{text}");
        for sample in samples() {
            rendered.push(pages.render(&saying(&sample.page, text, &address), Language::default()).html);
        }
    }
    let plain: Vec<String> = samples()
        .iter()
        .map(|sample| pages.render(&saying(&sample.page, "x", "/x"), Language::default()).html)
        .collect();
    let expected = read(&plain);
    for (found, text) in read(&rendered).chunks(expected.len()).zip(&drawn) {
        for ((found, expected), sample) in found.iter().zip(&expected).zip(samples()) {
            assert_eq!(found["errors"], serde_json::json!([]), "{} {text:?}", sample.name);
            assert_eq!(found["elements"], expected["elements"], "{} {text:?}", sample.name);
            assert_eq!(found["forms"].to_string(), replaced(&expected["forms"], text), "{} {text:?}", sample.name);
            assert_eq!(found["links"].to_string(), replaced(&expected["links"], text), "{} {text:?}", sample.name);
        }
    }
}

fn saying<'a>(page: &Page<'a>, text: &'a str, address: &'a str) -> Page<'a> {
    match *page {
        Page::SignIn(page) => Page::SignIn(SignIn { action: address, state: text, username: text, ..page }),
        Page::CertificateHop(page) => {
            Page::CertificateHop(CertificateHop { state: text, other_ways: Some(address), ..page })
        }
        Page::CertificateHelp(page) => {
            let try_another = page.try_another.map(|again| TryAnother { state: text, ..again });
            Page::CertificateHelp(CertificateHelp { sentence: text, try_another, other_ways: Some(address), ..page })
        }
        Page::Error(page) => {
            Page::Error(ErrorPage { sentence: text, retry: Some(address), adfs_text: Some(text), ..page })
        }
        page @ Page::PromptLogin(_) => page,
        Page::SignedOut(page) => Page::SignedOut(SignedOut { next: Some(address), ..page }),
    }
}

/// The fields of a harmless page with another text in them.
fn replaced(fields: &Value, text: &str) -> String {
    match fields {
        Value::String(value) if value == "x" => Value::from(text).to_string(),
        Value::String(value) if value == "/x" => Value::from(format!("/adfs/ls/?{text}")).to_string(),
        Value::Array(values) => {
            format!("[{}]", values.iter().map(|value| replaced(value, text)).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| format!("{}:{}", Value::from(name.as_str()), replaced(value, text));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}
