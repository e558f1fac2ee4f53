use super::*;
use proptest::prelude::*;

const WRONG: &str = r#"token_lifetime_minutes = 5
[service]
name = "https://sts.contoso.test"
token_lifetime_minutes = 0
clock_skew_second = 300

[listener.user_tls]
address = "0.0.0.0:443"
certificate = 7
private_key = ""
handshake_timeout_seconds = "long"
certificate_transport_get = "spin"

[listener.service]
address = "127.0.0.1:443"
certificate = "tls.pem"
hold_seconds = 3

[listener.proxy]
address = "127.0.0.1:80"

[limits]
request_bytes = 1_000_000_000_000_000_000
xml_depth = -1

[trusts]
roots = "roots"

[trust]
roots = "roots"
intermediates = ["a", "b"]
allow_sha1 = "no"
extended_key_usages = ["clientAuth"]

[revocation]
fetch_timeout_seconds = 2.5

[[revocation.authority]]
certificate = "issuing.pem"
crl_distribution_point = "ldap:///CN=Issuing"

[[revocation.authority]]
crl_distribution_point = "file://crl/issuing.crl"
ocsp = "always"
ocsp_url = "https://ocsp.contoso.test/"

[directory]
kind = "ldap"
netbios_domain = "CONTOSO"
url = "ldap://dc1.contoso.test"
base_dn = "DC=contoso,DC=test"
bind_dn = "CN=fedgate"
file = "directory.ldif"

[subject]
bindings = ["upn", "rfc822", "rfc822"]
require_equal_serial_attribute = "serial number"

[token_signing]
certificate = "signing.pem"
private_key = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg
-----END PRIVATE KEY-----"""

[[relying_party]]
name = "One"
identifiers = ["urn:one", "urn:shared"]
authorization_rules = "one.rules"
transform_rules = "one.rules"

[[relying_party]]
name = "One"
identifiers = ["urn:two", "urn:shared"]
authorization_rules = "two.rules"
transform_rules = "two.rules"

[[relying_party]]
name = "Three"
identifiers = []
authorization_rules = "three.rules"
transform_rules = "three.rules"

[log]
format = "xml"
"#;

#[test]
fn every_problem_is_told_at_once_in_line_order() {
    let expected = [
        "1:1 [claims_provider] acceptance_rules is missing, and so is its section",
        "1:1 token_lifetime_minutes is not a key here",
        "3:8 [service] name must be a host name, is \"https://sts.contoso.test\"",
        "4:26 [service] token_lifetime_minutes must be a whole number from 1 to 1440 (minutes), is 0",
        "5:1 [service] clock_skew_second is not a key of this section",
        "9:15 [listener.user_tls] certificate must be a text in quotes, is 7",
        "10:15 [listener.user_tls] private_key must be a text in quotes, is \"\"",
        "11:29 [listener.user_tls] handshake_timeout_seconds must be a whole number from 3 to 600 (seconds), is \"long\"",
        "12:29 [listener.user_tls] certificate_transport_get must be one of \"answer\", \"hold\", is \"spin\"",
        "14:1 [listener.service] private_key is missing",
        "15:11 [listener.service] address takes the port of [listener.user_tls] address, which is 0.0.0.0:443",
        "17:1 [listener.service] hold_seconds is not a key of this section",
        "19:11 [listener.proxy] is not a section",
        "23:17 [limits] request_bytes must be a whole number from 4096 to 1048576 (bytes), is 1000000000000000000",
        "24:13 [limits] xml_depth must be a whole number from 12 to 256 (elements), is -1",
        "26:2 [trusts] is not a section",
        "31:17 [trust] intermediates must be a text in quotes, is a list",
        "32:14 [trust] allow_sha1 must be true or false, is \"no\"",
        "33:23 [trust] extended_key_usages has \"clientAuth\", which is no object identifier",
        "36:25 [revocation] fetch_timeout_seconds must be a whole number from 1 to 300 (seconds), is 2.5",
        "40:26 [[revocation.authority]] crl_distribution_point names no directory server: \"ldap:///CN=Issuing\"",
        "42:1 [[revocation.authority]] certificate is missing",
        "43:26 [[revocation.authority]] crl_distribution_point names no file of this machine: \"file://crl/issuing.crl\"",
        "44:8 [[revocation.authority]] ocsp must be one of \"off\", \"fallback\", \"instead\", is \"always\"",
        "45:12 [[revocation.authority]] ocsp_url must be an http:// URL, is \"https://ocsp.contoso.test/\"",
        "50:7 [directory] url is plain ldap:// to another machine",
        "52:11 [directory] bind_dn is set without bind_password_file",
        "53:8 [directory] file does nothing with kind = \"ldap\"",
        "56:12 [subject] bindings names \"upn\", which is no binding",
        "56:12 [subject] bindings names \"rfc822\" twice",
        "57:34 [subject] require_equal_serial_attribute must be the name of an attribute, is \"serial number\"",
        "61:15 [token_signing] private_key must be a text in quotes, is a text of several lines",
        "72:8 [[relying_party]] name is \"One\", which another relying party is called too",
        "73:15 [[relying_party]] identifiers has \"urn:shared\" a second time",
        "79:15 [[relying_party]] identifiers must not be empty",
        "84:10 [log] format must be one of \"text\", \"json\", is \"xml\"",
    ];
    assert_eq!(told(&refused(WRONG)), expected);
}

#[test]
fn every_problem_names_its_cure() {
    let problems = refused(WRONG);
    let cure = |line: usize| -> Vec<&str> {
        problems.sorted().iter().filter(|problem| problem.line == line).map(|problem| problem.cure.as_str()).collect()
    };
    assert_eq!(cure(1), ["Name the file of acceptance transform rules.", "It is a key of [service]; move it there."]);
    assert_eq!(cure(4), ["Write it like token_lifetime_minutes = 60."]);
    assert_eq!(cure(5), ["Did you mean clock_skew_seconds?"]);
    assert_eq!(cure(9), ["Write it like certificate = \"tls/sts.pem\"."]);
    assert_eq!(cure(12), ["Write it like certificate_transport_get = \"answer\"."]);
    assert_eq!(cure(84), ["Write it like format = \"text\"."]);
    assert_eq!(cure(17), ["It is a key of [listener.user_tls]; move it there."]);
    assert_eq!(cure(19), ["Remove it; docs/configuration.md lists every key."]);
    assert_eq!(cure(26), ["Did you mean trust?"]);
    assert_eq!(cure(53), ["Remove it, or write kind = \"ldif\"."]);
    assert_eq!(cure(79), ["List the identifiers; for Office 365 that is [\"urn:federation:MicrosoftOnline\"]."]);
    let misspelt = refused(&SHORTEST.replace("\"ldif\"", "\"ldfi\""));
    assert_eq!(misspelt.sorted()[0].cure, "Did you mean \"ldif\"?");
    for problem in problems.sorted() {
        assert!(problem.cure.ends_with(['.', '?']), "{problem}");
    }
}

#[test]
fn a_problem_reads_as_place_fault_and_cure() {
    let problems = refused(&SHORTEST.replace("sts.contoso.test", "sts_1"));
    let expected = "/etc/fedgate/fedgate.toml:3:8: [service] name must be a host name, is \"sts_1\".\n    \
                    Give the name alone, such as sts.contoso.com, without https:// and without a port.\n1 problem.";
    assert_eq!(problems.to_string(), expected);
}

/// A key pasted where its file's name belongs must not come out in a log.
#[test]
fn what_was_pasted_in_place_of_a_file_name_is_not_repeated() {
    let told = refused(WRONG).to_string();
    assert!(!told.contains("MIGHAgEA") && !told.contains("BEGIN PRIVATE KEY"), "{told}");
}

#[test]
fn one_change_to_a_good_text_gives_one_problem() {
    let two_parties =
        format!("{SHORTEST}\n[[relying_party]]\n{}", SHORTEST.split("[[relying_party]]\n").last().unwrap());
    let cases = [
        (SHORTEST.replace("8443", "49443"), "11:11 [listener.service] address takes the port of"),
        (
            SHORTEST.replace("127.0.0.1:8443", "sts.contoso.test:443"),
            "11:11 [listener.service] address must be an IP address",
        ),
        (SHORTEST.replace("[[relying_party]]", "[relying_party]"), "31:1 [[relying_party]] must have double brackets"),
        (SHORTEST.replace("kind = \"ldif\"\n", ""), "19:1 [directory] kind is missing"),
        (
            SHORTEST.replace("\"ldif\"", "\"LDIF\""),
            "20:8 [directory] kind must be one of \"ldap\", \"ldif\", is \"LDIF\"",
        ),
        (SHORTEST.split("[[relying_party]]").next().unwrap().to_owned(), "1:1 [[relying_party]] is missing"),
        (format!("colour = true\n{SHORTEST}"), "1:1 colour is not a key here"),
        (format!("{SHORTEST}\n[[authority]]\ncertificate = \"a\""), "37:3 [[authority]] is not a section"),
        (two_parties.replacen("Office 365", "Other", 1), "39:15 [[relying_party]] identifiers has"),
        (with_server("url = \"ldaps://dc1\"\nstart_tls = true"), "23:7 [directory] url is ldaps:// while start_tls"),
        (with_server("url = \"https://dc1\""), "23:7 [directory] url must be an ldaps:// or ldap:// URL"),
        (with_server("url = \"dc1.contoso.test\""), "23:7 [directory] url must be an ldaps:// or ldap:// URL"),
        (with_server("url = \"ldaps://\""), "23:7 [directory] url must be an ldaps:// or ldap:// URL"),
        (with_server("url = \"ldaps://dc1/DC=contoso\""), "23:7 [directory] url has more than host and port"),
        (with_server("url = \"ldaps://joe:secret@dc1\""), "23:7 [directory] url holds a user name or a password"),
        (
            with_server("url = \"ldaps://dc1\"\nbind_password_file = \"p\""),
            "24:22 [directory] bind_password_file is set without bind_dn",
        ),
        (
            format!("{SHORTEST}\n[revocation]\nlimits = \"entra-global\"\nmaximum_crl_bytes = 1048576"),
            "39:21 [revocation] maximum_crl_bytes does nothing beside a preset of limits",
        ),
        (
            format!("{SHORTEST}\n[revocation]\nfetch_timeout_seconds = 10\nlimits = \"entra-government\""),
            "38:25 [revocation] fetch_timeout_seconds does nothing beside a preset of limits",
        ),
        (format!("{SHORTEST}\n[subject]\nbindings = []"), "38:12 [subject] bindings must not be empty"),
        (
            format!("{SHORTEST}\n[subject]\nbindings = [7]"),
            "38:12 [subject] bindings must be a list of texts in quotes",
        ),
    ];
    for (text, expected) in cases {
        let told = told(&refused(&text));
        assert!(told.len() == 1 && told[0].starts_with(expected), "expected {expected}\n{told:#?}");
    }
}

#[test]
fn a_toml_error_names_its_line() {
    let cases = [
        (SHORTEST.replace("name = \"sts.contoso.test\"", "name = sts.contoso.test"), vec![3]),
        (SHORTEST.replace("\"tls.pem\"", "\"tls.pem"), vec![7, 12]),
        (SHORTEST.replace("[trust]", "[trust"), vec![15]),
        (format!("{SHORTEST}\n[trust]\n"), vec![37]),
    ];
    for (text, lines) in cases {
        let problems = refused(&text);
        let found: Vec<usize> = problems.sorted().iter().map(|problem| problem.line).collect();
        assert_eq!(found, lines, "{problems}");
        assert!(told(&problems)[0].contains("the text is not TOML here: "), "{problems}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_a_problem_with_its_absolute_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fedgate.toml");
    let problems = Configuration::load(&file).unwrap_err();
    assert_eq!(told(&problems), ["1:1 the file cannot be read: No such file or directory (os error 2)"]);

    std::fs::write(&file, b"[service]\nname = \"sts.contoso.test\" # \xfcber\n").unwrap();
    assert_eq!(told(&Configuration::load(&file).unwrap_err()), ["2:29 the file is not UTF-8 text"]);

    let relative = Configuration::load(Path::new("no-such-folder/fedgate.toml")).unwrap_err();
    assert!(relative.sorted()[0].file.is_absolute(), "{relative}");
}

/// Pieces of which a text that is nearly a configuration can be made.
const PIECES: &[&str] = &[
    "[service]",
    "[listener.user_tls]",
    "[listener]",
    "[[relying_party]]",
    "[relying_party]",
    "[revocation]",
    "[[revocation.authority]]",
    "[directory]",
    "[subject]",
    "\n",
    "\n",
    "=",
    ".",
    ",",
    "[",
    "]",
    "{",
    "}",
    "name",
    "address",
    "kind",
    "url",
    "bindings",
    "identifiers",
    "certificate",
    "hold_seconds",
    "\"\"",
    "\"ldap\"",
    "\"ldaps://x\"",
    "'[::]:0'",
    "\"\u{1F511}\"",
    "true",
    "-1",
    "0x_f",
    "99999999999999999999999",
    "1e400",
    "nan",
    "1979-05-27T07:32:00Z",
    "#",
];

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = Configuration::parse(Path::new(FILE), &text);
    }

    #[test]
    fn no_soup_of_configuration_words_makes_the_reader_panic(
        soup in proptest::collection::vec((proptest::sample::select(PIECES), any::<bool>()), 0..40)
    ) {
        let text: String = soup.into_iter().map(|(piece, space)| format!("{piece}{}", if space { " " } else { "" })).collect();
        let _ = Configuration::parse(Path::new(FILE), &text);
    }

    #[test]
    fn no_mutilated_configuration_makes_the_reader_panic(
        from in 0..WRONG.len(), length in 0..200_usize, instead in "\\PC{0,8}"
    ) {
        let end = (from + length).min(WRONG.len());
        let bytes = [&WRONG.as_bytes()[..from], instead.as_bytes(), &WRONG.as_bytes()[end..]].concat();
        let _ = Configuration::parse(Path::new(FILE), &String::from_utf8_lossy(&bytes));
    }
}
