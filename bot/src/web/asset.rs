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
    LazyLock::new(|| Asset::style("chat", include_str!("../../assets/chat.css")));
pub(super) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::script("chat", include_str!("../../assets/chat.js")));

pub(super) async fn style() -> Response {
    STYLE.response()
}

pub(super) async fn script() -> Response {
    SCRIPT.response()
}

impl Asset {
    /// A style sheet called `name`.
    pub(crate) fn style(name: &str, text: &'static str) -> Self {
        Self::named(name, "css", "text/css; charset=utf-8", text)
    }

    /// A script called `name`.
    pub(crate) fn script(name: &str, text: &'static str) -> Self {
        Self::named(name, "js", "text/javascript; charset=utf-8", text)
    }

    fn named(name: &str, ending: &str, mime: &'static str, text: &'static str) -> Self {
        Self { address: format!("/assets/{name}-{}.{ending}", hash(text)), mime, text }
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
