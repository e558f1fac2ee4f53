use super::pattern_text::PatternError;
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

/// What .NET's own engine said (Mono's, which is Microsoft's source), where it is not what everybody would expect.
#[test]
fn agrees_with_dotnet_about_the_corners() {
    let matches = [
        (r"^\w$", "\u{24d0}", false),
        (r"^\w$", "\u{2167}", false),
        (r"^\w$", "\u{903}", false),
        (r"^\w$", "\u{200d}", false),
        (r"^\w$", "\u{203f}", true),
        (r"^\w$", "\u{301}", true),
        (r"^\W$", "\u{24d0}", true),
        (r"^[\W]$", "\u{24d0}", true),
        (r"^[^\W]$", "\u{24d0}", false),
        (r"^\d$", "\u{663}", true),
        (r"^\d$", "\u{b2}", false),
        (r"^\s$", "\u{85}", true),
        (r"^\s$", "\u{180e}", false),
        (r"^\s$", "\u{a0}", true),
        (r"^\s$", "\u{1c}", false),
        (r"^(a)?(?(1)b|c)$", "ab", true),
        (r"^(a)?(?(1)b|c)$", "c", true),
        (r"^(a)?(?(1)b|c)$", "b", false),
        (r"^(?<n>a)?(?(n)b|c)$", "ab", true),
        (r"^(?<n>a)?(?(n)b|c)$", "ac", false),
        (r"^(a)?(?(1)b)$", "ab", true),
        (r"^(?(a)a|b)$", "a", true),
        (r"^(?(x)xa|b)$", "b", true),
        (r"^(?(x)xa|b)$", "xb", false),
        (r"^(?(?=a)ab|cd)$", "ab", true),
        (r"^(?(?!a)cd|ab)$", "cd", true),
        (r"^(a)?(?(1)b|)$", "", true),
        (r"a{ 2}", "a{ 2}", true),
        (r"^a{0}$", "", true),
        (r"(?:a{2}){3}", "aaaaaa", true),
        (r"(?<=a+)b", "aab", true),
        (r"(?<=^|,)b", "a,b", true),
        (r"(?<=ab|c)d", "cd", true),
        (r"(?<!\d+)x", "1x", false),
        (r"^*a", "a", true),
        (r"\b+a", "a", true),
        (r"^+a", "a", true),
        (r"(?i-i)a", "A", false),
        (r"(?m)a$", "a\r\n", false),
        (r"^a$\n", "a\n", true),
        (r"[^\n]$", "a\n", true),
        (r"[\w-a]+$", "-", true),
        (r"[a-z-[b-c-[c]]]", "c", true),
        (r"[a-z-[b-c]]", "b", false),
        (r"^[[:alpha]$", ":", true),
        (r"^[[:a-b:]]$", "b]", true),
        (r"^[a-[:alpha:]]$", "a", false),
        (r"^[[.a.]]$", "a]", true),
        (r"(?()a|b)", "a", true),
        (r"(?(?:a)a|b)", "b", true),
        (r"[a-c-e]", "-", true),
        (r"[a-c-e]", "d", false),
        (r"[a-[b]]", "a", true),
        (r"[a-[b]]", "b]", false),
        (r"[--a]", "_", true),
        (r"\0", "\0", true),
        (r"\10", "\u{8}", true),
        (r"(a)\10", "a\u{8}", true),
        (r"(a)\k'1'", "aa", true),
        (r"\c[", "\u{1b}", true),
        (r"(?x)[a b]", " ", true),
        (r"(?>a*)a", "aaa", false),
        (r"a||b", "x", true),
        (r"a#b", "a#b", true),
        (r"{", "{", true),
        (r"]", "]", true),
        (r"[\p{L}-[a]]", "a", false),
        (r"\bx", "\u{200d}x", false),
        (r"a\b", "a\u{301}", false),
    ];
    let mut wrong = Vec::new();
    for (pattern, input, expected) in matches {
        let found = Pattern::compile(pattern, 100_000).map(|pattern| pattern.is_match(input));
        if found != Ok(Ok(expected)) {
            wrong.push(format!("{pattern} on {input:?}: {found:?}"));
        }
    }
    let replacements = [
        ("aaa", "a*?", "X", "XaXaXaX"),
        ("ab", "(?<x>a)(b)(?<c>)", "[$1|$2|$3|${x}|${1}|$+]", "[b|a||a|b|]"),
        ("ab", "(?<5>a)(b)(?<n>)", "[$1|$5|$6|$n|${n}|$+]", "[b|a|$6|$n||a]"),
        ("ab", "(?<2>a)(b)(c)?", "[$1|$2|$3]", "[b|a|$3]"),
        ("x", "(x)", "${1", "${1"),
        ("x", "(x)", "${01}", "x"),
        ("x", "(x)", "$01", "x"),
        ("x", "(x)", "$10", "$10"),
        ("x", "(x)", "${}", "${}"),
        ("x", "(x)", "${ 1}", "${ 1}"),
        ("x", "(?<a>x)", "${A}", "${A}"),
        ("x", "x", "$+", "x"),
        ("x", "(?n)(x)", "$1", "$1"),
        ("x", "(x)", r"\1", r"\1"),
        ("ab", "(?<n>a)(?<n>b)", "${n}", "b"),
        ("a\n", "$", "X", "aX\nX"),
        ("a\n", r"\Z", "X", "aX\nX"),
        ("a\nb\n", "(?m)$", "X", "aX\nbX\nX"),
        ("aab", "(?<=a)", "-", "a-a-b"),
        ("", "", "X", "X"),
        ("b", "(?<q>a)?b", "[${q}]", "[]"),
    ];
    for (input, pattern, replacement, expected) in replacements {
        let found = replaced(input, pattern, replacement);
        if found != expected {
            wrong.push(format!("{pattern} -> {replacement} on {input:?}: {found:?}, not {expected:?}"));
        }
    }
    let refused = [
        "a{2,1}",
        "x{99999999999}",
        "a{2}{3}",
        "(?i)*a",
        r"[a-\w]",
        "[]",
        "[^]",
        r"\_",
        r"\x4",
        r"\u{41}",
        r"\9",
        r"\k<1>",
        r"\<1>",
        r"\Q.\E",
        "(?<1a>x)",
        "(?<0>x)",
        "(?<a.b>x)",
        "(?P<a>x)",
        r"(?n)(a)\1",
        "a*+",
        "(?)",
        "(?i",
        "{1}",
        "+a",
        "(*a)",
        "(|*a)",
        "a|*",
        r"\pL",
        r"\p{l}",
        r"\p{^L}",
    ];
    wrong.extend(
        refused
            .iter()
            .filter(|pattern| Pattern::compile(pattern, 1000).is_ok())
            .map(|pattern| format!("accepted {pattern}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bounds_what_takes_long_to_compile() {
    let too_much = [
        format!("{}a{}", "(".repeat(40), ")".repeat(40)),
        "a".repeat(33 * 1024),
        "(a)".repeat(1001),
        "((a{100}){100}){2}".to_owned(),
        "a{2000}".to_owned(),
        format!("[a-{}b{}", "[a-".repeat(40), "]".repeat(41)),
    ];
    for pattern in too_much {
        let refused = Pattern::compile(&pattern, 1000).map(|_| ()).unwrap_err();
        assert!(matches!(refused, PatternError::TooMuch { .. }), "{refused}");
    }
    let domains: Vec<String> = (0..1000).map(|number| format!(r"branch{number:04}\.example\.com")).collect();
    assert_eq!(
        compiled(&format!("(?i)@(?<domain>({}))$", domains.join("|"))).is_match("a@branch0999.example.com"),
        Ok(true)
    );
    assert_eq!(compiled(r"^\w{1,256}$").is_match(&"a".repeat(256)), Ok(true));
    assert_eq!(compiled(&format!("^{}a{}$", "(?:".repeat(30), ")?".repeat(30))).is_match("a"), Ok(true));
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
        "(a)?(?(1)b|c|d)",
        "(?(2)b|c)",
        "(?(a))",
        "(?((a))b|c)",
        "(?(?<n>a)a|b)",
        "(?(?i)a|b)",
        "(?=a)*b",
        "$?",
        "[[:alpha:]]",
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
