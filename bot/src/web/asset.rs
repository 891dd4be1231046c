//! Style sheets and scripts of our pages, named by their content so that browsers keep them for ever.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// A file and its address.
pub(crate) struct Asset {
    pub(crate) address: String,
    mime: &'static str,
    text: &'static str,
}

pub(super) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::css("chat", include_str!("../../assets/chat.css")));
pub(super) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::js("chat", include_str!("../../assets/chat.js")));

pub(super) async fn style() -> Response {
    STYLE.response()
}

pub(super) async fn script() -> Response {
    SCRIPT.response()
}

impl Asset {
    /// A style sheet.
    pub(crate) fn css(name: &str, text: &'static str) -> Self {
        let address = format!("/assets/{name}-{}.css", hash(text));
        Self { address, mime: "text/css; charset=utf-8", text }
    }

    /// A script.
    pub(crate) fn js(name: &str, text: &'static str) -> Self {
        let address = format!("/assets/{name}-{}.js", hash(text));
        Self { address, mime: "text/javascript; charset=utf-8", text }
    }

    pub(crate) fn response(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.mime),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ];
        (headers, self.text).into_response()
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(5).map(|b| format!("{b:02x}")).collect()
}
