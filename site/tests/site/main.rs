//! The site as its readers and their browsers meet it: pages, links, policy, routes, API.

mod api;
mod crisis;
mod editors;
mod finder;
mod fixture;
mod lessons;
mod links;
mod offline;
mod pack;
mod pack_api;
mod page;
mod policy;
mod privacy;
mod route;
mod search;
