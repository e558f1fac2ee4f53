//! Translates a .NET regular expression into the dialect of `fancy-regex` (CLAIM-RULES section 7).
//!
//! Every group becomes an unnamed one; .NET's numbers and names live in [`Groups`], because .NET numbers unnamed groups
//! before named ones. What cannot be said in the other dialect is refused, never approximated.

use super::pattern_class;
use super::pattern_cursor::Cursor;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::claims) enum PatternError {
    /// Not a regular expression of .NET either.
    #[error("{0}")]
    Malformed(&'static str),
    /// Valid in .NET, not available here.
    #[error("{0} is not supported here")]
    Unsupported(&'static str),
    /// The engine refused the translation.
    #[error("{0}")]
    Engine(String),
}

/// Which engine groups a .NET group number or name stands for; several when the pattern uses a name twice.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::claims) struct Groups {
    numbered: Vec<(u32, Vec<usize>)>,
    named: Vec<(String, Vec<usize>)>,
}

impl Groups {
    pub(super) fn by_number(&self, number: u32) -> Option<&[usize]> {
        self.numbered.iter().find(|(known, _)| *known == number).map(|(_, engine)| engine.as_slice())
    }

    pub(super) fn by_name(&self, name: &str) -> Option<&[usize]> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, engine)| engine.as_slice())
    }

    /// The group with the highest number: what `$+` means.
    pub(super) fn last(&self) -> Option<&[usize]> {
        self.numbered.iter().max_by_key(|(number, _)| *number).map(|(_, engine)| engine.as_slice())
    }

    /// .NET's numbering: explicit numbers stay, unnamed groups count from one, names take the numbers left over.
    fn assign(found: &[GroupName]) -> Self {
        let mut groups = Self { numbered: vec![(0, vec![0])], named: Vec::new() };
        let mut unnamed = 0;
        for (index, name) in found.iter().enumerate() {
            let number = match name {
                GroupName::None => {
                    unnamed += 1;
                    unnamed
                }
                GroupName::Number(number) => *number,
                GroupName::Name(_) => continue,
            };
            groups.add_number(number, index + 1);
        }
        for (index, name) in found.iter().enumerate() {
            let GroupName::Name(name) = name else { continue };
            match groups.named.iter_mut().find(|(known, _)| known == name) {
                Some((_, engine)) => engine.push(index + 1),
                None => groups.named.push((name.clone(), vec![index + 1])),
            }
        }
        let mut next = unnamed + 1;
        for (_, engine) in &groups.named {
            while groups.numbered.iter().any(|(known, _)| *known == next) {
                next += 1;
            }
            groups.numbered.push((next, engine.clone()));
        }
        groups
    }

    fn add_number(&mut self, number: u32, engine: usize) {
        match self.numbered.iter_mut().find(|(known, _)| *known == number) {
            Some((_, known)) => known.push(engine),
            None => self.numbered.push((number, vec![engine])),
        }
    }
}

enum GroupName {
    None,
    Number(u32),
    Name(String),
}

/// A pattern in the engine's dialect.
#[derive(Debug)]
pub(super) struct Translation {
    pub(super) text: String,
    pub(super) groups: Groups,
    /// Whether `$` or `\Z` occurs, whose meaning depends on a line feed at the end of the input.
    pub(super) has_end_anchor: bool,
}

/// Translates; `end` is what `$` becomes.
pub(super) fn translate(pattern: &str, end: &'static str) -> Result<Translation, PatternError> {
    let groups = Groups::assign(&Translator::new(pattern, end, None).run()?.found);
    let done = Translator::new(pattern, end, Some(&groups)).run()?;
    Ok(Translation { text: done.out, has_end_anchor: done.has_end_anchor, groups })
}

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    multi_line: bool,
    ignore_blanks: bool,
    explicit_capture: bool,
}

struct Translator<'p> {
    cursor: Cursor<'p>,
    end: &'static str,
    /// Known only in the second pass: a back reference may stand before its group.
    groups: Option<&'p Groups>,
    flags: Flags,
    open: Vec<Flags>,
    found: Vec<GroupName>,
    out: String,
    has_end_anchor: bool,
    quantifiable: Quantifiable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantifiable {
    Nothing,
    Atom,
    AlreadyQuantified,
}

impl<'p> Translator<'p> {
    fn new(pattern: &'p str, end: &'static str, groups: Option<&'p Groups>) -> Self {
        Self {
            cursor: Cursor::new(pattern),
            end,
            groups,
            flags: Flags::default(),
            open: Vec::new(),
            found: Vec::new(),
            out: String::with_capacity(pattern.len() + 16),
            has_end_anchor: false,
            quantifiable: Quantifiable::Nothing,
        }
    }

    fn run(mut self) -> Result<Self, PatternError> {
        while let Some(c) = self.cursor.take() {
            self.element(c)?;
        }
        if self.open.is_empty() { Ok(self) } else { Err(PatternError::Malformed("a group is not closed")) }
    }

    fn element(&mut self, c: char) -> Result<(), PatternError> {
        match c {
            '#' if self.flags.ignore_blanks => self.cursor.skip_line(),
            c if self.flags.ignore_blanks && c.is_whitespace() => {}
            '\\' => self.escape()?,
            '[' => {
                let class = pattern_class::translate(&mut self.cursor, 0)?;
                self.atom(&class);
            }
            '(' => self.group()?,
            ')' => {
                self.flags = self.open.pop().ok_or(PatternError::Malformed("there is a ')' without its '('"))?;
                self.atom(")");
            }
            '|' => {
                self.out.push('|');
                self.quantifiable = Quantifiable::Nothing;
            }
            '$' => self.end_anchor(),
            '^' | '.' => self.atom(c.encode_utf8(&mut [0; 4])),
            '*' | '+' | '?' => self.quantifier(c.encode_utf8(&mut [0; 4]))?,
            '{' => match self.cursor.interval() {
                Some(interval) => self.quantifier(&format!("{{{interval}}}"))?,
                None => self.literal('{'),
            },
            c => self.literal(c),
        }
        Ok(())
    }

    fn atom(&mut self, text: &str) {
        self.out.push_str(text);
        self.quantifiable = Quantifiable::Atom;
    }

    fn literal(&mut self, c: char) {
        push_literal(&mut self.out, c);
        self.quantifiable = Quantifiable::Atom;
    }

    fn end_anchor(&mut self) {
        if self.flags.multi_line {
            self.atom("$");
        } else {
            self.has_end_anchor = true;
            self.atom(self.end);
        }
    }

    fn quantifier(&mut self, text: &str) -> Result<(), PatternError> {
        match self.quantifiable {
            Quantifiable::Nothing => return Err(PatternError::Malformed("a quantifier follows nothing")),
            Quantifiable::AlreadyQuantified => {
                return Err(PatternError::Malformed("a quantifier follows a quantifier"));
            }
            Quantifiable::Atom => {}
        }
        self.out.push_str(text);
        if self.cursor.take_if("?") {
            self.out.push('?');
        }
        self.quantifiable = Quantifiable::AlreadyQuantified;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let c = self.cursor.take().ok_or(PatternError::Malformed("the pattern ends in a backslash"))?;
        match c {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'b' | 'B' | 'A' | 'z' => {
                self.atom(&format!("\\{c}"));
            }
            'G' => return Err(PatternError::Unsupported("\\G")),
            'Z' => {
                let multi_line = std::mem::take(&mut self.flags.multi_line);
                self.end_anchor();
                self.flags.multi_line = multi_line;
            }
            'p' | 'P' => {
                let category = self.cursor.category()?;
                self.atom(&format!("\\{c}{{{category}}}"));
            }
            'k' => {
                let name = self.cursor.delimited_name().ok_or(PatternError::Malformed("\\k needs a group name"))?;
                self.reference(&name)?;
            }
            '1'..='9' => self.numbered_reference(c)?,
            '<' | '\'' => self.angled(c)?,
            c => {
                let c = self.cursor.character_escape(c)?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// `\<name>` is an old spelling of `\k<name>`; anything else after `\<` is a literal.
    fn angled(&mut self, open: char) -> Result<(), PatternError> {
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

    fn numbered_reference(&mut self, first: char) -> Result<(), PatternError> {
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

    fn reference(&mut self, name: &str) -> Result<(), PatternError> {
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
            Some(_) => Err(PatternError::Unsupported("a back reference to a group name that is used twice")),
        }
    }

    fn group(&mut self) -> Result<(), PatternError> {
        if !self.cursor.take_if("?") {
            if self.flags.explicit_capture {
                self.open_group("(?:");
            } else {
                self.capture(GroupName::None);
            }
            return Ok(());
        }
        for plain in [":", "=", "!", ">", "<=", "<!"] {
            if self.cursor.take_if(plain) {
                self.open_group(&format!("(?{plain}"));
                return Ok(());
            }
        }
        if self.cursor.take_if("#") {
            return self.cursor.skip_past(')').ok_or(PatternError::Malformed("a comment is not closed"));
        }
        if self.cursor.starts_with("(") {
            return Err(PatternError::Unsupported("a conditional group (?(...)...)"));
        }
        if self.cursor.starts_with("<") || self.cursor.starts_with("'") {
            let name = self.cursor.delimited_name();
            return self.named(&name.ok_or(PatternError::Malformed("a group name is not valid"))?);
        }
        self.inline_flags()
    }

    fn named(&mut self, name: &str) -> Result<(), PatternError> {
        if name.contains('-') {
            return Err(PatternError::Unsupported("a balancing group (?<a-b>...)"));
        }
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            let number = name.parse().ok().filter(|number| (1..=9999).contains(number));
            self.capture(GroupName::Number(number.ok_or(PatternError::Malformed("a group number is not valid"))?));
        } else {
            self.capture(GroupName::Name(name.to_owned()));
        }
        Ok(())
    }

    fn capture(&mut self, name: GroupName) {
        self.found.push(name);
        self.open_group("(");
    }

    fn open_group(&mut self, text: &str) {
        self.open.push(self.flags);
        self.out.push_str(text);
        self.quantifiable = Quantifiable::Nothing;
    }

    /// `(?imnsx-imnsx)` for the rest of the group, or `(?imnsx-imnsx:` for a group of its own.
    fn inline_flags(&mut self) -> Result<(), PatternError> {
        let outside = self.flags;
        let (mut on, mut off, mut set) = (String::new(), String::new(), true);
        loop {
            match self.cursor.take() {
                Some('-') => set = false,
                Some('+') => set = true,
                Some(flag @ ('i' | 's' | 'm' | 'I' | 'S' | 'M')) => {
                    let flag = flag.to_ascii_lowercase();
                    if flag == 'm' {
                        self.flags.multi_line = set;
                    }
                    if set { &mut on } else { &mut off }.push(flag);
                }
                Some('x' | 'X') => self.flags.ignore_blanks = set,
                Some('n' | 'N') => self.flags.explicit_capture = set,
                Some(end @ (')' | ':')) => {
                    self.flagged(end == ':', outside, &on, &off);
                    return Ok(());
                }
                _ => return Err(PatternError::Malformed("a group begins with (? but not with anything known")),
            }
        }
    }

    fn flagged(&mut self, own_group: bool, outside: Flags, on: &str, off: &str) {
        let minus = if off.is_empty() { "" } else { "-" };
        self.quantifiable = Quantifiable::Nothing;
        if own_group {
            self.out.push_str(&format!("(?{on}{minus}{off}:"));
            self.open.push(outside);
        } else if !(on.is_empty() && off.is_empty()) {
            self.out.push_str(&format!("(?{on}{minus}{off})"));
        }
    }
}

/// One character that stands for itself, inside a class or outside.
pub(super) fn push_literal(out: &mut String, c: char) {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        out.push_str(&format!("\\x{:02X}", u32::from(c)));
    } else {
        out.push(c);
    }
}
