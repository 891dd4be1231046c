//! What the public sees of what was sent, and what comes in from those who may warn.
//!
//! Everything here is made of [`fenghuo_content::Published`], which [`load`] makes of the publications
//! of the store: pages, feeds, CAP, calendar, signage and speech cannot differ in what they say.

mod api;
mod asset;
mod board;
mod calendar;
pub mod cap;
mod export;
mod feed;
mod load;
mod notices;
pub mod relay;
mod signage;
mod speech;
mod state;
mod verify;
mod views;

pub(crate) use load::{current, look_up};
pub use load::{load, region_holds};
pub use state::{Public, PublicOptions};
pub(crate) use verify::issuer;
pub use views::Views;
