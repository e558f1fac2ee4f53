//! Which name was probably meant.

/// The name nearest to `name`, if it is near enough to be a typing error.
pub(crate) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let measured = known.map(|known| (edit_distance(name, known), known));
    measured.min().filter(|(distance, _)| *distance <= 1 + name.len() / 4).map(|(_, known)| known)
}

/// Letters to insert, remove, replace or swap with their neighbour, counted row by row.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, ca) in a.chars().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(ca != *cb);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if j > 0 && previous == Some(*cb) && b[j - 1] == ca {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
        previous = Some(ca);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_near_and_another_word_is_not() {
        let cases = [
            ("ldfi", Some("ldif")),
            ("lda", Some("ldap")),
            ("", None),
            ("x500", None),
            ("active-directori", Some("active-directory")),
        ];
        for (name, expected) in cases {
            assert_eq!(nearest(name, ["ldap", "ldif", "active-directory"].into_iter()), expected, "{name}");
        }
        for (a, b, distance) in
            [("", "", 0), ("", "ab", 2), ("ab", "ba", 1), ("abc", "ca", 3), ("kitten", "sitting", 3)]
        {
            assert_eq!((edit_distance(a, b), edit_distance(b, a)), (distance, distance), "{a} {b}");
        }
    }
}
