//! What copying does to rules: each shape of damage is one bad token with its cure, as long as the damage is, so that a `;`
//! inside it does not end the rule.

use super::{Cure, TokenKind};

/// The plain character that another one is taken for.
const LOOKALIKES: &[(char, char)] = &[
    ('\u{ff1b}', ';'),
    ('\u{37e}', ';'),
    ('\u{204f}', ';'),
    ('\u{ff1a}', ':'),
    ('\u{a789}', ':'),
    ('\u{2236}', ':'),
    ('\u{ff0c}', ','),
    ('\u{201a}', ','),
    ('\u{ff0e}', '.'),
    ('\u{ff1d}', '='),
    ('\u{ff06}', '&'),
    ('\u{ff5e}', '~'),
    ('\u{2dc}', '~'),
    ('\u{223c}', '~'),
    ('\u{ff01}', '!'),
    ('\u{ff20}', '@'),
    ('\u{ff0b}', '+'),
    ('\u{ff08}', '('),
    ('\u{ff09}', ')'),
    ('\u{ff3b}', '['),
    ('\u{ff3d}', ']'),
    ('\u{ff1e}', '>'),
    ('\u{203a}', '>'),
    ('\u{ff1c}', '<'),
    ('\u{430}', 'a'),
    ('\u{441}', 'c'),
    ('\u{435}', 'e'),
    ('\u{456}', 'i'),
    ('\u{43e}', 'o'),
    ('\u{440}', 'p'),
    ('\u{445}', 'x'),
    ('\u{421}', 'C'),
    ('\u{422}', 'T'),
];

/// Every kind of quote that is not the plain one.
pub(in super::super) fn is_typographic_quote(c: char) -> bool {
    matches!(
        c,
        '\u{201c}'..='\u{201f}'
            | '\u{2018}'..='\u{201b}'
            | '\u{2032}'..='\u{2036}'
            | '\u{ab}' | '\u{bb}' | '\u{2039}'
            | '\u{275b}'..='\u{275e}'
            | '\u{301d}'..='\u{301f}'
            | '\u{ff02}' | '\u{ff07}'
            | '`' | '\u{b4}'
    )
}

/// Characters that no editor shows; inside a word or a text they make it another one.
pub(in super::super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// How far a partner is looked for; a longer damaged text is one without an end.
const REACH: usize = 2000;

/// The rest of the line, as far as it matters.
fn line(rest: &str) -> &str {
    let near = (rest.len().min(REACH)..=rest.len()).find_map(|end| rest.get(..end));
    near.and_then(|near| near.lines().next()).unwrap_or_default()
}

fn only_blanks_follow(rest: &str, length: usize) -> bool {
    line(rest).get(length..).is_some_and(|after| after.trim().is_empty())
}

/// The damage that `rest` begins with. `line_start` says that only blanks stand before it on its line.
pub(super) fn recognise(rest: &str, line_start: bool) -> Option<(usize, Cure)> {
    let first = rest.chars().next()?;
    match first {
        '@' | '"' | '\'' => here_string(rest, line_start),
        '&' => entity(rest),
        '`' => backtick(rest, line_start),
        '<' => markup(rest),
        '{' | '\\' => program_source(rest),
        '$' => Some((rest.len().min(1 + word(rest, 1)), Cure::PowerShell)),
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => dash(rest, first),
        '\u{2190}'..='\u{21ff}' | '\u{2794}'..='\u{27bf}' | '\u{27f0}'..='\u{27ff}' => {
            Some((first.len_utf8(), Cure::Arrow))
        }
        '\u{2026}' => Some((first.len_utf8(), Cure::Ellipsis)),
        c => LOOKALIKES
            .iter()
            .find(|(looks, _)| *looks == c)
            .map(|(looks, plain)| (looks.len_utf8(), Cure::Lookalike(*looks, *plain))),
    }
    .or_else(|| is_typographic_quote(first).then(|| (curly_text(rest), Cure::TypographicQuotes)))
}

fn word(rest: &str, from: usize) -> usize {
    let after = rest.get(from..).unwrap_or_default();
    after.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(after.len())
}

/// `@"` at the end of a line begins one in PowerShell, `"@` at the start of a line ends it.
fn here_string(rest: &str, line_start: bool) -> Option<(usize, Cure)> {
    let opens = ["@\"", "@'"].iter().any(|mark| rest.starts_with(mark)) && only_blanks_follow(rest, 2);
    let closes = line_start
        && [("\"@", '"'), ("'@", '\'')].iter().any(|(mark, quote)| {
            rest.starts_with(mark) && line(rest).get(1..).is_some_and(|after| !after.contains(*quote))
        });
    (opens || closes).then_some((2, Cure::HereString))
}

/// From a curly quote to its partner on the line.
fn curly_text(rest: &str) -> usize {
    let line = line(rest);
    line.char_indices()
        .skip(1)
        .find(|(_, c)| *c == '"' || is_typographic_quote(*c))
        .map_or(line.len(), |(at, c)| at + c.len_utf8())
}

fn backtick(rest: &str, line_start: bool) -> Option<(usize, Cure)> {
    if rest.starts_with("```") {
        return Some((line(rest).len(), Cure::CodeFence));
    }
    (!line_start && only_blanks_follow(rest, 1)).then_some((1, Cure::LineContinuation))
}

/// `&gt;`, and `&amp;gt;` when it was escaped twice. An escaped quote reaches to its partner.
fn entity(rest: &str) -> Option<(usize, Cure)> {
    let length = entity_length(rest)?;
    let quote = rest.get(..length).filter(|entity| is_quote_entity(entity));
    let Some(quote) = quote else { return Some((length, Cure::HtmlEntity)) };
    let body = line(rest).get(length..).unwrap_or_default();
    Some((length + body.find(quote).map_or(0, |end| end + length), Cure::HtmlEntity))
}

fn entity_length(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix('&')?;
    let end = name.as_bytes().iter().take(10).position(|byte| *byte == b';').filter(|end| *end >= 2)?;
    let plain = name.get(..end)?.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
    let length = plain.then_some(end + 2)?;
    if name.get(..end) == Some("amp") {
        let again = word(rest, length);
        if (2..=8).contains(&again) && rest.get(length + again..).is_some_and(|after| after.starts_with(';')) {
            return Some(length + again + 1);
        }
    }
    Some(length)
}

fn is_quote_entity(entity: &str) -> bool {
    ["quot;", "#34;", "#x22;", "ldquo;", "rdquo;", "#8220;", "#8221;"].iter().any(|end| entity.ends_with(end))
}

/// Whether a text holds an entity of the characters that rules and patterns are made of.
pub(in super::super) fn holds_entity(text: &str) -> bool {
    ["&amp;", "&lt;", "&gt;", "&quot;", "&#34;", "&#39;", "&nbsp;"].iter().any(|entity| text.contains(entity))
}

/// `<br />`, `</p>`, `<!-- -->`; and `<#`, a comment in PowerShell.
fn markup(rest: &str) -> Option<(usize, Cure)> {
    let after = rest.get(1..)?.chars().next()?;
    if after == '>' {
        return Some((2, Cure::Operator));
    }
    if after == '#' {
        return Some((2, Cure::Comment));
    }
    let tag = after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?');
    tag.then(|| (line(rest).find('>').map_or(2, |end| end + 1), Cure::Markup))
}

/// Escapes of JSON and program sources, and the marks of Rich Text.
fn program_source(rest: &str) -> Option<(usize, Cure)> {
    if rest.starts_with("{\\rtf") {
        return Some((line(rest).len(), Cure::RichText));
    }
    let line = line(rest);
    if let Some(body) = line.strip_prefix("\\\"") {
        return Some((body.find("\\\"").map_or(2, |end| end + 4), Cure::EscapedQuote));
    }
    if ["\\par", "\\f0", "\\fs", "\\tab", "\\line"].iter().any(|mark| rest.starts_with(mark)) {
        return Some((1 + word(rest, 1), Cure::RichText));
    }
    let breaks = ["\\r\\n", "\\n", "\\r", "\\t"].iter().find(|mark| rest.starts_with(*mark));
    breaks.map(|mark| (mark.len(), Cure::EscapedBreak))
}

/// `->`, `–>`, `-eq`, `--`.
fn dash(rest: &str, first: char) -> Option<(usize, Cure)> {
    let length = first.len_utf8();
    let after = rest.get(length..).unwrap_or_default();
    if after.starts_with('>') || after.starts_with('\u{203a}') {
        let arrow = after.chars().next().map_or(0, char::len_utf8);
        return Some((length + arrow, Cure::Arrow));
    }
    if first == '-' && after.starts_with('-') {
        return Some((line(rest).len(), Cure::Comment));
    }
    match word(rest, length) {
        0 if first == '-' => None,
        0 => Some((length, Cure::Lookalike(first, '-'))),
        letters => Some((length + letters, Cure::PowerShellOperator)),
    }
}

/// Where a text ends that a console broke in two: behind the first quote of the next line, if what follows it can only follow
/// a text. `rest` begins with the line feed.
pub(super) fn end_of_wrapped_text(rest: &str) -> Option<usize> {
    let next = line(rest.get(1..)?);
    let end = next.find('"')?;
    let after = next.get(end + 1..)?.trim_start();
    let closes = ["]", ")", ",", "+", ";"].iter().any(|mark| after.starts_with(mark));
    closes.then_some(end + 2)
}

/// An address without quotes, from its `//` on.
pub(super) fn address(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || "])(,;\"".contains(c)).unwrap_or(rest.len()).max(2)
}

/// A comment, whole. The language has none (CLAIM-RULES section 1.5).
pub(super) fn comment(rest: &str, after_blank: bool) -> Option<(usize, TokenKind)> {
    if rest.starts_with("//") || (rest.starts_with('#') && after_blank) {
        return Some((rest.find(['\n', '\r']).unwrap_or(rest.len()), TokenKind::Comment));
    }
    let body = rest.strip_prefix("/*")?;
    Some(
        body.find("*/")
            .map_or((rest.len(), TokenKind::Bad(Cure::UnclosedComment)), |end| (end + 4, TokenKind::Comment)),
    )
}
