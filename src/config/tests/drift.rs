use super::super::reference::{SECTIONS, examples};
use super::*;

/// How many kinds of anything there are.
fn kinds() -> usize {
    SECTIONS.iter().map(|table| examples(table).len()).max().unwrap()
}

/// The examples of every section; of one kind where there are several.
fn examples_together(kind: usize) -> String {
    SECTIONS.iter().map(|table| examples(table)).map(|cases| cases[kind.min(cases.len() - 1)].clone()).collect()
}

/// What the document shows can be copied: the reader takes it as it is, and with every line that is commented out.
#[test]
fn every_documented_key_is_one_the_reader_takes() {
    for kind in 0..kinds() {
        let text = examples_together(kind);
        parsed(&text);
        let uncommented = text.replace("# ", "");
        assert!(uncommented.lines().count() > 60, "{uncommented}");
        parsed(&uncommented);
    }
}

/// A file that says every default that the document prints means the same as one that says nothing.
#[test]
fn the_documented_defaults_are_those_in_effect() {
    for kind in 0..kinds() {
        let text = examples_together(kind);
        let mut explicit = text.clone();
        let mut said = 0;
        for row in SECTIONS.iter().flat_map(|table| table.rows()) {
            let (example, absent) = (row.shape().example(), row.shape().absent());
            let commented = format!("# {} = {example}\n", row.name());
            if absent.is_some_and(|absent| absent.contains(&example)) && text.contains(&commented) {
                explicit = explicit.replace(&commented, &commented[2..]);
                said += 1;
            }
        }
        assert!(said > 25, "{explicit}");
        means_the_same(&explicit, &text);
    }
}

fn means_the_same(one: &str, other: &str) {
    let unlocated = |text: &str| {
        let shown = format!("{:?}", parsed(text));
        let fields = shown.split(", ").filter(|field| !field.starts_with("line: ") && !field.starts_with("column: "));
        fields.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(unlocated(one), unlocated(other));
}

#[test]
fn every_key_is_documented_in_full() {
    let document = reference_markdown();
    for table in SECTIONS {
        assert!(document.contains(&format!("## `{}`", table.header())), "{}", table.name);
        for row in table.rows() {
            let shown = format!("| `{}` | {} | ", row.name(), row.shape().takes());
            assert!(document.contains(&shown), "{shown}");
            assert!(row.meaning().ends_with('.') && !row.meaning().contains('|'), "{} {}", table.name, row.name());
        }
    }
}

#[test]
fn a_section_has_each_key_once() {
    for table in SECTIONS {
        let cases = table.variants.iter().map(|variant| variant.keys).chain([&[][..]]);
        for case in cases {
            let mut names: Vec<&str> = table.keys.iter().chain(case).map(|row| row.name()).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{}", table.name);
        }
    }
}
