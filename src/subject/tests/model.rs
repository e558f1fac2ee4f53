//! The rules said a second time, simply, and compared with the real thing over random directories that answer more than
//! they were asked.

use super::*;
use proptest::prelude::*;

/// What an entry holds.
#[derive(Debug, Clone)]
struct Person {
    user_principal_name: Option<&'static str>,
    mail: Option<&'static str>,
    proxy_addresses: Vec<String>,
    strong: Strong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strong {
    None,
    Weak,
    Serial,
    OtherSerial,
    Certificate,
    OtherCertificate,
}

const NAMES: [&str; 6] = ["a@x", "A@X", "b@x", "\u{212a}@x", "k@x", "a@x.b@x"];

fn person() -> impl Strategy<Value = Person> {
    let name = || proptest::option::of(proptest::sample::select(&NAMES[..]));
    let prefix = proptest::sample::select(&["smtp:", "SMTP:", "sip:", ""][..]);
    let proxy = (prefix, proptest::sample::select(&NAMES[..])).prop_map(|(prefix, name)| format!("{prefix}{name}"));
    let strong = proptest::sample::select(
        &[
            Strong::None,
            Strong::None,
            Strong::Weak,
            Strong::Serial,
            Strong::OtherSerial,
            Strong::Certificate,
            Strong::OtherCertificate,
        ][..],
    );
    (name(), name(), proptest::collection::vec(proxy, 0..3), strong).prop_map(
        |(user_principal_name, mail, proxy_addresses, strong)| Person {
            user_principal_name,
            mail,
            proxy_addresses,
            strong,
        },
    )
}

impl Person {
    fn entry(&self, dn: &str, certificate: &Certificate) -> Entry {
        let mut attributes = vec![
            ("userAccountControl".to_owned(), vec![b"512".to_vec()]),
            ("sAMAccountName".to_owned(), vec![dn.as_bytes().to_vec()]),
        ];
        let mut text = |name: &str, value: &str| attributes.push((name.to_owned(), vec![value.as_bytes().to_vec()]));
        self.user_principal_name.into_iter().for_each(|value| text("userPrincipalName", value));
        self.mail.into_iter().for_each(|value| text("mail", value));
        self.proxy_addresses.iter().for_each(|value| text("proxyAddresses", value));
        match self.strong {
            Strong::None => {}
            Strong::Weak => text("altSecurityIdentities", &format!("X509:<I>{ISSUER}<S>CN=alice")),
            Strong::Serial => text("altSecurityIdentities", &format!("X509:<I>{ISSUER}<SR>03b2a1")),
            Strong::OtherSerial => text("altSecurityIdentities", &format!("X509:<I>{ISSUER}<SR>a1b203")),
            Strong::Certificate => attributes.push(("userCertificate".to_owned(), vec![certificate.der().to_vec()])),
            Strong::OtherCertificate => {
                attributes.push(("userCertificate".to_owned(), vec![certificate.der()[1..].to_vec()]));
            }
        }
        Entry::new(dn, attributes)
    }

    /// The names here differ by ASCII case only where they are the same.
    fn is_meant(&self, binding: Binding, names: &[&str], addresses: &[&str]) -> bool {
        let same = |held: &str, wanted: &[&str]| wanted.iter().any(|name| held.eq_ignore_ascii_case(name));
        match binding {
            Binding::AltSecurityIdentities => self.strong == Strong::Serial,
            Binding::UserCertificate => self.strong == Strong::Certificate,
            Binding::UserPrincipalName => self.user_principal_name.is_some_and(|held| same(held, names)),
            Binding::Rfc822 => {
                let proxy = |held: &String| {
                    let (prefix, address) = held.split_once(':').unwrap_or_default();
                    prefix.eq_ignore_ascii_case("smtp") && same(address, addresses)
                };
                self.mail.is_some_and(|held| same(held, addresses)) || self.proxy_addresses.iter().any(proxy)
            }
        }
    }
}

/// What must come out when the directory answers with everybody it has.
fn expected(people: &[Person], bindings: &[Binding], names: &[&str], addresses: &[&str]) -> String {
    let offers = |binding: &Binding| match binding {
        Binding::UserPrincipalName => !names.is_empty(),
        Binding::Rfc822 => !addresses.is_empty(),
        _ => true,
    };
    if !bindings.iter().any(offers) {
        return "NothingToMap".to_owned();
    }
    for binding in bindings {
        let mut meant = people.iter().enumerate().filter(|(_, person)| person.is_meant(*binding, names, addresses));
        match (meant.next(), meant.next()) {
            (None, _) => {}
            (Some((number, _)), None) => return format!("{binding}: person {number}"),
            (Some(_), Some(_)) => return "Ambiguous".to_owned(),
        }
    }
    "NoAccount".to_owned()
}

proptest! {
    #[test]
    fn no_entry_comes_out_that_no_binding_means(
        people in proptest::collection::vec(person(), 0..5),
        bindings in proptest::sample::subsequence(EVERY_BINDING.to_vec(), 1..=4).prop_shuffle(),
        names in proptest::collection::vec(proptest::sample::select(&NAMES[..]), 0..3),
        addresses in proptest::collection::vec(proptest::sample::select(&NAMES[..3]), 0..2),
    ) {
        let sans: Vec<SanType> = names.iter().map(|name| upn(name)).chain(addresses.iter().map(|name| mail(name))).collect();
        let certificate = certificate(sans);
        let policy = policy(&bindings);
        let everybody: Vec<Entry> =
            people.iter().enumerate().map(|(number, one)| one.entry(&format!("person {number}"), &certificate)).collect();
        let expected = expected(&people, &bindings, &names, &addresses);
        let query = query::for_certificate(&certificate, &policy);
        let lying = query.and_then(|query| judge(&certificate, &policy, &query, everybody.clone()));
        prop_assert_eq!(told(&lying), expected.clone());
        prop_assert_eq!(told(&map(&certificate, &policy, &everybody)), expected);
        if let Ok(subject) = lying {
            let tried: Vec<Binding> = subject.tried().iter().map(|attempt| attempt.binding()).collect();
            prop_assert_eq!(tried, bindings);
        }
    }
}
