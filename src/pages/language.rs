//! Which language a page speaks.

/// One of the languages that [`super::Pages`] knows; the position in its list. The default is the one the operator chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Language(pub(super) usize);

/// The position of the language that an Accept-Language header likes best (RFC 9110 section 12.5.4), matched by lookup
/// (RFC 4647 section 3.4): `de-AT` is served by `de`. `None` when nothing matches.
pub(super) fn preferred(header: &str, known: &[&str]) -> Option<usize> {
    let mut best: Option<(u16, usize)> = None;
    for range in header.split(',') {
        let (tag, weight) = range.split_once(';').map_or((range, ""), |(tag, weight)| (tag, weight));
        let quality = quality(weight.trim());
        let Some(position) = looked_up(tag.trim(), known) else { continue };
        // of equals, the first named
        if quality > 0 && best.is_none_or(|(so_far, _)| quality > so_far) {
            best = Some((quality, position));
        }
    }
    best.map(|(_, position)| position)
}

fn looked_up(tag: &str, known: &[&str]) -> Option<usize> {
    let mut range = tag;
    loop {
        if let Some(position) = known.iter().position(|known| known.eq_ignore_ascii_case(range)) {
            return Some(position);
        }
        range = range.rsplit_once('-')?.0;
    }
}

/// In thousandths; one without a weight counts in full, one with a weight that cannot be read not at all.
fn quality(weight: &str) -> u16 {
    if weight.is_empty() {
        return 1000;
    }
    let value = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q=")).and_then(|value| value.parse().ok());
    let value: f32 = value.unwrap_or(0.0);
    if (0.0..=1.0).contains(&value) { (value * 1000.0) as u16 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses() {
        let known = ["en", "de", "pt-BR"];
        for (header, expected) in [
            ("de", Some(1)),
            ("de-AT, en;q=0.9", Some(1)),
            ("DE-at-1996", Some(1)),
            ("en;q=0.3, de;q=0.7", Some(1)),
            ("fr, de;q=0.5, en;q=0.5", Some(1)),
            ("pt-br", Some(2)),
            ("pt", None),
            ("fr;q=1, *;q=0.1", None),
            ("de;q=0", None),
            ("de;q=nonsense, en;q=0.1", Some(0)),
            ("de;q=NaN", None),
            ("", None),
            (";;;,,,-", None),
        ] {
            assert_eq!(preferred(header, &known), expected, "{header:?}");
        }
    }
}
