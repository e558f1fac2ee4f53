//! An operator's files: what takes effect, and what is refused with file, line and cure.

use super::*;

fn with(files: &[(&str, &str)]) -> Result<Pages, Vec<MaterialProblem>> {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Pages::new(settings(), Material { files })
}

fn embedded(name: &str) -> &'static str {
    Material::embedded().find(|(found, _)| found == name).unwrap().1
}

#[test]
fn an_operators_file_takes_the_place_of_the_embedded_one() {
    let style = "body { color: #123; }";
    let error = embedded("error.html").replace("<h1>", "<h1 class=\"ours\">");
    let pages = with(&[("style.css", style), ("error.html", &error), ("en.toml", "[texts]\nsign_in = \"Go\"\n")]);
    let pages = pages.unwrap();
    let render = |name: &str| {
        let sample = samples().into_iter().find(|sample| sample.name == name).unwrap();
        pages.render(&sample.page, Language::default())
    };
    assert!(render("error").html.contains("<h1 class=\"ours\">"));
    assert!(render("sign-in").html.contains(">Go</button>"));
    assert!(render("sign-in").html.contains("<style>body { color: #123; }</style>"));
    let hash = content_policy::hash(style);
    assert!(render("sign-in").content_security_policy.contains(&format!("style-src {hash};")));
}

#[test]
fn a_file_of_its_own_adds_a_language_and_gaps_are_english() {
    let pages = with(&[("fr.toml", "[texts]\nsign_in_title = \"Se connecter\"\n")]).unwrap();
    let html = pages.render(&samples()[0].page, pages.language(Some("fr-CA, en;q=0.1"))).html;
    assert!(html.contains("<html lang=\"fr\">") && html.contains("<h1>Se connecter</h1>"));
    assert!(html.contains(">User name</label>"));
}

#[test]
fn what_cannot_be_used_is_named_with_its_line_and_a_cure() {
    let broken = |name: &str, from: &str, to: &str| (name.to_owned(), embedded(name).replace(from, to));
    let line = |name: &str, part: &str| {
        let before = embedded(name).split(part).next().unwrap();
        Some(before.matches('\n').count() + 1)
    };
    let text = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let cases = [
        (
            broken("error.html", "{% if retry %}", "{% if retry"),
            line("error.html", "{% if retry %}"),
            "is not a template here",
            "Correct the line",
        ),
        (
            broken("error.html", "{{ sentence }}", "{{ sentense }}"),
            line("error.html", "{{ sentence }}"),
            "a name here stands for nothing",
            "Correct the name",
        ),
        (
            broken("sign-in.html", "texts.user_name", "texts.username"),
            line("sign-in.html", "texts.user_name"),
            "a name here stands for nothing",
            "Correct the name",
        ),
        (
            broken("error.html", "{{ sentence }}", "{{ sentence|safe }}"),
            line("error.html", "{{ sentence }}"),
            "the filter safe is not to be had here",
            "always escaped",
        ),
        (
            broken("error.html", "<h1>", "{% autoescape false %}<h1>"),
            line("error.html", "<h1>"),
            "\"autoescape\" must not stand here",
            "always escaped",
        ),
        (
            broken("sign-in.html", "name=\"State\"", "name=\"state\""),
            None,
            "lacks name=\"State\"",
            "nobody can sign in",
        ),
        (text("style.css", "a{}\n</style><script>"), Some(2), "\"</style\" must not stand here", "would end there"),
        (text("copy.js", "'</SCRIPT>'"), Some(1), "\"</script\" must not stand here", "would end there"),
        (text("notes.txt", "x"), None, "no page is made from a file of this name", "docs/pages.md"),
        (text("sign-on.html", "x"), None, "no page is made from a file of this name", "Did you mean sign-in.html?"),
        (text("de.toml", "[texts]\nsign_im = \"x\""), Some(2), "no page says sign_im", "Did you mean sign_in?"),
        (text("de.toml", "[texts]\nsign_in = 5"), Some(2), "is not a text", "in quotes"),
        (
            text("de.toml", "[texts]\n\nblocked_title = \"Anschluss {app}\""),
            Some(3),
            "nothing is filled in for {app} in blocked_title",
            "{port}",
        ),
        (text("de.toml", "sign_in = \"x\""), Some(1), "is neither [texts] nor [sentences]", "below [texts]"),
        (text("de.toml", "[texts]\nsign_in = x"), Some(2), "is not TOML here", "Correct the line"),
    ];
    for ((name, content), line, message, cure) in cases {
        let problems = with(&[(&name, &content)]).unwrap_err();
        let found = problems.iter().find(|problem| problem.message.contains(message));
        let found = found.unwrap_or_else(|| panic!("{name}: {message}: {problems:#?}"));
        assert_eq!((found.spot.file.as_str(), found.spot.line), (name.as_str(), line), "{found:?}");
        assert!(found.cure.contains(cure), "{found:?}");
        assert!(!found.message.ends_with('.') && found.cure.ends_with(['.', '?', '}']), "{found:?}");
    }
}

/// A template that fails on data it was never tried with gives way to the embedded one.
#[test]
fn a_person_never_meets_a_broken_template() {
    let error =
        embedded("error.html").replace("<h1>", "{% if sentence == 'odd' %}{{ nothing }}{% endif %}<h1 id=\"o\">");
    let pages = with(&[("error.html", &error)]).unwrap();
    let sample = samples().into_iter().find(|sample| sample.name == "error").unwrap();
    let Page::Error(page) = sample.page else { panic!("{sample:?}") };
    let html = |sentence| pages.render(&Page::Error(ErrorPage { sentence, ..page }), Language::default()).html;
    assert!(html("even").contains("<h1 id=\"o\">") && html("odd").contains("<h1>"));
    assert!(html("odd").contains("<p>odd</p>"));
}
