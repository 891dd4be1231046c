//! What every store promises, whatever database is behind it: each body runs against both.

#[macro_use]
mod fixture;
mod account;
mod audit;
mod backup;
mod basics;
mod claim;
mod file;
mod forget;
mod inbox;
mod kill;
mod purge;
mod recovery;
mod server;
mod subscriber;
