use super::*;
use crate::claims::language::{Position, RuleLabel};
use crate::claims::stores::placeholders::PlaceholderError;
use crate::directory::Filter;

fn asked(query: &str, params: &[&str], types: usize) -> Result<DirectoryQuestion, StoreQueryError> {
    read_query(&StoreQuery {
        store: NAME.into(),
        query: query.to_owned().into(),
        template: None,
        params: params.iter().map(|param| (*param).to_owned().into()).collect(),
        types,
        rule: RuleLabel { number: 1, name: None, position: Position { line: 1, column: 0 } },
    })
}

fn equal(attribute: &str, value: &str) -> Filter {
    Filter::Equal(attribute.to_owned(), value.as_bytes().to_vec())
}

#[test]
fn an_empty_filter_means_the_account() {
    let question = asked(";mail, displayName;{0}", &[r"CONTOSO\bob"], 2).unwrap();
    assert_eq!(question.search().filter, equal("sAMAccountName", "bob"));
    assert_eq!(question.search().attributes, ["mail", "displayName"]);
}

#[test]
fn parameters_are_values_whatever_they_contain() {
    let question = asked("samAccountName={0};mail;{1}", &["*)(uid=*", r"D\u"], 1).unwrap();
    assert_eq!(question.search().filter, equal("samAccountName", "*)(uid=*"));

    let question = asked("(&(objectClass=user)(|(mail={0})(cn=a{0}*{{b}})));sAMAccountName;d\\u", &["x*"], 1).unwrap();
    let Filter::And(parts) = &question.search().filter else { panic!("not a conjunction") };
    let Some(Filter::Or(parts)) = parts.get(1) else { panic!("not a disjunction") };
    assert_eq!(parts[0], equal("mail", "x*"));
    assert_eq!(
        parts[1],
        Filter::Substring { attribute: "cn".into(), initial: b"ax*".to_vec(), any: Vec::new(), last: b"{b}".to_vec() }
    );
}

#[test]
fn refuses_what_cannot_be_asked() {
    let cases = [
        ("mail;{0}", 1, StoreQueryError::Parts),
        (";mail;", 1, StoreQueryError::AccountMissing),
        (";mail;{1}", 1, StoreQueryError::Placeholder(PlaceholderError::ParameterMissing { index: 1, params: 1 })),
        (";mail,cn;{0}", 1, StoreQueryError::AttributeCount { attributes: 2, types: 1 }),
        (";{0};{0}", 1, StoreQueryError::PlaceholderInAttribute { attribute: "{0}".into() }),
        (";mail;{0", 1, StoreQueryError::Placeholder(PlaceholderError::Brace)),
        (";ma il;{0}", 1, StoreQueryError::Attribute { attribute: "ma il".into() }),
        (";tokenGroups(GUID);{0}", 1, StoreQueryError::GroupForm { attribute: "tokenGroups(GUID)".into() }),
        (";mail(SID);{0}", 1, StoreQueryError::Attribute { attribute: "mail(SID)".into() }),
    ];
    for (query, types, expected) in cases {
        assert_eq!(asked(query, &["a"], types), Err(expected), "{query}");
    }
    assert_eq!(asked("cn={0};mail;d\\u", &["alice\0x"], 1), Err(StoreQueryError::Nul));
    for query in ["(cn=x;mail;{0}", "{0}=x;mail;{0}", "(member:{0}:=x);mail;{0}"] {
        assert!(matches!(asked(query, &["a"], 1), Err(StoreQueryError::Filter(_))), "{query}");
    }
}

#[test]
fn answers_one_column_per_attribute() {
    let sid = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0].to_vec();
    let entry = Entry::new(
        "CN=u",
        [
            ("objectGUID".to_owned(), vec![(0..16).collect()]),
            ("objectSid".to_owned(), vec![sid]),
            ("mail".to_owned(), vec![b"a@x".to_vec(), b"b@x".to_vec()]),
            ("thumbnailPhoto;binary".to_owned(), vec![b"abc".to_vec()]),
        ],
    );
    let expected: [&[&str]; 5] = [&["AAECAwQFBgcICQoLDA0ODw=="], &[], &["S-1-5-32-544"], &["a@x", "b@x"], &["YWJj"]];
    let names = ["objectGUID", "mS-DS-ConsistencyGuid", "objectSid", "mail", "thumbnailPhoto"];
    assert_eq!(names.map(|name| texts(name, std::slice::from_ref(&entry))), expected);
    assert_eq!(texts("distinguishedName", &[entry]), ["CN=u"]);
}

#[test]
fn groups_are_columns_and_their_parentheses_hide_no_comma() {
    let question =
        asked(";mail, tokenGroups ,tokenGroups(SID),TOKENGROUPS(domainqualifiedname);{0}", &["D\\u"], 4).unwrap();
    assert_eq!(question.search().attributes, ["mail"]);
    let [Column::Attribute(_), Column::Groups(first), Column::Groups(second), Column::Groups(third)] =
        &question.columns()[..]
    else {
        panic!("{:?}", question.columns())
    };
    assert_eq!([first, second, third], [&GroupForm::Name, &GroupForm::Sid, &GroupForm::DomainName]);
}

#[test]
fn the_last_part_names_the_domain() {
    let domain =
        |query: &str, params: &[&str]| asked(query, params, 1).unwrap().domain().map(|d| d.as_str().to_owned());
    assert_eq!(domain(";mail;{0}", &["CONTOSO\\u"]).as_deref(), Some("CONTOSO"));
    assert_eq!(domain("mail={0};mail;LM\\svc$", &["x"]).as_deref(), Some("LM"));
    assert_eq!(domain(";mail;{0}", &["u"]), None);
    let template = |query| QueryTemplate::parse(query).unwrap().written_domain().map(str::to_owned);
    assert_eq!(template(";mail;LM\\svc$").as_deref(), Some("LM"));
    assert_eq!((template(";mail;{0}"), template(";mail;{0}\\x")), (None, None));
}
