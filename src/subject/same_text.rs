//! When two texts are the same name. Active Directory's own comparison also ignores accents, width and kana, and Unicode
//! lower-casing makes the Kelvin sign a `k`: a certificate for `josé@` must not open the account of `jose@`, so what the
//! directory found is compared again here, ignoring nothing but case.

/// Equal without regard to case; an ASCII letter equals only an ASCII letter.
pub(super) fn same_text(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    folded(left).eq(folded(right))
}

/// The text as [`same_text`] compares it.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|character| {
        let crosses = !character.is_ascii() && character.to_lowercase().any(|lower| lower.is_ascii());
        let kept = crosses.then_some(character);
        let lower = (!crosses).then(|| character.to_lowercase());
        kept.into_iter().chain(lower.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_case_and_nothing_else() {
        let cases = [
            ("Alice@Contoso.Test", "alice@contoso.test", true),
            ("GRÜSSE@x", "grüsse@x", true),
            ("josé@x", "jose@x", false),
            ("\u{212A}im@x", "kim@x", false),
            ("\u{212A}im@x", "\u{212A}IM@x", true),
            ("\u{130}x", "ix", false),
            ("ﬁ", "fi", false),
            ("alice", "alice ", false),
            ("", "", true),
        ];
        for (left, right, same) in cases {
            assert_eq!(same_text(left, right), same, "{left} {right}");
            assert_eq!(same_text(right, left), same, "{right} {left}");
        }
    }
}
