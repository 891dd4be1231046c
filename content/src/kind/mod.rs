//! One file a kind: what a document of that kind holds and how its text is read into it.

mod board;
mod bulletin;
mod case;
mod checklist;
mod guide;
mod knowledge;
mod lesson;
mod notice;
mod page;
mod quiz;
mod reading;

pub use board::{Board, Progress};
pub use bulletin::{Bulletin, FireCount};
pub use case::{Case, Figures, Fire, Hazard, Incident};
pub use checklist::{Check, Checklist, Group, Level};
pub use guide::{Choice, Guide, Step};
pub use knowledge::{Knowledge, Urgency};
pub use lesson::Lesson;
pub use notice::{Notice, NoticeSeverity};
pub use page::Page;
pub use quiz::{Quiz, QuizOption, QuizQuestion};
