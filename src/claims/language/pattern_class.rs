//! Character classes: .NET takes `[`, `&&` and POSIX names inside a class as plain characters and knows subtraction
//! (`[a-z-[aeiou]]`); the engine does neither, so every character is written escaped and subtraction as `--`.

use super::pattern_cursor::Cursor;
use super::pattern_text::{PatternError, WORD, push_literal};

const MAXIMUM_DEPTH: usize = 16;

enum Item {
    Set(String),
    Character(char),
}

/// Translates a class; the cursor stands behind the `[`.
pub(super) fn translate(cursor: &mut Cursor<'_>, depth: usize) -> Result<String, PatternError> {
    if depth > MAXIMUM_DEPTH {
        return Err(PatternError::TooMuch { what: "class subtractions inside one another", limit: MAXIMUM_DEPTH });
    }
    let negated = cursor.take_if("^");
    let mut items = String::new();
    let mut first = true;
    loop {
        if !first && cursor.take_if("]") {
            return Ok(close(&items, negated, None));
        }
        if !first && cursor.take_if("-[") {
            return subtraction(cursor, depth, &items, negated);
        }
        match item(cursor)? {
            Item::Set(set) => items.push_str(&set),
            Item::Character(low) => {
                if cursor.starts_with("-") && cursor.peek_at(1).is_some_and(|c| c != ']') {
                    if cursor.take_if("-[") {
                        push_literal(&mut items, low);
                        return subtraction(cursor, depth, &items, negated);
                    }
                    cursor.take();
                    range(cursor, &mut items, low)?;
                } else {
                    push_literal(&mut items, low);
                }
            }
        }
        first = false;
    }
}

fn range(cursor: &mut Cursor<'_>, items: &mut String, low: char) -> Result<(), PatternError> {
    let Item::Character(high) = item(cursor)? else {
        return Err(PatternError::Malformed("a range in a class ends in a set"));
    };
    if high < low {
        return Err(PatternError::Malformed("a range in a class runs backwards"));
    }
    push_literal(items, low);
    items.push('-');
    push_literal(items, high);
    Ok(())
}

fn subtraction(cursor: &mut Cursor<'_>, depth: usize, items: &str, negated: bool) -> Result<String, PatternError> {
    let less = translate(cursor, depth + 1)?;
    if cursor.take_if("]") {
        Ok(close(items, negated, Some(&less)))
    } else {
        Err(PatternError::Malformed("a subtraction must be the last thing in a class"))
    }
}

fn close(items: &str, negated: bool, less: Option<&str>) -> String {
    let negation = if negated { "^" } else { "" };
    match less {
        Some(less) => format!("[[{negation}{items}]--{less}]"),
        None => format!("[{negation}{items}]"),
    }
}

fn item(cursor: &mut Cursor<'_>) -> Result<Item, PatternError> {
    let unclosed = PatternError::Malformed("a class is not closed");
    let c = cursor.take().ok_or(unclosed.clone())?;
    if c == '[' && cursor.posix_name() {
        return Err(PatternError::Unsupported(
            "a POSIX name in a class ([:alpha:]), which .NET reads over as if it were not there,",
            "write the characters, such as a-zA-Z",
        ));
    }
    if c != '\\' {
        return Ok(Item::Character(c));
    }
    let escaped = cursor.take().ok_or(unclosed)?;
    match escaped {
        'w' => Ok(Item::Set(WORD.to_owned())),
        'W' => Ok(Item::Set(format!("[^{WORD}]"))),
        'd' | 'D' | 's' | 'S' => Ok(Item::Set(format!("\\{escaped}"))),
        'p' | 'P' => Ok(Item::Set(format!("\\{escaped}{{{}}}", cursor.category()?))),
        'b' => Ok(Item::Character('\u{8}')),
        '-' => Ok(Item::Character('-')),
        c => cursor.character_escape(c).map(Item::Character),
    }
}
