//! What the public sees of what was sent: pages, feeds, CAP, calendar, signage, speech, verification.

mod cap;
mod desk;
mod feeds;
mod pages;
mod relay;
mod signage;
