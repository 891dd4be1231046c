//! Campaigns on their way through a channel that does as it is told.

mod county;
mod fault;
mod flow;
