//! Whatever a request or an operator says, the page keeps its shape.

use super::*;
use proptest::prelude::*;
use std::sync::OnceLock;

/// What gives a page its shape: tags and quotes, one after another.
fn shape(html: &str) -> String {
    html.chars().filter(|character| matches!(character, '<' | '>' | '"' | '\'')).collect()
}

/// A page with one text in every place that takes any.
fn with<'a>(page: &Page<'a>, text: &'a str, address: &'a str) -> Page<'a> {
    match *page {
        Page::SignIn(page) => Page::SignIn(SignIn { action: address, state: text, username: text, ..page }),
        Page::CertificateHop(page) => Page::CertificateHop(CertificateHop { state: text, ..page }),
        Page::CertificateHelp(page) => {
            let try_another = page.try_another.map(|again| TryAnother { state: text, ..again });
            Page::CertificateHelp(CertificateHelp { sentence: text, try_another, ..page })
        }
        Page::Error(page) => {
            let adfs_text = page.adfs_text.map(|_| text);
            let retry = page.retry.map(|_| address);
            Page::Error(ErrorPage { sentence: text, adfs_text, retry, ..page })
        }
        Page::PromptLogin(page) => Page::PromptLogin(PromptLogin { domain: None, ..page }),
        Page::SignedOut(page) => Page::SignedOut(SignedOut { next: page.next.map(|_| address), ..page }),
    }
}

fn speaking(text: &str) -> Pages {
    let (organisation, help_text) = (Some(text.to_owned()), Some(text.to_owned()));
    Pages::new(Settings { organisation, help_text, ..settings() }, Material::default()).unwrap()
}

/// The shape of each sample with text that means nothing.
fn harmless() -> &'static [String] {
    static SHAPES: OnceLock<Vec<String>> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let pages = speaking("x");
        let render = |page: &Page<'_>| shape(&pages.render(page, Language::default()).html);
        samples().iter().map(|sample| render(&with(&sample.page, "x", "/x"))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_changes_the_shape_of_a_page(
        text in r#"(\PC|[<>"'&{}%/\\= ]|<script>|</style>|-->|\{\{ state \}\}|javascript:){1,40}"#,
    ) {
        prop_assume!(!text.is_empty());
        let pages = speaking(&text);
        let address = format!("/adfs/ls/?{text}");
        for (sample, expected) in samples().iter().zip(harmless()) {
            let page = pages.render(&with(&sample.page, &text, &address), Language::default());
            prop_assert_eq!(&shape(&page.html), expected, "{}", sample.name);
            prop_assert!(page.content_security_policy.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        }
    }
}
