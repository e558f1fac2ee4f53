//! Whether a rule set does anything with a kind of claim but hand it on. What is only handed on need not be fetched when
//! nobody behind reads it.

use super::language::program::{Action, Rule};

/// Whether every rule that a claim of this type can satisfy is `c:[…] => issue(claim = c)` with no other condition.
pub(super) fn only_passes_on(rules: &[Rule], claim_type: &str) -> bool {
    rules.iter().all(|rule| {
        let can_read = rule.conditions.iter().any(|condition| match condition.named_type() {
            Some(named) => **named == *claim_type,
            None => true,
        });
        let hands_on = matches!(rule.action, Action::Copy { .. }) && rule.conditions.len() == 1;
        !can_read || hands_on
    })
}

#[cfg(test)]
mod tests {
    use super::super::language::{Strictness, parse};
    use super::*;

    #[test]
    fn a_condition_that_decides_anything_else_counts() {
        let only = |text: &str| only_passes_on(parse("test", text, Strictness::Strict).unwrap().rules(), "urn:g");
        assert!(only(
            r#"c:[Type == "urn:g"] => issue(claim = c); c:[Type == "urn:x"] => issue(Type = "y", Value = "z");"#
        ));
        assert!(only(r#"c:[Type == "urn:g", Value =~ "1$"] => issue(claim = c);"#));
        assert!(only("c:[] => issue(claim = c);"));
        assert!(!only(r#"c:[Type == "urn:g"] => issue(Type = "y", Value = c.Value);"#));
        assert!(!only(r#"exists([Type == "urn:g"]) => issue(Type = "y", Value = "z");"#));
        assert!(!only(r#"c:[Type == "urn:x"] && [Type == "urn:g"] => issue(claim = c);"#));
        assert!(!only(r#"c:[Value == "v"] => issue(Type = "y", Value = "z");"#));
    }
}
