//! Reports as JSON that is safe on a terminal too.

use crate::typesetting::is_unseen;
use serde::Serialize;

/// One line of JSON. serde_json escapes the control characters below a blank; the others, and those that turn the direction of
/// writing around, are escaped here. Outside of strings JSON has none of them.
pub fn to_json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unseen(character) {
            let mut units = [0; 2];
            character.encode_utf16(&mut units).iter().for_each(|unit| safe.push_str(&format!("\\u{unit:04x}")));
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_move_the_cursor_and_none_is_changed() {
        let hostile = "CN=\u{1b}[2J\n\u{9b}31m\u{202e}gpj.exe\u{7f}é\u{e0041}";
        let json = to_json(&hostile);
        assert!(!json.chars().any(is_unseen), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }
}
