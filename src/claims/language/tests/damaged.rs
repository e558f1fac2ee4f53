//! Office 365 rules, damaged as people damage them who copy rules for the first time. Each message must say where and how to
//! mend it, and one damage must not be told twice.

use super::super::{Strictness, findings};

const RULES: &str = include_str!("office.rules");

/// One way to damage the rules: what is replaced by what, and what is then said: line and words of each error.
struct Damage {
    how: &'static str,
    replace: &'static [(&'static str, &'static str)],
    said: &'static [(usize, &'static str)],
}

const DAMAGES: &[Damage] = &[
    Damage {
        how: "one text pasted from a web page",
        replace: &[("\"http://schemas.xmlsoap.org/claims/UPN\"]", "“http://schemas.xmlsoap.org/claims/UPN”]")],
        said: &[(19, "typographic quotes")],
    },
    Damage {
        how: "the opening quote typed, the closing one pasted",
        replace: &[("claims/UPN\"]", "claims/UPN”]")],
        said: &[(19, "ends with a typographic one")],
    },
    Damage {
        how: "a page's source: the arrow",
        replace: &[("=> add(Type", "=&gt; add(Type")],
        said: &[(11, "&gt; is >")],
    },
    Damage {
        how: "a page's source, escaped twice: the join and the quotes",
        replace: &[
            (" && c2:[Type == \"urn", " &amp;amp;&amp;amp; c2:[Type == &amp;quot;urn"),
            ("insidecorporatenetwork\"]", "insidecorporatenetwork&quot;]"),
        ],
        said: &[(15, "HTML entity"), (25, "no closing double quote")],
    },
    Damage {
        how: "no semicolon between two rules",
        replace: &[("Value = \"objectguid\");", "Value = \"objectguid\")")],
        said: &[(13, "';' is missing after the rule before")],
    },
    Damage {
        how: "no semicolon at the end",
        replace: &[("issue(claim = c);", "issue(claim = c)")],
        said: &[(27, "does not end with ';'")],
    },
    Damage {
        how: "single quotes",
        replace: &[("\"urn:example:use\", Value ==", "'urn:example:use', Value ==")],
        said: &[(14, "not in single quotes")],
    },
    Damage {
        how: "backticks, as Markdown marks program text",
        replace: &[("\"User\"", "`User`")],
        said: &[(20, "typographic quotes")],
    },
    Damage {
        how: "a Markdown fence around everything",
        replace: &[
            ("@RuleName = \"User p", "```\n@RuleName = \"User p"),
            ("issue(claim = c);\n", "issue(claim = c);\n```\n"),
        ],
        said: &[(1, "delete it"), (28, "delete it")],
    },
    Damage {
        how: "a zero-width space inside a word",
        replace: &[("issue(claim", "is\u{200b}sue(claim")],
        said: &[(26, "U+200B"), (26, "U+200B")],
    },
    Damage {
        how: "a text broken in two by the console",
        replace: &[("insidecorporatenetwork\"]", "insidecorp\noratenetwork\"]")],
        said: &[(25, "join the two lines")],
    },
    Damage {
        how: "a console prompt copied along",
        replace: &[("@RuleName = \"User p", "PS C:\\> @RuleName = \"User p")],
        said: &[(1, "begins with a prompt")],
    },
    Damage {
        how: "continuation prompts copied along",
        replace: &[("\n => add(Type", "\n>>  => add(Type"), ("@RuleName = \"No", ">> @RuleName = \"No")],
        said: &[(9, "begins with a prompt"), (11, "begins with a prompt")],
    },
    Damage {
        how: "the list that PowerShell prints",
        replace: &[("@RuleName = \"User p", "IssuanceTransformRules : @RuleName = \"User p")],
        said: &[(1, "a list that PowerShell printed")],
    },
    Damage {
        how: "a script with a here-string",
        replace: &[
            ("@RuleName = \"User p", "$rules = @\"\n@RuleName = \"User p"),
            ("issue(claim = c);\n", "issue(claim = c);\n\"@\n"),
        ],
        said: &[(1, "PowerShell"), (28, "here-string")],
    },
    Damage {
        how: "a listing with line numbers",
        replace: &[("@RuleName = \"User p", "1: @RuleName = \"User p")],
        said: &[(1, "line number")],
    },
    Damage {
        how: "a word processor's arrow",
        replace: &[("=> add(Type", "⇒ add(Type"), ("=> issue(claim", "–> issue(claim")],
        said: &[(11, "an equals sign and a greater-than sign"), (26, "an equals sign and a greater-than sign")],
    },
    Damage {
        how: "a thin arrow",
        replace: &[("=> add(Type", "-> add(Type")],
        said: &[(11, "an equals sign and a greater-than sign")],
    },
    Damage {
        how: "the arrow the wrong way round",
        replace: &[("=> add(Type", ">= add(Type")],
        said: &[(11, "an equals sign and a greater-than sign")],
    },
    Damage {
        how: "'or' between conditions",
        replace: &[(" && c2:[Type == \"urn", " || c2:[Type == \"urn")],
        said: &[(15, "one rule per alternative")],
    },
    Damage {
        how: "'and' between conditions",
        replace: &[(" && c2:[Type == \"urn", " and c2:[Type == \"urn")],
        said: &[(15, "joined by &&, not by a word")],
    },
    Damage {
        how: "an exclamation mark for NOT",
        replace: &[("NOT EXISTS", "!EXISTS")],
        said: &[(10, "NOT EXISTS([...])")],
    },
    Damage {
        how: "assignment in a condition, comparison in an action",
        replace: &[("[Type == \"urn:example:use\"", "[Type = \"urn:example:use\""), ("add(Type =", "add(Type ==")],
        said: &[(11, "a single '='"), (14, "compares with ==")],
    },
    Damage {
        how: "PowerShell's comparison",
        replace: &[("Value == \"User\"", "Value -eq \"User\"")],
        said: &[(20, "This is PowerShell")],
    },
    Damage {
        how: "a bracket lost",
        replace: &[("insidecorporatenetwork\"]", "insidecorporatenetwork\"")],
        said: &[(26, "'[' in line 25, column 2 is not closed")],
    },
    Damage {
        how: "a parenthesis lost",
        replace: &[("issue(claim = c)", "issue(claim = c")],
        said: &[(26, "'(' in line 26, column 9 is not closed")],
    },
    Damage {
        how: "a parenthesis too many",
        replace: &[("issue(claim = c)", "issue(claim = c))")],
        said: &[(26, "')' too many")],
    },
    Damage {
        how: "names spelled wrong",
        replace: &[
            ("RegExReplace(c1", "RegexRepalce(c1"),
            ("Vaule", ""),
            ("Value == \"User\"", "Vaule == \"User\""),
            ("issue(claim", "isue(claim"),
            ("param = c.Value);\n\n@RuleName = \"No", "parm = c.Value);\n\n@RuleName = \"No"),
        ],
        said: &[(7, "Did you mean param?"), (20, "Did you mean Value?"), (26, "Did you mean issue?")],
    },
    Damage {
        how: "a function spelled wrong",
        replace: &[("RegExReplace(c1", "RegexRepalce(c1")],
        said: &[(21, "did you mean RegExReplace")],
    },
    Damage {
        how: "a group's name lost, because a browser took it for a tag",
        replace: &[("(?<domain>(example", "(?(example")],
        said: &[(21, "lost the group's name")],
    },
    Damage {
        how: "a backslash lost, because Markdown took it for its own",
        replace: &[("[^\\\\]+)\\\\(?<user>", "[^\\]+)\\(?<user>")],
        said: &[(3, "lost a backslash")],
    },
    Damage {
        how: "a comma lost",
        replace: &[("accounttype\", Value", "accounttype\" Value")],
        said: &[(20, "comma is missing")],
    },
    Damage {
        how: "a type without quotes",
        replace: &[("\"http://schemas.xmlsoap.org/claims/UPN\"]", "http://schemas.xmlsoap.org/claims/UPN]")],
        said: &[(19, "write it in double quotes")],
    },
    Damage { how: "JSON", replace: &[("\"User\"", "\\\"User\\\"")], said: &[(20, "write only \"")] },
    Damage {
        how: "the whole in JSON, or in a cell of a spreadsheet",
        replace: &[("\"", "\"\""), ("@RuleName = \"\"User p", "\"@RuleName = \"\"User p")],
        said: &[(1, "The rules themselves stand in quotes")],
    },
    Damage {
        how: "shortened by the console",
        replace: &[("issue(claim = c);\n", "issue(claim...\n")],
        said: &[(26, "was shortened")],
    },
    Damage {
        how: "comments",
        replace: &[("NOT EXISTS", "# none\nNOT EXISTS"), ("=> issue(claim", "// c\n => issue(claim")],
        said: &[(10, "no comments"), (27, "no comments")],
    },
    Damage {
        how: "a remark between two rules",
        replace: &[("@RuleName = \"No", "Then we look for the other GUID\n@RuleName = \"No")],
        said: &[(9, "Delete what is no rule")],
    },
    Damage {
        how: "a condition without its variable's bracket",
        replace: &[("c1:[Type == \"urn", "c1:(Type == \"urn")],
        said: &[(14, "square brackets")],
    },
    Damage {
        how: "an attribute too few",
        replace: &[("objectGUID,mS-DS-ConsistencyGuid", "objectGUID")],
        said: &[(7, "1 attributes for 2 claim types")],
    },
    Damage {
        how: "a variable of another rule",
        replace: &[("Value = c2.Value", "Value = c3.Value")],
        said: &[(16, "match the condition tag")],
    },
];

#[test]
fn the_rules_are_right_before_anybody_damages_them() {
    let found = findings("t", RULES, Strictness::Strict, None);
    assert_eq!((found.rules, found.errors, found.warnings), (6, vec![], vec![]));
}

#[test]
fn every_damage_is_told_once_with_place_and_cure() {
    let mut wrong = Vec::new();
    for damage in DAMAGES {
        let damaged = damage.replace.iter().fold(RULES.to_owned(), |text, (from, to)| text.replace(from, to));
        assert_ne!(damaged, RULES, "{}", damage.how);
        let found = findings("t", &damaged, Strictness::Strict, None);
        let said: Vec<(usize, String)> = found
            .errors
            .iter()
            .map(|error| {
                let cure = error.cure().map_or(String::new(), |cure| cure.to_string());
                (error.position.line, format!("{} {cure}", error.finding()))
            })
            .collect();
        let agrees = said.len() == damage.said.len()
            && said.iter().zip(damage.said).all(|(said, wanted)| said.0 == wanted.0 && said.1.contains(wanted.1));
        if !agrees {
            wrong.push(format!("{}: {said:#?}", damage.how));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
