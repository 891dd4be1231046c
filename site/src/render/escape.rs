//! Text made safe for HTML.

use std::fmt::{self, Display, Write};

use askama::filters::HtmlSafe;

/// Writes `text` with the five special characters of HTML escaped; fine for text and quoted attributes.
///
/// # Errors
/// Only those of `out`.
pub fn escape_into(text: &str, out: &mut impl Write) -> fmt::Result {
    let mut rest = text;
    // The five are ASCII, so they stand between characters and bytes need no decoding.
    let special = |byte: u8| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'');
    while let Some(at) = rest.bytes().position(special) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

/// Text shown escaped.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape_into(self.0, f)
    }
}

impl HtmlSafe for Escaped<'_> {}

/// ` name="value"` with its leading space, or nothing when there is no value.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a>(pub &'static str, pub Option<&'a str>);

impl Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(value) = self.1 else { return Ok(()) };
        write!(f, " {}=\"{}\"", self.0, Escaped(value))
    }
}

impl HtmlSafe for Attribute<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_and_the_rest_is_kept() {
        for (input, expected) in [
            ("", ""),
            ("盖上锅盖", "盖上锅盖"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a & b \"c\" 'd'", "a &amp; b &quot;c&quot; &#39;d&#39;"),
            ("{{ 7*7 }} ✗", "{{ 7*7 }} ✗"),
        ] {
            assert_eq!(Escaped(input).to_string(), expected);
        }
    }

    #[test]
    fn an_absent_attribute_leaves_nothing() {
        assert_eq!(Attribute("id", None).to_string(), "");
        assert_eq!(Attribute("id", Some("a\"b")).to_string(), " id=\"a&quot;b\"");
    }
}
