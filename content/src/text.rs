//! A text that stands in no document of the library, such as what an official sends: read and judged like one.

use jiff::civil::Date;

use crate::kind::Page;
use crate::markdown::{Body, parse};
use crate::{Content, Diagnostic, Document, DocumentId, Lang, Library, Meta, Season, check};

/// A text with all its faults.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// What it says.
    pub body: Body,
    /// What is wrong: structure, links, dangerous or outdated advice (errors), readability (warnings). Line 0 is the
    /// title; the lines of the text count from 1.
    pub faults: Vec<Diagnostic>,
}

/// The title stands in the line above the text.
const TITLE_LINE: u32 = 1;

impl Library {
    /// Reads the Markdown `text` below `title` and checks it by the rules of `fenghuo check`.
    pub fn read_text(&self, title: &str, text: &str) -> Text {
        let parsed = parse("", text, TITLE_LINE + 1);
        let mut faults = parsed.faults;
        let document = pseudo_document(title, parsed.body);
        faults.extend(check::text(self, &document));
        for fault in &mut faults {
            fault.line -= TITLE_LINE;
        }
        faults.sort();
        faults.dedup();
        match document.content {
            Content::Page(Page { body }) => Text { body, faults },
            _ => Text { body: Body::default(), faults },
        }
    }
}

/// The checks read documents: a notice that nobody has reviewed yet.
fn pseudo_document(title: &str, body: Body) -> Document {
    let meta = Meta {
        title: title.to_owned(),
        summary: String::new(),
        audience: Vec::new(),
        topics: Vec::new(),
        season: Season::ALL,
        draft: false,
        reviewed: Date::MAX,
        review_every: 12,
        reviewer: None,
        aliases: Vec::new(),
        sources: Vec::new(),
        allow: Vec::new(),
    };
    Document {
        id: DocumentId::parse("notices/text").expect("a document id"),
        lang: Lang::Zh,
        path: String::new(),
        hash: String::new(),
        meta,
        content: Content::Page(Page { body }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(title: &str, text: &str) -> Vec<(u32, &'static str)> {
        let text = Library::default().read_text(title, text);
        text.faults.iter().filter(|f| f.is_error()).map(|f| (f.line, f.rule)).collect()
    }

    #[test]
    fn what_the_library_may_not_say_no_text_may_say() {
        assert_eq!(faults("天干物燥", "出门前关火关电。"), []);
        let dangerous = faults("油锅", "先关火。\n\n油锅着火马上泼水。");
        assert!(dangerous.contains(&(3, "advice-oil-water")), "{dangerous:?}");
        assert_eq!(faults("大风红色预警", "出门前关火。"), [(0, "warning-colour")]);
        assert_eq!(faults("提示", "看<b>这里</b>。")[0].1, "md-html");
        assert_eq!(faults("提示", "看[这里](knowledge/none/none)。"), [(1, "link-document")]);
    }

    #[test]
    fn a_text_keeps_its_structure() {
        let text = Library::default().read_text("提示", "短信。\n\n## 怎么做\n\n1. 关火\n");
        assert_eq!((text.body.intro.len(), text.body.sections.len()), (1, 1));
        assert_eq!(text.body.sections[0].line, 4);
    }
}
