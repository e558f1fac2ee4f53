//! What pages are made from: the embedded files, and the operator's in their place.

use super::problem::MaterialProblem;
use super::texts::{self, Table};
use crate::spelling::nearest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// Who the pages speak for: `[pages]` of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The federation service name; the organisation's where none is given.
    pub service_name: String,
    /// The organisation's name towards people.
    pub organisation: Option<String>,
    /// The logo, made by [`Settings::logo_from`].
    pub logo: Option<String>,
    /// A sentence below every page: whom to call.
    pub help_text: Option<String>,
    /// The help desk's address; absolute.
    pub help_link: Option<String>,
    /// The language of browsers that ask for none of those there are: `de`.
    pub language: Option<String>,
}

impl Settings {
    /// An image as an address that holds it, so that a page needs nothing else. `None` when it is not PNG, JPEG, WebP or SVG.
    pub fn logo_from(image: &[u8]) -> Option<String> {
        let svg = || {
            let text = str::from_utf8(image).ok()?.trim_start_matches('\u{feff}').trim_start();
            (text.starts_with('<') && text.contains("<svg")).then_some("svg+xml")
        };
        let kind = match image {
            [0x89, b'P', b'N', b'G', ..] => "png",
            [0xff, 0xd8, 0xff, ..] => "jpeg",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
            _ => svg()?,
        };
        Some(format!("data:image/{kind};base64,{}", STANDARD.encode(image)))
    }
}

/// The files of the operator's folder: name and content.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// In any order; the names of [`Material::embedded`], and further `LANGUAGE.toml`.
    pub files: Vec<(String, String)>,
}

const BASE: &str = "base.html";
pub(super) const STYLE: &str = "style.css";

const EMBEDDED: &[(&str, &str)] = &[
    (BASE, include_str!("../../templates/base.html")),
    ("more-details.html", include_str!("../../templates/more-details.html")),
    ("sign-in.html", include_str!("../../templates/sign-in.html")),
    ("certificate-hop.html", include_str!("../../templates/certificate-hop.html")),
    ("certificate-help.html", include_str!("../../templates/certificate-help.html")),
    ("error.html", include_str!("../../templates/error.html")),
    ("prompt-login.html", include_str!("../../templates/prompt-login.html")),
    ("signed-out.html", include_str!("../../templates/signed-out.html")),
    (STYLE, include_str!("../../templates/style.css")),
    ("sign-in.js", include_str!("../../templates/sign-in.js")),
    ("certificate-hop.js", include_str!("../../templates/certificate-hop.js")),
    ("copy.js", include_str!("../../templates/copy.js")),
    ("signed-out.js", include_str!("../../templates/signed-out.js")),
];

impl Material {
    /// The names of the files that can be replaced, with the embedded content, the embedded languages included.
    pub fn embedded() -> impl Iterator<Item = (String, &'static str)> {
        let files = EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), *text));
        files.chain(texts::EMBEDDED.iter().map(|(tag, text)| (format!("{tag}.toml"), *text)))
    }
}

/// Everything by name, the operator's files in place of the embedded ones.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) templates: BTreeMap<&'static str, String>,
    /// The first is the complete one.
    pub(super) languages: Vec<Table>,
}

impl Files {
    pub(super) fn read(material: Material, problems: &mut Vec<MaterialProblem>) -> Self {
        let templates = EMBEDDED.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        let mut files = Self { templates, languages: Vec::new() };
        for (tag, text) in texts::EMBEDDED {
            let mut table = Table { tag: (*tag).to_owned(), ..Table::default() };
            let known = files.languages.first().map(|english| english.texts.clone());
            table.read(&format!("{tag}.toml"), text, known.as_ref(), problems);
            files.languages.push(table);
        }
        // what the embedded texts leave blank is what the templates fill in, whatever the operator's English says
        let english = files.languages.first().map(|english| english.texts.clone()).unwrap_or_default();
        for (name, text) in material.files {
            files.replace(&name, text, &english, problems);
        }
        files.fill_gaps();
        files
    }

    fn replace(
        &mut self,
        name: &str,
        text: String,
        english: &BTreeMap<String, String>,
        problems: &mut Vec<MaterialProblem>,
    ) {
        if let Some(tag) = name.strip_suffix(".toml").filter(|tag| is_language_tag(tag)) {
            let position = self.languages.iter().position(|table| table.tag.eq_ignore_ascii_case(tag));
            let position = position.unwrap_or_else(|| {
                self.languages.push(Table { tag: tag.to_owned(), ..Table::default() });
                self.languages.len() - 1
            });
            self.languages[position].read(name, &text, Some(english), problems);
            return;
        }
        let Some((known, _)) = EMBEDDED.iter().find(|(known, _)| *known == name) else {
            let near = nearest(name, EMBEDDED.iter().map(|(known, _)| *known));
            let cure = near
                .map_or("Remove it; docs/pages.md lists the files.".to_owned(), |near| format!("Did you mean {near}?"));
            problems.push(MaterialProblem::new(name, None, "no page is made from a file of this name", cure));
            return;
        };
        if let Some((line, word)) = forbidden(known, &text) {
            let message = format!("{word:?} must not stand here");
            problems.push(MaterialProblem::new(name, Some(line), message, cure_for(word)));
        }
        self.templates.insert(known, text);
    }

    /// A text that a language lacks is English.
    fn fill_gaps(&mut self) {
        let Some((english, others)) = self.languages.split_first_mut() else { return };
        for table in others {
            for (key, text) in &english.texts {
                table.texts.entry(key.clone()).or_insert_with(|| text.clone());
            }
        }
    }
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Words that would let data out of its place: the end of an inline element, and what turns escaping off.
fn forbidden(name: &str, text: &str) -> Option<(usize, &'static str)> {
    let words: &[&'static str] = match name.rsplit('.').next() {
        Some("css") => &["</style"],
        Some("js") => &["</script", "<!--"],
        _ => &["autoescape"],
    };
    let lower = text.to_ascii_lowercase();
    let found = |word: &&'static str| lower.find(*word).map(|offset| (texts::line_at(text, offset), *word));
    words.iter().find_map(found)
}

fn cure_for(word: &str) -> &'static str {
    match word {
        "autoescape" => "Remove it: values come from requests and are always escaped.",
        _ => "Remove it: the file stands inside an element of the page, which would end there.",
    }
}
