//! The embedded directory: an LDIF file (RFC 2849), read once, searched in memory. For labs, tests and small sites.

use super::Directory;
use super::salted_hash::SaltedHash;
use crate::directory::{
    DirectoryFailure, DirectoryQuery, Entry, Filter, Password, PasswordAnswer, PasswordRefusal, SearchPlace,
};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;

/// Why an LDIF text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LdifError {
    /// One-based line.
    pub line: usize,
    /// What was wrong.
    pub reason: &'static str,
}

/// Attributes that sign-ins look up by equality; found without looking at every entry.
const INDEXED: &[&str] = &[
    "userprincipalname",
    "samaccountname",
    "mail",
    "proxyaddresses",
    "altsecurityidentities",
    "member",
    "uniquemember",
];

/// RFC 4511 section 4.1.9.
const INAPPROPRIATE_MATCHING: u32 = 18;

/// A directory held in memory. It answers with every entry that matches: there is no network to spare, so only a query that asks for a limit has one.
#[derive(Debug)]
pub struct LdifDirectory {
    entries: Vec<Entry>,
    index: HashMap<(&'static str, String), Vec<usize>>,
    /// By distinguished name in lower case. They are in no entry, so no search and no claim rule sees one.
    passwords: HashMap<String, Vec<SaltedHash>>,
}

impl LdifDirectory {
    /// Reads a whole LDIF text of content records.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn read(text: &str) -> Result<Self, LdifError> {
        let (entries, passwords) = read_entries(text)?;
        let mut index: HashMap<(&'static str, String), Vec<usize>> = HashMap::new();
        for (position, entry) in entries.iter().enumerate() {
            for attribute in INDEXED {
                for value in entry.texts(attribute) {
                    index.entry((attribute, value.to_lowercase())).or_default().push(position);
                }
            }
        }
        Ok(Self { entries, index, passwords })
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Positions that can match, when the filter only asks for indexed equalities; `None` means any entry can.
    fn candidates(&self, filter: &Filter) -> Option<Vec<usize>> {
        match filter {
            Filter::Equal(attribute, value) => {
                let attribute = INDEXED.iter().find(|known| known.eq_ignore_ascii_case(attribute))?;
                let value = str::from_utf8(value).ok()?.to_lowercase();
                Some(self.index.get(&(*attribute, value)).cloned().unwrap_or_default())
            }
            Filter::Or(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.candidates(part)?);
                }
                all.sort_unstable();
                all.dedup();
                Some(all)
            }
            Filter::And(parts) => parts.iter().find_map(|part| self.candidates(part)),
            _ => None,
        }
    }
}

#[async_trait]
impl Directory for LdifDirectory {
    async fn search(&self, query: &DirectoryQuery) -> Result<Vec<Entry>, DirectoryFailure> {
        if let Some(rule) = query.filter.unknown_rule() {
            let detail = format!("the embedded directory does not know the matching rule {rule}");
            return Err(DirectoryFailure::Rejected { server: self.describe(), code: INAPPROPRIATE_MATCHING, detail });
        }
        let found: Vec<&Entry> = match self.candidates(&query.filter) {
            Some(positions) => positions.into_iter().map(|position| &self.entries[position]).collect(),
            None => self.entries.iter().collect(),
        };
        let found: Vec<Entry> = found
            .into_iter()
            .filter(|entry| is_at(&entry.dn, &query.place) && query.filter.matches(entry))
            .map(|entry| entry.with_only(&query.attributes))
            .collect();
        match query.most {
            Some(limit) if u32::try_from(found.len()).is_ok_and(|found| found <= limit) => Ok(found),
            Some(limit) => Err(DirectoryFailure::TooManyEntries { server: self.describe(), limit }),
            None => Ok(found),
        }
    }

    /// Only values of the one scheme that the file may hold are compared; an account with another has no password here.
    async fn check_password(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordAnswer, DirectoryFailure> {
        let held = account.and_then(|dn| self.passwords.get(&dn.to_lowercase())).filter(|held| !held.is_empty());
        let right = match held {
            Some(held) => held.iter().fold(false, |right, hash| hash.is_of(password) | right),
            // As much work as with an account.
            None => {
                let _ = SaltedHash::of_nobody().is_of(password);
                false
            }
        };
        Ok(if right { PasswordAnswer::Right } else { PasswordAnswer::Refused(PasswordRefusal::Wrong) })
    }

    fn describe(&self) -> String {
        format!("embedded directory of {} entries", self.entries.len())
    }
}

/// Names are compared as they are written but for case: one file spells them one way.
fn is_at(dn: &str, place: &SearchPlace) -> bool {
    match place {
        SearchPlace::Accounts => true,
        SearchPlace::Entry(wanted) => dn.eq_ignore_ascii_case(wanted),
        SearchPlace::Below(base) => {
            let (dn, base) = (dn.to_lowercase(), base.to_lowercase());
            base.is_empty() || dn.strip_suffix(&base).is_some_and(|rest| rest.is_empty() || rest.ends_with(','))
        }
    }
}

/// One `name: value` of a record and the line it began on.
struct Pair {
    line: usize,
    name: String,
    value: Vec<u8>,
}

/// Passwords by distinguished name.
type Passwords = HashMap<String, Vec<SaltedHash>>;

fn read_entries(text: &str) -> Result<(Vec<Entry>, Passwords), LdifError> {
    let (mut entries, mut passwords) = (Vec::new(), HashMap::new());
    let mut record: Vec<Pair> = Vec::new();
    for (line, logical) in unfold(text) {
        if logical.is_empty() {
            entries.extend(finish(std::mem::take(&mut record), &mut passwords)?);
        } else if !logical.starts_with('#') {
            let pair = read_pair(line, &logical)?;
            let is_version = pair.name.eq_ignore_ascii_case("version") && record.is_empty();
            if !is_version {
                record.push(pair);
            }
        }
    }
    entries.extend(finish(record, &mut passwords)?);
    Ok((entries, passwords))
}

/// Logical lines: a line that begins with one space continues the one before.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, physical) in text.lines().enumerate() {
        match (physical.strip_prefix(' '), lines.last_mut()) {
            (Some(continued), Some((_, line))) if !line.is_empty() => line.push_str(continued),
            _ => lines.push((number + 1, physical.trim_end_matches('\r').to_owned())),
        }
    }
    lines
}

fn read_pair(line: usize, text: &str) -> Result<Pair, LdifError> {
    let error = |reason| LdifError { line, reason };
    let (name, value) = text.split_once(':').ok_or_else(|| error("expected \"attribute: value\""))?;
    if name.is_empty() {
        return Err(error("expected an attribute name before the colon"));
    }
    let value = if let Some(encoded) = value.strip_prefix(':') {
        STANDARD.decode(encoded.trim()).map_err(|_| error("the value after \"::\" is not base64"))?
    } else if value.starts_with('<') {
        return Err(error("values from URLs (\":<\") are not read; give the value itself"));
    } else {
        value.trim_start_matches(' ').as_bytes().to_vec()
    };
    Ok(Pair { line, name: name.to_owned(), value })
}

fn finish(record: Vec<Pair>, passwords: &mut Passwords) -> Result<Option<Entry>, LdifError> {
    let mut pairs = record.into_iter();
    let Some(first) = pairs.next() else { return Ok(None) };
    let error = |line, reason| LdifError { line, reason };
    if !first.name.eq_ignore_ascii_case("dn") {
        return Err(error(first.line, "a record must begin with \"dn:\""));
    }
    let dn = String::from_utf8(first.value).map_err(|_| error(first.line, "the name of the entry is not UTF-8"))?;
    let mut attributes = Vec::new();
    for pair in pairs {
        if pair.name.eq_ignore_ascii_case("changetype") {
            return Err(error(pair.line, "this is a change record; only entries are read"));
        }
        if pair.name.eq_ignore_ascii_case("userPassword") {
            passwords.entry(dn.to_lowercase()).or_default().extend(SaltedHash::read(&pair.value));
        } else {
            attributes.push((pair.name, vec![pair.value]));
        }
    }
    Ok(Some(Entry::new(dn, attributes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_with_folding_comments_and_base64() {
        let text = "version: 1\n# people\ndn: CN=A,DC=t\nmail: a@t\nmail: long@\n t.example\nobjectGUID:: AAEC\n\n\ndn:: Q049QsO8\nmail:b@t\n";
        let (entries, _) = read_entries(text).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].texts("mail").collect::<Vec<_>>(), ["a@t", "long@t.example"]);
        assert_eq!(entries[0].values("objectguid"), [vec![0, 1, 2]]);
        assert_eq!((entries[1].dn.as_str(), entries[1].text("MAIL")), ("CN=Bü", Some("b@t")));
    }

    #[tokio::test]
    async fn a_password_is_compared_and_never_found_by_a_search() {
        let right = Password::new("correct horse").unwrap();
        let hash = SaltedHash::make(&right, [7; 16]).to_string();
        let text = format!(
            "dn: CN=A,DC=t\ncn: a\nuserPassword: {hash}\n\ndn: CN=B,DC=t\ncn: b\nuserPassword: in the clear\n\ndn: CN=C,DC=t\ncn: c\n"
        );
        let directory = LdifDirectory::read(&text).unwrap();
        for (account, password, expected) in [
            (Some("CN=A,DC=t"), "correct horse", true),
            (Some("cn=a,dc=T"), "correct horse", true),
            (Some("CN=A,DC=t"), "correct horsf", false),
            (Some("CN=A,DC=t"), &hash, false),
            (Some("CN=B,DC=t"), "in the clear", false),
            (Some("CN=C,DC=t"), "correct horse", false),
            (Some(""), "correct horse", false),
            (None, "correct horse", false),
        ] {
            let answer = directory.check_password(account, &Password::new(password).unwrap()).await.unwrap();
            let wrong = PasswordAnswer::Refused(PasswordRefusal::Wrong);
            assert_eq!(answer, if expected { PasswordAnswer::Right } else { wrong }, "{account:?} {password}");
        }
        let present = Filter::Present("userPassword".to_owned());
        let attributes = vec!["userPassword".into(), "cn".into()];
        assert_eq!(directory.search(&DirectoryQuery::new(present, attributes.clone())).await.unwrap(), []);
        let found = directory.search(&DirectoryQuery::new(Filter::Present("cn".to_owned()), attributes)).await.unwrap();
        assert!(found.len() == 3 && found.iter().all(|entry| entry.values("userPassword").is_empty()));
    }

    #[test]
    fn errors_name_the_line() {
        for (text, line) in [
            ("mail: a", 1),
            ("dn: x\nmail", 2),
            ("dn: x\n\n\ndn: y\nphoto:: *", 5),
            ("dn: x\nphoto:< file:///etc/passwd", 2),
            ("dn: x\nchangetype: delete", 2),
        ] {
            assert_eq!(LdifDirectory::read(text).unwrap_err().line, line, "{text}");
        }
    }
}
