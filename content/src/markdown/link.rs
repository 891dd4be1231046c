//! Where the links of a document may lead.

use super::Target;
use crate::DocumentId;

/// Pages of the program that documents may link to.
const SITE: [&str; 6] = ["/", "/chat", "/search", "/subscribe", "/verify", "/notices/"];

/// The target of `url`, or what to write instead.
pub(super) fn target(url: &str) -> Result<Target, &'static str> {
    if let Some(number) = url.strip_prefix("tel:") {
        let fine = (3..=12).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        return if fine {
            Ok(Target::Phone(number.to_owned()))
        } else {
            Err("电话只写数字，例如 tel:119")
        };
    }
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(Target::Web(url.to_owned()));
    }
    if let Some(anchor) = url.strip_prefix('#') {
        return Ok(Target::Anchor(anchor.to_owned()));
    }
    if SITE.contains(&url) {
        return Ok(Target::Site(url.to_owned()));
    }
    let (path, anchor) = match url.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (url, None),
    };
    DocumentId::parse(path.trim_matches('/').trim_end_matches(".md"))
        .map(|id| Target::Document { id, anchor })
        .ok_or("写文章编号，例如 knowledge/gas/close-valve，或 https:// 开头的官方网址")
}
