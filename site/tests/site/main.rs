//! The site as its readers and their browsers meet it: pages, links, policy, routes, API.

mod api;
mod fixture;
mod links;
mod page;
mod policy;
mod route;
