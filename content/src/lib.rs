//! Turns a folder of reviewed Markdown into a typed [`Library`] and a list of [`Diagnostic`]s.
//!
//! It never stops at the first fault, does no network, opens no database and reads no clock:
//! dates come from the caller. Rendering, searching and sending are left to the other crates.

mod check;
mod code;
mod diagnostic;
mod document;
mod documents;
mod files;
mod front;
mod id;
pub mod kind;
mod lexicon;
mod library;
mod load;
pub mod markdown;
mod meta;
mod passage;
mod place;
pub mod published;
mod region;
mod schedule;
mod settings;
mod shelf;
mod stub;
mod taxonomy;
mod text;

pub use check::{Change, Freshness, freshness};
pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use document::{Content, Document, Meta, Season, Source, SourceKind};
pub use documents::{DocumentIter, Documents};
pub use files::{File, Files, ReadError};
pub use id::{DocumentId, Kind, Lang};
pub use lexicon::{Danger, Lexicon, Word};
pub use library::{Library, Media};
pub use passage::{Passage, Role};
pub use place::{Hotline, Place};
pub use published::{Published, PublishedKind};
pub use region::{Region, RegionKind, Regions};
pub use schedule::{Occasion, When, solar_terms};
pub use shelf::{Refresh, Shelf};
pub use stub::stub;
pub use taxonomy::{Audience, Setting, Topic};
pub use text::Text;
