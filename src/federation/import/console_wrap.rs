//! The console breaks a long value into lines: between words, leaving the blank at the end of the line, and inside a word
//! that is longer than a whole line with its blank. Editors and mail programs cut off blanks at the ends of lines. A text in a rule cannot hold a line break (claim rule language, section 1.3), so that a
//! break inside one is always the console's; the question is only whether a blank was there.

/// Lines of one value, put together again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) text: String,
    /// Breaks that were removed.
    pub(super) mended: usize,
    /// Lines whose break could not be judged; it was left.
    pub(super) doubts: Vec<String>,
}

/// How wide values are, as far as the text shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Width {
    /// Characters of the longest line of a value.
    pub(super) characters: usize,
    /// Whether more than one line is so long: then it is the console that ended them.
    pub(super) certain: bool,
    /// Whether blanks at the ends of lines are still there.
    pub(super) blanks_kept: bool,
}

/// What a break turned out to be.
enum Break {
    /// The rule's own, or one between tokens: it may stay.
    Kept,
    /// Nothing was there, or a blank that is still there.
    Removed,
    /// A blank was there.
    Blank,
    Doubtful,
}

/// Puts the lines of a rule set together. Lines end where the rules have their own breaks, too.
pub(super) fn rules(lines: &[&str], width: Width) -> Joined {
    join(lines, width, true)
}

/// Puts the lines of a value together that has no breaks of its own.
pub(super) fn words(lines: &[&str], width: Width) -> Joined {
    join(lines, width, false)
}

fn join(lines: &[&str], width: Width, has_own_breaks: bool) -> Joined {
    let mut joined = Joined::default();
    let mut lines = lines.iter().copied().peekable();
    while let Some(line) = lines.next() {
        joined.text.push_str(line);
        let Some(next) = lines.peek() else { break };
        let open = if has_own_breaks { open_text(&joined.text) } else { Some(last_item(&joined.text)) };
        let found = match open {
            // In `{a, b}` a blank follows the comma.
            Some(_) if !has_own_breaks && line.ends_with(',') => Break::Blank,
            Some(so_far) => inside(so_far, &joined.text, line, next, width),
            None if breaks_a_word(&joined.text, line, next, width) => Break::Removed,
            None => Break::Kept,
        };
        joined.mended += usize::from(matches!(found, Break::Removed | Break::Blank));
        match found {
            Break::Removed => {}
            Break::Blank => joined.text.push(' '),
            Break::Kept => {
                joined.text.truncate(joined.text.trim_end_matches([' ', '\t']).len());
                joined.text.push('\n');
            }
            Break::Doubtful => {
                joined.doubts.push(line.trim().to_owned());
                joined.text.push(if has_own_breaks { '\n' } else { ' ' });
            }
        }
    }
    joined
}

/// The text in quotes that is open at the end, without its quote. Nothing escapes a quote.
fn open_text(text: &str) -> Option<&str> {
    // A line break ends the search: a text that was left broken shall not turn all that follows inside out.
    let line = text.rsplit('\n').next().unwrap_or_default();
    let quotes = line.matches('"').count();
    (quotes % 2 == 1).then(|| line.rsplit('"').next().unwrap_or_default())
}

/// The last part of a list in braces.
fn last_item(text: &str) -> &str {
    text.rsplit([' ', '{']).next().unwrap_or_default()
}

fn inside(so_far: &str, text: &str, line: &str, next: &str, width: Width) -> Break {
    if line.ends_with([' ', '\t']) || next.is_empty() {
        return Break::Removed;
    }
    if next.starts_with([' ', '\t']) {
        return if width.blanks_kept || is_full(line, width) { Break::Removed } else { Break::Doubtful };
    }
    // A line that is not full cannot end inside a word.
    let taken = line.chars().count() + 1 + first_word(next) + 1;
    if width.certain && !width.blanks_kept && !is_full(line, width) && taken > width.characters {
        return Break::Blank;
    }
    // A URI has no blanks, and none before it.
    let whole: String = so_far.chars().chain(next.chars().take_while(|c| !c.is_whitespace())).collect();
    let is_uri = ["http://", "https://", "urn:"].iter().any(|scheme| whole.starts_with(scheme));
    if is_uri && !so_far.contains(char::is_whitespace) {
        return Break::Removed;
    }
    if breaks_a_word(text, line, next, width) { Break::Removed } else { Break::Doubtful }
}

/// The console breaks a word only when it does not fit into a line with its blank, and only at the very end of one.
fn breaks_a_word(text: &str, line: &str, next: &str, width: Width) -> bool {
    is_full(line, width) && first_word(next) > 0 && trailing_word(text) + first_word(next) >= width.characters
}

/// Whether the console had to end the line here.
fn is_full(line: &str, width: Width) -> bool {
    let known = width.certain || width.blanks_kept;
    known && !line.ends_with(char::is_whitespace) && line.chars().count() == width.characters
}

fn first_word(line: &str) -> usize {
    line.chars().take_while(|character| !character.is_whitespace()).count()
}

fn trailing_word(text: &str) -> usize {
    text.chars().rev().take_while(|character| !character.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Breaks a text as the console does. A word is placed with its blank; one that does not fit into a whole line with it
    /// is placed character by character. An editor may have cut the blanks off.
    fn console(text: &str, width: usize, keeps_blanks: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for own_line in text.split('\n') {
            let mut line = String::new();
            for word in own_line.split_inclusive(' ') {
                let length = word.chars().count();
                if length > width {
                    for character in word.chars() {
                        if line.chars().count() == width {
                            lines.push(std::mem::take(&mut line));
                        }
                        line.push(character);
                    }
                } else if line.chars().count() + length > width {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                } else {
                    line.push_str(word);
                }
            }
            lines.push(line);
        }
        if !keeps_blanks {
            lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
        }
        lines
    }

    fn put_together(lines: &[String], width: usize, certain: bool, blanks_kept: bool) -> Joined {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        rules(&lines, Width { characters: width, certain, blanks_kept })
    }

    const RULE: &str = "@RuleName = \"A name with words enough that a console breaks it somewhere in the middle\"\n\
        c:[Type == \"http://schemas.contoso.test/2026/identity/claims/with/a/path/that/is/very/long/indeed/and/longer\"]\n \
        => issue(Type = \"http://contoso.test/b\", Value = regexreplace(c.Value, \"^(?i)[a-z]{1,20}@(?<domain>contoso[.]test)$\", \"one two three four five six seven\"));";

    /// Whitespace between tokens means nothing, so that texts in quotes are compared exactly and the rest without it.
    fn meaning(text: &str) -> Vec<String> {
        let part = |(index, part): (usize, &str)| {
            if index % 2 == 1 { part.to_owned() } else { part.split_whitespace().collect() }
        };
        text.split('"').enumerate().map(part).collect()
    }

    #[test]
    fn what_the_console_broke_is_put_together_again_at_every_width() {
        for width in 40..200 {
            for keeps_blanks in [true, false] {
                let joined = put_together(&console(RULE, width, keeps_blanks), width, !keeps_blanks, keeps_blanks);
                assert_eq!(meaning(&joined.text), meaning(RULE), "{width} {keeps_blanks}\n{}", joined.text);
                assert!(joined.doubts.is_empty(), "{width} {keeps_blanks} {:?}", joined.doubts);
            }
        }
    }

    #[test]
    fn nothing_is_invented_where_the_width_is_not_known() {
        let lines = ["c:[Value == \"Domain", "Users\"] => issue(claim = c);"].map(str::to_owned);
        let joined = put_together(&lines, 20, false, false);
        assert_eq!((joined.text.as_str(), joined.mended), ("c:[Value == \"Domain\nUsers\"] => issue(claim = c);", 0));
        assert_eq!(joined.doubts, ["c:[Value == \"Domain"]);
        // With the blank that the console left, and in a URI, there is no doubt.
        let lines =
            ["c:[Type == \"http://contoso.test/cla", "ims\", Value == \"Domain ", "Users\"] => issue(claim = c);"];
        let joined = put_together(&lines.map(str::to_owned), 20, false, false);
        assert_eq!(
            joined.text,
            "c:[Type == \"http://contoso.test/claims\", Value == \"Domain Users\"] => issue(claim = c);"
        );
        assert_eq!((joined.mended, joined.doubts.len()), (2, 0));
    }

    #[test]
    fn breaks_of_the_rules_own_stay() {
        let text = "@RuleName = \"a\"\nc:[]\n => issue(claim = c);\n\n=> add(Type = \"b\");";
        let lines: Vec<&str> = text.split('\n').collect();
        let joined = rules(&lines, Width { characters: 20, certain: true, blanks_kept: false });
        assert_eq!((joined.text.as_str(), joined.mended), (text, 0));
    }

    #[test]
    fn lists_are_one_line() {
        let width = Width { characters: 42, certain: false, blanks_kept: false };
        let cases: &[(&[&str], &str)] = &[
            (&["{urn:a, http://contoso.test/abc", "def}"], "{urn:a, http://contoso.test/abcdef}"),
            (&["{https://contoso.test/a, ", "urn:b}"], "{https://contoso.test/a, urn:b}"),
            (&["{https://contoso.test/a,", "urn:b}"], "{https://contoso.test/a, urn:b}"),
            (&["Microsoft Office 365 Identity ", "Platform"], "Microsoft Office 365 Identity Platform"),
        ];
        for (lines, expected) in cases {
            let joined = words(lines, width);
            assert_eq!((joined.text.as_str(), joined.doubts.len()), (*expected, 0));
        }
    }

    proptest! {
        #[test]
        fn rules_survive_any_console(
            names in proptest::collection::vec("[a-z]{1,12}( [a-z]{1,12}){0,12}", 1..6),
            hosts in proptest::collection::vec("[a-z/]{1,160}", 1..6),
            width in 40usize..140,
            keeps_blanks in any::<bool>(),
        ) {
            let rule = |(name, host): (&String, &String)| {
                format!("@RuleName = \"{name}\"\nc:[Type == \"http://{host}\", Value =~ \"{name}\"]\n => issue(claim = c);\n")
            };
            let text: String = names.iter().zip(&hosts).map(rule).collect();
            let joined = put_together(&console(&text, width, keeps_blanks), width, !keeps_blanks, keeps_blanks);
            prop_assert_eq!(meaning(&joined.text), meaning(&text));
            prop_assert!(joined.doubts.is_empty());
        }

        #[test]
        fn nothing_makes_it_panic(lines in proptest::collection::vec(".{0,60}", 0..12), width in 0usize..80, certain in any::<bool>(), kept in any::<bool>()) {
            put_together(&lines, width, certain, kept);
        }
    }
}
