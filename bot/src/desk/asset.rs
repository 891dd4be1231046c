//! Style sheet and script of the desk, named by their content so that browsers keep them for ever.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// A file and its address.
pub(super) struct Asset {
    pub(super) address: String,
    mime: &'static str,
    text: &'static str,
}

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    named("css", "text/css; charset=utf-8", include_str!("../../assets/desk.css"))
});
pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    named("js", "text/javascript; charset=utf-8", include_str!("../../assets/desk.js"))
});

fn named(ending: &str, mime: &'static str, text: &'static str) -> Asset {
    let hash: String = Sha256::digest(text).iter().take(5).map(|b| format!("{b:02x}")).collect();
    Asset { address: format!("/assets/desk-{hash}.{ending}"), mime, text }
}

pub(super) async fn style() -> Response {
    STYLE.response()
}

pub(super) async fn script() -> Response {
    SCRIPT.response()
}

impl Asset {
    fn response(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.mime),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ];
        (headers, self.text).into_response()
    }
}
