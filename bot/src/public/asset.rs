//! Style sheets and scripts of the public pages, named by their content so that browsers keep them for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;

use super::Public;
use crate::web::Asset;

static NOTICE_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::style("notices", include_str!("../../assets/notices.css")));
static NOTICE_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::script("notices", include_str!("../../assets/notices.js")));
static SIGNAGE_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::style("signage", include_str!("../../assets/signage.css")));
static SIGNAGE_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::script("signage", include_str!("../../assets/signage.js")));

/// Style sheets and scripts of pages of messages.
pub(super) fn notices() -> ([&'static str; 1], [&'static str; 1]) {
    ([&NOTICE_STYLE.address], [&NOTICE_SCRIPT.address])
}

/// Style sheet and script of the signage page.
pub(super) fn signage() -> (&'static str, &'static str) {
    (&SIGNAGE_STYLE.address, &SIGNAGE_SCRIPT.address)
}

pub(super) fn router() -> Router<Public> {
    let all = [&*NOTICE_STYLE, &*NOTICE_SCRIPT, &*SIGNAGE_STYLE, &*SIGNAGE_SCRIPT];
    all.into_iter().fold(Router::new(), |router, asset| {
        router.route(&asset.address, get(move || async move { asset.response() }))
    })
}
