//! Drawings are shown as images and must carry no script and fetch nothing.

use crate::Diagnostic;

/// What is wrong with the SVG at `path`, if anything is.
pub(crate) fn drawing(path: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let fault = |line, message: &str, help: &str| {
        Some(Diagnostic::error(path, line, "media-svg", message, help))
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return fault(1, "不是 UTF-8 编码", "另存为 UTF-8");
    };
    if !text.contains("<svg") {
        return fault(1, "不是 SVG", "换成 SVG 或 PNG 文件");
    }
    for (number, line) in (1..).zip(text.lines()) {
        let lower = line.to_ascii_lowercase();
        let active =
            ["<script", "<foreignobject", "javascript:", "<!entity", " onload", " onclick"];
        if active.iter().any(|mark| lower.contains(mark)) {
            return fault(number, "图里有脚本", "删掉脚本，只留图形");
        }
        let fetches = ["href=\"http", "href=\"//", "url(http", "@import"];
        if fetches.iter().any(|mark| lower.contains(mark)) {
            return fault(number, "图里引用了外面的文件", "把内容放进图里");
        }
    }
    None
}
