//! A store that computes with texts: the query is a function's name, each parameter gives one column.

use super::{StoreFailure, StoreQuestion};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `toUpper`.
    Upper,
    /// `toLower`.
    Lower,
    /// `base64` of the text's UTF-8.
    Base64,
    /// `trim`: without blanks around it.
    Trim,
}

impl Function {
    /// By its name, whatever the case.
    pub fn named(name: &str) -> Option<Self> {
        let all = [("toUpper", Self::Upper), ("toLower", Self::Lower), ("base64", Self::Base64), ("trim", Self::Trim)];
        all.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, function)| function)
    }

    fn of(self, text: &str) -> String {
        match self {
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
            Self::Base64 => STANDARD.encode(text),
            Self::Trim => text.trim().to_owned(),
        }
    }
}

/// Whether a rule with so many types and parameters can ask this.
///
/// # Errors
/// What is wrong, as a clause.
pub fn check(query: &str, types: usize, params: usize) -> Result<Function, String> {
    let function = Function::named(query).ok_or_else(|| {
        format!("{query:?} is no function of this store; there are toUpper, toLower, base64 and trim")
    })?;
    if types == params && params > 0 {
        Ok(function)
    } else {
        Err(format!("the rule has {params} params for {types} claim types; each param gives one"))
    }
}

/// One value for each parameter.
pub fn answer(question: &StoreQuestion<'_>) -> Result<Vec<String>, StoreFailure> {
    let query = question.query;
    let function =
        check(&query.query, query.types, query.params.len()).map_err(|reason| StoreFailure::Query { reason })?;
    Ok(query.params.iter().map(|param| function.of(param)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::question;
    use super::*;

    #[test]
    fn functions_are_named_by_the_query() {
        let asked = |query: &str, param: &str| question(query, &[param], |question| answer(&question));
        assert_eq!(asked("toUpper", "straße-ä").unwrap(), ["STRASSE-Ä"]);
        assert_eq!(asked(" TOLOWER ", "CONTOSO").unwrap(), ["contoso"]);
        assert_eq!(asked("base64", "é").unwrap(), ["w6k="]);
        assert_eq!(asked("trim", " a b ").unwrap(), ["a b"]);
        assert!(asked("reverse", "x").unwrap_err().to_string().contains("toUpper"));
        assert_eq!(
            check("toUpper", 2, 1).unwrap_err(),
            "the rule has 1 params for 2 claim types; each param gives one"
        );
    }
}
