//! From a page to its HTML and its content policy.

use super::content_policy::{ContentPolicy, hash};
use super::context::{Composed, Surroundings};
use super::language::{Language, preferred};
use super::material::{Files, Material, STYLE, Settings};
use super::page::Page;
use super::problem::MaterialProblem;
use super::samples::{Sample, samples};
use super::texts::Table;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use std::collections::BTreeMap;

/// A page as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedPage {
    /// The body, UTF-8.
    pub html: String,
    /// The value of Content-Security-Policy. It holds for this page only.
    pub content_security_policy: String,
}

/// Every page, in every language.
#[derive(Debug)]
pub struct Pages {
    languages: Vec<Table>,
    /// What the pages of each language have in common.
    surroundings: Vec<Surroundings>,
    /// The language of browsers that ask for none of these.
    default_language: usize,
    own: Templates,
    /// What a page of the operator's falls back on, should it fail on data that no sample foresaw.
    embedded: Templates,
}

impl Pages {
    /// Reads the operator's files in place of the embedded ones, and tries every page in every language.
    ///
    /// # Errors
    /// Every problem found.
    pub fn new(settings: Settings, material: Material) -> Result<Self, Vec<MaterialProblem>> {
        let mut problems = Vec::new();
        let embedded = Templates::new(&Files::read(Material::default(), &mut problems), &mut problems);
        let files = Files::read(material, &mut problems);
        let own = Templates::new(&files, &mut problems);
        let asked = settings.language.as_deref();
        let default_language = asked.and_then(|asked| files.languages.iter().position(|table| table.tag == asked));
        let surroundings = files.languages.iter().map(|table| Surroundings::new(&settings, table)).collect();
        let pages = Self {
            surroundings,
            default_language: default_language.unwrap_or(0),
            languages: files.languages,
            own,
            embedded,
        };
        if problems.is_empty() {
            samples().iter().for_each(|sample| pages.try_sample(sample, &mut problems));
        }
        problems.sort();
        problems.dedup();
        if problems.is_empty() { Ok(pages) } else { Err(problems) }
    }

    /// The tags of the languages there are.
    pub fn languages(&self) -> impl Iterator<Item = (&str, Language)> {
        self.languages.iter().enumerate().map(|(position, table)| (table.tag.as_str(), Language(position + 1)))
    }

    /// The language for a browser, by its Accept-Language header.
    pub fn language(&self, accept_language: Option<&str>) -> Language {
        let tags: Vec<&str> = self.languages.iter().map(|table| table.tag.as_str()).collect();
        let position = accept_language.and_then(|header| preferred(header, &tags));
        position.map_or(Language::default(), |position| Language(position + 1))
    }

    /// Renders a page. Only an operator's template can fail here, on data unlike every sample it was tried with; then the
    /// embedded one takes its place.
    pub fn render(&self, page: &Page<'_>, language: Language) -> RenderedPage {
        let position = language.0.checked_sub(1).unwrap_or(self.default_language);
        let Some((table, surroundings)) = self.languages.get(position).zip(self.surroundings.get(position)) else {
            return last_resort();
        };
        let rendered = self.own.render(page, surroundings, table);
        rendered.or_else(|_| self.embedded.render(page, surroundings, table)).unwrap_or_else(|_| last_resort())
    }

    fn try_sample(&self, sample: &Sample<'_>, problems: &mut Vec<MaterialProblem>) {
        for (table, surroundings) in self.languages.iter().zip(&self.surroundings) {
            match self.own.render(&sample.page, surroundings, table) {
                Ok(rendered) => problems.extend(sample.missing_from(&rendered.html)),
                Err(error) => problems.push(problem_of(&error)),
            }
        }
    }
}

/// What is left when no template can be used.
fn last_resort() -> RenderedPage {
    RenderedPage {
        html:
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign-in</title></head><body><main>\
               <h1>This page cannot be shown</h1><p>Go back and try again.</p></main></body></html>"
                .to_owned(),
        content_security_policy: ContentPolicy::default().header(),
    }
}

/// One set of templates with its style and scripts.
#[derive(Debug)]
struct Templates {
    environment: Environment<'static>,
    style_hash: String,
    scripts: BTreeMap<&'static str, Script>,
}

/// A script, and what the content policy calls it.
#[derive(Debug)]
struct Script {
    text: Value,
    hash: String,
}

impl Templates {
    fn new(files: &Files, problems: &mut Vec<MaterialProblem>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(write_value);
        environment.remove_filter("safe");
        environment.add_filter("filled", filled);
        let mut scripts = BTreeMap::new();
        for (name, text) in &files.templates {
            match name.rsplit('.').next() {
                Some("html") => {
                    if let Err(error) = environment.add_template_owned(*name, text.clone()) {
                        problems.push(problem_of(&error));
                    }
                }
                Some("js") => {
                    let script = Script { hash: hash(text), text: Value::from_safe_string(text.clone()) };
                    scripts.insert(*name, script);
                }
                _ => {}
            }
        }
        let style = files.templates.get(STYLE).cloned().unwrap_or_default();
        let style_hash = hash(&style);
        environment.add_global("style", Value::from_safe_string(style));
        Self { environment, style_hash, scripts }
    }

    fn render(&self, page: &Page<'_>, surroundings: &Surroundings, table: &Table) -> Result<RenderedPage, Error> {
        let mut composed = Composed::of(page, table);
        composed.policy.styles.insert(self.style_hash.clone());
        let script = self.scripts.get(composed.script);
        composed.policy.scripts.extend(script.map(|script| script.hash.clone()));
        composed.set("script", script.map(|script| script.text.clone()));
        composed.put_into(surroundings);
        let content_security_policy = composed.policy.header();
        let html = self.environment.get_template(composed.template)?.render(composed.context())?;
        Ok(RenderedPage { html, content_security_policy })
    }
}

/// Writes a value so that it stays what it is in text and in attributes. Style and scripts are the only values that are not
/// escaped; they are files, not data.
fn write_value(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return Err(Error::new(ErrorKind::UndefinedError, "there is nothing here to write; ask with {% if … %} first"));
    }
    let text = value.to_string();
    if value.is_safe() {
        return out.write_str(&text).map_err(Error::from);
    }
    let mut rest = text.as_str();
    while let Some(position) = rest.find(['&', '<', '>', '"', '\'']) {
        let reference = match rest.as_bytes()[position] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        };
        out.write_str(&rest[..position]).and_then(|()| out.write_str(reference)).map_err(Error::from)?;
        rest = &rest[position + 1..];
    }
    out.write_str(rest).map_err(Error::from)
}

/// `{{ texts.port_blocked|filled(port=port) }}`: a text with its blanks filled in.
fn filled(text: &str, values: Kwargs) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&values.get::<Value>(name)?.to_string());
        rest = behind;
    }
    out.push_str(rest);
    // every text may leave a blank out
    values.args().for_each(|name| _ = values.get::<Value>(name));
    Ok(out)
}

fn problem_of(error: &Error) -> MaterialProblem {
    let mut innermost = error;
    while let Some(inner) = std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<Error>()) {
        innermost = inner;
    }
    let (message, cure) = match (innermost.kind(), innermost.detail()) {
        (ErrorKind::SyntaxError, detail) => (
            format!("is not a template here: {}", detail.unwrap_or("syntax error")),
            "Correct the line; docs/pages.md shows how templates are written.".to_owned(),
        ),
        (ErrorKind::UndefinedError, detail) => (
            format!("a name here stands for nothing: {}", detail.unwrap_or("undefined value")),
            "Correct the name; docs/pages.md lists what each page has.".to_owned(),
        ),
        (ErrorKind::UnknownFilter, detail) if detail.is_some_and(|detail| detail.contains("safe")) => (
            "the filter safe is not to be had here".to_owned(),
            "Remove it: values come from requests and are always escaped.".to_owned(),
        ),
        (kind, detail) => (
            format!("{kind}{}", detail.map(|detail| format!(": {detail}")).unwrap_or_default()),
            "Compare the line with the embedded template: `fedgate pages gallery FOLDER` writes it.".to_owned(),
        ),
    };
    MaterialProblem::new(innermost.name().unwrap_or_default(), innermost.line(), message, cure)
}
