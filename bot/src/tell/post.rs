//! `POST /tell`.

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use fenghuo_site::World;

use super::Tell;
use super::form::{Fields, Read, Told};
use super::page::{self, Note};
use crate::Visitor;

/// `GET /tell`: there is nothing to tell without a checklist.
pub(super) async fn none() -> Redirect {
    Redirect::to("/checklists/")
}

/// `POST /tell`
pub(super) async fn tell(
    State(tell): State<Tell>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let world = tell.state.current.get();
    if !is_own(&headers, &tell.public_url) {
        let line = "这个请求不是从我们的网页发来的，没有收下。";
        return refuse(&world, StatusCode::FORBIDDEN, line);
    }
    let fields = match form {
        Ok(Form(fields)) => fields,
        Err(rejection) => {
            let line = "表格读不懂，没有收下。请回到自查表再来一次。";
            return refuse(&world, rejection.into_response().status(), line);
        }
    };
    let told = match fields.read(&world.library) {
        Read::Whole(told) => told,
        Read::Part(checklist) => return page::again(&world, checklist, &fields),
        Read::Unknown => {
            let line = "没有这张自查表，没有收下。";
            return refuse(&world, StatusCode::UNPROCESSABLE_ENTITY, line);
        }
    };
    let Some(number) = fields.number() else { return page::confirm(&world, told) };
    if !tell.limits.admit(visitor.map(|Extension(Visitor(ip))| ip)) {
        let line = "发的人太多了，没有收下。请过几分钟再试。";
        return refuse(&world, StatusCode::TOO_MANY_REQUESTS, line);
    }
    record(&tell, &world, told, number).await
}

async fn record(tell: &Tell, world: &World, told: Told<'_>, number: &str) -> Response {
    let id = told.checklist.id.to_string();
    let what = (id.as_str(), told.region.id.as_str(), told.level);
    let store = &tell.state.store;
    match store.record_self_check(number, what, tell.state.clock.now()).await {
        // A second tap gets the same answer: what was meant has happened.
        Ok(_) => page::note(world, StatusCode::OK, &thanks(told, &id)),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "store failed");
            let line = "现在收不下，没有发出去。请过几分钟再试一次。";
            refuse(world, StatusCode::SERVICE_UNAVAILABLE, line)
        }
    }
}

fn thanks(told: Told<'_>, id: &str) -> Note {
    Note {
        title: "已经告诉乡镇",
        lines: vec![
            format!(
                "发出去的只有：《{}》，{}，{}。",
                told.checklist.meta.title, told.region.name, told.level_name
            ),
            "乡镇只看到有几份、各是高中低，看不到是谁家。没做到的，还是要自己去改。".to_owned(),
        ],
        back: Some((format!("/{id}/"), "回到自查表".to_owned())),
    }
}

fn refuse(world: &World, status: StatusCode, line: &str) -> Response {
    let note = Note {
        title: "没有发出去",
        lines: vec![line.to_owned()],
        back: Some(("/checklists/".to_owned(), "自查表".to_owned())),
    };
    page::note(world, status, &note)
}

/// Whether the form stood on a page of ours. Nobody is logged in here, but pages of others must not count through
/// their visitors. A browser that says nothing is an old one: what it could do, a program can.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if let Some(site) = site {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN).filter(|origin| *origin != "null") else { return true };
    let host = text(header::HOST).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host));
    own || public_url.split('/').take(3).collect::<Vec<_>>().join("/").eq_ignore_ascii_case(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_sites_are_refused() {
        for (pairs, expected) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://xian.example")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("origin", "https://xian.example")], true),
            (vec![("origin", "http://127.0.0.1:8119"), ("host", "127.0.0.1:8119")], true),
            (vec![("origin", "https://other.example"), ("host", "127.0.0.1:8119")], false),
            (vec![("origin", "null")], true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in &pairs {
                headers.insert(*name, value.parse().expect("a value"));
            }
            assert_eq!(is_own(&headers, "https://xian.example/fire"), expected, "{pairs:?}");
        }
    }
}
