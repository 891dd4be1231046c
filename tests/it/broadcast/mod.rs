//! Campaigns over real sockets: the engine with each of its senders against fakes of the channels.

mod county;
mod harm;
mod kill;
mod robot;
mod scene;
mod served;
mod telegram;
mod victim;
mod webhook;
mod wechat;
