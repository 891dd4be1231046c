//! The site as its readers and their browsers meet it: pages, links, policy, routes, API.

mod api;
mod editors;
mod fixture;
mod lessons;
mod links;
mod page;
mod policy;
mod route;
