//! Reach: whom publicity has reached, in figures. Persons are counted, never named.

mod count;
mod report;

pub use report::{Month, Reach, ReachRow};
