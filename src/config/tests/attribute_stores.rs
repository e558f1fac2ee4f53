use super::site::{PERMIT, Site};

/// A rule that asks a store.
fn rule(store: &str, query: &str, types: usize) -> String {
    let types = vec!["\"urn:t\""; types].join(", ");
    format!(
        "{PERMIT}\n\n@RuleName = \"Ask\"\n=> issue(store = \"{store}\", types = ({types}), query = \"{query}\", param = \"x\");"
    )
}

fn site(sections: &str, rules: &str) -> Site {
    let site = Site::new();
    site.configure(|text| format!("{text}\n{sections}"));
    site.write("transform.rules", rules);
    site
}

#[test]
fn a_rule_that_asks_what_is_not_there_is_told_with_file_and_rule() {
    let long = "SELECT a FROM t WHERE b LIKE '%{0}%'";
    let database = "[[attribute_store]]\nname = \"Personnel\"\nkind = \"sqlite\"\nfile = \"personnel.sqlite\"\n";
    let cases = [
        (
            "",
            rule("Personnel", "SELECT 1", 1),
            "asks the attribute store \"Personnel\", which is not configured",
            "Add an [[",
        ),
        ("", rule("active directory ", ";mail;D\\u", 1), "which is not configured", "Write \"Active Directory\" as"),
        ("", rule("_OpaqueIdStore", "{0};{1};{2}", 1), "which is not configured", "It needs a secret of the farm"),
        (
            "",
            rule("Active Directory", "cn={0};mail;FABRIKAM\\svc", 1),
            "it is about the domain \"FABRIKAM\"",
            "Correct",
        ),
        ("", rule("_PasswordExpiryStore", "{0};", 1), "the store answers 3 values for 1 claim types", "Correct"),
        (database, rule("Personnel", long, 1), "the placeholder {0} stands in quotes", "Correct"),
        (database, rule("Personnel", "EXEC dbo.proc {0}", 1), "EXEC calls a procedure of SQL Server", "Correct"),
    ];
    for (sections, rules, message, cure) in cases {
        let site = site(sections, &rules);
        site.write("personnel.sqlite", "");
        let told = site.told();
        assert_eq!(told.len(), 1, "{told:#?}");
        let found = told[0].starts_with("transform.rules:3: rule 2 \"Ask\" (line 3)");
        assert!(found && told[0].contains(message) && told[0].contains(cure), "{message}\n{}", told[0]);
    }
}

#[test]
fn every_kind_of_store_is_assembled() {
    let sections = r#"
[[attribute_store]]
name = "AD LDS "
kind = "ldap"
url = "ldaps://lds1.contoso.com"
base_dn = "O=Contoso"

[[attribute_store]]
name = "Fabrikam"
kind = "active-directory"
netbios_domain = "FABRIKAM"
url = "ldaps://dc1.fabrikam.com"
base_dn = "DC=fabrikam,DC=com"

[[attribute_store]]
name = "Personnel"
kind = "postgresql"
host = "/var/run/postgresql"
database = "personnel"
user = "fedgate"
tls = false

[[attribute_store]]
name = "Text"
kind = "string-processing"

[[attribute_store]]
name = "_OpaqueIdStore"
kind = "opaque-id"
secret_file = "secret"

[[attribute_store]]
name = "_PasswordExpiryStore"
kind = "password-expiry"
change_url = "https://password.contoso.com/"
"#;
    let rules = [
        rule("AD LDS ", "cn={0};mail;title", 2),
        rule("Fabrikam", "cn={0};mail;fabrikam.com\\svc", 1),
        rule("Active Directory", "cn={0};tokenGroups(SID);CONTOSO\\svc", 1),
        rule("Personnel", "SELECT a, b FROM t WHERE c = {0}", 2),
        rule("Text", "toUpper", 1),
        rule("_OpaqueIdStore", "{0};{1};{2}", 1),
        rule("_PasswordExpiryStore", "{0};", 3),
        rule("_ProxyCredentialStore", "isProxySid({0})", 1),
    ];
    let site = site(sections, &rules.join("\n\n"));
    site.write("secret", "0123456789abcdef0123456789abcdef\n");
    assert_eq!(site.warnings(), [""; 0]);
}

#[test]
fn sections_that_cannot_be_used_are_told() {
    let told = |sections: &str| {
        let site = site(sections, PERMIT);
        site.write("short", "too short");
        site.told().join("\n")
    };
    let cases = [
        ("name = \"A\"\nkind = \"oracle\"", "[[attribute_store]] kind must be"),
        ("kind = \"string-processing\"", "[[attribute_store]] name is missing"),
        ("name = \"A\"\nkind = \"string-processing\"\nfile = \"x\"", "does nothing with kind = \"string-processing\""),
        ("name = \"A\"\nkind = \"sqlite\"\nfile = \"gone\"", "which is not a file"),
        ("name = \"A\"\nkind = \"opaque-id\"\nsecret_file = \"short\"", "it is shorter than 32 octets"),
        (
            "name = \"A\"\nkind = \"postgresql\"\nhost = \"db1\"\ndatabase = \"d\"\nuser = \"u\"\ntls = false",
            "is another machine while tls = false",
        ),
        (
            "name = \"A\"\nkind = \"postgresql\"\nhost = \"/run\"\ndatabase = \"d\"\nuser = \"u\"",
            "is the folder of a Unix socket while tls = true",
        ),
        (
            "name = \"A\"\nkind = \"string-processing\"\n[[attribute_store]]\nname = \"A\"\nkind = \"string-processing\"",
            "which another attribute store is called too",
        ),
    ];
    for (section, expected) in cases {
        let told = told(&format!("[[attribute_store]]\n{section}\n"));
        assert!(told.contains(expected), "{expected}\n{told}");
    }
}
