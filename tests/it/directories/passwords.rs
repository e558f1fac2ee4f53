//! A person's password, asked of every directory: a file, OpenLDAP's slapd, Samba's domain controller.

use crate::support::samba::{self, BASE_DN as DOMAIN};
use crate::support::slapd::{BIND_DN, BIND_PASSWORD, Slapd};
use fedgate::clock::Clock;
use fedgate::directory::{
    DirectoryFailure, DirectoryQuery, Filter, Password, PasswordAnswer, PasswordRefusal as Refusal,
};
use fedgate::lookups::{Directory, LdapDirectory, LdapSettings, LdifDirectory, SaltedHash};
use std::time::Duration;

const ALICE: &str = "cn=alice,ou=people,dc=contoso,dc=test";
const BOB: &str = "cn=bob,ou=people,dc=contoso,dc=test";
/// With letters that LDAP, XML and shells would like to see escaped.
const PASSWORD: &str = " correct <horse> & b\u{e4}ttery*)(cn=* ";

fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

fn people() -> String {
    let hash = SaltedHash::make(&password(PASSWORD), *b"0123456789abcdef");
    format!(
        "dn: {ALICE}\nobjectClass: user\ncn: alice\nsn: Adams\nsAMAccountName: alice\nuserPassword: {hash}\n\n\
         dn: {BOB}\nobjectClass: user\ncn: bob\nsn: Brown\nsAMAccountName: bob\n"
    )
}

/// One table for every directory that holds [`people`].
async fn conforms(kind: &str, directory: &dyn Directory) {
    let wrong = |refusal| PasswordAnswer::Refused(refusal);
    for (account, text, expected) in [
        (Some(ALICE), PASSWORD, PasswordAnswer::Right),
        (Some(ALICE), PASSWORD.trim(), wrong(Refusal::Wrong)),
        (Some(ALICE), "x", wrong(Refusal::Wrong)),
        (Some(ALICE), "*", wrong(Refusal::Wrong)),
        (Some(BOB), PASSWORD, wrong(Refusal::Wrong)),
        (None, PASSWORD, wrong(Refusal::Wrong)),
        (Some("cn=nobody,ou=people,dc=contoso,dc=test"), PASSWORD, wrong(Refusal::Wrong)),
    ] {
        let answer = directory.check_password(account, &password(text)).await;
        assert_eq!(answer, Ok(expected), "{kind}: {account:?} {text:?}");
    }
    for anonymous in ["", " "] {
        let answer = directory.check_password(Some(anonymous), &password("x")).await.unwrap();
        assert_ne!(answer, PasswordAnswer::Right, "{kind}: an anonymous bind succeeds");
    }
}

#[tokio::test]
async fn a_file_and_a_server_answer_alike() {
    conforms("LDIF", &LdifDirectory::read(&people()).unwrap()).await;
    let slapd = Slapd::start(&people());
    let plain = LdapSettings { url: slapd.ldap_url(), ..slapd.settings() };
    for settings in [slapd.settings(), LdapSettings { start_tls: true, ..plain.clone() }, plain] {
        conforms(&settings.url.clone(), &LdapDirectory::new(settings).unwrap()).await;
    }
}

/// Somebody's bind changes nothing about the connections that searches use.
#[tokio::test]
async fn searches_go_on_as_the_gateway() {
    let slapd = Slapd::start(&people());
    let directory = LdapDirectory::new(LdapSettings { connections: 1, ..slapd.settings() }).unwrap();
    let query = DirectoryQuery::new(Filter::parse("(sAMAccountName=bob)").unwrap(), vec!["cn".into()]);
    for _ in 0..3 {
        assert_eq!(directory.search(&query).await.unwrap().len(), 1);
        let right = directory.check_password(Some(ALICE), &password(PASSWORD)).await.unwrap();
        assert_eq!(right, PasswordAnswer::Right);
    }
    let stopwatch = Clock::System.stopwatch();
    while slapd.connections() > 1 {
        assert!(stopwatch.elapsed() < Duration::from_secs(10), "connections of passwords stay open");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let gateway = directory.check_password(Some(BIND_DN), &password(BIND_PASSWORD)).await.unwrap();
    assert_eq!(gateway, PasswordAnswer::Right);
}

#[tokio::test]
async fn no_answer_is_told_from_a_wrong_password() {
    let mut slapd = Slapd::start(&people());
    let limits = LdapSettings { operation_timeout: Duration::from_millis(300), ..slapd.settings() };
    let directory = LdapDirectory::new(limits).unwrap();
    slapd.freeze();
    let stopwatch = Clock::System.stopwatch();
    let failure = directory.check_password(Some(ALICE), &password(PASSWORD)).await.unwrap_err();
    assert!(matches!(failure, DirectoryFailure::TimedOut { .. }), "{failure}");
    assert!(stopwatch.elapsed() < Duration::from_secs(5));
    slapd.thaw();
    slapd.kill();
    let failure = directory.check_password(Some(ALICE), &password(PASSWORD)).await.unwrap_err();
    assert!(matches!(failure, DirectoryFailure::Unreachable { .. }), "{failure}");
    assert!(!format!("{failure} {failure:?}").contains("horse"));
}

/// The sub-codes as a domain controller writes them.
#[tokio::test]
async fn a_domain_controller_says_why() {
    let Some(samba) = samba::shared() else { return };
    let dn = |name: &str| format!("CN={name},CN=Users,{DOMAIN}");
    let quoted: Vec<u8> = "\"S0me body-s passw0rd!\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let quoted = openssl::base64::encode_block(&quoted);
    for (name, control, more) in [
        ("Usual Password", 512, ""),
        ("Disabled Password", 514, ""),
        ("Expired Account", 512, "accountExpires: 131000000000000000\n"),
        ("Changed Password", 512, "pwdLastSet: 0\n"),
    ] {
        let sam = name.split(' ').next().unwrap().to_lowercase();
        samba.modify(&format!(
            "dn: {}\nchangetype: add\nobjectClass: user\nsAMAccountName: {sam}\nuserAccountControl: {control}\n\
             unicodePwd:: {quoted}\n{more}",
            dn(name)
        ));
    }
    let directory = LdapDirectory::new(samba.settings()).unwrap();
    for (name, text, expected) in [
        ("Usual Password", "S0me body-s passw0rd!", PasswordAnswer::Right),
        ("Usual Password", "x", PasswordAnswer::Refused(Refusal::Wrong)),
        ("Disabled Password", "S0me body-s passw0rd!", PasswordAnswer::Refused(Refusal::Disabled)),
        ("Expired Account", "S0me body-s passw0rd!", PasswordAnswer::Refused(Refusal::AccountExpired)),
        ("Changed Password", "S0me body-s passw0rd!", PasswordAnswer::Refused(Refusal::MustChangePassword)),
    ] {
        let answer = directory.check_password(Some(&dn(name)), &password(text)).await;
        assert_eq!(answer, Ok(expected), "{name} {text}");
    }
    let nobody = directory.check_password(None, &password("x")).await.unwrap();
    assert!(matches!(nobody, PasswordAnswer::Refused(_)), "{nobody:?}");
}
