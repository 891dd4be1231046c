//! `/openapi.json` and the page that shows it to people: what other programs may ask, with examples.
//!
//! The document is a file, not made from types: it is a promise, held to by
//! schemathesis (`tests/external/openapi.sh`), which asks a running server everything in it.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fenghuo_content::Lang;
use fenghuo_site::render::Escaped;
use fenghuo_site::{Current, FramePage};
use serde_json::{Map, Value, json};

/// Where people read about it.
const PAGE: &str = "/open-data/";

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("openapi.json")).expect("the file is tested beside this code")
});

pub(super) fn router(current: Current) -> Router {
    Router::new()
        .route("/openapi.json", get(document))
        .route(PAGE, get(page))
        .route(PAGE.trim_end_matches('/'), get(page))
        .with_state(current)
}

async fn document(State(current): State<Current>) -> Response {
    let mut document = DOCUMENT.clone();
    document["servers"] = json!([{ "url": current.get().site.options().public_url }]);
    let headers = [
        (CONTENT_TYPE, "application/openapi+json;version=3.1"),
        (CACHE_CONTROL, "no-cache"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, document.to_string()).into_response()
}

async fn page(State(current): State<Current>) -> Response {
    let world = current.get();
    let main = html(&DOCUMENT).unwrap_or_default();
    let page = world.site.frame(&FramePage {
        title: "开放数据",
        description: "消防安全资料、课程、案例和自查表的开放接口，JSON 和 CSV。",
        path: PAGE,
        main: &main,
        styles: &[],
        scripts: &[],
        lang: Lang::Zh,
        noindex: false,
    });
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, page).into_response()
}

/// The document as a page.
fn html(document: &Value) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let info = &document["info"];
    write!(
        out,
        "<header class=\"title\"><h1>开放数据</h1><p class=\"lead\">{}</p></header><p>{}</p>\
         <p><a class=\"more\" href=\"/openapi.json\">OpenAPI 3.1</a></p>",
        text(&info["summary"]),
        marked(&info["description"])
    )?;
    for (path, methods) in entries(&document["paths"]) {
        for (method, operation) in entries(methods) {
            write_operation(document, (path, method, operation), &mut out)?;
        }
    }
    Ok(out)
}

fn write_operation(
    document: &Value,
    (path, method, operation): (&str, &str, &Value),
    out: &mut String,
) -> std::fmt::Result {
    let id = format!("{method}{}", path.replace(['/', '{', '}', '.'], "-"));
    write!(
        out,
        "<section id=\"{}\"><h2>{}</h2><p><code>{} {}</code></p>",
        Escaped(&id),
        text(&operation["summary"]),
        method.to_uppercase(),
        Escaped(path)
    )?;
    if operation["description"].is_string() {
        write!(out, "<p>{}</p>", marked(&operation["description"]))?;
    }
    let parameters: Vec<&Value> = items(&operation["parameters"])
        .map(|parameter| resolve(document, parameter))
        .filter(|parameter| parameter["in"] != "header")
        .collect();
    if !parameters.is_empty() {
        write_parameters(&parameters, out)?;
    }
    let body = &operation["requestBody"]["content"]["application/json"]["example"];
    let answer =
        entries(&operation["responses"]["200"]["content"]).map(|(_, c)| &c["example"]).next();
    for (name, example) in [("请求", Some(body)), ("答复", answer)] {
        if let Some(example) = example.filter(|example| !example.is_null()) {
            write!(
                out,
                "<details><summary>{name}的例子</summary><pre>{}</pre></details>",
                Escaped(&pretty(example))
            )?;
        }
    }
    out.push_str("</section>");
    Ok(())
}

fn write_parameters(parameters: &[&Value], out: &mut String) -> std::fmt::Result {
    out.push_str("<div class=\"table\" role=\"group\" aria-label=\"参数\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">参数</th><th scope=\"col\">意思</th><th scope=\"col\">可用的值</th></tr></thead><tbody>");
    for parameter in parameters {
        write!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}{}</td><td>{}</td></tr>",
            text(&parameter["name"]),
            marked(&parameter["description"]),
            if parameter["required"] == true { "必填。" } else { "" },
            Escaped(&values(parameter))
        )?;
    }
    out.push_str("</tbody></table></div>");
    Ok(())
}

/// What a parameter may be, in a few characters.
fn values(parameter: &Value) -> String {
    let schema = &parameter["schema"];
    let named: Vec<String> = items(&schema["enum"]).map(plain).collect();
    match (named.is_empty(), schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (false, ..) => named.join(" · "),
        (true, Some(low), Some(high)) => format!("{low}–{high}"),
        _ if parameter["example"].is_null() => String::new(),
        _ => format!("例如 {}", plain(&parameter["example"])),
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn pretty(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| serde_json::to_string_pretty(value).unwrap_or_default(), str::to_owned)
}

/// A description as HTML: what stands between backticks is code.
fn marked(value: &Value) -> String {
    let parts = value.as_str().unwrap_or_default().split('`').enumerate();
    let html = parts.map(|(at, part)| match at % 2 {
        0 => Escaped(part).to_string(),
        _ => format!("<code>{}</code>", Escaped(part)),
    });
    html.collect()
}

fn text(value: &Value) -> Escaped<'_> {
    Escaped(value.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, entries, html, items, marked, resolve};

    #[test]
    fn every_reference_leads_somewhere() {
        let text = DOCUMENT.to_string();
        let references =
            text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for pointer in references {
            assert!(DOCUMENT.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn every_operation_says_what_it_is_and_what_it_answers() {
        for (path, methods) in entries(&DOCUMENT["paths"]) {
            for (method, operation) in entries(methods) {
                assert!(operation["summary"].is_string(), "{method} {path}");
                assert!(operation["responses"]["405"].is_object(), "{method} {path}");
                for parameter in items(&operation["parameters"]) {
                    assert!(resolve(&DOCUMENT, parameter)["name"].is_string(), "{method} {path}");
                }
            }
        }
    }

    #[test]
    fn backticks_become_code_and_nothing_becomes_html() {
        let html = marked(&"`ETag` & <b>`<i>`".into());
        assert_eq!(html, "<code>ETag</code> &amp; &lt;b&gt;<code>&lt;i&gt;</code>");
    }

    #[test]
    fn the_page_shows_every_path() {
        let page = html(&DOCUMENT).expect("writing to a string cannot fail");
        for (path, _) in entries(&DOCUMENT["paths"]) {
            assert!(page.contains(path), "{path}");
        }
    }
}
