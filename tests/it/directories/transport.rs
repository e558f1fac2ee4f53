//! How the gateway reaches a directory server, and what it must refuse: a server that cannot prove its name, words in the
//! clear, a bind that means nothing.

use crate::support::server_certificate;
use crate::support::slapd::{BIND_DN, Slapd};
use fedgate::directory::{DirectoryFailure, DirectoryQuery, Filter};
use fedgate::lookups::{Directory, LdapDirectory, LdapSettings, LdapSettingsError};

const PEOPLE: &str = "dn: cn=alice,ou=people,dc=contoso,dc=test
objectClass: user
cn: alice
sn: Adams
sAMAccountName: alice
";

fn alice() -> DirectoryQuery {
    DirectoryQuery::new(Filter::parse("(sAMAccountName=alice)").unwrap(), vec!["cn".into()])
}

async fn ask(settings: LdapSettings) -> Result<usize, DirectoryFailure> {
    let directory = LdapDirectory::new(settings).unwrap();
    directory.search(&alice()).await.map(|entries| entries.len())
}

/// What "cannot be reached" said about the server asked.
async fn unreachable(settings: LdapSettings) -> String {
    let asked = settings.url.clone();
    match ask(settings).await {
        Err(DirectoryFailure::Unreachable { server, detail }) if server == asked => detail,
        other => panic!("{asked}: {other:?}"),
    }
}

/// LDAPS, and StartTLS on the plain port.
fn both_ways(slapd: &Slapd) -> [LdapSettings; 2] {
    [slapd.settings(), LdapSettings { url: slapd.ldap_url(), start_tls: true, ..slapd.settings() }]
}

#[tokio::test]
async fn a_server_of_another_authority_is_refused() {
    let slapd = Slapd::start(PEOPLE);
    for settings in both_ways(&slapd) {
        assert_eq!(ask(settings.clone()).await, Ok(1), "{}", settings.url);
        let stranger = Some(server_certificate::for_loopback().authority);
        let detail = unreachable(LdapSettings { ca_certificate: stranger, ..settings.clone() }).await;
        assert!(detail.contains("certificate verify failed"), "{detail}");
        // Without an authority of the operator's the machine's count, and none of them knows this server.
        let detail = unreachable(LdapSettings { ca_certificate: None, ..settings }).await;
        assert!(detail.contains("certificate verify failed"), "{detail}");
    }
}

#[tokio::test]
async fn a_server_with_another_name_is_refused() {
    let slapd = Slapd::start(PEOPLE);
    for settings in both_ways(&slapd) {
        let url = settings.url.replace("127.0.0.1", "localhost");
        let detail = unreachable(LdapSettings { url, ..settings }).await;
        assert!(detail.to_lowercase().contains("hostname mismatch"), "{detail}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_start_tls_is_not_used_in_the_clear() {
    let slapd = Slapd::start_without_tls(PEOPLE);
    assert_eq!(ask(slapd.settings()).await, Ok(1));
    let detail = unreachable(LdapSettings { start_tls: true, ..slapd.settings() }).await;
    assert!(detail.contains("rc=2"), "protocolError is what RFC 4511 section 4.14.2 wants to be told: {detail}");
}

#[tokio::test]
async fn nobody_listening_is_told_from_everything_else() {
    let mut slapd = Slapd::start(PEOPLE);
    slapd.kill();
    for settings in both_ways(&slapd) {
        let detail = unreachable(settings).await;
        assert!(detail.to_lowercase().contains("refused"), "{detail}");
    }
}

#[tokio::test]
async fn a_refused_bind_is_told_without_the_password() {
    let slapd = Slapd::start(PEOPLE);
    let bind = Some((BIND_DN.to_owned(), "not the password".to_owned()));
    for settings in both_ways(&slapd) {
        let failure = ask(LdapSettings { bind: bind.clone(), ..settings.clone() }).await.unwrap_err();
        let expected = DirectoryFailure::BindRefused { server: settings.url, detail: "result code 49".to_owned() };
        assert_eq!(failure, expected);
        assert!(!failure.to_string().contains("not the password"));
    }
}

#[tokio::test]
async fn a_base_that_does_not_exist_or_may_not_be_read_is_told() {
    let slapd = Slapd::start(PEOPLE);
    let elsewhere = LdapSettings { base_dn: "ou=nowhere,dc=contoso,dc=test".to_owned(), ..slapd.settings() };
    let anonymous = LdapSettings { bind: None, ..slapd.settings() };
    for settings in [elsewhere, anonymous] {
        let base = settings.base_dn.clone();
        match ask(settings).await {
            Err(DirectoryFailure::Rejected { code: 32, detail, .. }) => assert!(detail.contains(&base), "{detail}"),
            other => panic!("{base}: {other:?}"),
        }
    }
}

#[test]
fn unsafe_settings_make_no_directory() {
    let settings = |url: &str, start_tls, password: &str| LdapSettings {
        url: url.to_owned(),
        start_tls,
        ca_certificate: None,
        bind: Some(("cn=gateway".to_owned(), password.to_owned())),
        base_dn: "dc=contoso,dc=test".to_owned(),
        dialect: fedgate::directory::Dialect::ActiveDirectory,
        connections: 1,
        connect_timeout: std::time::Duration::from_secs(1),
        operation_timeout: std::time::Duration::from_secs(1),
        maximum_entries: 1,
    };
    let plain = |url: &str| Some(LdapSettingsError::Plain(url.to_owned()));
    let not_ldap = |url: &str| Some(LdapSettingsError::Url(url.to_owned()));
    for (url, start_tls, password, expected) in [
        ("ldaps://dc1.contoso.test", false, "secret", None),
        ("ldap://dc1.contoso.test", true, "secret", None),
        ("ldap://127.0.0.1:389", false, "secret", None),
        ("ldap://[::1]:389", false, "secret", None),
        ("ldap://localhost", false, "secret", None),
        ("ldap://dc1.contoso.test", false, "secret", plain("ldap://dc1.contoso.test")),
        ("ldap://10.0.0.1", false, "secret", plain("ldap://10.0.0.1")),
        ("ldap://127.0.0.1.contoso.test", false, "secret", plain("ldap://127.0.0.1.contoso.test")),
        ("ldap://127.0.0.1@dc1.contoso.test", false, "secret", plain("ldap://127.0.0.1@dc1.contoso.test")),
        ("ldap://localhost.contoso.test", false, "secret", plain("ldap://localhost.contoso.test")),
        ("ldap://", false, "secret", plain("ldap://")),
        ("https://dc1.contoso.test", false, "secret", not_ldap("https://dc1.contoso.test")),
        ("dc1.contoso.test", false, "secret", not_ldap("dc1.contoso.test")),
        ("ldaps://dc1.contoso.test", false, "", Some(LdapSettingsError::EmptyPassword)),
    ] {
        assert_eq!(LdapDirectory::new(settings(url, start_tls, password)).err(), expected, "{url}");
    }
    let unreadable = LdapSettings { ca_certificate: Some(b"no PEM".to_vec()), ..settings("ldaps://dc1", false, "x") };
    assert!(matches!(LdapDirectory::new(unreadable).err(), Some(LdapSettingsError::Authority(_))));
}
