//! Style sheet, scripts and icons, named by their content so that browsers keep them for ever.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// One file of the frame.
pub(crate) struct Asset {
    /// Address with a piece of the hash.
    pub(crate) address: String,
    pub(crate) mime: &'static str,
    pub(crate) bytes: &'static [u8],
}

/// The style sheet of every page.
pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| named("site", "css", CSS, include_bytes!("../assets/site.css")));
/// The script of every page; pages work without it.
pub(crate) static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| named("site", "js", JS, include_bytes!("../assets/site.js")));
/// Finding documents without a server.
pub(crate) static FIND_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| named("find", "js", JS, include_bytes!("../assets/find.js")));
/// Danger seen while typing.
pub(crate) static DANGER: LazyLock<Asset> =
    LazyLock::new(|| named("danger", "js", JS, include_bytes!("../assets/danger.js")));
/// The search page.
pub(crate) static SEARCH: LazyLock<Asset> =
    LazyLock::new(|| named("search", "js", JS, include_bytes!("../assets/search.js")));
/// QR codes made on the device.
pub(crate) static QR: LazyLock<Asset> =
    LazyLock::new(|| named("qr", "js", JS, include_bytes!("../assets/qr.js")));
/// Results of self-checks.
pub(crate) static CHECKLIST: LazyLock<Asset> =
    LazyLock::new(|| named("checklist", "js", JS, include_bytes!("../assets/checklist.js")));
/// Cards and posters of a document.
pub(crate) static SHARE: LazyLock<Asset> =
    LazyLock::new(|| named("share", "js", JS, include_bytes!("../assets/share.js")));
/// Slides: style and script of their own, also carried inside the file for offline use.
pub(crate) static SLIDES_STYLE: LazyLock<Asset> =
    LazyLock::new(|| named("slides", "css", CSS, include_bytes!("../assets/pack/slides.css")));
pub(crate) static SLIDES_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| named("slides", "js", JS, include_bytes!("../assets/pack/slides.js")));
/// What is printed for a class, on its pages and in the A4 file.
pub(crate) static SHEET_STYLE: LazyLock<Asset> =
    LazyLock::new(|| named("sheet", "css", CSS, include_bytes!("../assets/pack/sheet.css")));
/// Finding lessons and counting hands.
pub(crate) static LESSON_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| named("lesson", "js", JS, include_bytes!("../assets/pack/lesson.js")));
/// Reloads the page when the library changes (`serve --watch`).
pub(crate) static RELOAD: LazyLock<Asset> =
    LazyLock::new(|| named("reload", "js", JS, include_bytes!("../assets/reload.js")));
/// The mark of the site, also drawn in the header.
pub(crate) const ICON: &[u8] = include_bytes!("../assets/icon.svg");

/// The same for phones (`tests/browser/icons.mjs` draws them).
pub(crate) const ICON_180: &[u8] = include_bytes!("../assets/icons/180.png");
pub(crate) const ICON_192: &[u8] = include_bytes!("../assets/icons/192.png");
pub(crate) const ICON_512: &[u8] = include_bytes!("../assets/icons/512.png");
/// With room around it: phones cut it to their own shape.
pub(crate) const ICON_MASK: &[u8] = include_bytes!("../assets/icons/mask.png");

/// All hashed files.
pub(crate) fn all() -> [&'static Asset; 13] {
    [
        &STYLE,
        &SCRIPT,
        &FIND_SCRIPT,
        &DANGER,
        &SEARCH,
        &QR,
        &CHECKLIST,
        &SHARE,
        &RELOAD,
        &SLIDES_STYLE,
        &SLIDES_SCRIPT,
        &SHEET_STYLE,
        &LESSON_SCRIPT,
    ]
}

fn named(name: &str, ending: &str, mime: &'static str, bytes: &'static [u8]) -> Asset {
    Asset { address: format!("/assets/{name}-{}.{ending}", short_hash(bytes)), mime, bytes }
}

/// The first ten hex digits of the SHA-256 of `bytes`.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    hash(bytes, 5)
}

/// The first `length` bytes of the SHA-256 of `bytes` as hex.
pub(crate) fn hash(bytes: &[u8], length: usize) -> String {
    Sha256::digest(bytes).iter().take(length).map(|byte| format!("{byte:02x}")).collect()
}
