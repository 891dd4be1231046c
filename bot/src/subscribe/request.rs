//! `/subscribe`: the form, and the letter that asks its address to confirm.
//!
//! What is answered never depends on whether an address is known: it gets the same letter either way.

use std::time::Duration;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Form};
use fenghuo_site::World;
use fenghuo_store::{Address, ConfirmToken, Error, Subscription};
use jiff::SignedDuration;

use super::form::{Fields, region_choices, region_name, regions, role_choices};
use super::page::{Note, Open, Shown, Town, busy, note};
use super::{Pages, letter, limit};
use crate::Visitor;
use crate::mail::{Handed, Mailer, mailbox};

/// How long a confirmation is waited for.
const LIFE: SignedDuration = SignedDuration::from_hours(48);
/// Readers are not kept longer; the letter goes on its way behind them.
const PATIENCE: Duration = Duration::from_secs(8);

/// `GET /subscribe`, `?region=` chooses one beforehand.
pub(super) async fn open(
    State(pages): State<Pages>,
    query: Result<Query<Fields>, QueryRejection>,
) -> Response {
    let fields = query.map(|Query(fields)| fields).unwrap_or_default();
    show(&pages, &pages.state.current.get(), &fields, None)
}

/// `POST /subscribe`
pub(super) async fn send(
    State(pages): State<Pages>,
    visitor: Option<Extension<Visitor>>,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let world = pages.state.current.get();
    let fields = form.map(|Form(fields)| fields).unwrap_or_default();
    let Some(mailer) = &pages.mailer else { return show(&pages, &world, &fields, None) };
    let Some(email) = mailbox(&fields.email) else {
        return show(&pages, &world, &fields, Some("邮箱写得不对。看看有没有少 @ 或者多了空格。"));
    };
    let Some(subscription) = fields.subscription(&world.library) else {
        return show(&pages, &world, &fields, Some("请选一个乡镇和一个身份。"));
    };
    if !pages.admits(visitor.as_deref()) {
        let lines = vec!["申请的人太多了，请过几分钟再试。".to_owned()];
        let busy = Note { title: "稍等一下", lines, link: None };
        return note(&world, StatusCode::TOO_MANY_REQUESTS, &busy);
    }
    let address = Pages::account().address(email);
    match ask(&pages, &world, mailer, address, subscription).await {
        Ok(Asked::Done) => sent(&world),
        Ok(Asked::Failed) => {
            let lines = vec!["邮件现在发不出去，请过一会儿再试。".to_owned()];
            let fault = Note { title: "稍等一下", lines, link: None };
            note(&world, StatusCode::SERVICE_UNAVAILABLE, &fault)
        }
        Err(error) => busy(&world, &error),
    }
}

/// Whether the letter is on its way, as far as the reader may know.
enum Asked {
    Done,
    Failed,
}

async fn ask(
    pages: &Pages,
    world: &World,
    mailer: &Mailer,
    address: Address,
    subscription: Subscription,
) -> Result<Asked, Error> {
    if pages.state.store.known(&address).await?.confirmations >= limit::OPEN {
        return Ok(Asked::Done);
    }
    let now = pages.state.clock.now();
    let expires = now.saturating_add(LIFE).unwrap_or(jiff::Timestamp::MAX);
    let token = ConfirmToken::from_bits(rand::random());
    pages.state.store.request_confirmation(&token, &address, &subscription, expires).await?;
    let asked = letter::Asked {
        address: &address,
        subscription: &subscription,
        link: format!("{}/subscribe/confirm/{}", pages.public_url, token.as_str()),
        now,
        expires,
    };
    let (letter, mailer) = (asked.letter(&world.library), mailer.clone());
    let sending = tokio::spawn(async move {
        let handed = mailer.send(letter, "b").await;
        if handed != Handed::Accepted {
            tracing::warn!(?handed, "a confirmation letter was not taken");
        }
        handed
    });
    Ok(match tokio::time::timeout(PATIENCE, sending).await {
        Ok(Ok(Handed::NotSent(_) | Handed::Later(_) | Handed::Unfit(_)) | Err(_)) => Asked::Failed,
        _ => Asked::Done,
    })
}

fn sent(world: &World) -> Response {
    let lines = vec![
        "确认信已经寄出。请在48小时内打开信里的网页，点“确认订阅”。没有确认，就不会给这个邮箱发通知。"
            .to_owned(),
        "几分钟后还没收到，看看垃圾邮件里有没有，或者检查邮箱有没有写错。".to_owned(),
    ];
    note(world, StatusCode::OK, &Note { title: "请去邮箱确认", lines, link: None })
}

fn show(pages: &Pages, world: &World, fields: &Fields, fault: Option<&'static str>) -> Response {
    let library = &world.library;
    let bot = pages.ways.telegram.first();
    let town = |region: &fenghuo_content::Region| Town {
        name: region_name(library, &region.id),
        telegram: bot.as_ref().map(|name| format!("https://t.me/{name}?start=t-{}", region.id)),
        atom: format!("/feeds/{}.atom", region.id),
    };
    let open = Open {
        email: pages.mailer.is_some(),
        fault,
        typed: fields.email.chars().take(254).collect(),
        wrong: fault.is_some() && mailbox(&fields.email).is_none(),
        regions: region_choices(library, &fields.region),
        roles: role_choices(&fields.role),
        towns: regions(library).into_iter().map(town).collect(),
        wechat: pages.ways.wechat,
    };
    let status = match fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Shown { status, title: "订阅消防安全通知", public: true }.page(world, &open)
}
