//! Translates a .NET regular expression into the dialect of `fancy-regex` (CLAIM-RULES section 7).
//!
//! Every group becomes an unnamed one; .NET's numbers and names live in [`Groups`], because .NET numbers unnamed groups
//! before named ones. What cannot be said in the other dialect is refused, never approximated.

use super::pattern_class;
use super::pattern_cursor::Cursor;
use super::pattern_groups::{GroupName, Groups};

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::claims) enum PatternError {
    /// Not a regular expression of .NET either.
    #[error("{0}")]
    Malformed(&'static str),
    /// Valid in .NET, not available here.
    #[error("{0} is a feature of .NET that is not supported here; {1}")]
    Unsupported(&'static str, &'static str),
    /// Would take too long to compile.
    #[error("it has more than {limit} {what}; split it, or compare with ==")]
    TooMuch {
        /// Which thing.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// The engine refused the translation.
    #[error("{0}")]
    Engine(String),
}

/// A pattern in the engine's dialect.
#[derive(Debug)]
pub(super) struct Translation {
    pub(super) text: String,
    pub(super) groups: Groups,
    /// Whether `$` or `\Z` occurs, whose meaning depends on a line feed at the end of the input.
    pub(super) has_end_anchor: bool,
}

/// What `\w` stands for in .NET: less than in the engine, which adds marks and circled letters.
pub(super) const WORD: &str = r"\p{L}\p{Mn}\p{Nd}\p{Pc}";

/// Groups inside groups. The engine compiles a pattern again for each of them.
const MAXIMUM_DEPTH: usize = 32;
/// Groups side by side.
const MAXIMUM_GROUPS: usize = 1000;
/// Bytes of a pattern. An alternation of a thousand domains is smaller.
const MAXIMUM_BYTES: usize = 32 * 1024;
/// Times that something is written out for a repetition with a number, repetitions inside repetitions multiplied.
const MAXIMUM_COPIES: usize = 1000;

/// Translates; `end` is what `$` becomes.
pub(super) fn translate(pattern: &str, end: &'static str) -> Result<Translation, PatternError> {
    if pattern.len() > MAXIMUM_BYTES {
        return Err(PatternError::TooMuch { what: "bytes", limit: MAXIMUM_BYTES });
    }
    let groups = Groups::assign(&Translator::new(pattern, end, None).run()?.found);
    let done = Translator::new(pattern, end, Some(&groups)).run()?;
    Ok(Translation { text: done.out, has_end_anchor: done.has_end_anchor, groups })
}

/// A group that is not closed yet.
pub(super) struct Open {
    /// The flags outside.
    flags: Flags,
    pub(super) branch: Branch,
    /// Whether it is a look-around.
    look_around: bool,
    /// How often its largest part is written out.
    copies: usize,
}

/// Which part of a conditional group is being read.
pub(super) enum Branch {
    /// It is none.
    Plain,
    /// The first, which begins at this offset of the output; the other one begins with this text.
    Yes {
        start: usize,
        otherwise: String,
    },
    No,
}

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    multi_line: bool,
    ignore_blanks: bool,
    explicit_capture: bool,
}

pub(super) struct Translator<'p> {
    pub(super) cursor: Cursor<'p>,
    end: &'static str,
    /// Known only in the second pass: a back reference may stand before its group.
    pub(super) groups: Option<&'p Groups>,
    flags: Flags,
    pub(super) open: Vec<Open>,
    /// How often the part before is written out.
    copies: usize,
    pub(super) found: Vec<GroupName>,
    pub(super) out: String,
    has_end_anchor: bool,
    pub(super) quantifiable: Quantifiable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifiable {
    Nothing,
    Atom,
    /// It is a place, not a text; .NET takes a repetition of it, which changes nothing.
    Nowhere,
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
            copies: 1,
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

    pub(super) fn element(&mut self, c: char) -> Result<(), PatternError> {
        match c {
            '#' if self.flags.ignore_blanks => self.cursor.skip_line(),
            c if self.flags.ignore_blanks && c.is_whitespace() => {}
            '\\' => self.escape()?,
            '[' => {
                let class = pattern_class::translate(&mut self.cursor, 0)?;
                self.atom(&class);
            }
            '(' => self.group()?,
            ')' => self.close()?,
            '|' => self.alternative()?,
            '$' => self.end_anchor(),
            '^' | '.' => self.atom(c.encode_utf8(&mut [0; 4])),
            '*' | '+' | '?' => self.quantifier(c.encode_utf8(&mut [0; 4]))?,
            '{' => match self.cursor.interval() {
                Some(interval) => {
                    self.count_copies(&interval)?;
                    self.quantifier(&format!("{{{interval}}}"))?;
                }
                None => self.literal('{'),
            },
            c => self.literal(c),
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), PatternError> {
        let open = self.open.pop().ok_or(PatternError::Malformed("there is a ')' without its '('"))?;
        if let Branch::Yes { start, otherwise } = open.branch {
            if self.out.len() == start {
                return Err(PatternError::Malformed("a conditional group (?(...)...) has nothing to choose between"));
            }
            if !otherwise.is_empty() {
                self.out.push('|');
                self.out.push_str(&otherwise);
            }
        }
        self.flags = open.flags;
        self.atom(")");
        if open.look_around {
            self.quantifiable = Quantifiable::Nowhere;
        }
        self.copies = open.copies;
        Ok(())
    }

    fn alternative(&mut self) -> Result<(), PatternError> {
        self.out.push('|');
        self.quantifiable = Quantifiable::Nothing;
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        match std::mem::replace(&mut open.branch, Branch::No) {
            Branch::Plain => open.branch = Branch::Plain,
            Branch::Yes { otherwise, .. } => self.out.push_str(&otherwise),
            Branch::No => return Err(PatternError::Malformed("a conditional group has more than two branches")),
        }
        Ok(())
    }

    pub(super) fn atom(&mut self, text: &str) {
        self.out.push_str(text);
        self.quantifiable = Quantifiable::Atom;
        self.copies = 1;
    }

    pub(super) fn literal(&mut self, c: char) {
        push_literal(&mut self.out, c);
        self.quantifiable = Quantifiable::Atom;
        self.copies = 1;
    }

    fn end_anchor(&mut self) {
        if self.flags.multi_line {
            self.atom("$");
        } else {
            self.has_end_anchor = true;
            self.atom(self.end);
            self.quantifiable = Quantifiable::Nowhere;
        }
    }

    fn count_copies(&mut self, interval: &str) -> Result<(), PatternError> {
        let (low, high) = interval.split_once(',').unwrap_or((interval, interval));
        let [low, high] =
            [low, high].map(|number| if number.is_empty() { Some(0) } else { number.parse::<usize>().ok() });
        let too_much = PatternError::TooMuch { what: "copies of one part in its {n,m}", limit: MAXIMUM_COPIES };
        let (Some(low), Some(high)) = (low, high) else { return Err(too_much) };
        if interval.contains(',') && high != 0 && low > high {
            return Err(PatternError::Malformed("a repetition {n,m} has a lower bound above its upper one"));
        }
        let copies = self.copies.saturating_mul(low.max(high).max(1));
        if copies > MAXIMUM_COPIES {
            return Err(too_much);
        }
        if let Some(around) = self.open.last_mut() {
            around.copies = around.copies.max(copies);
        }
        Ok(())
    }

    fn quantifier(&mut self, text: &str) -> Result<(), PatternError> {
        match self.quantifiable {
            Quantifiable::Nothing => return Err(PatternError::Malformed("a quantifier follows nothing")),
            Quantifiable::AlreadyQuantified => {
                return Err(PatternError::Malformed("a quantifier follows a quantifier"));
            }
            Quantifiable::Nowhere => {
                return Err(PatternError::Unsupported(
                    "a repeated look-around or '$'",
                    "repeating it changes nothing; delete the repetition",
                ));
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
            'w' => self.atom(&format!("[{WORD}]")),
            'W' => self.atom(&format!("[^{WORD}]")),
            'd' | 'D' | 's' | 'S' | 'b' | 'B' | 'A' | 'z' => {
                self.atom(&format!("\\{c}"));
            }
            'G' => {
                return Err(PatternError::Unsupported(
                    "\\G",
                    "it stands for the end of the match before, and is not needed",
                ));
            }
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

    pub(super) fn group(&mut self) -> Result<(), PatternError> {
        if self.open.len() >= MAXIMUM_DEPTH {
            return Err(PatternError::TooMuch { what: "groups inside one another", limit: MAXIMUM_DEPTH });
        }
        if !self.cursor.take_if("?") {
            if self.flags.explicit_capture {
                self.open_group("(?:");
                return Ok(());
            }
            return self.capture(GroupName::None);
        }
        for plain in [":", "=", "!", ">", "<=", "<!"] {
            if self.cursor.take_if(plain) {
                self.open_group(&format!("(?{plain}"));
                if let Some(open) = self.open.last_mut() {
                    open.look_around = plain.contains(['=', '!']);
                }
                return Ok(());
            }
        }
        if self.cursor.take_if("#") {
            return self.cursor.skip_past(')').ok_or(PatternError::Malformed("a comment is not closed"));
        }
        if self.cursor.take_if("(") {
            return self.conditional();
        }
        if self.cursor.starts_with("<") || self.cursor.starts_with("'") {
            let name = self.cursor.delimited_name();
            return self.named(&name.ok_or(PatternError::Malformed("a group name is not valid"))?);
        }
        self.inline_flags()
    }

    fn named(&mut self, name: &str) -> Result<(), PatternError> {
        if name.contains('-') {
            return Err(PatternError::Unsupported(
                "a balancing group (?<a-b>...)",
                "a plain group (?<a>...) does for values",
            ));
        }
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            let number = name.parse().ok().filter(|number| (1..=9999).contains(number));
            self.capture(GroupName::Number(number.ok_or(PatternError::Malformed("a group number is not valid"))?))
        } else {
            self.capture(GroupName::Name(name.to_owned()))
        }
    }

    fn capture(&mut self, name: GroupName) -> Result<(), PatternError> {
        if self.found.len() >= MAXIMUM_GROUPS {
            return Err(PatternError::TooMuch { what: "groups", limit: MAXIMUM_GROUPS });
        }
        self.found.push(name);
        self.open_group("(");
        Ok(())
    }

    pub(super) fn open_group(&mut self, text: &str) {
        self.open.push(Open { flags: self.flags, branch: Branch::Plain, look_around: false, copies: 1 });
        self.out.push_str(text);
        self.quantifiable = Quantifiable::Nothing;
    }

    /// `(?imnsx-imnsx)` for the rest of the group, or `(?imnsx-imnsx:` for a group of its own.
    fn inline_flags(&mut self) -> Result<(), PatternError> {
        let outside = self.flags;
        if self.cursor.starts_with(")") {
            return Err(PatternError::Malformed("a group begins with (? and ends"));
        }
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
            self.open.push(Open { flags: outside, branch: Branch::Plain, look_around: false, copies: 1 });
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
