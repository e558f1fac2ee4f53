//! One directory entry as a search returned it.

/// A distinguished name and its attributes. Names are kept in lower case and without the `;binary` option, because AD
/// answers `userCertificate` where OpenLDAP answers `userCertificate;binary`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The entry's distinguished name as the directory spells it.
    pub dn: String,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl Entry {
    /// An entry from the attributes a search returned, values in the directory's order.
    pub fn new(dn: impl Into<String>, attributes: impl IntoIterator<Item = (String, Vec<Vec<u8>>)>) -> Self {
        let mut entry = Self { dn: dn.into(), attributes: Vec::new() };
        for (name, values) in attributes {
            entry.extend(&name, values);
        }
        entry
    }

    fn extend(&mut self, name: &str, values: Vec<Vec<u8>>) {
        let name = without_options(name).to_ascii_lowercase();
        match self.attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.extend(values),
            None => self.attributes.push((name, values)),
        }
    }

    /// All values of an attribute, raw; empty when the entry has none. The name is compared without regard to case and
    /// options.
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        let name = without_options(name);
        self.attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or(&[], |(_, values)| values.as_slice())
    }

    /// The values of an attribute that are text.
    pub fn texts<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.values(name).iter().filter_map(|value| str::from_utf8(value).ok())
    }

    /// The first textual value of an attribute.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next()
    }

    /// Every attribute with its values.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &[Vec<u8>])> {
        self.attributes.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

/// `userCertificate` of `userCertificate;binary` (RFC 4512 section 2.5).
fn without_options(name: &str) -> &str {
    name.split(';').next().unwrap_or_default()
}
