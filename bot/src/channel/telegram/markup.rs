//! Text in Telegram's HTML, escaped by construction and measured as Telegram counts it.
//!
//! Rules: <https://core.telegram.org/bots/api#html-style>. Lengths are UTF-16 code units of what
//! the reader sees, tags and entities not counted.

/// A line of a message; there is no way to put a tag into it but by its methods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    html: String,
    units: usize,
}

impl Line {
    /// A line of plain text.
    pub(super) fn plain(text: &str) -> Self {
        Self { html: escaped(text), units: units(text) }
    }

    /// A line in bold.
    pub(super) fn bold(text: &str) -> Self {
        Self::marked("<b>", text, "</b>")
    }

    /// A line that leads to `address`.
    pub(super) fn link(text: &str, address: &str) -> Self {
        Self::marked(&format!("<a href=\"{}\">", escaped(address)), text, "</a>")
    }

    /// Tags around nothing visible would make a message that Telegram refuses as empty.
    fn marked(open: &str, text: &str, close: &str) -> Self {
        let shown = escaped(text);
        if shown.trim().is_empty() {
            return Self::default();
        }
        Self { html: format!("{open}{shown}{close}"), units: units(text) }
    }

    /// The line as Telegram reads it.
    pub(super) fn html(&self) -> &str {
        &self.html
    }

    /// Its length as Telegram counts it.
    pub(super) fn units(&self) -> usize {
        self.units
    }
}

/// Length in UTF-16 code units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Telegram knows these four entities by name. Control characters it would drop are left out, so
/// that our count and its count agree.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader sees of `html`; `None` where a tag is unknown, crossed, or left open.
    pub(in crate::channel::telegram) fn seen(html: &str) -> Option<String> {
        let (mut out, mut open, mut rest) = (String::new(), Vec::new(), html);
        while let Some(at) = rest.find(['<', '&', '>']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = match rest.as_bytes()[0] {
                b'<' => rest.find('>')?,
                b'&' => rest.find(';')?,
                _ => return None,
            };
            match &rest[1..end] {
                "b" => open.push("b"),
                "/b" => (open.pop()? == "b").then_some(())?,
                "/a" => (open.pop()? == "a").then_some(())?,
                "amp" => out.push('&'),
                "lt" => out.push('<'),
                "gt" => out.push('>'),
                "quot" => out.push('"'),
                tag => {
                    let value = tag.strip_prefix("a href=\"")?.strip_suffix('"')?;
                    (!value.contains(['"', '<', '>'])).then_some(())?;
                    open.push("a");
                }
            }
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        open.is_empty().then_some(out)
    }

    fn shown(text: &str) -> String {
        let breaks = |c| if c == '\n' || c == '\r' { ' ' } else { c };
        text.chars().map(breaks).filter(|c| !c.is_control()).collect()
    }

    proptest! {
        #[test]
        fn whatever_the_text_the_reader_sees_it_and_nothing_else(text in any::<String>(), address in any::<String>()) {
            for line in [Line::plain(&text), Line::bold(&text), Line::link(&text, &address)] {
                let seen = seen(line.html()).expect("balanced HTML");
                prop_assert!(line.units() >= units(&seen));
                prop_assert!(seen == shown(&text) || shown(&text).trim().is_empty(), "{}", seen);
            }
        }

        #[test]
        fn markup_in_the_text_stays_text(text in "[<>&\"'/ab=; ]{0,40}") {
            prop_assert_eq!(seen(Line::plain(&text).html()), Some(text));
        }
    }
}
