//! A strict, bounded, namespace-aware reader: bytes to a small tree, or a refusal that says where and why.
//!
//! No document type declaration, no entity but the five predefined ones, no processing instruction, UTF-8 only. Elements are
//! known by namespace and local name; prefixes mean nothing. Comments are dropped, as canonicalisation drops them.

use super::canonical::forbidden_character;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use std::sync::Arc;

/// How much a document may ask of us. All of them are configuration values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XmlLimits {
    /// Elements inside elements.
    pub depth: usize,
    /// Attributes on one element, namespace declarations included.
    pub attributes: usize,
    /// Bytes of text in one element.
    pub text_bytes: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self { depth: 32, attributes: 64, text_bytes: 16 * 1024 }
    }
}

/// Why a document is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not well-formed.
    #[error("the document is not well-formed at byte {position}: {reason}")]
    Malformed {
        /// Byte offset.
        position: u64,
        /// What the parser said.
        reason: String,
    },
    /// A construct that is never read.
    #[error("the document contains {construct} at byte {position}")]
    Forbidden {
        /// Byte offset.
        position: u64,
        /// Which one.
        construct: &'static str,
    },
    /// A limit was exceeded.
    #[error("the document exceeds the limit of {limit} {what}")]
    LimitExceeded {
        /// What was counted.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
}

/// One element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Namespace URI; empty when there is none.
    pub namespace: Arc<str>,
    /// Local name.
    pub name: Arc<str>,
    /// Attributes without the namespace declarations.
    pub attributes: Vec<Attribute>,
    /// Child elements in document order.
    pub children: Vec<Element>,
    /// The element's own text, concatenated and unescaped.
    pub text: String,
}

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Namespace URI; empty for the usual unprefixed attribute.
    pub namespace: Arc<str>,
    /// Local name.
    pub name: Arc<str>,
    /// Unescaped value.
    pub value: String,
}

impl Element {
    /// Whether this is the element of that namespace and name.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        *self.name == *name && *self.namespace == *namespace
    }

    /// The first child of that name.
    pub fn child(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// Every child of that name.
    pub fn children<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.is(namespace, name))
    }

    /// The value of an attribute.
    pub fn attribute(&self, namespace: &str, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| *a.name == *name && *a.namespace == *namespace).map(|a| a.value.as_str())
    }

    /// The text without surrounding white space.
    pub fn trimmed(&self) -> &str {
        self.text.trim_matches([' ', '\t', '\r', '\n'])
    }

    /// This element and all below it, parents first.
    pub fn descendants(&self) -> impl Iterator<Item = &Element> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(next.children.iter().rev());
            Some(next)
        })
    }
}

/// Reads one document.
///
/// # Errors
/// When the bytes are not UTF-8, not well-formed, contain a forbidden construct or exceed a limit.
pub fn parse_document(bytes: &[u8], limits: XmlLimits) -> Result<Element, XmlError> {
    let text = str::from_utf8(bytes).map_err(|error| XmlError::Malformed {
        position: error.valid_up_to() as u64,
        reason: "not UTF-8".to_owned(),
    })?;
    refuse_forbidden_characters(text)?;
    Parser {
        reader: NsReader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)),
        limits,
        met: Vec::with_capacity(8),
        names: Vec::with_capacity(32),
    }
    .document()
}

/// Production 2, `Char`. The parser lets them pass, and an answer that repeats one would not be well-formed either.
fn refuse_forbidden_characters(text: &str) -> Result<(), XmlError> {
    let Some(character) = forbidden_character(text) else { return Ok(()) };
    let position = text.find(character).unwrap_or_default() as u64;
    Err(XmlError::Malformed { position, reason: format!("the character U+{:04X}", u32::from(character)) })
}

/// The ASCII part of production 5 of Namespaces in XML, `NCName`; beyond ASCII everything is let pass.
fn is_name(name: &str) -> bool {
    let in_name = |octet: u8| octet >= 0x80 || octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
    name.bytes().all(in_name)
        && !name.starts_with(|first: char| first.is_ascii_digit() || "-.".contains(first))
        && !name.is_empty()
}

struct Parser<'a> {
    reader: NsReader<&'a [u8]>,
    limits: XmlLimits,
    /// Every namespace met, and every name: a message repeats a handful.
    met: Vec<Arc<str>>,
    names: Vec<Arc<str>>,
}

impl Parser<'_> {
    fn document(mut self) -> Result<Element, XmlError> {
        self.reader.config_mut().expand_empty_elements = true;
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(start)) => {
                    if root.is_some() {
                        return Err(self.malformed("a second document element"));
                    }
                    if open.len() == self.limits.depth {
                        return Err(XmlError::LimitExceeded { what: "levels of depth", limit: self.limits.depth });
                    }
                    let element = self.element(&start)?;
                    open.push(element);
                }
                Ok(Event::End(_)) => match (open.pop(), open.last_mut()) {
                    (Some(done), Some(parent)) => parent.children.push(done),
                    (Some(done), None) => root = Some(done),
                    (None, _) => return Err(self.malformed("an end tag without a start tag")),
                },
                Ok(Event::Text(text)) => {
                    let text = text.xml10_content().map_err(|error| self.malformed(&error.to_string()))?;
                    self.append(open.last_mut(), &text)?;
                }
                Ok(Event::CData(data)) => {
                    let text = data.xml10_content().map_err(|error| self.malformed(&error.to_string()))?;
                    self.append(open.last_mut(), &text)?;
                }
                Ok(Event::GeneralRef(reference)) => {
                    let character = self.resolve(&reference)?;
                    self.append(open.last_mut(), character.encode_utf8(&mut [0; 4]))?;
                }
                Ok(Event::DocType(_)) => return Err(self.forbidden("a document type declaration")),
                Ok(Event::PI(_)) => return Err(self.forbidden("a processing instruction")),
                Ok(Event::Decl(declaration)) => {
                    let encoding = declaration.encoding().and_then(Result::ok);
                    if encoding.is_some_and(|name| !name.eq_ignore_ascii_case(b"utf-8")) {
                        return Err(self.malformed("an encoding other than UTF-8 is declared"));
                    }
                }
                Ok(Event::Comment(_) | Event::Empty(_)) => {}
                Ok(Event::Eof) => {
                    return match root {
                        Some(root) if open.is_empty() => Ok(root),
                        _ => Err(self.malformed("the document ends too early")),
                    };
                }
                Err(error) => return Err(self.malformed(&error.to_string())),
            }
        }
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, XmlError> {
        let (namespace, local) = self.reader.resolver().resolve_element(start.name());
        let namespace = namespace_of(&mut self.met, namespace).ok_or_else(|| self.undeclared())?;
        let mut element = Element { namespace, name: self.name(local.as_ref())?, ..Element::default() };
        for (count, attribute) in start.attributes().enumerate() {
            if count == self.limits.attributes {
                return Err(XmlError::LimitExceeded { what: "attributes", limit: self.limits.attributes });
            }
            let attribute = attribute.map_err(|error| self.malformed(&error.to_string()))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, local) = self.reader.resolver().resolve_attribute(attribute.key);
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.malformed(&error.to_string()))?;
            self.check_text(value.len())?;
            if forbidden_character(&value).is_some() {
                return Err(self.malformed("a reference to a character XML 1.0 does not allow"));
            }
            let namespace = namespace_of(&mut self.met, namespace).ok_or_else(|| self.undeclared())?;
            let name = self.name(local.as_ref())?;
            if element.attribute(&namespace, &name).is_some() {
                return Err(self.malformed("an attribute occurs twice"));
            }
            element.attributes.push(Attribute { namespace, name, value: value.into_owned() });
        }
        Ok(element)
    }

    fn undeclared(&self) -> XmlError {
        self.malformed("a prefix that is not declared")
    }

    /// Looked at when it is met first: what is in `names` is one.
    fn name(&mut self, octets: &[u8]) -> Result<Arc<str>, XmlError> {
        if let Some(known) = self.names.iter().find(|known| known.as_bytes() == octets) {
            return Ok(Arc::clone(known));
        }
        let name: Arc<str> = String::from_utf8_lossy(octets).into();
        if !is_name(&name) {
            return Err(self.malformed("a name XML does not allow"));
        }
        if self.names.len() < SHARED {
            self.names.push(Arc::clone(&name));
        }
        Ok(name)
    }

    fn append(&self, element: Option<&mut Element>, text: &str) -> Result<(), XmlError> {
        match element {
            Some(element) => {
                self.check_text(element.text.len() + text.len())?;
                element.text.push_str(text);
                Ok(())
            }
            None if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => Ok(()),
            None => Err(self.malformed("text outside the document element")),
        }
    }

    fn check_text(&self, length: usize) -> Result<(), XmlError> {
        if length > self.limits.text_bytes {
            return Err(XmlError::LimitExceeded { what: "bytes of text", limit: self.limits.text_bytes });
        }
        Ok(())
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<char, XmlError> {
        if let Some(character) = reference.resolve_char_ref().map_err(|error| self.malformed(&error.to_string()))? {
            return match character {
                '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => Ok(character),
                _ => Err(self.malformed("a reference to a character XML 1.0 does not allow")),
            };
        }
        match &**reference {
            b"amp" => Ok('&'),
            b"lt" => Ok('<'),
            b"gt" => Ok('>'),
            b"quot" => Ok('"'),
            b"apos" => Ok('\''),
            _ => Err(self.forbidden("an entity reference")),
        }
    }

    fn malformed(&self, reason: &str) -> XmlError {
        XmlError::Malformed { position: self.reader.buffer_position(), reason: reason.to_owned() }
    }

    fn forbidden(&self, construct: &'static str) -> XmlError {
        XmlError::Forbidden { position: self.reader.buffer_position(), construct }
    }
}

/// How many texts are shared. A hostile message with a name of its own for every element must not make each one be
/// compared with all before it.
const SHARED: usize = 64;

/// `None` for a prefix that is not declared.
fn namespace_of(met: &mut Vec<Arc<str>>, resolved: ResolveResult<'_>) -> Option<Arc<str>> {
    match resolved {
        ResolveResult::Unbound => Some(shared(met, b"")),
        ResolveResult::Bound(namespace) => Some(shared(met, namespace.as_ref())),
        ResolveResult::Unknown(_) => None,
    }
}

/// The text, shared with all that have the same.
fn shared(met: &mut Vec<Arc<str>>, octets: &[u8]) -> Arc<str> {
    if let Some(known) = met.iter().find(|known| known.as_bytes() == octets) {
        return Arc::clone(known);
    }
    let new: Arc<str> = String::from_utf8_lossy(octets).into();
    if met.len() < SHARED {
        met.push(Arc::clone(&new));
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Element, XmlError> {
        parse_document(text.as_bytes(), XmlLimits::default())
    }

    #[test]
    fn elements_are_known_by_namespace_whatever_the_prefix() {
        let root = parse(r#"<a:x xmlns:a="urn:1" a:k="v" k='w'><y xmlns="urn:2">t&amp;<![CDATA[<]]>&#x41;</y></a:x>"#);
        let root = root.unwrap();
        assert!(root.is("urn:1", "x"));
        assert_eq!(root.attribute("urn:1", "k"), Some("v"));
        assert_eq!(root.attribute("", "k"), Some("w"));
        assert_eq!(root.child("urn:2", "y").unwrap().text, "t&<A");
    }

    #[test]
    fn hostile_constructs_are_named() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        let wide = format!("<a {}/>", (0..70).map(|n| format!("k{n}='v' ")).collect::<String>());
        let long = format!("<a>{}</a>", "x".repeat(20_000));
        for (text, expected) in [
            ("<!DOCTYPE a><a/>", "a document type declaration"),
            ("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", "a document type declaration"),
            ("<a>&e;</a>", "an entity reference"),
            ("<?php x?><a/>", "a processing instruction"),
            (deep.as_str(), "levels of depth"),
            (wide.as_str(), "attributes"),
            (long.as_str(), "bytes of text"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "x<a/>",
            "<a/>x",
            "<p:a/>",
            "<a k='1' k='2'/>",
            "<a k=v/>",
            "<a xmlns:p='u' xmlns:q='u' p:k='1' q:k='2'/>",
            "<a>&#0;</a>",
            "<a>\u{1}</a>",
            "<a k='\u{1f}'/>",
            "<a k='&#1;'/>",
            "<a><!--\u{ffff}--></a>",
            "<a&b/>",
            "<1a/>",
            "<a b&c='v'/>",
            "<p:1 xmlns:p='u'/>",
            "<p: xmlns:p='u'/>",
            "<a>&#xFFFE;</a>",
            "<?xml version='1.0' encoding='utf-16'?><a/>",
            "<a",
        ] {
            assert!(matches!(parse(text), Err(XmlError::Malformed { .. })), "{text:?}: {:?}", parse(text));
        }
        assert!(parse_document(b"<a>\xff</a>", XmlLimits::default()).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse_document(&bytes, XmlLimits::default());
        }

        #[test]
        fn arbitrary_markup_never_panics(text in "[<>/&;#!?\\[\\]a-c:='\" x-]{0,120}") {
            let _ = parse(&text);
        }
    }
}
