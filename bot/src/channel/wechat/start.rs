//! The official accounts of a process.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::account::WeChatAccount;
use super::callback::{self, Door, Doors};
use super::desk::Desk;
use super::gate::Gate;
use crate::BotState;

/// All official accounts.
pub struct WeChat(Doors);

impl WeChat {
    /// The accounts; links in their replies begin at `public_url`.
    pub fn new(state: &BotState, public_url: &str, accounts: Vec<WeChatAccount>) -> Self {
        let door = |account: WeChatAccount| {
            let name = account.name.clone();
            let desk = Desk::new(state.clone(), public_url.to_owned(), account.clone());
            (name, Door { gate: Gate::new(account), desk: Arc::new(desk) })
        };
        Self(Arc::new(accounts.into_iter().map(door).collect::<HashMap<_, _>>()))
    }

    /// Serves `/in/wechat/NAME`.
    pub fn router(&self) -> Router {
        callback::router(Arc::clone(&self.0))
    }

    /// Takes up what earlier processes left, until `stop` changes.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut sweeping = JoinSet::new();
        for door in self.0.values() {
            let (desk, stop) = (Arc::clone(&door.desk), stop.clone());
            sweeping.spawn(async move { desk.sweep(stop).await });
        }
        while sweeping.join_next().await.is_some() {}
    }
}
