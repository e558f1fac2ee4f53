//! The content policy of each page, and that the page lives by it.

use super::*;
use crate::protocol::wsfed::FORM_SCRIPT;
use content_policy::hash;

/// The sources of a directive.
fn sources<'p>(policy: &'p str, directive: &str) -> Vec<&'p str> {
    let found = policy.split("; ").find_map(|part| part.strip_prefix(directive)?.strip_prefix(' '));
    found.map(|sources| sources.split(' ').collect()).unwrap_or_default()
}

/// What stands between a start tag and its end.
fn inline<'h>(html: &'h str, element: &str) -> Vec<&'h str> {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    html.split(&start).skip(1).map(|rest| rest.split(&end).next().unwrap()).collect()
}

#[test]
fn the_hashes_are_those_of_the_bytes() {
    let mut scripts = 0;
    for (name, tag, page) in gallery() {
        for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
            let inline = inline(&page.html, element);
            assert_eq!(page.html.matches(&format!("<{element}")).count(), inline.len(), "{name} {tag}");
            let hashes: Vec<String> = inline.into_iter().map(hash).collect();
            assert_eq!(sources(&page.content_security_policy, directive), hashes, "{name} {tag} {directive}");
            scripts += usize::from(element == "script") * hashes.len();
        }
        assert!(
            page.content_security_policy.starts_with("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; ")
        );
    }
    assert_eq!(scripts, gallery().len());
}

#[test]
fn a_page_loads_nothing_and_has_no_handlers_or_style_attributes() {
    for (name, tag, page) in gallery() {
        for word in [" src=", " style=", "<link", "@import", "url(", " onclick", " onload", " onsubmit", "http-equiv"] {
            let frames = if word == " src=" { page.html.matches("<iframe hidden src=").count() } else { 0 };
            assert_eq!(page.html.matches(word).count(), frames, "{name} {tag}: {word}");
        }
    }
}

#[test]
fn forms_and_frames_may_go_where_they_go_and_nowhere_else() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("sign-in", "form-action", &["'self'"]),
        (
            "certificate-hop",
            "form-action",
            &["'self'", "https://certauth.sts.contoso.test", "https://sts.contoso.test:49443"],
        ),
        ("certificate-hop-alone", "form-action", &["'self'", "https://certauth.sts.contoso.test"]),
        ("certificate-hop", "connect-src", &["https://sts.contoso.test:49443"]),
        ("certificate-none", "form-action", &["https://c7.certauth.sts.contoso.test"]),
        ("certificate-refused", "form-action", &["'none'"]),
        ("error", "form-action", &["'none'"]),
        ("error", "connect-src", &[]),
        ("signed-out", "frame-src", &["https://app.contoso.test", "https://mail.contoso.test"]),
        ("signed-out", "img-src", &[]),
    ];
    for (name, directive, expected) in cases {
        assert_eq!(sources(&sample(name).content_security_policy, directive), *expected, "{name} {directive}");
    }
}

#[test]
fn an_absolute_action_is_named_as_its_origin() {
    let Page::SignIn(page) = samples()[0].page else { panic!("the first sample is the sign-in page") };
    let page = SignIn { action: "https://sts.contoso.test:443/adfs/ls/?a;script-src *", ..page };
    let policy = pages().render(&Page::SignIn(page), Language::default()).content_security_policy;
    assert_eq!(sources(&policy, "form-action"), ["https://sts.contoso.test"]);
}

#[test]
fn a_logo_is_the_only_image() {
    let logo = Settings::logo_from(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    assert!(logo.is_some());
    let pages = Pages::new(Settings { logo, ..settings() }, Material::default()).unwrap();
    let page = pages.render(&samples()[0].page, Language::default());
    assert_eq!(sources(&page.content_security_policy, "img-src"), ["data:"]);
    assert!(page.html.contains("<img class=\"logo\" src=\"data:image/svg+xml;base64,"), "{}", page.html);
    for (image, kind) in [
        (&b"\x89PNG\r\n\x1a\n"[..], Some("data:image/png;")),
        (b"\xff\xd8\xff\xe0", Some("data:image/jpeg;")),
        (b"RIFF\0\0\0\0WEBPVP8 ", Some("data:image/webp;")),
        (b"<html><body>", None),
        (b"GIF89a", None),
        (b"", None),
    ] {
        let address = Settings::logo_from(image);
        assert_eq!(address.is_some(), kind.is_some());
        assert!(address.unwrap_or_default().starts_with(kind.unwrap_or_default()));
    }
}

#[test]
fn a_token_form_posts_within_its_scheme() {
    let policy = form_content_policy("https://app.test/a;b c");
    assert_eq!(sources(&policy, "form-action"), ["https:"]);
    assert_eq!(sources(&policy, "script-src"), [hash(FORM_SCRIPT)]);
    let policy = form_content_policy("http://app.test/");
    assert_eq!(sources(&policy, "form-action"), ["http:", "https:"]);
}
