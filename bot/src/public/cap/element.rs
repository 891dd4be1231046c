//! XML from strangers as a small tree: no document types, no entities, nothing too deep or too long.

use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::Fault;

/// The largest real alerts, with pictures inside, have half a megabyte.
pub(in crate::public) const MAX_BYTES: usize = 1024 * 1024;
const MAX_DEPTH: usize = 16;
const MAX_ELEMENTS: usize = 20_000;
const MAX_ATTRIBUTES: usize = 32;

/// An element with its text and children; comments and processing instructions are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::public) struct Element {
    pub(in crate::public) namespace: String,
    pub(in crate::public) name: String,
    pub(in crate::public) attributes: Vec<(String, String)>,
    pub(in crate::public) text: String,
    pub(in crate::public) children: Vec<Element>,
}

impl Element {
    /// The first child called `name`.
    pub(in crate::public) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child called `name`, without blanks around it.
    pub(in crate::public) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    /// The attribute `name`.
    pub(in crate::public) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads `bytes` whole.
pub(in crate::public) fn parse(bytes: &[u8]) -> Result<Element, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge("1 MB"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| Fault::Broken(error.to_string()))?;
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut walk = Walk::default();
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|e| broken(&e))?;
        match event {
            Event::Start(tag) => {
                let element = element(&namespace, &tag)?;
                walk.open(element)?;
            }
            Event::Empty(tag) => {
                let element = element(&namespace, &tag)?;
                walk.open(element)?;
                walk.close();
            }
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.add(&text.xml10_content().map_err(|e| broken(&e.into()))?)?,
            Event::CData(text) => {
                walk.add(&text.xml10_content().map_err(|e| broken(&e.into()))?)?;
            }
            Event::GeneralRef(entity) => walk.add(character(&entity)?.encode_utf8(&mut [0; 4]))?,
            Event::Decl(declared) => check_encoding(declared.encoding())?,
            Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(Fault::Declares("DOCTYPE".to_owned())),
            Event::Eof => return walk.end(),
        }
    }
}

fn broken(error: &quick_xml::Error) -> Fault {
    Fault::Broken(error.to_string())
}

/// What claims to be in another encoding than it is read in would be shown wrong.
fn check_encoding<E>(encoding: Option<Result<std::borrow::Cow<'_, [u8]>, E>>) -> Result<(), Fault> {
    match encoding {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case(b"utf-8") => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case(b"us-ascii") => Ok(()),
        Some(Ok(name)) => {
            Err(Fault::Broken(format!("encoding {}", String::from_utf8_lossy(&name))))
        }
        Some(Err(_)) => Err(Fault::Broken("unreadable declaration".to_owned())),
    }
}

fn element(namespace: &ResolveResult<'_>, tag: &BytesStart<'_>) -> Result<Element, Fault> {
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => String::from_utf8_lossy(namespace.as_ref()).into_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => {
            return Err(Fault::Broken(format!(
                "unknown prefix `{}`",
                String::from_utf8_lossy(prefix)
            )));
        }
    };
    let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| Fault::Broken(error.to_string()))?;
        let raw = String::from_utf8_lossy(&attribute.value);
        let value = quick_xml::escape::unescape(&raw)
            .map_err(|_| Fault::Declares(raw.chars().take(40).collect()))?;
        let key = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
        attributes.push((key, value.into_owned()));
        if attributes.len() > MAX_ATTRIBUTES {
            return Err(Fault::TooLarge("32 attributes of an element"));
        }
    }
    Ok(Element { namespace, name, attributes, ..Element::default() })
}

/// One of the five entities XML has by itself, or a character by its number.
fn character(entity: &BytesRef<'_>) -> Result<char, Fault> {
    if let Some(character) = entity.resolve_char_ref().map_err(|e| broken(&e))? {
        return Ok(character);
    }
    let name = entity.decode().map_err(|e| broken(&e.into()))?;
    match name.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(Fault::Declares(other.chars().take(40).collect())),
    }
}

/// Where reading is: the elements that are open, and the root once it is closed.
#[derive(Default)]
struct Walk {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Walk {
    fn open(&mut self, element: Element) -> Result<(), Fault> {
        self.elements += 1;
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::TooLarge("16 levels"));
        }
        if self.elements > MAX_ELEMENTS {
            return Err(Fault::TooLarge("20,000 elements"));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(Fault::Broken("a second root".to_owned()));
        }
        self.open.push(element);
        Ok(())
    }

    /// The reader has checked that something is open.
    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn add(&mut self, text: &str) -> Result<(), Fault> {
        // XML 1.0 has no other control characters, not even by number.
        if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) {
            return Err(Fault::Broken("a control character".to_owned()));
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Fault::Broken("text outside the root".to_owned())),
        }
        Ok(())
    }

    fn end(self) -> Result<Element, Fault> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(Fault::Broken("it ends too early".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_fetch_grow_or_deceive_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(20), "</a>".repeat(20));
        let wide = format!("<a>{}</a>", "<b/>".repeat(20_001));
        let long = format!("<a>{}</a>", "x".repeat(MAX_BYTES));
        let many = format!("<a {}/>", (0..40).map(|n| format!("x{n}=\"\" ")).collect::<String>());
        for (text, expected) in [
            ("<!DOCTYPE a><a/>", "document type"),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document type"),
            ("<a>&b;</a>", "entity"),
            ("<a b=\"&c;\"/>", "entity"),
            ("<a>&#0;</a>", "well-formed"),
            ("<a>&#1;</a>", "control character"),
            ("<a>", "well-formed"),
            ("<a></b>", "well-formed"),
            ("<a/><b/>", "second root"),
            ("<a/>x", "outside"),
            ("", "too early"),
            ("<b:a/>", "unknown prefix"),
            ("<?xml version=\"1.0\" encoding=\"gbk\"?><a/>", "encoding gbk"),
            (deep.as_str(), "16 levels"),
            (wide.as_str(), "20,000 elements"),
            (long.as_str(), "1 MB"),
            (many.as_str(), "32 attributes"),
        ] {
            let fault = parse(text.as_bytes()).expect_err(&text[..text.len().min(60)]);
            assert!(fault.to_string().contains(expected), "{text:.60}: {fault}");
        }
        assert!(matches!(parse(b"<a>\xff</a>"), Err(Fault::Broken(_))));
        assert!(matches!(
            parse("<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice()),
            Err(Fault::Broken(_))
        ));
    }

    #[test]
    fn text_comes_whole_out_of_its_pieces() {
        let text = "\u{feff}<?xml version='1.0' encoding='UTF-8'?><!-- c --><a xmlns='n' k='1&amp;2'>x&lt;<![CDATA[<&]]>&#x706B;<b> y </b><?pi z?></a>\n";
        let root = parse(text.as_bytes()).expect("well formed");
        assert_eq!((root.namespace.as_str(), root.text.as_str()), ("n", "x<<&火"));
        assert_eq!((root.text_of("b"), root.attribute("k")), (Some("y"), Some("1&2")));
    }
}
