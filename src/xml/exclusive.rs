//! Exclusive Canonical XML (<https://www.w3.org/TR/xml-exc-c14n/>, without comments) of a part of a document that somebody
//! else wrote. Which part is said by position, never by an identifier, so that there is nothing to be mistaken about.
//!
//! The document has passed the strict reader before. Comments and CDATA sections are refused here as well: Canonical XML
//! makes them vanish, and what vanishes from under a signature is where two readers come to disagree.

use super::canonical::{escape_attribute, escape_text};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Namespace declarations in scope at once; honest messages have a handful, and each is looked through for each name.
const DECLARATIONS: usize = 64;
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// One element of a document and what is left out of it. A path is the index among the child elements, level by level;
/// the empty path is the document element.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part<'a> {
    /// The element that is canonicalised.
    pub element: &'a [usize],
    /// An element inside it that is left out, as the enveloped-signature transform leaves out the signature.
    pub without: Option<&'a [usize]>,
    /// `InclusiveNamespaces/@PrefixList`; `#default` is the default namespace.
    pub inclusive_prefixes: &'a [&'a str],
}

/// Why a document has no canonical form here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the signed document contains {0}")]
pub struct NotCanonical(pub &'static str);

/// The canonical form of a part.
///
/// # Errors
/// When the document is not well-formed, or holds a construct that is not accepted in a signed message.
pub fn canonical_part(document: &str, part: Part<'_>) -> Result<String, NotCanonical> {
    let mut reader = Reader::from_str(document.strip_prefix('\u{feff}').unwrap_or(document));
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk { part, ..Walk::default() };
    loop {
        match reader.read_event().map_err(|_| NotCanonical("markup that is not well-formed"))? {
            Event::Start(start) => walk.start(&start)?,
            Event::End(end) => walk.end(utf8(end.name().as_ref())?),
            Event::Text(text) => {
                let text = text.xml10_content().map_err(|_| NotCanonical("text that is not UTF-8"))?;
                walk.text(&text);
            }
            Event::GeneralRef(reference) => walk.text(resolve(&reference)?.encode_utf8(&mut [0; 4])),
            Event::Eof => return Ok(walk.out),
            Event::Decl(_) | Event::Empty(_) => {}
            Event::Comment(_) => return Err(NotCanonical("a comment")),
            Event::CData(_) => return Err(NotCanonical("a CDATA section")),
            Event::PI(_) => return Err(NotCanonical("a processing instruction")),
            Event::DocType(_) => return Err(NotCanonical("a document type declaration")),
        }
    }
}

#[derive(Default)]
struct Walk<'a> {
    part: Part<'a>,
    out: String,
    /// Where we are: an index for each open element below the document element.
    path: Vec<usize>,
    /// How many child elements each open element has shown so far.
    children: Vec<usize>,
    in_scope: Declarations,
    rendered: Declarations,
}

/// Prefix and namespace, innermost last, with the depth of the element that carries the declaration.
#[derive(Default)]
struct Declarations(Vec<(usize, String, String)>);

impl Declarations {
    fn find(&self, prefix: &str) -> &str {
        self.0.iter().rev().find(|(_, known, _)| known == prefix).map_or("", |(_, _, namespace)| namespace)
    }

    fn leave(&mut self, depth: usize) {
        self.0.truncate(self.0.iter().take_while(|(carrier, ..)| *carrier < depth).count());
    }
}

/// An attribute as it is sorted: namespace, local name, then what is written.
type Sorted = (String, String, String, String);

impl Walk<'_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), NotCanonical> {
        if let Some(count) = self.children.last_mut() {
            self.path.push(*count);
            *count += 1;
        }
        self.children.push(0);
        let name = utf8(start.name().into_inner())?.to_owned();
        let attributes = self.declare(start)?;
        if self.is_wanted() { self.open(&name, attributes) } else { Ok(()) }
    }

    /// Takes in the element's declarations and gives back its other attributes, qualified name and value.
    fn declare(&mut self, start: &BytesStart<'_>) -> Result<Vec<(String, String)>, NotCanonical> {
        let depth = self.children.len();
        let mut others = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| NotCanonical("an attribute that is not well-formed"))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| NotCanonical("an attribute value that is not well-formed"))?.into_owned();
            let name = utf8(attribute.key.into_inner())?;
            match name.strip_prefix("xmlns") {
                Some("") => self.in_scope.0.push((depth, String::new(), value)),
                Some(prefix) if prefix.starts_with(':') && !value.is_empty() => {
                    self.in_scope.0.push((depth, prefix[1..].to_owned(), value));
                }
                Some(prefix) if prefix.starts_with(':') => return Err(NotCanonical("a prefix without a namespace")),
                _ => others.push((name.to_owned(), value)),
            }
        }
        if self.in_scope.0.len() > DECLARATIONS {
            return Err(NotCanonical("too many namespace declarations"));
        }
        Ok(others)
    }

    fn open(&mut self, name: &str, attributes: Vec<(String, String)>) -> Result<(), NotCanonical> {
        let mut used = vec![split(name).0];
        let mut sorted: Vec<Sorted> = Vec::with_capacity(attributes.len());
        for (name, value) in &attributes {
            let (prefix, local) = split(name);
            let namespace = match prefix {
                "" => "",
                "xml" => XML,
                prefix => {
                    used.push(prefix);
                    self.in_scope.find(prefix)
                }
            };
            sorted.push((namespace.to_owned(), local.to_owned(), name.clone(), value.clone()));
        }
        sorted.sort();
        let listed = self.part.inclusive_prefixes.iter().map(|prefix| if *prefix == "#default" { "" } else { prefix });
        used.extend(listed);
        used.sort_unstable();
        used.dedup();
        self.out.push('<');
        self.out.push_str(name);
        used.into_iter().for_each(|prefix| self.namespace(prefix));
        for (_, _, name, value) in &sorted {
            self.attribute(name, value);
        }
        self.out.push('>');
        Ok(())
    }

    /// Section 3, rule 3: declared where it is used and the nearest ancestor in the output says otherwise.
    fn namespace(&mut self, prefix: &str) {
        let namespace = self.in_scope.find(prefix).to_owned();
        if prefix == "xml" || self.rendered.find(prefix) == namespace {
            return;
        }
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        self.attribute(&name, &namespace);
        self.rendered.0.push((self.children.len(), prefix.to_owned(), namespace));
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(&mut self.out, value);
        self.out.push('"');
    }

    fn end(&mut self, name: &str) {
        if self.is_wanted() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        let depth = self.children.len();
        self.in_scope.leave(depth);
        self.rendered.leave(depth);
        self.children.pop();
        self.path.pop();
    }

    fn text(&mut self, text: &str) {
        if !self.children.is_empty() && self.is_wanted() {
            escape_text(&mut self.out, text);
        }
    }

    fn is_wanted(&self) -> bool {
        self.path.starts_with(self.part.element) && !self.part.without.is_some_and(|out| self.path.starts_with(out))
    }
}

fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

fn utf8(octets: &[u8]) -> Result<&str, NotCanonical> {
    str::from_utf8(octets).map_err(|_| NotCanonical("text that is not UTF-8"))
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, NotCanonical> {
    let unknown = NotCanonical("an entity reference");
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Ok(character),
        Err(_) => Err(unknown),
        Ok(None) => match &**reference {
            b"amp" => Ok('&'),
            b"lt" => Ok('<'),
            b"gt" => Ok('>'),
            b"quot" => Ok('"'),
            b"apos" => Ok('\''),
            _ => Err(unknown),
        },
    }
}

#[cfg(test)]
mod tests;
