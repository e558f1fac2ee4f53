//! The words: every language has them all, and pages use no others.

use super::*;
use crate::outcome::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use texts::{EMBEDDED, Table, blanks};

fn tables() -> Vec<Table> {
    let read = |(tag, text): &(&str, &str)| {
        let (mut table, mut problems) = (Table { tag: (*tag).to_owned(), ..Table::default() }, Vec::new());
        table.read(tag, text, None, &mut problems);
        assert_eq!(problems, []);
        table
    };
    EMBEDDED.iter().map(read).collect()
}

fn templates() -> Vec<(String, &'static str)> {
    Material::embedded().filter(|(name, _)| name.ends_with(".html")).collect()
}

#[test]
fn every_language_says_everything() {
    let tables = tables();
    let (english, others) = tables.split_first().unwrap();
    assert!(english.texts.len() > 40 && !others.is_empty());
    for table in others {
        let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&table.texts), keys(&english.texts), "{}", table.tag);
        for (key, text) in &table.texts {
            let of = |text: &str| blanks(text).map(str::to_owned).collect::<BTreeSet<_>>();
            assert_eq!(of(text), of(&english.texts[key]), "{} {key}", table.tag);
        }
    }
}

/// Each sentence of the catalogue, and no sentence that the catalogue no longer has.
#[test]
fn every_language_says_what_the_catalogue_says() {
    let catalogue: BTreeSet<&str> = Outcome::ALL.iter().map(|outcome| outcome.entry().user_text).collect();
    for table in &tables()[1..] {
        let file = format!("templates/{}.toml", table.tag);
        let known: BTreeSet<&str> = table.sentences.keys().map(String::as_str).collect();
        let missing: Vec<_> = catalogue.difference(&known).collect();
        assert!(missing.is_empty(), "{file} lacks below [sentences]: {missing:#?}");
        let idle: Vec<_> = known.difference(&catalogue).collect();
        assert!(idle.is_empty(), "{file} has sentences that no outcome says: {idle:#?}");
    }
}

#[test]
fn every_text_is_on_a_page_and_no_page_has_words_of_its_own() {
    let all: String = templates().iter().map(|(_, text)| *text).collect();
    let by_value = ["FormsAuthentication", "CertificateAuthentication", "WindowsAuthentication"];
    let goes_on = |rest: &str| rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    for key in tables()[0].texts.keys() {
        let named = all.split(&format!("texts.{key}")).skip(1).any(|rest| !goes_on(rest));
        assert!(named || by_value.contains(&key.as_str()), "{key}");
    }
    for (name, text) in templates() {
        for outside in text.split('>').filter_map(|part| part.split('<').next()) {
            let template_only = strip(outside);
            let words = template_only.trim().trim_matches('·').trim();
            assert!(!words.contains(char::is_alphabetic), "{name}: {words}");
        }
    }
}

/// A text without what the template engine acts upon.
fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        out.push_str(&rest[..start]);
        let end = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        rest = rest[start..].split_once(end).map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[test]
fn no_template_turns_escaping_off() {
    for (name, text) in templates() {
        for word in ["safe", "autoescape", "{% raw"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
        // the two values that are not escaped stand where the content policy knows their hash
        let unescaped = text.replace("<style>{{ style }}</style>", "").replace("<script>{{ script }}</script>", "");
        assert!(!unescaped.contains("{{ style") && !unescaped.contains("{{ script"), "{name}");
    }
}

/// The gallery shows what people really read.
#[test]
fn samples_say_what_the_catalogue_says() {
    for (name, tag, page) in gallery() {
        assert!(!page.html.contains("<p lang=\"en\">"), "{name} {tag}");
    }
}

/// A sentence that a language lacks is shown in English, and said to be English.
#[test]
fn a_sentence_without_translation_is_marked() {
    let pages = pages();
    let failure = samples().into_iter().find(|sample| sample.name == "error").unwrap();
    let Page::Error(failure) = failure.page else { panic!("{failure:?}") };
    let unknown = Page::Error(ErrorPage { sentence: "Nobody translated this.", ..failure });
    let html = |header: &str, page: &Page<'_>| pages.render(page, pages.language(Some(header))).html;
    assert!(html("de", &unknown).contains("<p lang=\"en\">Nobody translated this.</p>"));
    assert!(html("en", &unknown).contains("<p>Nobody translated this.</p>"));
    assert!(html("de", &Page::Error(failure)).contains("<p>Die Anmeldung ist zurzeit nicht möglich."));
}
