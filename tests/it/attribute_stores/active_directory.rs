//! The store "Active Directory" and its groups, asked of a real domain controller and of directories that compute nothing.

use super::{HOSTILE, asked};
use crate::support::samba::{self, BASE_DN};
use crate::support::slapd::Slapd;
use fedgate::claims::stores::StoreFailure;
use fedgate::lookups::{
    ActiveDirectoryStore, Directory, LdapDirectory, LdapSettings, LdapStore, LdifDirectory, WindowsDomain, groups_of,
};
use std::sync::Arc;
use tokio::runtime::Runtime;

const ALICE: &str = "CN=Alice Adams,CN=Users,DC=contoso,DC=test";

fn of_contoso(directory: Arc<dyn Directory>) -> ActiveDirectoryStore {
    ActiveDirectoryStore::new(directory, WindowsDomain::new("CONTOSO", BASE_DN), 100)
}

fn sorted(mut values: Vec<String>) -> Vec<String> {
    values.sort();
    values
}

#[test]
fn a_domain_controller_answers_rules() {
    let Some(samba) = samba::shared() else { return };
    let runtime = Runtime::new().unwrap();
    let started_tls = LdapSettings { url: samba.ldap_url(), start_tls: true, ..samba.settings() };
    for settings in [samba.settings(), started_tls] {
        // Connections live in the runtime.
        let _inside = runtime.enter();
        let store = of_contoso(Arc::new(LdapDirectory::new(settings).unwrap()));
        let ask = |query: &str, params: &[&str]| asked(&runtime, &store, query, params);

        let guid = samba.attribute(ALICE, "objectGUID");
        let answer = ask(";objectGUID,mS-DS-ConsistencyGuid,mail, proxyAddresses;{0}", &["CONTOSO\\alice"]).unwrap();
        assert_eq!((&answer[0], &answer[1]), (&guid, &Vec::new()));
        assert_eq!(answer[2], ["alice@contoso.test"]);
        assert_eq!(sorted(answer[3].clone()), ["SMTP:alice@contoso.test", "smtp:a.adams@contoso.test"]);
        let sid = ask("userPrincipalName={0};objectSid;contoso.test\\x", &["alice@contoso.test"]).unwrap();
        assert!(sid[0][0].starts_with("S-1-5-21-"), "{sid:?}");

        // Groups within groups, the primary group and a built-in one; not the newsletter, which is for mail alone.
        let names = sorted(ask(";tokenGroups;{0}", &["CONTOSO\\alice"]).unwrap().remove(0));
        assert_eq!(names, ["Domain Users", "Sales", "Staff Members", "Users"]);
        let columns = ";tokenGroups(domainQualifiedName),tokenGroups(longDomainQualifiedName),\
                       tokenGroups(fullDomainQualifiedName),tokenGroups(SID),sAMAccountName;{0}";
        let forms: Vec<Vec<String>> = ask(columns, &["CONTOSO\\alice"]).unwrap().into_iter().map(sorted).collect();
        let spelled = |domain: &str| {
            sorted(vec![
                "BUILTIN\\Users".to_owned(),
                format!("{domain}\\Domain Users"),
                format!("{domain}\\Sales"),
                format!("{domain}\\Staff Members"),
            ])
        };
        assert_eq!(forms[0], spelled("CONTOSO"));
        assert_eq!((&forms[1], &forms[2]), (&spelled("contoso.test"), &spelled("contoso.test")));
        let domain = sid[0][0].rsplit_once('-').unwrap().0;
        assert!(forms[3].contains(&format!("{domain}-513")) && forms[3].contains(&"S-1-5-32-545".to_owned()));
        assert_eq!((forms[3].len(), &forms[4]), (4, &vec!["alice".to_owned()]));

        // Nested membership as a rule can also ask for it (LDAP_MATCHING_RULE_IN_CHAIN).
        let chain =
            "(&(sAMAccountName={0})(memberOf:1.2.840.113556.1.4.1941:=CN=Staff,CN=Users,DC=contoso,DC=test));mail;{1}";
        assert_eq!(ask(chain, &["alice", "CONTOSO\\alice"]).unwrap(), [["alice@contoso.test"]]);
        assert_eq!(ask(chain, &["fedgate", "CONTOSO\\fedgate"]).unwrap(), [[""; 0]; 1]);
    }
}

/// A NUL is refused before any server sees it: Samba reads no further.
fn nothing_found(answer: Result<Vec<Vec<String>>, StoreFailure>, value: &str) {
    match answer {
        Err(StoreFailure::Query { .. }) if value.contains('\0') => {}
        answer => assert_eq!(answer.unwrap(), [[""; 0]; 1], "{value:?}"),
    }
}

#[test]
fn no_parameter_changes_what_is_asked() {
    let Some(samba) = samba::shared() else { return };
    let runtime = Runtime::new().unwrap();
    let _inside = runtime.enter();
    let store = of_contoso(Arc::new(LdapDirectory::new(samba.settings()).unwrap()));
    for value in HOSTILE {
        for query in ["sAMAccountName={0};sAMAccountName;CONTOSO\\x", "(&(objectClass=user)(cn={0}));cn;CONTOSO\\x"] {
            nothing_found(asked(&runtime, &store, query, &[value]), value);
        }
        let account = format!("CONTOSO\\{value}");
        nothing_found(asked(&runtime, &store, ";sAMAccountName;{0}", &[&account]), value);
    }
    // A value that really has the characters is found by them.
    let found = asked(&runtime, &store, "displayName={0};sAMAccountName;CONTOSO\\x", &["Brackets (ext) *\\"]);
    assert_eq!(found.unwrap(), [["brackets"]]);
}

#[test]
fn more_than_the_bound_is_a_failure_and_another_domain_is_no_answer() {
    let Some(samba) = samba::shared() else { return };
    let runtime = Runtime::new().unwrap();
    let _inside = runtime.enter();
    let directory = Arc::new(LdapDirectory::new(samba.settings()).unwrap());
    let narrow = ActiveDirectoryStore::new(directory.clone(), WindowsDomain::new("CONTOSO", BASE_DN), 5);
    let many = asked(&runtime, &narrow, "(objectClass=group);cn;CONTOSO\\x", &[]);
    assert!(matches!(many, Err(StoreFailure::TooMany { limit: 5, .. })), "{many:?}");
    // The bound of the store is not that of the search for accounts, which is 16.
    let wide = asked(&runtime, &of_contoso(directory), "(objectClass=group);cn;CONTOSO\\x", &[]).unwrap();
    assert!(wide[0].len() > 16, "{wide:?}");
    let other = asked(&runtime, &narrow, ";mail;{0}", &["FABRIKAM\\alice"]);
    let Err(StoreFailure::Query { reason }) = other else { panic!("{other:?}") };
    assert!(reason.contains("FABRIKAM") && reason.contains("CONTOSO"), "{reason}");
}

/// Groups as LDIF: Alice in Sales, Sales in Staff, Staff in Everybody, which is in Staff again.
fn groups(base: &str, alice: &str) -> String {
    let group = |name: &str, rid: u8, member: &str| {
        let mut sid = vec![1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, rid, 4, 0, 0];
        sid.truncate(28);
        format!(
            "dn: cn={name},{base}\nobjectClass: groupOfNames\nobjectClass: extensibleObject\ncn: {name}\n\
             objectSid:: {}\nmember: {member}\n\n",
            openssl::base64::encode_block(&sid)
        )
    };
    let dn = |name: &str| format!("cn={name},{base}");
    [
        group("Sales", 1, alice),
        group("Staff", 2, &format!("{}\nmember: {}", dn("Sales"), dn("Everybody"))),
        group("Everybody", 3, &dn("Staff")),
        group("Others", 4, &dn("nobody")),
    ]
    .concat()
}

#[test]
fn directories_that_compute_nothing_are_walked() {
    let base = "ou=people,dc=contoso,dc=test";
    let alice = format!("cn=alice,{base}");
    let people = format!(
        "dn: {alice}\nobjectClass: user\ncn: alice\nsAMAccountName: alice\nmail: a@contoso.test\n\n{}",
        groups(base, &alice)
    );
    let (runtime, slapd) = (Runtime::new().unwrap(), Slapd::start(&people));
    let _inside = runtime.enter();
    let started_tls = LdapSettings { url: slapd.ldap_url(), start_tls: true, ..slapd.settings() };
    let directories: [Arc<dyn Directory>; 3] = [
        Arc::new(LdapDirectory::new(slapd.settings()).unwrap()),
        Arc::new(LdapDirectory::new(started_tls).unwrap()),
        Arc::new(LdifDirectory::read(&people).unwrap()),
    ];
    for directory in directories {
        let kind = directory.describe();
        let store = of_contoso(Arc::clone(&directory));
        let query = ";tokenGroups,tokenGroups(SID),tokenGroups(domainQualifiedName),mail;{0}";
        let answer: Vec<_> =
            asked(&runtime, &store, query, &["CONTOSO\\alice"]).unwrap().into_iter().map(sorted).collect();
        assert_eq!(answer[0], ["Everybody", "Sales", "Staff"], "{kind}");
        assert_eq!(answer[1], ["S-1-5-21-1-2-3-1025", "S-1-5-21-1-2-3-1026", "S-1-5-21-1-2-3-1027"], "{kind}");
        assert_eq!(answer[2], ["CONTOSO\\Everybody", "CONTOSO\\Sales", "CONTOSO\\Staff"], "{kind}");
        assert_eq!(answer[3], ["a@contoso.test"], "{kind}");
        let all = runtime.block_on(groups_of(&*directory, &alice)).unwrap();
        assert_eq!((all.all.len(), all.primary), (3, None), "{kind}");
        // The generic store over the same directory.
        let generic = LdapStore::new(directory);
        assert_eq!(asked(&runtime, &generic, "(cn={0});mail", &["alice"]).unwrap(), [["a@contoso.test"]], "{kind}");
        for value in HOSTILE {
            nothing_found(asked(&runtime, &generic, "cn={0};mail", &[value]), value);
        }
    }
}
