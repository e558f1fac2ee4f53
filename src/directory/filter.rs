//! Search filters as a type (RFC 4515): built from parts, rendered with every value escaped, matched against an entry.

use super::{Entry, FilterError, filter_text};
use std::fmt::Write;

/// A search filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All must match.
    And(Vec<Filter>),
    /// One must match.
    Or(Vec<Filter>),
    /// Must not match.
    Not(Box<Filter>),
    /// `(attribute=value)`, the value raw and unescaped here.
    Equal(String, Vec<u8>),
    /// `(attribute=*)`.
    Present(String),
    /// `(attribute=initial*any*final)`.
    Substring {
        /// Attribute name.
        attribute: String,
        /// Before the first star; empty when the filter starts with a star.
        initial: Vec<u8>,
        /// Between stars.
        any: Vec<Vec<u8>>,
        /// After the last star; empty when the filter ends with one.
        last: Vec<u8>,
    },
    /// `(attribute>=value)`.
    GreaterOrEqual(String, Vec<u8>),
    /// `(attribute<=value)`.
    LessOrEqual(String, Vec<u8>),
    /// `(attribute:rule:=value)`, a comparison by a named matching rule (RFC 4515 section 3).
    Extensible {
        /// Attribute name.
        attribute: String,
        /// Dotted OID or name of the rule.
        rule: String,
        /// The value, raw and unescaped here.
        value: Vec<u8>,
    },
    /// The account that holds exactly this certificate in `userCertificate`. Active Directory matches the octets;
    /// OpenLDAP wants a certificateExactMatch assertion (RFC 4523). The directory's dialect decides at the edge.
    HoldsCertificate {
        /// The certificate.
        der: Vec<u8>,
        /// Its serial number in decimal.
        serial: String,
        /// Its issuer as an RFC 4514 string.
        issuer: String,
    },
}

/// Which server a filter is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Active Directory and Samba.
    #[default]
    ActiveDirectory,
    /// OpenLDAP.
    OpenLdap,
}

impl Filter {
    /// Reads a filter text. A bare `attribute=value` without parentheses is accepted, as AD FS accepts it.
    ///
    /// # Errors
    /// When the text is not a filter; the position is in characters.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        filter_text::parse(text)
    }

    /// The filter as text, every value octet outside a plain set escaped: a value can never end its own assertion.
    pub fn to_text(&self, dialect: Dialect) -> String {
        let mut text = String::with_capacity(64);
        self.write(&mut text, dialect);
        text
    }

    fn write(&self, out: &mut String, dialect: Dialect) {
        match self {
            Self::And(parts) => write_group(out, '&', parts, dialect),
            Self::Or(parts) => write_group(out, '|', parts, dialect),
            Self::Not(part) => write_group(out, '!', std::slice::from_ref(part.as_ref()), dialect),
            Self::Equal(attribute, value) => write_assertion(out, attribute, "=", value),
            Self::GreaterOrEqual(attribute, value) => write_assertion(out, attribute, ">=", value),
            Self::LessOrEqual(attribute, value) => write_assertion(out, attribute, "<=", value),
            Self::Present(attribute) => {
                let _ = write!(out, "({attribute}=*)");
            }
            Self::Substring { attribute, initial, any, last } => {
                let _ = write!(out, "({attribute}=");
                escape(out, initial);
                out.push('*');
                for part in any {
                    escape(out, part);
                    out.push('*');
                }
                escape(out, last);
                out.push(')');
            }
            Self::Extensible { attribute, rule, value } => {
                write_assertion(out, attribute, &format!(":{rule}:="), value)
            }
            Self::HoldsCertificate { der, serial, issuer } => match dialect {
                Dialect::ActiveDirectory => write_assertion(out, "userCertificate", "=", der),
                Dialect::OpenLdap => {
                    // GSER (RFC 3641): a quote inside the name is doubled.
                    let name = issuer.replace('"', "\"\"");
                    let assertion = format!("{{ serialNumber {serial}, issuer rdnSequence:\"{name}\" }}");
                    write_assertion(out, "userCertificate:certificateExactMatch:", "=", assertion.as_bytes());
                }
            },
        }
    }

    /// Whether an entry matches: text without regard to case, as the directory attributes used here are compared;
    /// identifiers and certificates octet by octet.
    pub fn matches(&self, entry: &Entry) -> bool {
        let any =
            |attribute: &str, test: &dyn Fn(&[u8]) -> bool| entry.values(attribute).iter().any(|value| test(value));
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches(entry)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(entry)),
            Self::Not(part) => !part.matches(entry),
            Self::Present(attribute) => !entry.values(attribute).is_empty(),
            Self::Equal(attribute, wanted) if holds_octets(attribute) => any(attribute, &|value| value == wanted),
            Self::Equal(attribute, wanted) => any(attribute, &|value| same(value, wanted)),
            Self::GreaterOrEqual(attribute, wanted) => any(attribute, &|value| order(value, wanted).is_ge()),
            Self::LessOrEqual(attribute, wanted) => any(attribute, &|value| order(value, wanted).is_le()),
            Self::Substring { attribute, initial, any: middle, last } => {
                any(attribute, &|value| has_parts(value, initial, middle, last))
            }
            Self::Extensible { attribute, rule, value: mask } => {
                any(attribute, &|value| bits_match(rule, value, mask).unwrap_or_default())
            }
            Self::HoldsCertificate { der, .. } => any("userCertificate", &|value| value == der.as_slice()),
        }
    }

    /// A matching rule that [`Self::matches`] does not know. Whoever matches by itself must refuse such a filter: taking it
    /// for "no match" would turn a `(!…)` around it into "every entry".
    pub fn unknown_rule(&self) -> Option<&str> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().find_map(Self::unknown_rule),
            Self::Not(part) => part.unknown_rule(),
            Self::Extensible { rule, .. } => (![BIT_AND, BIT_OR].contains(&rule.as_str())).then_some(rule),
            _ => None,
        }
    }
}

/// `LDAP_MATCHING_RULE_BIT_AND` and `LDAP_MATCHING_RULE_BIT_OR` (MS-ADTS section 3.1.1.3.4.4).
const BIT_AND: &str = "1.2.840.113556.1.4.803";
const BIT_OR: &str = "1.2.840.113556.1.4.804";

/// `None` when the rule is another one or an operand is not a number.
fn bits_match(rule: &str, value: &[u8], mask: &[u8]) -> Option<bool> {
    let number = |octets: &[u8]| str::from_utf8(octets).ok()?.parse::<i64>().ok();
    let (value, mask) = (number(value)?, number(mask)?);
    match rule {
        BIT_AND => Some(value & mask == mask),
        BIT_OR => Some(value & mask != 0),
        _ => None,
    }
}

fn write_group(out: &mut String, operator: char, parts: &[Filter], dialect: Dialect) {
    out.push('(');
    out.push(operator);
    for part in parts {
        part.write(out, dialect);
    }
    out.push(')');
}

fn write_assertion(out: &mut String, attribute: &str, operator: &str, value: &[u8]) {
    out.push('(');
    out.push_str(attribute);
    out.push_str(operator);
    escape(out, value);
    out.push(')');
}

fn escape(out: &mut String, value: &[u8]) {
    for &octet in value {
        match octet {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'@'
            | b'.'
            | b'-'
            | b'_'
            | b':'
            | b'='
            | b','
            | b' '
            | b'{'
            | b'}'
            | b'<'
            | b'>'
            | b'"'
            | b'+'
            | b'/'
            | b';' => {
                out.push(char::from(octet));
            }
            _ => {
                let _ = write!(out, "\\{octet:02x}");
            }
        }
    }
}

/// Attributes of octet string syntax (MS-ADTS section 3.1.1.2.2.2): two identifiers may differ in nothing but what would be
/// the case of a letter.
fn holds_octets(attribute: &str) -> bool {
    const OCTETS: [&str; 4] = ["objectGUID", "objectSid", "mS-DS-ConsistencyGuid", "userCertificate"];
    OCTETS.iter().any(|known| known.eq_ignore_ascii_case(attribute))
}

fn folded(value: &[u8]) -> Option<String> {
    str::from_utf8(value).ok().map(str::to_lowercase)
}

fn same(value: &[u8], wanted: &[u8]) -> bool {
    value == wanted || value.eq_ignore_ascii_case(wanted) || {
        // Only text outside ASCII needs the costly comparison.
        !(value.is_ascii() && wanted.is_ascii())
            && matches!((folded(value), folded(wanted)), (Some(value), Some(wanted)) if value == wanted)
    }
}

/// Numbers by value, everything else as folded text.
fn order(value: &[u8], wanted: &[u8]) -> std::cmp::Ordering {
    let number = |octets: &[u8]| str::from_utf8(octets).ok()?.parse::<i128>().ok();
    match (number(value), number(wanted)) {
        (Some(value), Some(wanted)) => value.cmp(&wanted),
        _ => folded(value).cmp(&folded(wanted)),
    }
}

fn has_parts(value: &[u8], initial: &[u8], middle: &[Vec<u8>], last: &[u8]) -> bool {
    let (Some(value), Some(initial), Some(last)) = (folded(value), folded(initial), folded(last)) else { return false };
    let Some(mut rest) = value.strip_prefix(&initial) else { return false };
    for part in middle {
        let Some(part) = folded(part) else { return false };
        let Some(at) = rest.find(&part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(&last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry() -> Entry {
        let text = |values: &[&str]| values.iter().map(|value| value.as_bytes().to_vec()).collect::<Vec<_>>();
        Entry::new(
            "CN=Zoë",
            [
                ("userPrincipalName".to_owned(), text(&["Zoë@Contoso.test"])),
                ("proxyAddresses".to_owned(), text(&["SMTP:zoe@contoso.test", "smtp:z@contoso.test"])),
                ("userAccountControl".to_owned(), text(&["512"])),
                ("userCertificate;binary".to_owned(), vec![vec![0x30, 0x82]]),
            ],
        )
    }

    #[test]
    fn filters_match_as_active_directory_does() {
        for (filter, expected) in [
            ("(userPrincipalName=zoë@contoso.TEST)", true),
            ("userPrincipalName=zoe@contoso.test", false),
            ("(proxyAddresses=smtp:ZOE@contoso.test)", true),
            ("(proxyAddresses=smtp:*@CONTOSO.*)", true),
            ("(proxyAddresses=*nobody*)", false),
            ("(mail=*)", false),
            ("(!(mail=*))", true),
            ("(&(userAccountControl>=100)(userAccountControl<=1000))", true),
            ("(userAccountControl>=1000)", false),
            ("(|(mail=x)(userCertificate=\\30\\82))", true),
            ("(userCertificate=\\30\\83)", false),
            ("(userAccountControl:1.2.840.113556.1.4.803:=512)", true),
            ("(userAccountControl:1.2.840.113556.1.4.803:=514)", false),
            ("(userAccountControl:1.2.840.113556.1.4.804:=514)", true),
            ("(!(userAccountControl:1.2.840.113556.1.4.803:=2))", true),
            ("(mail:1.2.840.113556.1.4.803:=2)", false),
        ] {
            assert_eq!(Filter::parse(filter).unwrap().matches(&entry()), expected, "{filter}");
        }
    }

    #[test]
    fn a_matching_rule_that_only_a_server_knows_is_told() {
        let in_chain = "(&(objectClass=group)(!(member:1.2.840.113556.1.4.1941:=CN=a)))";
        let filter = Filter::parse(in_chain).unwrap();
        assert_eq!(filter.unknown_rule(), Some("1.2.840.113556.1.4.1941"));
        assert_eq!(filter.to_text(Dialect::ActiveDirectory), in_chain);
        assert_eq!(Filter::parse("(a:1.2.840.113556.1.4.804:=1)").unwrap().unknown_rule(), None);
    }

    #[test]
    fn a_value_cannot_change_the_filter_it_stands_in() {
        for hostile in ["*", "*)(uid=*", "a)(|(b=c", "\\2a", "\0", "(", "ü*"] {
            let filter = Filter::Equal("userPrincipalName".to_owned(), hostile.as_bytes().to_vec());
            assert_eq!(Filter::parse(&filter.to_text(Dialect::ActiveDirectory)).unwrap(), filter);
            assert!(!filter.matches(&entry()));
        }
    }

    #[test]
    fn a_certificate_is_asked_for_in_each_dialect() {
        let filter = Filter::HoldsCertificate { der: vec![0x30, 0x0a], serial: "17".into(), issuer: "CN=a\"b".into() };
        assert_eq!(filter.to_text(Dialect::ActiveDirectory), "(userCertificate=0\\0a)");
        assert_eq!(
            filter.to_text(Dialect::OpenLdap),
            "(userCertificate:certificateExactMatch:={ serialNumber 17, issuer rdnSequence:\"CN=a\"\"b\" })"
        );
    }

    proptest! {
        #[test]
        fn every_equality_survives_its_text(value in proptest::collection::vec(any::<u8>(), 1..60)) {
            let filter = Filter::Equal("mail".to_owned(), value);
            prop_assert_eq!(Filter::parse(&filter.to_text(Dialect::OpenLdap)).unwrap(), filter);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[()&|!=<>*\\\\a-c0-9 ]{0,60}") {
            let _ = Filter::parse(&text);
        }
    }
}
