//! Stubs: a first draft of each kind that explains itself and passes `check`.

use jiff::civil::Date;

use crate::{DocumentId, Kind};

/// Endings and texts of the files that begin the document `id`, checked on `today`.
pub fn stub(id: &DocumentId, today: Date) -> Vec<(&'static str, String)> {
    let (text, data) = match id.kind() {
        Kind::Knowledge => (include_str!("../stubs/knowledge.md"), None),
        Kind::Case => (include_str!("../stubs/cases.md"), None),
        Kind::Guide => (include_str!("../stubs/guides.md"), None),
        Kind::Lesson => (include_str!("../stubs/lessons.md"), None),
        Kind::Quiz => (include_str!("../stubs/quizzes.md"), None),
        Kind::Checklist => (include_str!("../stubs/checklists.md"), None),
        Kind::Notice => (include_str!("../stubs/notices.md"), None),
        Kind::Bulletin => {
            (include_str!("../stubs/bulletins.md"), Some(include_str!("../stubs/bulletins.csv")))
        }
        Kind::Board => {
            (include_str!("../stubs/boards.md"), Some(include_str!("../stubs/boards.csv")))
        }
        Kind::Page => (include_str!("../stubs/pages.md"), None),
    };
    let mut files = vec![("md", text.replace("{today}", &today.to_string()))];
    files.extend(data.map(|data| ("csv", data.to_owned())));
    files
}
