//! The flat XML of the platform: what it posts is read field by field, what we answer is written.
//!
//! Nothing in it may be fetched, expanded or nested without end: document types and unknown entities
//! are refused, and so is what is not well-formed to its last byte.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

/// The platform sends a dozen fields; a few events carry lists.
const MAX_ELEMENTS: usize = 256;
const MAX_DEPTH: usize = 8;

/// Why a body is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Not well-formed.
    #[error("it is no well-formed XML")]
    Broken(#[from] quick_xml::Error),
    /// A document type, a processing instruction, or an entity of its own.
    #[error("it declares what a message never declares")]
    Declares,
    /// Not one element `xml` with fields.
    #[error("it has not the shape of a message")]
    Shape,
    /// Deeper or longer than any message.
    #[error("it is nested too deep or too long")]
    Size,
}

/// The fields of a message: the direct children of `<xml>` that hold text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The text of the field `name`; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Reads a message.
pub(super) fn read(text: &str) -> Result<Fields, Fault> {
    let mut reader = Reader::from_str(text);
    let mut walk = Walk::default();
    loop {
        match reader.read_event()? {
            Event::Start(tag) => walk.open(&name(tag.name().as_ref()))?,
            Event::Empty(tag) => {
                walk.open(&name(tag.name().as_ref()))?;
                walk.close();
            }
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.add(&text.decode().map_err(quick_xml::Error::from)?)?,
            Event::CData(text) => walk.add(&text.decode().map_err(quick_xml::Error::from)?)?,
            Event::GeneralRef(entity) => walk.add(character(&entity)?.encode_utf8(&mut [0; 4]))?,
            Event::Decl(_) if walk.is_new() => {}
            Event::Comment(_) => {}
            Event::Decl(_) | Event::DocType(_) | Event::PI(_) => return Err(Fault::Declares),
            Event::Eof => return walk.end(),
        }
    }
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One of the five entities XML has by itself, or a character by its number.
fn character(entity: &BytesRef<'_>) -> Result<char, Fault> {
    if let Some(character) = entity.resolve_char_ref()? {
        return Ok(character);
    }
    match entity.decode().map_err(quick_xml::Error::from)?.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Fault::Declares),
    }
}

/// Where reading is.
#[derive(Default)]
struct Walk {
    fields: Fields,
    depth: usize,
    elements: usize,
    field: String,
}

impl Walk {
    fn is_new(&self) -> bool {
        self.elements == 0
    }

    fn open(&mut self, name: &str) -> Result<(), Fault> {
        let fits = match self.depth {
            0 => self.elements == 0 && name == "xml",
            1 => self.fields.0.insert(name.to_owned(), String::new()).is_none(),
            _ => true,
        };
        self.depth += 1;
        self.elements += 1;
        if self.depth > MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(Fault::Size);
        }
        if self.depth == 2 {
            name.clone_into(&mut self.field);
        }
        if fits { Ok(()) } else { Err(Fault::Shape) }
    }

    /// The reader has checked that something is open.
    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn add(&mut self, text: &str) -> Result<(), Fault> {
        match self.depth {
            0 | 1 if text.trim().is_empty() => {}
            0 | 1 => return Err(Fault::Shape),
            2 => {
                if let Some(field) = self.fields.0.get_mut(&self.field) {
                    field.push_str(text);
                }
            }
            // Parts of a field that is no text: nothing of it is used.
            _ => {}
        }
        Ok(())
    }

    fn end(self) -> Result<Fields, Fault> {
        if self.depth == 0 && self.elements > 0 { Ok(self.fields) } else { Err(Fault::Shape) }
    }
}

/// `text` as a field that is read back as it was, whatever it holds.
pub(super) fn cdata(name: &str, text: &str) -> String {
    let legal = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let text: String =
        text.chars().filter(|c| legal(c) && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    format!("<{name}><![CDATA[{}]]></{name}>", text.replace("]]>", "]]]]><![CDATA[>"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_read_however_they_are_written() {
        let fields = read(
            "<?xml version=\"1.0\"?>\n<xml><!-- a --><ToUserName><![CDATA[gh_1]]></ToUserName>\n\
             <CreateTime>1348831860</CreateTime><Content>a &lt; b &#x706b;</Content>\n\
             <Info><Kind>qr</Kind><Deep><Deeper/></Deep></Info><Empty/></xml>\n",
        )
        .expect("well-formed");
        assert_eq!(fields.text("ToUserName"), "gh_1");
        assert_eq!(fields.text("CreateTime"), "1348831860");
        assert_eq!(fields.text("Content"), "a < b 火");
        for absent in ["Empty", "Kind", "Info", "Other"] {
            assert_eq!(fields.text(absent), "", "{absent}");
        }
    }

    #[test]
    fn hostile_and_half_written_bodies_are_refused() {
        let bomb =
            "<!DOCTYPE xml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xml><a>&b;</a></xml>";
        let file =
            "<!DOCTYPE xml [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><xml><a>&f;</a></xml>";
        let deep = format!("<xml>{}{}</xml>", "<a>".repeat(50), "</a>".repeat(50));
        let wide =
            format!("<xml>{}</xml>", (0..400).map(|n| format!("<a{n}/>")).collect::<String>());
        for body in [
            bomb,
            file,
            &deep,
            &wide,
            "",
            "   ",
            "success",
            "{}",
            "<xml>",
            "<xml><a>1</a>",
            "<xml><a>1</b></xml>",
            "<xml><a><![CDATA[1]]</a></xml>",
            "<xml></xml><xml></xml>",
            "<xml>text</xml>",
            "<xml></xml>text",
            "<html><a>1</a></html>",
            "<xml><a>1</a><a>2</a></xml>",
            "<xml><a>&unknown;</a></xml>",
            "<xml><a>&#x110000;</a></xml>",
            "<?php system() ?><xml/>",
            "</xml>",
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(text in any::<String>()) {
            let written = format!("<xml>{}</xml>", cdata("Content", &text));
            let fields = read(&written).expect("well-formed");
            let legal: String = text.chars()
                .filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !matches!(c, '\u{fffe}' | '\u{ffff}'))
                .collect();
            prop_assert_eq!(fields.text("Content"), legal);
        }

        #[test]
        fn no_body_does_harm(body in any::<String>(), cut in 0..400usize) {
            let _ = read(&body);
            let whole = format!("<xml>{}{}</xml>", cdata("A", &body), cdata("B", "火"));
            let end = (0..=cut.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at));
            let half = &whole[..end.unwrap_or(0)];
            prop_assert!(half.len() == whole.len() || read(half).is_err(), "{}", half);
        }
    }
}
