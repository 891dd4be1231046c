//! Pages for machines: sitemap, robots, redirects for static hosts.

use std::fmt::Write;

use fenghuo_content::Kind;

use crate::Site;
use crate::render::Escaped;
use crate::route::Route;

/// Every page for readers, with the day its text was last checked.
pub(crate) fn sitemap(site: &Site) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, route) in site.routes.iter().filter(|(_, route)| route.is_page()) {
        let _ = write!(out, "<url><loc>{}</loc>", Escaped(&site.absolute(&encode(path))));
        if let Route::Document(position) = route {
            let _ = write!(
                out,
                "<lastmod>{}</lastmod>",
                site.library.documents()[*position].meta.reviewed
            );
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

/// `path` with everything outside ASCII percent-encoded, as a URL in XML needs it.
pub(crate) fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

pub(crate) fn robots(site: &Site) -> String {
    let closed = "Disallow: /api/\nDisallow: /desk\nDisallow: /in/\nDisallow: /u/\n";
    format!("User-agent: *\n{closed}Sitemap: {}\n", site.absolute("/sitemap.xml"))
}

/// What the site holds, for language models: titles, summaries, addresses.
pub(crate) fn llms(site: &Site) -> String {
    let mut out = format!(
        "# {}\n\n> 消防安全知识。每篇都注明来源和核对日期；引用时请保留来源，不要改写步骤。有火情打 119。\n",
        site.library.place.title
    );
    for kind in Kind::ALL {
        let positions = site.index.of_kind(kind);
        if positions.is_empty() {
            continue;
        }
        let _ = write!(out, "\n## {}\n\n", kind.name());
        for document in positions.iter().map(|i| &site.library.documents()[*i]) {
            let address = site.absolute(&document.address());
            let _ =
                writeln!(out, "- [{}]({address}): {}", document.meta.title, document.meta.summary);
        }
    }
    out
}

/// A page that leads on to `target`, for hosts that know no redirects.
pub(crate) fn redirect(site: &Site, target: &str) -> String {
    let target = Escaped(target);
    let canonical = format!("{}{target}", site.absolute(""));
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>这一页搬家了</title>\
         <meta http-equiv=\"refresh\" content=\"0; url={target}\"><link rel=\"canonical\" href=\"{canonical}\">\
         </head><body><p>这一页搬到了 <a href=\"{target}\">{target}</a></p></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_the_sitemap_are_ascii() {
        for (path, expected) in [
            ("/knowledge/kitchen/oil-pan-fire/", "/knowledge/kitchen/oil-pan-fire/"),
            ("/cases/place/学校/", "/cases/place/%E5%AD%A6%E6%A0%A1/"),
            ("/a b\"<%", "/a%20b%22%3C%25"),
        ] {
            assert_eq!(encode(path), expected);
        }
    }
}
