//! One directory entry as a search returned it.

use crate::text::Text;
use std::sync::Arc;

/// A distinguished name and its attributes. Names are kept in lower case and without the `;binary` option, because AD
/// answers `userCertificate` where OpenLDAP answers `userCertificate;binary`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The entry's distinguished name as the directory spells it.
    pub dn: String,
    attributes: Vec<(Text, Arc<[Vec<u8>]>)>,
}

impl Entry {
    /// An entry from the attributes a search returned, values in the directory's order.
    pub fn new(dn: impl Into<String>, attributes: impl IntoIterator<Item = (String, Vec<Vec<u8>>)>) -> Self {
        let mut gathered: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
        for (name, values) in attributes {
            let name = without_options(&name).to_ascii_lowercase();
            match gathered.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.extend(values),
                None => gathered.push((name, values)),
            }
        }
        let attributes = gathered.into_iter().map(|(name, values)| (name.into(), values.into()));
        Self { dn: dn.into(), attributes: attributes.collect() }
    }

    /// The same entry with no other attributes than these.
    pub fn with_only(&self, names: &[Text]) -> Self {
        let mut selected: Vec<(Text, Arc<[Vec<u8>]>)> = Vec::with_capacity(names.len());
        for name in names {
            if let Some(attribute) = self.attribute(name).filter(|(name, _)| !selected.iter().any(|(n, _)| n == name)) {
                selected.push(attribute.clone());
            }
        }
        Self { dn: self.dn.clone(), attributes: selected }
    }

    fn attribute(&self, name: &str) -> Option<&(Text, Arc<[Vec<u8>]>)> {
        let named = |name: &str| self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        named(name).or_else(|| named(&name[..name.find(';')?]))
    }

    /// All values of an attribute, raw; empty when the entry has none. The name is compared without regard to case and
    /// options.
    pub fn values(&self, name: &str) -> &[Vec<u8>] {
        self.attribute(name).map_or(&[], |(_, values)| values)
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
        self.attributes.iter().map(|(name, values)| (name.as_str(), &**values))
    }
}

/// `userCertificate` of `userCertificate;binary` (RFC 4512 section 2.5).
fn without_options(name: &str) -> &str {
    name.split(';').next().unwrap_or_default()
}
