//! `/u/TOKEN`: a subscription as its owner sees it; one POST ends it (RFC 8058), on every channel.

use axum::Form;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use fenghuo_site::World;
use fenghuo_store::{Change, Error, Forgotten, LeaveToken, Subscriber};

use super::Pages;
use super::change::change;
use super::form::{Fields, quiet_choices, quiet_name, region_choices, region_name};
use super::form::{role_choices, role_name};
use super::page::{Note, Own, Shown, busy, note};
use crate::mail::masked;

/// `GET`: what there is; changes nothing.
pub(super) async fn open(State(pages): State<Pages>, Path(token): Path<String>) -> Response {
    let world = pages.state.current.get();
    match find(&pages, &token).await {
        Ok(Some(subscriber)) => show(&world, &subscriber, None),
        Ok(None) => {
            let lines = vec!["没有这份订阅，可能已经退订了。我们不会再给你发通知。".to_owned()];
            let link = Some(("/subscribe".to_owned(), "重新订阅"));
            note(&world, StatusCode::NOT_FOUND, &Note { title: "没有这份订阅", lines, link })
        }
        Err(error) => busy(&world, &error),
    }
}

/// `POST`: ends the subscription at once, whatever the body says, but for the form that changes it.
///
/// Mail programs send `List-Unsubscribe=One-Click` as a form of either kind, without cookies, and
/// follow no redirect; they may send it twice.
pub(super) async fn post(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let world = pages.state.current.get();
    let subscriber = match find(&pages, &token).await {
        Ok(Some(subscriber)) => subscriber,
        Ok(None) => return ended(&world),
        Err(error) => return busy(&world, &error),
    };
    let form = Form::<Fields>::from_request(request, &()).await;
    let done = match form {
        Ok(Form(fields)) if fields.verb == "change" => change(&pages, &subscriber, &fields).await,
        _ => match end(&pages, &subscriber).await {
            Ok(deleted) => return ended_with(&world, &subscriber, deleted),
            Err(error) => Err(error),
        },
    };
    match done {
        Ok((subscriber, said)) => show(&world, &subscriber, Some(said)),
        Err(error) => busy(&world, &error),
    }
}

async fn find(pages: &Pages, token: &str) -> Result<Option<Subscriber>, Error> {
    match LeaveToken::parse(token) {
        Some(token) => pages.state.store.subscriber_by_token(&token).await,
        None => Ok(None),
    }
}

/// Ends it. A mailbox is known by its subscription alone, so nothing of it stays; on a chat `/forget` does that.
async fn end(pages: &Pages, subscriber: &Subscriber) -> Result<Option<Forgotten>, Error> {
    let now = pages.state.clock.now();
    let address = subscriber.address.clone();
    if address.account.channel == "email" {
        return pages.state.store.forget(&address, now).await.map(Some);
    }
    pages.state.store.apply(vec![Change::Leave { address }], now).await.map(|_| None)
}

/// What was deleted, by name.
fn ended_with(world: &World, subscriber: &Subscriber, deleted: Option<Forgotten>) -> Response {
    let stored = &subscriber.subscription;
    let region = region_name(&world.library, &stored.region);
    let role = role_name(stored.role.as_deref());
    let mut what = format!(
        "已经删除：{}、你的订阅（{region}，{role}）、免打扰时间、你同意的记录",
        reached(subscriber)
    );
    if let Some(waiting) = deleted.map(|deleted| deleted.confirmations).filter(|n| *n > 0) {
        what += &format!("、等你确认的申请{waiting}份");
    }
    what.push('。');
    ended_saying(world, what)
}

fn ended(world: &World) -> Response {
    ended_saying(world, "你的地址和选择都已经删除。".to_owned())
}

fn ended_saying(world: &World, deleted: String) -> Response {
    let lines = vec![
        "已经退订，以后不给你发通知了。".to_owned(),
        deleted,
        "想再收，随时可以重新订阅。".to_owned(),
    ];
    let link = Some(("/subscribe".to_owned(), "重新订阅"));
    note(world, StatusCode::OK, &Note { title: "已经退订", lines, link })
}

fn show(world: &World, subscriber: &Subscriber, done: Option<&'static str>) -> Response {
    let stored = &subscriber.subscription;
    let role = stored.role.as_deref();
    let main = Own {
        action: format!("/u/{}", subscriber.leave.as_str()),
        address: reached(subscriber),
        region: region_name(&world.library, &stored.region),
        role: role_name(role),
        quiet: quiet_name(stored.quiet),
        paused: !subscriber.active,
        done,
        regions: region_choices(&world.library, &stored.region),
        roles: role_choices(role.unwrap_or_default()),
        quiets: quiet_choices(stored.quiet),
    };
    Shown { status: StatusCode::OK, title: "我的订阅", public: false }.page(world, &main)
}

/// Where she is reached, said so that only she recognises it.
fn reached(subscriber: &Subscriber) -> String {
    match subscriber.address.account.channel.as_str() {
        "email" => format!("邮箱 {}", masked(&subscriber.address.chat)),
        "telegram" => "Telegram".to_owned(),
        "wechat" => "微信".to_owned(),
        _ => "这个聊天".to_owned(),
    }
}
