use super::*;
use crate::xml::reader::{XmlLimits, parse_document};
use proptest::prelude::*;
use std::io::Write;
use std::process::Command;

fn whole(document: &str) -> Result<String, NotCanonical> {
    canonical_part(document, Part::default())
}

/// The Exclusive Canonical form as libxml2 sees it.
fn xmllint(document: &str) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(document.as_bytes()).unwrap();
    let answer = Command::new("xmllint").args(["--nonet", "--exc-c14n"]).arg(file.path()).output().unwrap();
    assert!(answer.status.success(), "{document}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

#[test]
fn libxml2_agrees_about_documents() {
    for document in [
        "<a/>",
        "<?xml version='1.0'?>\r\n<a  b = 'x' a=\"y\" >\r\n t &amp; &lt;&#13;&gt;&quot; </a>\n",
        "<a xmlns='urn:d' xmlns:p='urn:p' xmlns:unused='urn:u'><b xmlns=''><p:c/><d xmlns='urn:d'/></b></a>",
        "<p:a xmlns:p='urn:1'><p:b xmlns:p='urn:2'><p:c xmlns:p='urn:1'/></p:b><p:d/></p:a>",
        "<a xmlns:z='urn:a' xmlns:y='urn:b' y:k='1' z:k='2' k='3' b='4' xml:lang='en'><b y:q='r'/><b z:q='r'/></a>",
        "<a b='&#9;&#10;&#13;\t\n &lt;&quot;&apos;>'>gr\u{fc}\u{df}e \u{1f511}</a>",
        "<a xmlns='urn:d'><b/><c xmlns='urn:d'/></a>",
        "<a><xs:b xmlns:xs='urn:x'><xs:c/></xs:b><xs:b xmlns:xs='urn:x'/></a>",
    ] {
        assert_eq!(whole(document).unwrap(), xmllint(document), "{document}");
    }
}

#[test]
fn a_part_brings_the_namespaces_it_uses_and_no_others() {
    let document = "<p:a xmlns:p='urn:p' xmlns:q='urn:q' xmlns='urn:d'><x/><p:b><c q:k='v'/><d/></p:b></p:a>";
    let part = |element, without, inclusive_prefixes| Part { element, without, inclusive_prefixes };
    for (part, expected) in [
        (
            part(&[1], None, &[]),
            r#"<p:b xmlns:p="urn:p"><c xmlns="urn:d" xmlns:q="urn:q" q:k="v"></c><d xmlns="urn:d"></d></p:b>"#,
        ),
        (part(&[1, 1], None, &["q", "absent"]), r#"<d xmlns="urn:d" xmlns:q="urn:q"></d>"#),
        (part(&[1], Some(&[1, 0]), &["#default"]), r#"<p:b xmlns="urn:d" xmlns:p="urn:p"><d></d></p:b>"#),
        (part(&[], Some(&[1]), &[]), r#"<p:a xmlns:p="urn:p"><x xmlns="urn:d"></x></p:a>"#),
        (part(&[7], None, &[]), ""),
    ] {
        assert_eq!(canonical_part(document, part).unwrap(), expected);
    }
}

#[test]
fn what_vanishes_in_a_canonical_form_is_refused() {
    let many: String = (0..65).map(|n| format!(" xmlns:p{n}='u'")).collect();
    for (document, construct) in [
        ("<a>x<!-- c -->y</a>".to_owned(), "a comment"),
        ("<!-- c --><a/>".to_owned(), "a comment"),
        ("<a><![CDATA[x]]></a>".to_owned(), "a CDATA section"),
        ("<a><?p i?></a>".to_owned(), "a processing instruction"),
        ("<!DOCTYPE a><a/>".to_owned(), "a document type declaration"),
        ("<a>&e;</a>".to_owned(), "an entity reference"),
        ("<a xmlns:p=''/>".to_owned(), "a prefix without a namespace"),
        (format!("<a{many}/>"), "too many namespace declarations"),
    ] {
        assert_eq!(whole(&document), Err(NotCanonical(construct)), "{document}");
    }
}

proptest! {
    /// What is consumed after a verification is read from the canonical form, so that form must say the same.
    #[test]
    fn the_canonical_form_reads_as_the_document_does(
        text in "[ a-z&<>\"'\u{e4}]{0,12}", prefix in "[a-c]", other in "[a-c]", value in "[ a-z<&\"\u{e4}]{0,8}",
    ) {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let (text, value) = (escape(&text), escape(&value));
        let document = format!(
            "<{prefix}:r xmlns:{prefix}='urn:1' xmlns='urn:0' k=\"{value}\"><x>{text}</x><{other}:y xmlns:{other}='urn:2' \
             k='w' {other}:k='v'>{text}</{other}:y></{prefix}:r>"
        );
        let canonical = whole(&document).unwrap();
        let read = |xml: &str| parse_document(xml.as_bytes(), XmlLimits::default()).unwrap();
        prop_assert_eq!(read(&canonical), read(&document));
        prop_assert_eq!(whole(&canonical).unwrap(), canonical);
    }

    #[test]
    fn arbitrary_markup_never_panics(text in "[<>/&;#!?\\[\\]a-c:='\" x-]{0,120}") {
        let _ = canonical_part(&text, Part { element: &[0], without: Some(&[0, 0]), inclusive_prefixes: &["a"] });
    }
}
