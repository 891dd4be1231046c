//! The website: a static generator, the page frame, renderers and the public web routes.
//!
//! It knows the library and the search engine, neither the store nor the bot. Everything it shows
//! follows from one [`World`]; a reload swaps the world as a whole.

mod asset;
mod audit;
mod build;
pub mod chart;
mod crisis;
mod data;
mod drawing;
mod error;
mod feed;
mod frame;
mod index;
mod json_ld;
mod machine;
mod pack;
mod page;
pub mod render;
mod route;
mod search_files;
mod season;
mod site;
mod text;
mod web;
mod worker;
mod world;

pub use build::Summary;
pub use error::Error;
pub use frame::FramePage;
pub use pack::{CalendarDay, Format, Pack, PackError};
pub use page::PublishedPage;
pub use site::{Options, Site};
pub use web::{Problem, ready_page, router, serve_page, tagged_body};
pub use world::{Current, World};
