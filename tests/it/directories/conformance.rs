//! One table of questions and answers, and every directory that must give them.
//!
//! Left out because servers differ by nature: the bitmask rules (Active Directory has them and so has the embedded
//! directory, OpenLDAP has not), and how blanks and composed letters compare (OpenLDAP prepares strings by RFC 4518). Neither
//! decides who somebody is: the subject room compares what it gets once more.

use super::people::{self, Held};
use crate::support::slapd::{Slapd, TREE};
use fedgate::directory::{DirectoryFailure, DirectoryQuery, Entry, Filter};
use fedgate::lookups::{Directory, LdapDirectory, LdapSettings, LdifDirectory};
use std::collections::BTreeMap;

/// Values by attribute; an attribute that is not here has none.
type Attributes = BTreeMap<String, Vec<Vec<u8>>>;

/// A question and its answer.
struct Case {
    about: &'static str,
    query: DirectoryQuery,
    expected: Vec<(String, Attributes)>,
}

impl Case {
    fn new(about: &'static str, filter: Filter, attributes: &[&str]) -> Self {
        let attributes = attributes.iter().map(|name| (*name).to_owned().into()).collect();
        Self { about, query: DirectoryQuery::new(filter, attributes), expected: Vec::new() }
    }

    fn text(about: &'static str, filter: &str, attributes: &[&str]) -> Self {
        Self::new(about, Filter::parse(filter).unwrap(), attributes)
    }

    /// One entry of the answer and its textual values.
    fn finds(mut self, name: &str, values: &[(&str, &[&str])]) -> Self {
        self.expected.push((format!("cn={name},ou=people,dc=contoso,dc=test"), Attributes::new()));
        for (attribute, values) in values {
            let octets: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
            self = self.with(attribute, &octets);
        }
        self
    }

    /// More values of the entry named last.
    fn with(mut self, attribute: &str, values: &[&[u8]]) -> Self {
        let (_, attributes) = self.expected.last_mut().unwrap();
        attributes.insert(attribute.to_lowercase(), sorted(values.iter().map(|value| value.to_vec()).collect()));
        self
    }
}

/// Neither entries nor values have an order.
fn sorted<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort();
    values
}

fn equal(attribute: &str, value: &[u8]) -> Filter {
    Filter::Equal(attribute.to_owned(), value.to_vec())
}

fn cases(held: &Held) -> Vec<Case> {
    [names(), mappings(), certificates(held), octets(), comparisons(), hostile()].into_iter().flatten().collect()
}

fn names() -> Vec<Case> {
    let upn = "userPrincipalName";
    vec![
        Case::text("equality", "(userPrincipalName=alice@contoso.test)", &[upn])
            .finds("alice", &[(upn, &["alice@contoso.test"])]),
        Case::text("equality without regard to case", "(USERPRINCIPALNAME=ALICE@Contoso.TEST)", &[upn])
            .finds("alice", &[(upn, &["alice@contoso.test"])]),
        Case::text("letters beyond ASCII", "(userPrincipalName=ZOË.WEIß@contoso.test)", &[upn])
            .finds("zoe", &[(upn, &["zoë.weiß@contoso.test"])]),
        Case::text("an accent is a difference", "(userPrincipalName=zoe.weiß@contoso.test)", &[upn]),
        Case::text("two accounts with one name", "(userPrincipalName=ivan@contoso.test)", &[upn])
            .finds("ivan1", &[(upn, &["ivan@contoso.test"])])
            .finds("ivan2", &[(upn, &["Ivan@Contoso.Test"])]),
        Case::text("nobody", "(userPrincipalName=nobody@contoso.test)", &[upn]),
        Case::text("the beginning of a name is not the name", "(userPrincipalName=alice)", &[upn]),
        Case::text("what is not asked for stays away", "(sAMAccountName=alice)", &["mail"])
            .finds("alice", &[("mail", &["Alice.Adams@contoso.test"])]),
        Case::text("what an entry lacks is absent", "(sAMAccountName=mei)", &["mail", "sAMAccountName", "objectGUID"])
            .finds("mei", &[("sAMAccountName", &["mei"])]),
        Case::text("numbers come as they are", "(sAMAccountName=alice)", &["accountExpires", "lockoutTime"])
            .finds("alice", &[("accountExpires", &["9223372036854775807"]), ("lockoutTime", &["0"])]),
    ]
}

fn mappings() -> Vec<Case> {
    let (proxies, mappings) = ("proxyAddresses", "altSecurityIdentities");
    let alices = ["SMTP:Alice.Adams@contoso.test", "smtp:aa@contoso.test", "X500:/o=Contoso/ou=First/cn=alice"];
    let meis = [people::STRONG_MAPPING, people::SKI_MAPPING];
    let every_binding = Filter::Or(vec![
        equal(mappings, people::SKI_MAPPING.as_bytes()),
        equal("userPrincipalName", b"IVAN@contoso.test"),
        equal("mail", b"alice.adams@contoso.test"),
        equal(proxies, b"smtp:alice.adams@contoso.test"),
    ]);
    vec![
        Case::text("one of several values", "(proxyAddresses=SMTP:aa@contoso.test)", &[proxies])
            .finds("alice", &[(proxies, &alices)]),
        Case::text("an address without its kind", "(proxyAddresses=aa@contoso.test)", &[proxies]),
        Case::new("a strong mapping", equal(mappings, people::STRONG_MAPPING.to_uppercase().as_bytes()), &[mappings])
            .finds("mei", &[(mappings, &meis)]),
        Case::new("a strong mapping's issuer alone", equal(mappings, b"X509:<I>C=US,O=Contoso"), &[mappings]),
        Case::new("all bindings in one question", every_binding, &["sAMAccountName"])
            .finds("alice", &[("sAMAccountName", &["alice"])])
            .finds("ivan1", &[])
            .finds("ivan2", &[])
            .finds("mei", &[("sAMAccountName", &["mei"])]),
    ]
}

fn certificates(held: &Held) -> Vec<Case> {
    let (attribute, ginas) = ("userCertificate", [held.usual.as_slice(), held.awkward_issuer.as_slice()]);
    let or_name =
        Filter::Or(vec![people::holds(&held.domain_issuer), equal("userPrincipalName", b"alice@contoso.test")]);
    vec![
        Case::new("who holds a certificate", people::holds(&held.usual), &[attribute])
            .finds("gina", &[])
            .with(attribute, &ginas),
        Case::new("from an issuer of many escapes", people::holds(&held.awkward_issuer), &[attribute])
            .finds("gina", &[])
            .with(attribute, &ginas),
        Case::new("from an issuer with DC and e-mail", people::holds(&held.domain_issuer), &["sAMAccountName"])
            .finds("hugo", &[("sAMAccountName", &["hugo"])]),
        Case::new("a certificate or a name", or_name, &[attribute])
            .finds("alice", &[])
            .finds("hugo", &[])
            .with(attribute, &[&held.domain_issuer]),
        Case::text("certificates by the name with an option", "(sAMAccountName=hugo)", &["userCertificate;binary"])
            .finds("hugo", &[])
            .with(attribute, &[&held.domain_issuer]),
        Case::new("a certificate that nobody holds", people::holds(&held.unknown), &[attribute]),
    ]
}

fn octets() -> Vec<Case> {
    let (guid, sid, anchor) = ("objectGUID", "objectSid", "mS-DS-ConsistencyGuid");
    vec![
        Case::text("octets come back as they are", "(sAMAccountName=alice)", &[guid, sid, anchor])
            .finds("alice", &[])
            .with(guid, &[&people::GUID])
            .with(sid, &[&people::SID])
            .with(anchor, &[&people::GUID]),
        Case::new("octets can be asked for", equal(guid, &people::GUID), &["sAMAccountName"])
            .finds("alice", &[("sAMAccountName", &["alice"])]),
        Case::new("a security identifier can be asked for", equal(sid, &people::SID), &["sAMAccountName"])
            .finds("alice", &[("sAMAccountName", &["alice"])]),
        Case::new("octets have no case", equal(guid, &people::UPPER_GUID), &[guid])
            .finds("upper", &[])
            .with(guid, &[&people::UPPER_GUID]),
        Case::new("and none the other way", equal(guid, &people::LOWER_GUID), &[guid])
            .finds("lower", &[])
            .with(guid, &[&people::LOWER_GUID]),
    ]
}

fn comparisons() -> Vec<Case> {
    let name = "sAMAccountName";
    let (alice, zoe) = ([(name, &["alice"] as &[&str])], [(name, &["zoe"] as &[&str])]);
    vec![
        Case::text("both conditions", "(&(objectClass=user)(sAMAccountName=Alice))", &[name]).finds("alice", &alice),
        Case::text("one condition of two", "(&(sAMAccountName=alice)(mail=nobody@contoso.test))", &[name]),
        Case::text(
            "a negation",
            "(&(sAMAccountName=*)(!(mail=*))(!(altSecurityIdentities=*))(!(userCertificate=*)))",
            &[name],
        ),
        Case::text("presence", "(&(userPrincipalName=*)(userAccountControl=*))", &[name])
            .finds("alice", &alice)
            .finds("zoe", &zoe),
        Case::text("parts of a value", "(proxyAddresses=smtp:*.ADAMS@*test)", &[name]).finds("alice", &alice),
        Case::text("the end of a value", "(proxyAddresses=*cn=ALICE)", &[name]).finds("alice", &alice),
        Case::text("numbers compare as numbers", "(userAccountControl>=513)", &[name]).finds("zoe", &zoe),
        Case::text("and the other way", "(&(userAccountControl<=513)(accountExpires>=10))", &[name])
            .finds("alice", &alice),
        Case::text("an attribute that nobody has heard of", "(noSuchAttribute=alice)", &[name]),
    ]
}

/// Values that would change the question if they were not escaped.
fn hostile() -> Vec<Case> {
    let name = "sAMAccountName";
    let star = [(name, &["*)(uid=*"] as &[&str])];
    vec![
        Case::new("a filter inside a value is a value", equal(name, b"*)(uid=*"), &[name]).finds("star", &star),
        Case::new("a star alone", equal(name, b"*"), &[name]),
        Case::new("a star at the end", equal(name, b"al*"), &[name]),
        Case::new("more filters", equal("mail", b"x)(|(objectClass=*"), &[name]),
        Case::new("an escape", equal(name, b"\\61lice"), &[name]),
        Case::new("a zero octet", equal(name, b"alice\0"), &[name]),
        Case::new("octets that are no text", equal(name, &[0xff, 0xfe, b'a']), &[name]),
        Case::new("no octets", equal(name, b""), &[name]),
        Case::new("letters in an attribute of ASCII", equal("mail", "zoë@contoso.test".as_bytes()), &[name]),
        Case::new("a very long value", equal(name, &[b'a'; 20_000]), &[name]),
    ]
}

/// An answer as the table has it.
fn told(entries: Vec<Entry>) -> Vec<(String, Attributes)> {
    let attributes = |entry: &Entry| {
        entry.attributes().map(|(name, values)| (name.to_lowercase(), sorted(values.to_vec()))).collect::<Attributes>()
    };
    sorted(entries.iter().map(|entry| (entry.dn.clone(), attributes(entry))).collect())
}

async fn conforms(kind: &str, directory: &dyn Directory, held: &Held) {
    for case in cases(held) {
        let answer = directory.search(&case.query).await;
        let answer = answer.unwrap_or_else(|failure| panic!("{kind}, {}: {failure}", case.about));
        assert_eq!(told(answer), sorted(case.expected), "{kind}, {}", case.about);
    }
}

#[tokio::test]
async fn the_embedded_directory_conforms_however_certificates_are_spelled() {
    let held = Held::make();
    for attribute in ["userCertificate;binary", "userCertificate"] {
        let directory = LdifDirectory::read(&format!("{TREE}{}", people::ldif(&held, attribute))).unwrap();
        conforms(attribute, &directory, &held).await;
    }
}

#[tokio::test]
async fn a_real_server_conforms_over_every_transport() {
    let held = Held::make();
    let slapd = Slapd::start(&people::ldif(&held, "userCertificate;binary"));
    let plain = LdapSettings { url: slapd.ldap_url(), ..slapd.settings() };
    for (kind, settings) in [
        ("LDAPS", slapd.settings()),
        ("StartTLS", LdapSettings { start_tls: true, ..plain.clone() }),
        ("plain", LdapSettings { ca_certificate: None, ..plain }),
    ] {
        conforms(kind, &LdapDirectory::new(settings).unwrap(), &held).await;
    }
}

fn crew_and_crowd() -> [DirectoryQuery; 2] {
    ["crew@contoso.test", "crowd@contoso.test"]
        .map(|address| DirectoryQuery::new(equal("mail", address.as_bytes()), vec!["cn".into()]))
}

/// A search over a network is bounded, because the server may hold a million accounts.
#[tokio::test]
async fn a_server_s_answer_is_bounded() {
    let slapd = Slapd::start(&people::ldif(&Held::make(), "userCertificate;binary"));
    let directory = LdapDirectory::new(slapd.settings()).unwrap();
    let [crew, crowd] = crew_and_crowd();
    assert_eq!(directory.search(&crew).await.unwrap().len(), people::CREW);
    let failure = directory.search(&crowd).await.unwrap_err();
    let limit = slapd.settings().maximum_entries;
    assert_eq!(failure, DirectoryFailure::TooManyEntries { server: slapd.ldaps_url(), limit });
    assert_eq!(directory.search(&crew).await.unwrap().len(), people::CREW, "the connection is still good");
}

/// The embedded directory is in memory already, so there is nothing to bound: it answers with all that match.
#[tokio::test]
async fn the_embedded_directory_answers_with_all_that_match() {
    let directory = LdifDirectory::read(&people::ldif(&Held::make(), "userCertificate")).unwrap();
    let [crew, crowd] = crew_and_crowd();
    assert_eq!(directory.search(&crew).await.unwrap().len(), people::CREW);
    assert_eq!(directory.search(&crowd).await.unwrap().len(), people::CROWD);
}
