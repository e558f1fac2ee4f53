use super::SHORTEST;
use super::site::{PERMIT, Site};
use crate::directory::Dialect;
use openssl::symm::Cipher;

/// Checks one problem after another against the beginning of its text.
#[track_caller]
fn assert_told(site: &Site, expected: &[&str]) {
    let told = site.told();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "expected {expected}\n{told}");
    }
}

#[test]
fn a_site_in_order_is_assembled() {
    let site = Site::new();
    let (configuration, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.warnings, [""; 0]);
    assert_eq!(assembled.farm.identifier, "http://sts.contoso.test/adfs/services/trust");
    assert_eq!(assembled.farm.trust.roots().len(), 1);
    assert_eq!(assembled.farm.trust.intermediates().len(), 1);
    assert!(assembled.farm.relying_parties.find("urn:federation:MicrosoftOnline").is_some());
    assert_eq!(assembled.directory.describe(), "embedded directory of 1 entries");
    assert_eq!(configuration.file, site.path("fedgate.toml"));
}

#[test]
fn everything_wrong_with_the_files_is_told_in_one_go() {
    let site = Site::new();
    site.configure(|text| {
        let text = text.replacen("tls.pem", "gone.pem", 2).replacen("transform.rules", "gone.rules", 1);
        let text = text.replacen("acceptance.rules", "gone.rules", 1).replacen("signing.key", "locked.key", 1);
        format!(
            "{text}\n[[revocation.authority]]\ncertificate = \"notes.txt\"\ncrl_distribution_point = \"http://a/b\"\n"
        )
    });
    site.write("roots/issuing.pem", site.issuing.pem());
    site.write("intermediates/root.cer", &site.root.der);
    site.write("notes.txt", "no certificate");
    let key = site.root.key().pkey();
    site.write("locked.key", key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret").unwrap());
    site.write("authorization.rules", "c:[Type == \"a\"]\n=> issue(claim = d);\n\n=> issue(Value = \"b\");\n");
    site.write("directory.ldif", "dn: CN=Alice\nmail alice\n");
    let named_by = |key: &str, at: &str| format!("\n    The file belongs to {key} at fedgate.toml:{at}.");
    let unreadable = "which cannot be read: No such file or directory (os error 2).\n    \
                      Correct the path, or put the file there; a relative path begins at the configuration's own folder.";
    let expected = [
        format!("fedgate.toml:7:15: [listener.user_tls] certificate names gone.pem, {unreadable}"),
        format!("fedgate.toml:12:15: [listener.service] certificate names gone.pem, {unreadable}"),
        "roots/issuing.pem: \"CN=Issuing\" was issued by \"CN=Root\", so it is no root.\n    \
         Move the file to the intermediate container if the certificate is an authority's, and put the root \
         certificate here; a user's or a server's certificate belongs into neither."
            .to_owned()
            + &named_by("[trust] roots", "16:9"),
        "intermediates/root.cer: \"CN=Root\" is self-signed, so it is no intermediate.\n    \
         Move the file to the root container."
            .to_owned()
            + &named_by("[trust] intermediates", "17:17"),
        "directory.ldif:2: expected \"attribute: value\".\n    Correct the line; the form is LDIF (RFC 2849).".to_owned()
            + &named_by("[directory] file", "22:8"),
        "fedgate.toml:26:15: [token_signing] private_key names locked.key, which cannot be used: the token signing key is \
         encrypted.\n    Store the key without a passphrase (`openssl pkey -in FILE -out FILE`) in a file that only the \
         gateway may read."
            .to_owned(),
        format!("fedgate.toml:29:20: [claims_provider] acceptance_rules names gone.rules, {unreadable}"),
        "authorization.rules:2:18: POLICY0011: No conditions in the claim rule match the condition tag specified in the \
         CopyIssuanceStatement: 'd'. Declare it in a condition of the same rule ('d:[...]'); variables do not reach into \
         other rules.\n    Correct the rule."
            .to_owned()
            + &named_by("[[relying_party]] authorization_rules", "34:23"),
        "authorization.rules:4:4: a new claim needs a Type: write issue(Type = \"...\", Value = ...).\n    \
         Correct the rule."
            .to_owned()
            + &named_by("[[relying_party]] authorization_rules", "34:23"),
        format!("fedgate.toml:35:19: [[relying_party]] transform_rules names gone.rules, {unreadable}"),
        "fedgate.toml:38:15: [[revocation.authority]] certificate names notes.txt, which is not one certificate.\n    \
         Name a file that holds the authority's certificate and no other, PEM or DER."
            .to_owned(),
    ];
    assert_eq!(site.told(), expected);
}

#[test]
fn a_wrong_key_does_not_hide_a_wrong_file() {
    let site = Site::new();
    site.configure(|text| text.replace("name = \"sts.contoso.test\"", "nam = \"sts\"").replace("\"roots\"", "5"));
    site.remove("signing.key");
    site.write("transform.rules", "=> issue(");
    let expected = [
        "fedgate.toml:2:1: [service] name is missing.",
        "fedgate.toml:3:1: [service] nam is not a key",
        "fedgate.toml:16:9: [trust] roots must be a text in quotes, is 5.",
        "fedgate.toml:26:15: [token_signing] private_key names signing.key, which cannot be read",
        "transform.rules:1:10: POLICY0030: Syntax error, unexpected 'end of text'",
    ];
    assert_told(&site, &expected);
}

#[test]
fn the_half_of_a_key_pair_that_is_at_fault_is_named() {
    let cases = [
        ("tls.key", "[listener.user_tls] private_key names tls.key, which holds no unencrypted PEM private key", 2),
        ("tls.pem", "[listener.user_tls] certificate names tls.pem, which holds no PEM certificate", 2),
        (
            "signing.key",
            "[token_signing] private_key names signing.key, which cannot be used: the token signing key is not",
            1,
        ),
        (
            "signing.pem",
            "[token_signing] certificate names signing.pem, which cannot be used: the token signing certificate",
            1,
        ),
    ];
    for (file, expected, keys) in cases {
        let site = Site::new();
        site.write(file, "neither");
        let told = site.told();
        assert_eq!(told.len(), keys, "{told:#?}");
        assert!(told[0].contains(expected), "{expected}\n{}", told[0]);
    }
    let site = Site::new();
    site.write("fedgate.toml", SHORTEST.replace("signing.key\"", "signing.key\"\nnext_certificate = \"signing.key\""));
    let expected = "[token_signing] next_certificate names signing.key, which is not a PEM certificate";
    assert!(site.told()[0].contains(expected), "{:?}", site.told());
    let site = Site::new();
    for name in ["tls", "signing"] {
        let certificate = std::fs::read(site.path(&format!("{name}.pem"))).unwrap();
        site.write_pair(name);
        site.write(&format!("{name}.pem"), certificate);
    }
    let expected = [
        "fedgate.toml:8:15: [listener.user_tls] private_key names tls.key, which is not the key of the certificate.",
        "fedgate.toml:13:15: [listener.service] private_key names tls.key, which is not the key of the certificate.",
        "fedgate.toml:26:15: [token_signing] private_key names signing.key, which cannot be used: the token signing key \
         does not belong to the token signing certificate.",
    ];
    assert_told(&site, &expected);
}

#[test]
fn a_container_is_told_file_by_file() {
    let site = Site::new();
    site.remove("roots/root.pem");
    site.write("roots/.hidden", "no certificate");
    site.write("roots/README.md", "no certificate");
    std::os::unix::fs::symlink("/nowhere/root.pem", site.path("roots/gone.pem")).unwrap();
    let expected = [
        "roots/gone.pem: this file cannot be read: No such file or directory",
        "fedgate.toml:17:17: [trust] intermediates names nowhere, which cannot be read as a folder: No such file",
    ];
    site.configure(|text| text.replace("\"intermediates\"", "\"nowhere\""));
    assert_told(&site, &expected);

    let site = Site::new();
    site.remove("roots/root.pem");
    let expected = "fedgate.toml:16:9: [trust] roots names roots, but the root container holds no certificate.\n    \
                    Put the self-signed certificate of the root authority there.";
    assert_eq!(site.told()[0].replace(&site.path("roots").display().to_string(), "roots"), expected);

    let site = Site::new();
    site.configure(|text| text.replace("\"roots\"", "\"roots/root.pem\""));
    assert_told(
        &site,
        &["fedgate.toml:16:9: [trust] roots names roots/root.pem, which cannot be read as a folder: Not a"],
    );
}

#[test]
fn an_authority_is_what_its_section_says() {
    let site = Site::new();
    let configure = |more: &str| {
        let section = format!("[[revocation.authority]]\ncertificate = \"intermediates/issuing.cer\"\n{more}\n");
        site.configure(|text| format!("{text}\n{section}"));
    };
    configure("authority_type = \"intermediate\"");
    assert_eq!(site.warnings(), [""; 0]);
    let cases = [
        (
            "authority_type = \"root\"",
            "39:18: [[revocation.authority]] authority_type is \"root\", but the certificate of",
        ),
        ("authority_type = \"leaf\"", "39:18: [[revocation.authority]] authority_type must be \"root\" or"),
        ("exempt_reason = \"x\"", "39:17: [[revocation.authority]] exempt_reason needs exempt_until"),
        ("exempt_until = 2026-12-31", "39:16: [[revocation.authority]] exempt_until needs exempt_reason"),
        (
            "exempt_reason = \"x\"\nexempt_until = \"soon\"",
            "40:16: [[revocation.authority]] exempt_until must be a date",
        ),
        (
            "crl_distribution_point = []",
            "39:26: [[revocation.authority]] crl_distribution_point must be a text in quotes or",
        ),
        (
            "crl_distribution_point = [\"http://a/\", \"ftp://a/\"]",
            "39:26: [[revocation.authority]] crl_distribution_point must be an",
        ),
        (
            "delta_crl_distribution_point = \"ldap:///CN=a\"",
            "39:32: [[revocation.authority]] delta_crl_distribution_point names no directory server",
        ),
    ];
    for (more, expected) in cases {
        configure(more);
        assert_told(&site, &[&format!("fedgate.toml:{expected}")]);
    }
}

#[test]
fn a_weakening_of_signatures_is_warned_of_and_holds_for_crls_too() {
    let site = Site::new();
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.farm.revocation.sha1(), crate::revocation::Sha1::Refused);
    site.configure(|text| text.replace("[trust]\n", "[trust]\nallow_sha1 = true\n"));
    let warning = "[trust] allow_sha1 is true: certificates, CRLs and OCSP answers with SHA-1 signatures are accepted, which \
                   can be forged";
    assert_eq!(site.warnings(), [warning]);
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.farm.revocation.sha1(), crate::revocation::Sha1::Allowed);
}

#[test]
fn an_exemption_is_warned_of_and_ends_with_its_last_day() {
    let site = Site::new();
    site.configure(|text| {
        format!(
            "{text}\n[[revocation.authority]]\ncertificate = \"intermediates/issuing.cer\"\nexempt_reason = \"it moves\"\n\
             exempt_until = 2026-12-31\n"
        )
    });
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    let told_at = |moment: &str| assembled.farm.revocation.exemption_notices(moment.parse().unwrap());
    let in_force = "certificates of \"CN=Issuing\" are accepted until 2027-01-01T00:00:00Z (0 d left) when nothing can be \
                    said of their revocation: it moves";
    assert_eq!(told_at("2026-12-31T23:59:59Z"), [in_force]);
    let ended = "the exemption of \"CN=Issuing\" ended at 2027-01-01T00:00:00Z (0 d ago) and lets nobody in any more; \
                 remove exempt_reason and exempt_until. Its reason was: it moves";
    assert_eq!(told_at("2027-01-01T00:00:00Z"), [ended]);
    assert!(told_at("2027-01-11T01:00:00Z")[0].contains("(10 d ago)"));
}

#[test]
fn one_authority_has_one_section() {
    let site = Site::new();
    site.write("both.pem", [site.root.pem(), site.issuing.pem()].concat());
    let section = |file: &str| {
        format!("[[revocation.authority]]\ncertificate = \"{file}\"\ncrl_distribution_point = \"http://crl.test/a\"\n")
    };
    let files = ["intermediates/issuing.cer", "roots/root.pem"].map(section).concat();
    site.configure(|text| format!("{text}\n{files}"));
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.farm.revocation.authorities.len(), 2);
    site.configure(|text| format!("{text}\n{files}{}{}", section("intermediates/issuing.cer"), section("both.pem")));
    let expected = [
        "fedgate.toml:44:15: [[revocation.authority]] certificate names the certificate of \"CN=Issuing\", which another",
        "fedgate.toml:47:15: [[revocation.authority]] certificate names both.pem, which is not one certificate.",
    ];
    assert_told(&site, &expected);
}

#[test]
fn what_a_directory_server_needs_is_looked_at() {
    let site = Site::new();
    let settings = "url = \"ldaps://dc1.contoso.test\"\nca_certificate = \"ca.pem\"\nbind_dn = \"CN=fedgate\"\n\
                    bind_password_file = \"password\"";
    site.configure_server(settings);
    let missing = [
        "fedgate.toml:24:18: [directory] ca_certificate names ca.pem, which cannot be read",
        "fedgate.toml:26:22: [directory] bind_password_file names password, which cannot be read",
    ];
    assert_told(&site, &missing);
    site.write("ca.pem", "no certificate");
    site.write("password", "\r\n");
    let useless = [
        "fedgate.toml:24:18: [directory] ca_certificate names ca.pem, which holds no PEM certificate.",
        "fedgate.toml:26:22: [directory] bind_password_file names password, which holds no password.",
    ];
    assert_told(&site, &useless);
    site.write("ca.pem", site.root.pem());
    site.write("password", "secret\n");
    let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(assembled.directory.describe(), "ldaps://dc1.contoso.test below DC=contoso,DC=test");
}

#[test]
fn text_files_may_come_from_a_windows_editor_but_are_utf_8() {
    let site = Site::new();
    site.write("acceptance.rules", format!("\u{feff}{PERMIT}\r\n"));
    site.write("directory.ldif", "\u{feff}dn: CN=Alice\r\nmail: alice@contoso.test\r\n");
    assert_eq!(site.warnings(), [""; 0]);
    let utf_16: Vec<u8> = PERMIT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    site.write("transform.rules", [&[0xff, 0xfe], utf_16.as_slice()].concat());
    site.write("directory.ldif", b"dn: CN=J\xfcrgen\n");
    let expected = [
        "directory.ldif:1: this is not UTF-8 text.",
        "transform.rules:1: this is not UTF-8 text.\n    Save it as UTF-8;",
    ];
    assert_told(&site, &expected);
}

#[test]
fn what_is_probably_not_meant_is_warned_of_once() {
    let site = Site::new();
    site.configure(|text| text.replace("\"transform.rules\"", "\"acceptance.rules\""));
    site.write("acceptance.rules", "c:[Type == \"https://schemas.microsoft.com/claims/x\"] => issue(claim = c);");
    site.write("authorization.rules", "");
    site.write("directory.ldif", "# nobody yet\n");
    site.write("roots/old/root.pem", site.root.pem());
    let warnings = site.warnings();
    let expected = [
        "roots/old is a folder inside [trust] roots and is not read",
        "acceptance.rules:1:12: 'https://schemas.microsoft.com/claims/x' is spelled with https",
        "Office 365: the authorization rules are empty, so nobody gets a token",
        "directory.ldif: the directory has no entry, so nobody is found",
    ];
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
    for (warning, expected) in warnings.iter().zip(expected) {
        assert!(warning.starts_with(expected), "{warning}");
    }
}

#[test]
fn an_access_control_policy_stands_for_the_rules_of_admission() {
    let line = "authorization_rules = \"authorization.rules\"";
    let site = Site::new();
    site.configure(|text| text.replace(line, "access_control_policy = \"Permit everyone and require MFA\""));
    let farm = site.open().unwrap_or_else(|problems| panic!("{problems}")).1.farm;
    let trust = farm.relying_parties.find("urn:federation:MicrosoftOnline").unwrap();
    assert_eq!((trust.authorization.rules().len(), trust.additional_authentication.rules().len()), (1, 1));

    let wrong = [
        ("access_control_policy = \"permit-nobody\"", "access_control_policy is \"permit-nobody\", which is no policy"),
        (
            "access_control_policy = \"permit-group\"",
            "access_control_policy cannot be used: the policy \"permit-group\" needs",
        ),
        (
            "access_control_policy = \"permit-everyone\"\naccess_control_groups = \"Sales\"",
            "access_control_groups cannot be used: the policy \"permit-everyone\" has no groups",
        ),
        (
            "access_control_policy = \"permit-everyone\"\nauthorization_rules = \"authorization.rules\"",
            "authorization_rules cannot be there together with the access control policy \"permit-everyone\"",
        ),
        (
            "access_control_groups = \"Sales\"\nauthorization_rules = \"authorization.rules\"",
            "access_control_groups does nothing without access_control_policy",
        ),
        ("", "authorization_rules is missing"),
    ];
    for (lines, expected) in wrong {
        let site = Site::new();
        site.configure(|text| text.replace(line, lines));
        let told = site.told();
        assert!(told.len() == 1 && told[0].contains(expected), "{expected}\n{told:#?}");
    }
}

#[test]
fn every_kind_of_rule_file_is_read_and_checked() {
    let keys = ["additional_authentication_rules", "delegation_rules", "impersonation_rules"];
    let site = Site::new();
    let lines: String = keys.map(|key| format!("{key} = \"{key}.rules\"\n")).concat();
    site.configure(|text| {
        let text = text.replace("transform_rules = ", &format!("{lines}transform_rules = "));
        text + "\n[additional_authentication]\nrules = \"everywhere.rules\"\ncertificate = \"multi-factor\"\n"
    });
    for key in keys {
        site.write(&format!("{key}.rules"), "=> issue(Type = \"t\", Value = \"v\");");
    }
    site.write("everywhere.rules", "=> issue(");
    let told = site.told();
    assert!(told.len() == 1 && told[0].starts_with("everywhere.rules:1:"), "{told:#?}");
    site.write("everywhere.rules", "=> issue(Type = \"t\", Value = \"v\");");
    let farm = site.open().unwrap_or_else(|problems| panic!("{problems}")).1.farm;
    assert!(farm.additional_authentication.certificate_is_multi_factor);
    let trust = farm.relying_parties.find("urn:federation:MicrosoftOnline").unwrap();
    for rules in [&trust.additional_authentication, &trust.delegation_authorization, &trust.impersonation_authorization]
    {
        assert_eq!(rules.rules().len(), 1);
    }
}

/// Computers are users in Active Directory too, and of another category.
#[test]
fn accounts_are_told_from_other_entries_by_the_kind_of_directory() {
    let site = Site::new();
    let filter = || {
        let (_, assembled) = site.open().unwrap_or_else(|problems| panic!("{problems}"));
        assembled.farm.subject.account_filter.map(|filter| filter.to_text(Dialect::ActiveDirectory))
    };
    assert_eq!(filter(), None);
    let active_directory = "url = \"ldaps://dc1.contoso.test\"";
    site.configure_server(active_directory);
    assert_eq!(filter().as_deref(), Some("(&(objectCategory=person)(objectClass=user))"));
    site.configure_server(&format!("{active_directory}\ndialect = \"openldap\""));
    assert_eq!(filter(), None);
    let own = |filter: &str| {
        site.configure(|text| format!("{text}\n[subject]\naccount_filter = \"{filter}\"\n"));
    };
    own("(!(objectClass=contact))");
    assert_eq!(filter().as_deref(), Some("(!(objectClass=contact))"));
    own("(objectClass=user");
    assert_told(&site, &["fedgate.toml:38:18: [subject] account_filter is no filter: "]);
    own("(memberOf:1.2.840.113556.1.4.1941:=CN=Staff)");
    let told =
        "fedgate.toml:38:18: [subject] account_filter has the matching rule 1.2.840.113556.1.4.1941, which an LDIF";
    assert_told(&site, &[told]);
}

#[test]
fn each_trust_says_how_its_rules_are_read() {
    let site = Site::new();
    let lenient = "// nobody\nc:[Type != 'x'] => issue(claim = c)";
    site.write("transform.rules", lenient);
    let expected = [
        "transform.rules:1:1: POLICY0029: the language has no comments",
        "transform.rules:2:12: text is written in double quotes",
        "transform.rules:2:36: the last rule does not end with ';'",
    ];
    assert_told(&site, &expected);
    site.configure(|text| text.replace("[[relying_party]]", "[[relying_party]]\nlenient_rules = true"));
    let warnings = site.warnings();
    assert_eq!(warnings.len(), 3, "{warnings:#?}");
    assert!(warnings[2].starts_with("transform.rules:2:36: the last rule does not end with ';'"), "{warnings:#?}");
    site.write("acceptance.rules", lenient);
    assert!(site.told().iter().all(|told| told.starts_with("acceptance.rules:")));
    site.configure(|text| {
        let text = text.replace("[[relying_party]]", "[[relying_party]]\nlenient_rules = true");
        text.replace("[claims_provider]", "[claims_provider]\nlenient_rules = true")
    });
    assert_eq!(site.warnings().len(), 6);
}
