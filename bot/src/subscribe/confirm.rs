//! `/subscribe/confirm/TOKEN`: the page shows, the button confirms.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use fenghuo_site::World;
use fenghuo_store::{ConfirmToken, Error, LeaveToken, SubscriberId};

use super::Pages;
use super::form::{region_name, role_name};
use super::page::{Confirm, Note, Shown, busy, note};
use crate::mail::masked;

/// `GET`: what would be confirmed; changes nothing.
pub(super) async fn open(State(pages): State<Pages>, Path(token): Path<String>) -> Response {
    let world = pages.state.current.get();
    let Some(parsed) = ConfirmToken::parse(&token) else { return over(&world) };
    let now = pages.state.clock.now();
    match pages.state.store.pending_confirmation(&parsed, now).await {
        Ok(Some((address, subscription))) => {
            let main = Confirm {
                action: format!("/subscribe/confirm/{token}"),
                address: masked(&address.chat),
                region: region_name(&world.library, &subscription.region),
                role: role_name(subscription.role.as_deref()),
            };
            let shown = Shown { status: StatusCode::OK, title: "确认订阅", public: false };
            shown.page(&world, &main)
        }
        Ok(None) => over(&world),
        Err(error) => busy(&world, &error),
    }
}

/// `POST`: confirms.
pub(super) async fn confirm(State(pages): State<Pages>, Path(token): Path<String>) -> Response {
    let world = pages.state.current.get();
    let Some(token) = ConfirmToken::parse(&token) else { return over(&world) };
    match subscribe(&pages, &token).await {
        Ok(Some(leave)) => {
            let lines = vec![
                "订好了。有消防安全通知就发到你的邮箱。".to_owned(),
                "换乡镇、换身份、设免打扰时间、退订，都在下面这个网页。每封信里也有它。".to_owned(),
            ];
            let link = Some((format!("/u/{}", leave.as_str()), "我的订阅"));
            note(&world, StatusCode::OK, &Note { title: "已经确认", lines, link })
        }
        Ok(None) => over(&world),
        Err(error) => busy(&world, &error),
    }
}

/// The token to leave of who has just confirmed.
async fn subscribe(pages: &Pages, token: &ConfirmToken) -> Result<Option<LeaveToken>, Error> {
    let (store, now) = (&pages.state.store, pages.state.clock.now());
    let id = SubscriberId::from_bits(rand::random());
    let leave = LeaveToken::from_bits(rand::random());
    let Some(address) = store.confirm(token, id, leave, now).await? else { return Ok(None) };
    Ok(store.subscriber(&address).await?.map(|subscriber| subscriber.leave))
}

fn over(world: &World) -> Response {
    let lines = vec![
        "这个链接用不了了：可能已经确认过，也可能过了48小时。".to_owned(),
        "确认过的不用再做什么。没有确认过，重新申请一次就行。".to_owned(),
    ];
    let link = Some(("/subscribe".to_owned(), "重新申请"));
    note(world, StatusCode::NOT_FOUND, &Note { title: "链接失效了", lines, link })
}
