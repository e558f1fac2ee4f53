//! Reports as JSON that is safe on a terminal too.

use serde::Serialize;

/// One line of JSON. serde_json escapes the control characters below a blank; the others, and those that turn the direction of
/// writing around, are escaped here. Outside of strings JSON has none of them.
pub fn to_json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            safe.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Characters that a terminal acts upon rather than shows. All lie in the basic plane.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_move_the_cursor_and_none_is_changed() {
        let hostile = "CN=\u{1b}[2J\n\u{9b}31m\u{202e}gpj.exe\u{7f}é";
        let json = to_json(&hostile);
        assert!(!json.chars().any(is_unsafe), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }
}
