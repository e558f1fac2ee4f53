//! Every page in every language, and what must hold for all of them.

use super::*;

fn settings() -> Settings {
    Settings { service_name: "sts.contoso.test".to_owned(), ..Settings::default() }
}

fn pages() -> Pages {
    Pages::new(settings(), Material::default()).unwrap()
}

#[test]
fn every_page_is_rendered_in_every_language() {
    let pages = pages();
    let mut rendered = 0;
    for (tag, language) in pages.languages() {
        for sample in samples() {
            let page = pages.render(&sample.page, language);
            assert!(page.html.contains(&format!("<html lang=\"{tag}\">")), "{} {tag}", sample.name);
            rendered += 1;
        }
    }
    assert_eq!(rendered, 2 * samples().len());
}
