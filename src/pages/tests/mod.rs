//! Every page in every language, and what must hold for all of them.

mod escaping;
mod material;
mod policies;
mod words;

use super::*;

fn settings() -> Settings {
    Settings { service_name: "sts.contoso.test".to_owned(), ..Settings::default() }
}

fn pages() -> Pages {
    Pages::new(settings(), Material::default()).unwrap()
}

/// Every sample in every language: its name, the language and the page.
fn gallery() -> Vec<(&'static str, String, RenderedPage)> {
    let pages = pages();
    let languages: Vec<(String, Language)> =
        pages.languages().map(|(tag, language)| (tag.to_owned(), language)).collect();
    let mut gallery = Vec::new();
    for sample in samples() {
        for (tag, language) in &languages {
            gallery.push((sample.name, tag.clone(), pages.render(&sample.page, *language)));
        }
    }
    gallery
}

fn sample(name: &str) -> RenderedPage {
    let found = gallery().into_iter().find(|(found, tag, _)| *found == name && tag == "en");
    found.unwrap_or_else(|| panic!("no sample {name}")).2
}

/// The value of an attribute of the first element that has this text in its tag.
fn attribute<'h>(html: &'h str, tag: &str, name: &str) -> Option<&'h str> {
    let (before, after) = html.split_once(tag)?;
    let start = before.rfind('<')?;
    let end = html.len() - after.len() + after.find('>')?;
    let (_, value) = html[start..end].split_once(&format!(" {name}=\""))?;
    value.split('"').next()
}

/// What scripts written for AD FS look for (ADFS-PROTOCOLS section 5.2).
#[test]
fn forms_have_the_names_of_adfs() {
    let page = sample("sign-in").html;
    assert_eq!(attribute(&page, "id=\"loginForm\"", "method"), Some("post"));
    let action = "/adfs/ls/?wa=wsignin1.0&amp;wtrealm=urn%3afederation%3aMicrosoftOnline&amp;wctx=estsredirect%3d2";
    assert_eq!(attribute(&page, "id=\"loginForm\"", "action"), Some(action));
    assert_eq!(attribute(&page, "id=\"options\"", "action"), Some(action));
    for name in ["UserName", "Password", "AuthMethod", "State"] {
        assert!(page.contains(&format!("name=\"{name}\"")), "{name}");
    }
    assert_eq!(attribute(&page, "id=\"optionSelection\"", "value"), Some("CertificateAuthentication"));
    assert_eq!(attribute(&page, "id=\"optionSelection\"", "name"), Some("AuthMethod"));
    assert!(page.contains(">Sign in using an X.509 certificate</button>"), "{page}");
    assert!(page.contains("id=\"submitButton\"") && !page.contains("id=\"errorText\""));
    let wrong = sample("sign-in-wrong").html;
    assert!(
        wrong.contains("role=\"alert\">Incorrect user ID or password. Type the correct user ID and password, and try")
    );
    assert_eq!(attribute(&wrong, "name=\"UserName\"", "value"), Some("alice@contoso.test"));
}

/// A form sends each name once: a server may refuse a request that says one thing twice.
#[test]
fn no_form_sends_a_name_twice() {
    for (name, tag, page) in gallery() {
        for form in page.html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let mut names: Vec<&str> =
                form.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{name} {tag}: {names:?}");
        }
    }
}

#[test]
fn a_sign_in_with_one_method_offers_no_other() {
    assert!(!sample("sign-in-password-only").html.contains("id=\"options\""));
    assert!(!sample("chooser").html.contains("id=\"loginForm\""));
    assert_eq!(sample("chooser").html.matches("<form").count(), 2);
    assert_eq!(sample("sign-in-wrong").html.matches("<form").count(), 3);
}

/// The domain of a request goes into a command that an administrator will run.
#[test]
fn no_request_writes_the_administrators_command() {
    let pages = pages();
    let prompt = samples().into_iter().find(|sample| sample.name == "prompt-login").unwrap();
    let Page::PromptLogin(prompt) = prompt.page else { panic!("{prompt:?}") };
    for (domain, shown) in [
        ("contoso.test", true),
        ("a-1.example", true),
        ("contoso.test;Remove-MgUser", false),
        ("$(calc).test", false),
        ("contoso.test -Force", false),
        ("`n.test", false),
        ("-Force.test", false),
        ("contoso", false),
        ("kontoso.tést", false),
        (".test", false),
        ("", false),
    ] {
        let page = Page::PromptLogin(PromptLogin { domain: Some(domain), ..prompt });
        let html = pages.render(&page, Language::default()).html;
        assert_eq!(html.contains(&format!("-DomainId {domain} ")), shown, "{domain:?}");
        assert_eq!(html.contains("-DomainId &lt;domain&gt; "), !shown, "{domain:?}");
    }
}

/// Who can name an address cannot make a page link or post to a script or to another scheme.
#[test]
fn what_is_no_address_is_not_linked() {
    let pages = pages();
    let bad = ["javascript:alert(1)", "data:text/html,x", "//evil.test/", "vbscript:x", ""];
    let bad_list = &bad[..];
    for address in bad {
        for sample in samples() {
            let page = match sample.page {
                Page::CertificateHop(page) => {
                    Page::CertificateHop(CertificateHop { alternate: Some(address), other_ways: Some(address), ..page })
                }
                Page::CertificateHelp(page) => Page::CertificateHelp(CertificateHelp {
                    try_another: Some(TryAnother { target: address, state: "s" }),
                    other_ways: Some(address),
                    ..page
                }),
                Page::Error(page) => Page::Error(ErrorPage { retry: Some(address), ..page }),
                Page::SignedOut(page) => Page::SignedOut(SignedOut { clean_up: bad_list, next: Some(address), ..page }),
                page => page,
            };
            let RenderedPage { html, content_security_policy } = pages.render(&page, Language::default());
            let quoted = format!("\"{address}\"");
            for attribute in ["href=", "src=", "action="] {
                assert!(!html.contains(&format!("{attribute}{quoted}")), "{} {address}", sample.name);
            }
            assert!(!content_security_policy.contains("frame-src") || !matches!(page, Page::SignedOut(_)));
        }
    }
}

#[test]
fn browsers_get_their_language_and_others_the_operators() {
    let pages = |language: Option<&str>| {
        Pages::new(Settings { language: language.map(str::to_owned), ..settings() }, Material::default()).unwrap()
    };
    for (chosen, header, expected) in [
        (None, Some("de-CH,en;q=0.5"), "de"),
        (None, Some("fr"), "en"),
        (None, None, "en"),
        (Some("de"), None, "de"),
        (Some("de"), Some("en-GB"), "en"),
        (Some("de"), Some("fr"), "de"),
    ] {
        let pages = pages(chosen);
        let page = pages.render(&samples()[0].page, pages.language(header));
        assert!(page.html.contains(&format!("<html lang=\"{expected}\">")), "{chosen:?} {header:?}");
    }
}
