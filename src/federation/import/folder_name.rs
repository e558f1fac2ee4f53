//! A folder's name out of a display name, which may be anything.

use std::collections::HashSet;

/// Longest name; file systems take 255 bytes.
const LONGEST: usize = 64;
/// Names that Windows keeps for devices; rules are kept under version control there too.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];

/// A name in lower case that is one harmless part of a path, and different from every other.
pub(in crate::federation) fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut safe = safe(name);
    let first = safe.clone();
    for number in 2usize.. {
        if taken.insert(safe.clone()) {
            break;
        }
        safe = format!("{first}-{number}");
    }
    safe
}

fn safe(name: &str) -> String {
    let mut safe = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        let next = if character.is_alphanumeric() { character } else { '-' };
        if safe.len() + next.len_utf8() > LONGEST {
            break;
        }
        if next != '-' || !(safe.is_empty() || safe.ends_with('-')) {
            safe.push(next);
        }
    }
    safe.truncate(safe.trim_end_matches('-').len());
    let port = ["com", "lpt"].iter().any(|port| {
        safe.strip_prefix(port).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    match safe.as_str() {
        "" => "trust".to_owned(),
        name if port || RESERVED.contains(&name) => format!("trust-{name}"),
        _ => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::{Component, Path};

    #[test]
    fn names_become_folders() {
        let cases = [
            ("Microsoft Office 365 Identity Platform", "microsoft-office-365-identity-platform"),
            ("Active Directory", "active-directory"),
            ("../../etc/passwd", "etc-passwd"),
            ("..", "trust"),
            ("", "trust"),
            ("a\0b\nc", "a-b-c"),
            ("C:\\Windows", "c-windows"),
            ("-rf", "rf"),
            (".ssh", "ssh"),
            ("NUL", "trust-nul"),
            ("com1", "trust-com1"),
            ("Büro Zürich", "büro-zürich"),
        ];
        for (name, expected) in cases {
            assert_eq!(unique(name, &mut HashSet::new()), expected);
        }
        assert_eq!(unique(&"long ".repeat(100), &mut HashSet::new()).len(), 64);
    }

    #[test]
    fn two_of_one_name_are_told_apart() {
        let mut taken = HashSet::new();
        let names = ["A b", "a-B", "a/b!", "a b 2"].map(|name| unique(name, &mut taken));
        assert_eq!(names, ["a-b", "a-b-2", "a-b-3", "a-b-2-2"]);
    }

    proptest! {
        #[test]
        fn every_name_is_one_part_of_a_path(name in any::<String>()) {
            let folder = unique(&name, &mut HashSet::new());
            let parts: Vec<Component> = Path::new(&folder).components().collect();
            prop_assert!(matches!(parts[..], [Component::Normal(_)]));
            prop_assert!(folder.len() <= 70 && !folder.starts_with(['.', '-']) && !folder.chars().any(char::is_control));
        }
    }
}
