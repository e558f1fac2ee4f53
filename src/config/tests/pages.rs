//! `[pages]` and the folder it names.

use super::SHORTEST;
use super::site::Site;
use crate::pages::{Language, samples};

fn site(lines: &str) -> Site {
    let site = Site::new();
    site.configure(|text| format!("{text}\n[pages]\n{lines}\n"));
    site
}

fn line(part: usize) -> usize {
    SHORTEST.lines().count() + 3 + part
}

#[test]
fn the_pages_speak_for_the_operator() {
    let site = site(
        "organisation = \"Contoso & Sons\"\nlogo = \"logo.svg\"\nhelp_text = \"Call <4711>.\"\n\
         help_link = \"https://help.contoso.test/?a&b\"\nlanguage = \"de\"\nfolder = \"ours\"",
    );
    site.write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.write("ours/de.toml", "\u{feff}[texts]\nsign_in = \"Los\"\n");
    site.write("ours/README.md", "not a page");
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    let html = assembled.pages.render(&samples()[0].page, Language::default()).html;
    for part in [
        "<html lang=\"de\">",
        ">Los</button>",
        "alt=\"Contoso &amp; Sons\"",
        "Call &lt;4711&gt;.",
        "href=\"https://help.contoso.test/?a&amp;b\"",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
}

#[test]
fn without_a_section_they_bear_the_service_name() {
    let (_, assembled) = Site::new().open().unwrap_or_else(|problems| panic!("{problems}"));
    let html = assembled.pages.render(&samples()[0].page, Language::default()).html;
    assert!(html.contains("<p class=\"organisation\">sts.contoso.test</p>"), "{html}");
}

#[test]
fn a_broken_page_is_told_with_its_file_line_and_cure() {
    let site = site("folder = \"ours\"\nlogo = \"logo.gif\"\nhelp_link = \"help.contoso.test\"\nlanguage = \"fr\"");
    site.write("logo.gif", "GIF89a");
    site.write("ours/error.html", "<h1>\n{{ sentense }}</h1>");
    site.write("ours/style.css", b"a{}\n\xff");
    let (folder, logo, link) = (line(0), line(1), line(2));
    let belongs = format!("\n    The file belongs to [pages] folder at fedgate.toml:{folder}:10.");
    let told = site.told();
    let expected = [
        "ours/error.html:2: a name here stands for nothing: ".to_owned(),
        format!("ours/style.css:2: this is not UTF-8 text.\n    Save it as UTF-8.{belongs}"),
        format!(
            "fedgate.toml:{logo}:8: [pages] logo names a file that is not an image for a page.\n    Use PNG, JPEG, WebP or \
             SVG."
        ),
        format!(
            "fedgate.toml:{link}:13: [pages] help_link must be an address of HTTP, is \"help.contoso.test\".\n    Give the \
             whole address, such as https://help.contoso.com/sign-in."
        ),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(&expected) {
        assert!(told.starts_with(expected), "{told}\n{expected}");
    }
    assert!(told[0].ends_with(&belongs), "{}", told[0]);
}

#[test]
fn a_language_must_be_there_and_a_logo_small() {
    let site = site("language = \"fr\"\nlogo = \"logo.png\"");
    let language = line(0);
    assert_eq!(
        site.told()[0],
        format!(
            "fedgate.toml:{language}:12: [pages] language must be a language there is, is \"fr\".\n    There are en, de; a \
             file fr.toml in [pages] folder adds it."
        )
    );
    site.write("logo.png", vec![0x89; 64 * 1024 + 1]);
    assert!(site.told()[1].contains("names an image of 65537 bytes; 65536 are the most"), "{:?}", site.told());
}
