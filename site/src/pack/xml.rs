//! HTML of the renderer as XML: what an EPUB and a SCORM manifest need.

/// Elements without an end tag.
const VOID: [&str; 5] = ["br", "hr", "img", "input", "col"];

/// `html` with its void elements closed. The renderer escapes `<` and `>` in text and attributes, so every
/// `<` begins a tag and the next `>` ends it.
pub(super) fn close(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        let (inside, after) = (&tag[1..end], &tag[end + 1..]);
        let name = inside.split([' ', '/']).next().unwrap_or_default();
        let open = VOID.contains(&name) && !inside.ends_with('/');
        out.push('<');
        // Hints for browsers that XHTML schemas of reading systems do not know.
        out.push_str(&inside.replace(" loading=\"lazy\"", "").replace(" decoding=\"async\"", ""));
        out.push_str(if open { "/>" } else { ">" });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn void_elements_are_closed_and_the_rest_is_kept() {
        for (html, expected) in [
            ("", ""),
            ("没有标签 &lt;br&gt;", "没有标签 &lt;br&gt;"),
            ("<p>一<br>二</p><hr>", "<p>一<br/>二</p><hr/>"),
            ("<br/>", "<br/>"),
            ("<brand>x</brand>", "<brand>x</brand>"),
            (
                "<img src=\"a\" alt=\"b\" loading=\"lazy\" decoding=\"async\">",
                "<img src=\"a\" alt=\"b\"/>",
            ),
            ("a < b", "a < b"),
        ] {
            assert_eq!(close(html), expected);
        }
    }
}
