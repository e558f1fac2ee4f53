//! Conditional groups.

use super::pattern_text::{Branch, PatternError, Translator};

impl Translator<'_> {
    /// `(?(n)yes|no)` asks whether a group took part. With anything else in the brackets, `(?(x)yes|no)`, it asks whether that
    /// would match here; which is written `(?:(?=x)yes|(?!x)no)`.
    pub(super) fn conditional(&mut self) -> Result<(), PatternError> {
        let mut ahead = self.cursor;
        let group = ahead.name_until(')').filter(|name| self.is_group(name));
        if let Some(name) = group {
            self.cursor = ahead;
            return self.group_test(&name);
        }
        let (groups, depth) = (self.found.len(), self.open.len());
        let before = std::mem::take(&mut self.out);
        let special = self.cursor.starts_with("?");
        if special {
            self.group()?;
        } else {
            self.open_group("");
        }
        if self.open.len() == depth {
            return Err(PatternError::Malformed("a conditional group has no condition"));
        }
        while self.open.len() > depth {
            let c = self.cursor.take().ok_or(PatternError::Malformed("a conditional group is not closed"))?;
            self.element(c)?;
        }
        let test = std::mem::replace(&mut self.out, before);
        let test = if special { test.as_str() } else { test.strip_suffix(')').unwrap_or_default() };
        if self.found.len() > groups {
            return Err(PatternError::Unsupported(
                "a conditional group whose condition has groups of its own",
                "write (?:...) in the condition",
            ));
        }
        self.open_conditional(&format!("(?:(?={test})"), format!("(?!{test})"));
        Ok(())
    }

    /// A number always is one; a word only if there is such a group.
    fn is_group(&self, name: &str) -> bool {
        name.starts_with(|c: char| c.is_ascii_digit())
            || self.groups.is_none_or(|groups| groups.by_name(name).is_some())
    }

    fn group_test(&mut self, name: &str) -> Result<(), PatternError> {
        let engine = match (self.groups, name.parse()) {
            (None, _) => Some([0].as_slice()),
            (Some(groups), Ok(number)) => groups.by_number(number),
            (Some(groups), Err(_)) => groups.by_name(name),
        };
        match engine {
            None => Err(PatternError::Malformed("a conditional group names a group that does not exist")),
            Some([group]) => {
                self.open_conditional(&format!("(?({group})"), String::new());
                Ok(())
            }
            Some(_) => Err(PatternError::Unsupported(
                "a condition on a group name that is used twice",
                "give each group a name of its own",
            )),
        }
    }

    fn open_conditional(&mut self, text: &str, otherwise: String) {
        self.open_group(text);
        let start = self.out.len();
        if let Some(open) = self.open.last_mut() {
            open.branch = Branch::Yes { start, otherwise };
        }
    }
}
