//! Regular expressions that can take exponential time: a repetition of something that consists of repetitions only, as in
//! `(a+)+` or `(\\w+\\s?)+`. Where every round must begin or end with something fixed, as in `(\\.[a-z]+)*`, there is one way to
//! divide a value, and no danger.

/// What one open group has shown so far.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    /// Whether the running alternative holds an item that must be there exactly as often as it is written.
    fixed: bool,
    /// Whether the running alternative holds an unbounded repetition.
    repeats: bool,
    /// Whether an alternative had repetitions and nothing fixed.
    loose: bool,
    /// Look-around matches nothing that is repeated.
    plain: bool,
}

impl Group {
    fn new(start: usize, plain: bool) -> Self {
        Self { start, fixed: false, repeats: false, loose: false, plain }
    }

    fn end_alternative(&mut self) {
        self.loose |= self.repeats && !self.fixed;
        (self.fixed, self.repeats) = (false, false);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Bounded,
    Unbounded,
}

/// The first dangerous part of a pattern that compiles, if there is one.
pub(super) fn repeated_repetition(pattern: &str) -> Option<&str> {
    let bytes = pattern.as_bytes();
    let mut open = vec![Group::new(0, true)];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mut closed = None;
        match byte {
            b'\\' => at += 2,
            b'[' => at = class_end(bytes, at),
            b'(' => {
                let lookaround = ["(?=", "(?!", "(?<=", "(?<!", "(?>", "(?#"];
                let plain = !lookaround
                    .iter()
                    .any(|mark| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark.as_bytes())));
                open.push(Group::new(at, plain));
                at += 1;
                if bytes.get(at) == Some(&b'?') {
                    at += 1 + bytes.get(at + 1..).map_or(0, group_prefix);
                }
                continue;
            }
            b')' => {
                at += 1;
                closed = open.pop();
            }
            b'|' => {
                open.last_mut()?.end_alternative();
                at += 1;
                continue;
            }
            b'^' | b'$' => {
                at += 1;
                continue;
            }
            _ => at += 1,
        }
        let (times, length) = times(bytes.get(at..).unwrap_or_default());
        at += length;
        let mut loose_inside = false;
        if let Some(mut group) = closed {
            group.end_alternative();
            loose_inside = group.loose && group.plain;
            if loose_inside && times == Times::Unbounded {
                return pattern.get(group.start..at);
            }
        }
        let around = open.last_mut()?;
        match times {
            Times::Unbounded => around.repeats = true,
            Times::Once if loose_inside => around.repeats = true,
            Times::Once => around.fixed |= *byte != b'.',
            Times::Bounded => {}
        }
    }
    None
}

fn class_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1 + usize::from(bytes.get(from + 1) == Some(&b'^'));
    at += usize::from(bytes.get(at) == Some(&b']'));
    let mut depth = 1;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'-' if bytes.get(at) == Some(&b'[') => {
                depth += 1;
                at += 1;
            }
            b']' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    at
}

/// `<name>`, `:` and whatever else follows `(?` before the group's body.
fn group_prefix(rest: &[u8]) -> usize {
    let named = matches!(rest.first(), Some(b'<' | b'\'')) && !matches!(rest.get(1), Some(b'=' | b'!'));
    let end = |close: &[u8]| rest.iter().skip(1).position(|byte| close.contains(byte)).map_or(rest.len(), |at| at + 2);
    match rest.first() {
        Some(_) if named => end(b">'"),
        Some(b'<') => 2,
        Some(b':' | b'=' | b'!' | b'>') => 1,
        _ => rest
            .iter()
            .position(|byte| matches!(byte, b':' | b')'))
            .map_or(rest.len(), |at| at + usize::from(rest.get(at) == Some(&b':'))),
    }
}

/// How often the item before may occur, and how long saying so is.
fn times(rest: &[u8]) -> (Times, usize) {
    let lazy = |length: usize| length + usize::from(rest.get(length) == Some(&b'?'));
    match rest.first() {
        Some(b'*' | b'+') => (Times::Unbounded, lazy(1)),
        Some(b'?') => (Times::Bounded, lazy(1)),
        Some(b'{') => {
            let Some(end) = rest.iter().position(|byte| *byte == b'}') else { return (Times::Once, 0) };
            let inside = rest.get(1..end).unwrap_or_default();
            let interval = inside.first().is_some_and(u8::is_ascii_digit)
                && inside.iter().all(|byte| byte.is_ascii_digit() || *byte == b',');
            match (interval, inside.contains(&b','), inside.last()) {
                (false, ..) => (Times::Once, 0),
                (true, true, Some(b',')) => (Times::Unbounded, lazy(end + 1)),
                (true, true, _) => (Times::Bounded, lazy(end + 1)),
                (true, false, _) => (Times::Once, lazy(end + 1)),
            }
        }
        _ => (Times::Once, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::repeated_repetition;

    #[test]
    fn finds_what_can_be_divided_in_many_ways_only() {
        let cases = [
            ("(a+)+$", Some("(a+)+")),
            ("^(([a-z])+.)+[A-Z]", Some("(([a-z])+.)+")),
            (r"^(\w+\s?)+$", Some(r"(\w+\s?)+")),
            ("x(?:.*)*y", Some("(?:.*)*")),
            ("((a+))+", Some("((a+))+")),
            ("(a|b+)*", Some("(a|b+)*")),
            ("(?<n>a*b*){2,}", Some("(?<n>a*b*){2,}")),
            (r"(\.[a-z]+)*", None),
            (r"^([^@]+)@(?<domain>.+)$", None),
            (r"^((.*)([.|@]))?(?<domain>[^.]*[.].*)$", None),
            (r"(?i)(^([^@]+)@)(?<domain>(a\.example|b\.example))$", None),
            (r"\b(192\.168\.\d+\.\d+)\b(,.*)*", None),
            ("(?!(a+))+b", None),
            (r"[(a+)+]\(a+\)+", None),
            ("(?i)(?<x>a+)?", None),
            ("(a{2})+", None),
        ];
        for (pattern, expected) in cases {
            assert_eq!(repeated_repetition(pattern), expected, "{pattern}");
        }
    }
}
