//! What every store promises, whatever database is behind it: each body runs against both.

#[macro_use]
mod fixture;
mod account;
mod audit;
mod backup;
mod basics;
mod campaign;
mod claim;
mod delivery;
mod file;
mod forget;
mod inbox;
mod kill;
mod lease;
mod materialise;
mod office;
mod official;
mod publication;
mod purge;
mod reach;
mod recovery;
mod server;
mod subscriber;
mod upgrade;
mod verify;
