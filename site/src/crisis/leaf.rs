//! The HTML of a page made a leaf: anchors named after its document, links that stay in the copy where they can.

use super::Drawings;
use crate::Site;
use crate::route::Route;

/// What links and pictures of the copy are resolved against.
pub(super) struct Copy<'a> {
    pub(super) site: &'a Site,
    pub(super) drawings: Drawings<'a>,
}

/// Begins what a notice in its window says about being current.
const CURRENT: &str = "<p class=\"season\"";

/// `html` without the line that calls a notice current: a copy outlives every notice.
pub(super) fn without_current(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(CURRENT) {
        out.push_str(&rest[..start]);
        rest = rest[start..].find("</p>").map_or("", |end| &rest[start + end + "</p>".len()..]);
    }
    out.push_str(rest);
    out
}

impl Copy<'_> {
    /// `html` with its anchors below `leaf`. Attributes of our templates are always in double quotes, and text has none.
    pub(super) fn localise(&self, html: &str, leaf: &str) -> String {
        let mut out = String::with_capacity(html.len() + html.len() / 8);
        let mut rest = html;
        while let Some(at) = rest.find("=\"") {
            let (head, tail) = rest.split_at(at + 2);
            let name = head[..at].rsplit([' ', '<', '\n']).next().unwrap_or_default();
            let end = tail.find('"').unwrap_or(tail.len());
            out.push_str(head);
            out.push_str(&self.attribute(name, &tail[..end], leaf));
            rest = &tail[end..];
        }
        out.push_str(rest);
        out
    }

    fn attribute(&self, name: &str, value: &str, leaf: &str) -> String {
        match name {
            "id" | "for" | "data-speak" | "data-start" | "data-filter" => format!("{leaf}/{value}"),
            "data-print" if !value.is_empty() => format!("{leaf}/{value}"),
            "aria-labelledby" | "aria-describedby" => {
                let ids = value.split(' ').map(|id| format!("{leaf}/{id}"));
                ids.collect::<Vec<_>>().join(" ")
            }
            "href" => self.link(value, leaf),
            "src" => self.picture(value),
            _ => value.to_owned(),
        }
    }

    fn picture(&self, address: &str) -> String {
        let path = address.split('?').next().unwrap_or(address).trim_start_matches('/');
        self.drawings.get(path).cloned().unwrap_or_else(|| address.to_owned())
    }

    /// Where `address` is found in the copy; at its origin if it is not in it.
    fn link(&self, address: &str, leaf: &str) -> String {
        if let Some(anchor) = address.strip_prefix('#') {
            return format!("#{leaf}/{anchor}");
        }
        let Some(path) = address.strip_prefix('/') else { return address.to_owned() };
        let (path, anchor) = path.split_once('#').unwrap_or((path, ""));
        let leaf = path.trim_matches('/');
        match self.site.routes.get(&format!("/{path}")) {
            Some(Route::Document(_)) if !anchor.is_empty() => format!("#{leaf}/{anchor}"),
            // Lists of the copy have no parts.
            Some(
                Route::Document(_) | Route::Kind(_, 0) | Route::Topic(_, 0) | Route::English(0),
            ) => {
                format!("#{leaf}")
            }
            Some(Route::Home | Route::Search) => "#home".to_owned(),
            _ => self.site.absolute(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_current;

    #[test]
    fn a_copy_calls_no_notice_current() {
        let html = "<div><p class=\"season\" data-expires=\"x\"><strong>应季</strong></p><p>正文</p></div>";
        assert_eq!(without_current(html), "<div><p>正文</p></div>");
        assert_eq!(without_current("<p>正文</p>"), "<p>正文</p>");
    }
}
