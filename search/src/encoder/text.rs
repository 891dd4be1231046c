//! Which texts of a library have a vector: every question, title and summary of a document, and each of its passages.

use fenghuo_content::Library;

use crate::elsewhere::examples;
use crate::index::Entry;

/// Characters of a passage that are encoded; what it is about stands in front.
const PASSAGE_CHARS: usize = 200;

/// What part of a document a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// One of its questions.
    Question,
    /// Its title.
    Title,
    /// Its summary.
    Summary,
    /// A passage with the title and the heading before it.
    Passage,
    /// A question about other things, which stands in no document.
    Elsewhere,
}

/// A text that stands in no document.
const ELSEWHERE: Spot = Spot { document: usize::MAX, entry: None, part: Part::Elsewhere };

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Index in `Library::documents`; the greatest number for what stands elsewhere.
    pub document: usize,
    /// Index of the entry, for a passage.
    pub entry: Option<usize>,
    /// What it is.
    pub part: Part,
}

/// A text to be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Where it stands.
    pub spot: Spot,
    /// What is encoded.
    pub text: String,
}

/// All texts of `library` that have a vector, in order.
pub fn texts(library: &Library) -> Vec<Text> {
    let mut texts = Vec::new();
    for (document, content) in library.documents().iter().enumerate() {
        let mut add = |part, text: &str| {
            let spot = Spot { document, entry: None, part };
            texts.push(Text { spot, text: text.to_owned() });
        };
        content.questions().iter().for_each(|question| add(Part::Question, question));
        add(Part::Title, &content.meta.title);
        add(Part::Summary, &content.meta.summary);
    }
    let entries = Entry::all(library);
    texts.extend(entries.iter().enumerate().map(|(i, entry)| passage(library, i, entry)));
    texts.extend(examples().map(|text| Text { spot: ELSEWHERE, text: text.to_owned() }));
    texts
}

fn passage(library: &Library, index: usize, entry: &Entry) -> Text {
    let title = &library.documents()[entry.document].meta.title;
    let mut parts = vec![title.as_str()];
    if *entry.heading != **title {
        parts.push(&entry.heading);
    }
    parts.extend([&*entry.text, &*entry.extra].into_iter().filter(|part| !part.is_empty()));
    let text = parts.join("。").chars().take(PASSAGE_CHARS).collect();
    let spot = Spot { document: entry.document, entry: Some(index), part: Part::Passage };
    Text { spot, text }
}
