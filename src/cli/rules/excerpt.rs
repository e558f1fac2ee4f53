//! A finding as a compiler prints it: the place, what is wrong, the line with a mark under the token, and the cure.

use crate::claims::language::RuleDiagnostic;
use crate::verification::shown;

/// Columns of the line that are shown; rules are long lines.
const WIDTH: usize = 110;
/// Of these, how many may stand before the token.
const BEFORE: usize = 60;

/// `severity` is "error" or "warning".
pub(super) fn excerpt(severity: &str, finding: &RuleDiagnostic) -> String {
    let position = finding.position;
    let mut out = format!(
        "{}:{}:{}: {severity}: {}\n",
        shown(&finding.source_name),
        position.line,
        position.column + 1,
        shown(&finding.finding())
    );
    let margin = " ".repeat(position.line.to_string().len());
    let (line, mark) = marked(finding);
    out.push_str(&format!("{margin} |\n{} | {line}\n{margin} | {mark}\n", position.line));
    let mut note = |label: &str, text: &str| out.push_str(&format!("{margin} = {label}: {}\n", shown(text)));
    if let Some(cure) = finding.cure() {
        note("cure", &cure.to_string());
    }
    if let Some(rule) = &finding.rule {
        note("in", &rule.to_string());
    }
    if finding.problem.policy_code().is_some() && severity == "error" {
        note("AD FS", &policy_place(finding));
    }
    out
}

/// A damaged token can be as long as a line, and the line is shown above.
fn policy_place(finding: &RuleDiagnostic) -> String {
    let mut place = finding.policy_place();
    if let Some((at, _)) = place.char_indices().nth(200) {
        place.truncate(at);
        place.push('…');
    }
    place
}

/// The line around the token, and the mark that stands under it. Nothing in it moves a cursor, so that the mark stays in place.
fn marked(finding: &RuleDiagnostic) -> (String, String) {
    let characters: Vec<char> = finding.line_text.chars().collect();
    let column = finding.line_column.min(characters.len());
    let start = column.saturating_sub(BEFORE);
    let end = characters.len().min(start + WIDTH);
    let visible = |from: usize, to: usize| -> String {
        characters.get(from..to).unwrap_or_default().iter().map(|c| visible(*c)).collect()
    };
    let (cut, rest) = (if start > 0 { "…" } else { "" }, if end < characters.len() { "…" } else { "" });
    let line = format!("{cut}{}{rest}", visible(start, end));
    let before = cut.chars().count() + visible(start, column).chars().count();
    let token = finding.token.lines().next().map_or(0, |token| token.chars().count());
    let marks = token.min(end.saturating_sub(column)).max(1);
    (line.trim_end().to_owned(), format!("{}{}", " ".repeat(before), "^".repeat(marks)))
}

/// One column for each character.
fn visible(c: char) -> char {
    if c == '\t' {
        ' '
    } else if shown(c.encode_utf8(&mut [0; 4])).chars().count() != 1 {
        '\u{fffd}'
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::language::{Strictness, findings};

    fn first(text: &str) -> String {
        excerpt("error", findings("a.rules", text, Strictness::Strict, None).errors.first().unwrap())
    }

    #[test]
    fn shows_place_line_mark_cure_and_the_words_of_ad_fs() {
        let expected = "a.rules:2:9: error: POLICY0030: Syntax error, unexpected '=', expecting one of the following: '==' '!=' '=~' \
                        '!~' .\n  |\n2 | c:[Type = \"x\"] => issue(claim = c);\n  |         ^\n  = cure: A condition compares with ==, !=, \
                        =~ or !~.\n  = in: rule 1 \"N\" (line 1)\n  = AD FS: POLICY0002: Could not parse policy data. Line number: 2, \
                        Column number: 8, Error token: =.\n";
        assert_eq!(first("@RuleName = \"N\"\nc:[Type = \"x\"] => issue(claim = c);"), expected);
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark_and_nothing_moves_the_cursor() {
        let text = format!(
            "\tc:[Type == \"{}\u{1b}[2J\", Value = \"x\"] => issue(claim = c);{}",
            "y".repeat(500),
            " ".repeat(300)
        );
        let shown = first(&text);
        let lines: Vec<&str> = shown.lines().collect();
        let mark = lines[3].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[2].chars().nth(mark), Some('='), "{shown}");
        assert!(lines[2].chars().count() < 130 && lines[2].contains("…y") && !shown.contains('\u{1b}'), "{shown}");
        assert!(first("c:[\u{1b}]31m").contains("U+001B"));
    }
}
