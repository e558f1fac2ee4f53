use super::*;
use proptest::prelude::*;

fn compiled(pattern: &str) -> Pattern {
    Pattern::compile(pattern, 100_000).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

fn replaced(input: &str, pattern: &str, replacement: &str) -> String {
    let pattern = compiled(pattern);
    let replacement = Replacement::parse(replacement, pattern.groups());
    pattern.replace(input, &replacement, 10_000).unwrap().into_owned()
}

#[test]
fn matches_as_dotnet_does() {
    let cases = [
        (r"^(?i)bob$", "BOB", true),
        (r"^bob$", "bob\n", true),
        (r"^bob\z", "bob\n", false),
        (r"^bob\Z", "bob\n", true),
        (r"^bob$", "bob\n\n", false),
        (r"(?m)^bob$", "alice\nbob\ncarol", true),
        (r"-515$", "S-1-5-21-5150", false),
        (r"^(?!10\.)\d+\.", "10.1.1.1", false),
        (r"^(?!10\.)\d+\.", "11.1.1.1", true),
        (r"a{,3}", "a{,3}", true),
        (r"a{b}", "a{b}", true),
        (r"^[[a]+$", "[a", true),
        (r"^[a&&b]+$", "&b", true),
        (r"^[a-z-[aeiou]]+$", "xyz", true),
        (r"^[a-z-[aeiou]]+$", "xya", false),
        (r"^[^a-z-[A]]+$", "BC", true),
        (r"^[^a-z-[A]]+$", "BA", false),
        (r"^[^a-z-[A]]+$", "Bz", false),
        (r"^[]a]+$", "]a", true),
        (r"^[\w-[\d]]+$", "a_", true),
        (r"^[\w-[\d]]+$", "a1", false),
        (r"^[\d-z]+$", "1-z", true),
        (r"^[+--]+$", "+,-", true),
        (r"\<b", "<b", true),
        (r"^(?<a>x)(y)\1\2$", "xyyx", true),
        (r"^(?<a>x)\k<a>$", "xx", true),
        (r"^(?'a'x)\<a>$", "xx", true),
        (r"^(?n)(x)(?<q>y)\1$", "xyy", true),
        (r"^\cA$", "\u{1}", true),
        (r"^\101$", "A", true),
        (
            r"^(?x) a b # c
           c$",
            "abc",
            true,
        ),
        (r"a(?#note)b", "ab", true),
        (r"^\x22\u0041$", "\"A", true),
        (r"^(?>a+)b", "aab", true),
        (r"\p{Lu}\P{Lu}", "Ab", true),
        (r"^(a(?i)b)c$", "aBc", true),
        (r"^(a(?i)b)c$", "aBC", false),
    ];
    for (pattern, input, expected) in cases {
        assert_eq!(compiled(pattern).is_match(input), Ok(expected), "{pattern} on {input:?}");
    }
}

#[test]
fn replaces_as_dotnet_does() {
    let cases = [
        ("abc", ".*", "X", "XX"),
        ("abc", "x*", "-", "-a-b-c-"),
        ("aé", "", "-", "-a-é-"),
        ("CONTOSO\\bob", r"(?<domain>[^\\]+)\\(?<user>.+)", "${user}", "bob"),
        ("bob", r"(?<domain>[^\\]+)\\(?<user>.+)", "${user}", "bob"),
        ("x1", "x(1)", "$1abc", "1abc"),
        ("x", "x", "$9 ${nope} $12 $", "$9 ${nope} $12 $"),
        ("xy", "(?<a>x)(y)", "$1$2", "yx"),
        ("abc", "b", "[$`|$&|$'|$_|$$]", "a[a|b|c|abc|$]c"),
        ("ab", "(a)(b)", "$+", "b"),
        ("b", "(?:(?<n>a)|(?<n>b))", "<${n}>", "<b>"),
        ("bob\n", "bob$", "x", "x\n"),
        ("ab", "(a)|(b)", "$1.$2;", "a.;.b;"),
        ("x", "(x)", "${1}0${0}", "x0x"),
    ];
    for (input, pattern, replacement, expected) in cases {
        assert_eq!(replaced(input, pattern, replacement), expected, "{pattern} -> {replacement} on {input:?}");
    }
}

#[test]
fn refuses_what_cannot_be_said() {
    for pattern in [
        "(",
        ")",
        "[a",
        "a**",
        "*a",
        "a++",
        "(?<a-b>x)",
        r"\p{IsBasicLatin}",
        r"\p{Latin}",
        "(?(a)b|c)",
        "(?zz)",
        r"\y",
        r"\1",
        r"\k<q>",
        "[z-a]",
        r"[a-\d]",
        "a\\",
        "(?<n>x",
        "[a-z-[b]c]",
        r"(?<domain>[^\]+)\(?<user>.+)",
        "(?.+)",
    ] {
        assert!(Pattern::compile(pattern, 1000).is_err(), "{pattern}");
    }
}

#[test]
fn gives_up_instead_of_hanging() {
    let pattern = Pattern::compile(r"^((?:a|aa)+)\1c", 2000).unwrap();
    let input = format!("{}!", "a".repeat(64));
    assert!(matches!(pattern.is_match(&input), Err(PatternFailure::Backtracking(_))));
}

#[test]
fn bounds_the_replacement() {
    let pattern = compiled("a");
    let replacement = Replacement::parse("$_$_", pattern.groups());
    assert_eq!(pattern.replace(&"a".repeat(200), &replacement, 1000), Err(PatternFailure::TooLong(1000)));
}

proptest! {
    #[test]
    fn any_pattern_compiles_or_is_refused(pattern in r"[\[\]()?<>a'|*+{}1,\\^$.:=!#xkpZd-]{0,24}", input in "[a1\n-]{0,8}") {
        if let Ok(pattern) = Pattern::compile(&pattern, 1000) {
            let _ = pattern.is_match(&input);
            let _ = pattern.replace(&input, &Replacement::parse("$1$+", pattern.groups()), 1000);
        }
    }

    #[test]
    fn plain_text_matches_itself(text in "[ -Z_a-z~é]{1,12}") {
        let quoted: String = text.chars().flat_map(|c| if c.is_alphanumeric() || c == '_' { vec![c] } else { vec!['\\', c] }).collect();
        prop_assert_eq!(compiled(&quoted).is_match(&text), Ok(true));
    }
}
