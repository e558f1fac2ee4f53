//! Queries of SQL stores: text with `{n}`, made into a statement with bound parameters. Nothing a rule's parameter holds is
//! ever part of the statement (CLAIM-RULES section 5.3).

use super::placeholders::{self, Piece, PlaceholderError};

/// How a database numbers its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlDialect {
    /// `?1`.
    Sqlite,
    /// `$1`.
    PostgreSql,
}

/// Why a query cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SqlQueryError {
    /// No text.
    #[error("the query is empty")]
    Empty,
    /// A placeholder inside a quoted text, where a database does not look for parameters.
    #[error("the placeholder {{{index}}} stands in quotes; write {{{index}}} without them: it is a value of its own")]
    Quoted {
        /// The placeholder.
        index: usize,
    },
    /// A procedure call of SQL Server.
    #[error("EXEC calls a procedure of SQL Server; write a SELECT (of a function, where the procedure became one)")]
    Procedure,
    /// Something that is no query, or a second statement.
    #[error("the query must be one SELECT, WITH or VALUES statement")]
    NotAQuery,
    /// A placeholder.
    #[error(transparent)]
    Placeholder(#[from] PlaceholderError),
}

/// A query text, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlQuery {
    /// The statement with the database's own placeholders.
    pub statement: String,
    /// Which of the rule's parameters stand behind them, in order.
    pub parameters: Vec<usize>,
}

impl SqlQuery {
    /// Reads a query for a rule with so many parameters. `'{0}'`, as rules written for SQL Server sometimes have it, is
    /// the same as `{0}`: the quotes hold nothing else.
    ///
    /// # Errors
    /// When it can never be asked.
    pub fn parse(query: &str, params: usize, dialect: SqlDialect) -> Result<Self, SqlQueryError> {
        let query = query.trim().trim_end_matches([';', ' ', '\t', '\r', '\n']);
        is_query(query)?;
        let query = unquoted(query);
        let mut read = Self { statement: String::with_capacity(query.len()), parameters: Vec::new() };
        let mut reader = Reader::default();
        for piece in placeholders::pieces(query.as_bytes())? {
            match piece {
                Piece::Text(text) => {
                    let text = str::from_utf8(text).map_err(|_| PlaceholderError::Brace)?;
                    reader.read(text);
                    read.statement.push_str(text);
                }
                Piece::Parameter(index) => {
                    if reader.quote.is_some() || reader.comment.is_some() {
                        return Err(SqlQueryError::Quoted { index });
                    }
                    if index >= params {
                        return Err(PlaceholderError::ParameterMissing { index, params }.into());
                    }
                    read.place(index, dialect);
                    // Digits behind it are no part of its number.
                    reader.previous = ' ';
                }
            }
        }
        if reader.second_statement { Err(SqlQueryError::NotAQuery) } else { Ok(read) }
    }

    /// A parameter used twice is bound once.
    fn place(&mut self, index: usize, dialect: SqlDialect) {
        let place = match self.parameters.iter().position(|known| *known == index) {
            Some(place) => place,
            None => {
                self.parameters.push(index);
                self.parameters.len() - 1
            }
        };
        let sign = match dialect {
            SqlDialect::Sqlite => '?',
            SqlDialect::PostgreSql => '$',
        };
        self.statement.push_str(&format!(" {sign}{} ", place + 1));
    }

    /// The parameters to bind, in the statement's order.
    ///
    /// # Errors
    /// When one is missing.
    pub fn bound<'p>(&self, params: &'p [impl AsRef<str>]) -> Result<Vec<&'p str>, PlaceholderError> {
        self.parameters.iter().map(|index| placeholders::parameter(params, *index)).collect()
    }
}

fn is_query(query: &str) -> Result<(), SqlQueryError> {
    let first = query.trim_start_matches('(').split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match first.to_ascii_uppercase().as_str() {
        "" if query.is_empty() => Err(SqlQueryError::Empty),
        "SELECT" | "WITH" | "VALUES" => Ok(()),
        "EXEC" | "EXECUTE" => Err(SqlQueryError::Procedure),
        _ => Err(SqlQueryError::NotAQuery),
    }
}

/// `'{0}'` as `{0}`.
fn unquoted(query: &str) -> String {
    let mut text = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(start) = rest.find("'{") {
        let (before, quoted) = rest.split_at(start);
        text.push_str(before);
        let digits = quoted[2..].bytes().take_while(u8::is_ascii_digit).count();
        let opens = text.bytes().filter(|byte| *byte == b'\'').count() % 2 == 0;
        if opens && digits > 0 && quoted[2 + digits..].starts_with("}'") && !quoted[2 + digits..].starts_with("}''") {
            text.push_str(&quoted[1..digits + 3]);
            rest = &quoted[digits + 4..];
        } else {
            text.push('\'');
            rest = &quoted[1..];
        }
    }
    text.push_str(rest);
    text
}

/// Follows quotes and comments through a statement.
#[derive(Default)]
struct Reader {
    quote: Option<char>,
    comment: Option<Comment>,
    previous: char,
    second_statement: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comment {
    Line,
    Block,
}

impl Reader {
    fn read(&mut self, text: &str) {
        for character in text.chars() {
            match (self.quote, self.comment, self.previous, character) {
                (_, Some(Comment::Line), _, '\n') | (_, Some(Comment::Block), '*', '/') => self.comment = None,
                (_, Some(_), ..) => {}
                (Some(open), ..) if open == character => self.quote = None,
                (Some(_), ..) => {}
                (None, None, _, '\'' | '"' | '`') => self.quote = Some(character),
                (None, None, '-', '-') => self.comment = Some(Comment::Line),
                (None, None, '/', '*') => self.comment = Some(Comment::Block),
                (None, None, _, ';') => self.second_statement = true,
                _ => {}
            }
            self.previous = character;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, params: usize) -> Result<SqlQuery, SqlQueryError> {
        SqlQuery::parse(query, params, SqlDialect::PostgreSql)
    }

    #[test]
    fn placeholders_become_bound_parameters() {
        let cases: [(&str, &str, &[usize]); 7] = [
            ("SELECT a FROM t WHERE u = {0}", "SELECT a FROM t WHERE u =  $1 ", &[0]),
            ("SELECT a FROM t WHERE u='{0}' ;", "SELECT a FROM t WHERE u= $1 ", &[0]),
            ("select {1}, {0}, {1}", "select  $1 ,  $2 ,  $1 ", &[1, 0]),
            ("SELECT 'it''s', {0}", "SELECT 'it''s',  $1 ", &[0]),
            ("SELECT '{{0}}', \"a;b\" -- ; '\n, {0}", "SELECT '{0}', \"a;b\" -- ; '\n,  $1 ", &[0]),
            ("VALUES (1)", "VALUES (1)", &[]),
            ("WITH x AS (SELECT 1) SELECT * FROM x", "WITH x AS (SELECT 1) SELECT * FROM x", &[]),
        ];
        for (query, statement, parameters) in cases {
            let read = read(query, 2).unwrap_or_else(|error| panic!("{query}: {error}"));
            assert_eq!((read.statement.as_str(), read.parameters.as_slice()), (statement, parameters), "{query}");
        }
        assert_eq!(SqlQuery::parse("SELECT {0}", 1, SqlDialect::Sqlite).unwrap().statement, "SELECT  ?1 ");
    }

    #[test]
    fn refuses_what_is_no_single_query() {
        let cases = [
            ("", SqlQueryError::Empty),
            ("EXEC dbo.proc @p={0}", SqlQueryError::Procedure),
            ("UPDATE t SET a = {0}", SqlQueryError::NotAQuery),
            ("SELECT 1; DROP TABLE t", SqlQueryError::NotAQuery),
            ("SELECT a FROM t WHERE u LIKE '%{0}%'", SqlQueryError::Quoted { index: 0 }),
            ("SELECT 1 /* {0} */", SqlQueryError::Quoted { index: 0 }),
            ("SELECT {1}", SqlQueryError::Placeholder(PlaceholderError::ParameterMissing { index: 1, params: 1 })),
            ("SELECT {", SqlQueryError::Placeholder(PlaceholderError::Brace)),
        ];
        for (query, expected) in cases {
            assert_eq!(read(query, 1), Err(expected), "{query}");
        }
    }

    proptest::proptest! {
        /// Whatever the text, the number of bound parameters is the number that the statement asks for.
        #[test]
        fn never_panics(query in "(SELECT )?[a-z'\"{}0-9;/*\\- \n]{0,40}") {
            if let Ok(read) = read(&query, 3) {
                proptest::prop_assert!(read.parameters.iter().all(|index| *index < 3));
            }
        }
    }
}
