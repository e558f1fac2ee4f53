//! Back references, by number and by name.

use super::pattern_groups::Groups;
use super::pattern_text::{PatternError, Quantifiable, Translator};

impl Translator<'_> {
    /// `\<name>` is an old spelling of `\k<name>`; anything else after `\<` is a literal.
    pub(super) fn angled(&mut self, open: char) -> Result<(), PatternError> {
        let mut ahead = self.cursor;
        match ahead.name_until(if open == '<' { '>' } else { '\'' }) {
            Some(name) => {
                self.cursor = ahead;
                self.reference(&name)
            }
            None => {
                self.literal(open);
                Ok(())
            }
        }
    }

    pub(super) fn numbered_reference(&mut self, first: char) -> Result<(), PatternError> {
        let mut ahead = self.cursor;
        let digits: String = std::iter::once(first).chain(ahead.digits().chars()).collect();
        let known = |groups: &Groups| digits.parse().ok().and_then(|number| groups.by_number(number)).is_some();
        if digits.len() == 1 || self.groups.is_none_or(known) {
            self.cursor = ahead;
            return self.reference(&digits);
        }
        let c = self.cursor.character_escape(first)?;
        self.literal(c);
        Ok(())
    }

    pub(super) fn reference(&mut self, name: &str) -> Result<(), PatternError> {
        self.quantifiable = Quantifiable::Atom;
        let Some(groups) = self.groups else { return Ok(()) };
        let engine = match name.parse() {
            Ok(number) => groups.by_number(number),
            Err(_) => groups.by_name(name),
        };
        match engine {
            Some([0]) | None => Err(PatternError::Malformed("a back reference names a group that does not exist")),
            Some([group]) => {
                self.atom(&format!("(?:\\{group})"));
                Ok(())
            }
            Some(_) => Err(PatternError::Unsupported(
                "a back reference to a group name that is used twice",
                "give each group a name of its own",
            )),
        }
    }
}
