//! Text for terminals and logs: broken between words, and with nothing in it that would be acted upon instead of shown. Names in
//! certificates are written by whoever made them.

use std::borrow::Cow;

/// Whether a terminal acts upon a character or does not show it: control characters, those that turn the direction of writing
/// around (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), and others that are invisible.
pub fn is_unseen(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control(); // nearly all of them, and the rest is not looked at
    }
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Looks only at characters that are not plain ASCII: every sentence of every sign-in comes by here.
fn has_unseen(text: &str) -> bool {
    // Without a branch for each octet, so that many are compared at once.
    let plain = text.bytes().fold(true, |plain, octet| plain & (octet.wrapping_sub(b' ') < 0x5f));
    let mut rest = if plain { "" } else { text };
    while let Some(at) = rest.bytes().position(|octet| !matches!(octet, b' '..=b'~')) {
        let mut from_there = rest[at..].chars();
        if from_there.next().is_some_and(is_unseen) {
            return true;
        }
        rest = from_there.as_str();
    }
    false
}

/// The text with every such character spelled out.
pub fn spelled_out(text: &str) -> Cow<'_, str> {
    if !has_unseen(text) {
        return Cow::Borrowed(text);
    }
    let spelled = |character: char| match character {
        unseen if is_unseen(unseen) => unseen.escape_default().to_string(),
        other => other.to_string(),
    };
    Cow::Owned(text.chars().map(spelled).collect())
}

/// The text broken between words into lines of at most `room` characters. A word that is longer stays whole: it is an address
/// or a number, to be copied.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_nothing() {
        let text = "The user certificate \"CN=Bob Brown, O=Contoso, C=US\" was revoked, says the CRL at \
                    http://127.0.0.1:40325/a/path/that/is/longer/than/any/line/of/this/terminal.crl.";
        for room in [1, 40, 56, 76, 1000] {
            let lines = wrapped(text, room);
            assert_eq!(lines.join(" "), text);
            assert!(lines.iter().all(|line| line.chars().count() <= room || !line.contains(' ')), "{lines:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_spelled_out_and_nothing_else() {
        for unseen in [
            "\n",
            "\u{1b}",
            "\u{9b}",
            "\u{61c}",
            "\u{200e}",
            "\u{202a}",
            "\u{202e}",
            "\u{2066}",
            "\u{2069}",
            "\u{e0041}",
        ] {
            let spelled = spelled_out(unseen).into_owned();
            assert!(spelled.starts_with('\\') && spelled.is_ascii(), "{spelled}");
        }
        for seen in ["CN=Zoë Łukasz, O=日本", "עברית", "a b"] {
            assert_eq!(spelled_out(seen), seen);
        }
    }
}
