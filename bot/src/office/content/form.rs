//! Blocks as running text, in the three ways channels take it: without marks, Telegram's HTML, robots' Markdown.

use fenghuo_content::Lang;
use fenghuo_content::markdown::{Block, BlockKind, Inline, Item, Target};

/// How one channel writes what it shows.
pub(super) struct Form {
    /// Makes a text safe where it stands between marks.
    escape: fn(&str) -> String,
    /// Around what is strong.
    strong: (&'static str, &'static str),
    /// Around what is emphasised.
    emphasis: (&'static str, &'static str),
    /// A link, from its escaped text and its whole address.
    link: fn(&str, &str) -> String,
    /// Between the lines of a paragraph or a list.
    pub(super) newline: &'static str,
}

/// Without any marks; an address that is not a telephone number stands behind its text.
pub(super) const PLAIN: Form = Form {
    escape: clean,
    strong: ("", ""),
    emphasis: ("", ""),
    link: |text, href| format!("{text}（{href}）"),
    newline: "\n",
};

/// What the reader of a Telegram message sees: what its length is counted by.
pub(super) const SEEN: Form = Form { link: |text, _| text.to_owned(), ..PLAIN };

/// <https://core.telegram.org/bots/api#html-style>
pub(super) const TELEGRAM: Form = Form {
    escape: html,
    strong: ("<b>", "</b>"),
    emphasis: ("<i>", "</i>"),
    link: |text, href| format!("<a href=\"{}\">{text}</a>", html(href)),
    newline: "\n",
};

/// The little Markdown that all three kinds of group robots show.
pub(super) const MARKDOWN: Form = Form {
    escape: flat,
    strong: ("**", "**"),
    emphasis: ("", ""),
    link: |text, href| format!("[{text}]({href})"),
    // DingTalk joins lines that no empty line parts.
    newline: "\n\n",
};

impl Form {
    /// A line of our own, in bold.
    pub(super) fn bold(&self, text: &str) -> String {
        self.around(self.strong, &(self.escape)(text))
    }

    /// A line of our own.
    pub(super) fn text(&self, text: &str) -> String {
        (self.escape)(text)
    }

    /// A line that leads to `href`.
    pub(super) fn linked(&self, text: &str, href: &str) -> String {
        (self.link)(&(self.escape)(text), href)
    }

    /// Paragraphs of `blocks`; links begin at `base`.
    pub(super) fn blocks(&self, blocks: &[Block], base: &str) -> Vec<String> {
        blocks.iter().map(|block| self.block(block, base)).filter(|text| !text.is_empty()).collect()
    }

    fn block(&self, block: &Block, base: &str) -> String {
        match &block.kind {
            BlockKind::Paragraph(inlines) => self.inlines(inlines, base),
            BlockKind::Heading(inlines) => self.around(self.strong, &self.inlines(inlines, base)),
            BlockKind::List { start, items } => self.list(*start, items, base),
            BlockKind::Myth { wrong, right } => format!(
                "✗ 误区：{}{}✓ 正确：{}",
                self.inlines(wrong, base),
                self.newline,
                self.inlines(right, base)
            ),
            BlockKind::Quote(inner) => self.blocks(inner, base).join(self.newline),
            BlockKind::Figure { alt, .. } => self.text(&format!("〔图：{alt}〕")),
            BlockKind::Table { header, rows } => self.table(header, rows, base),
            BlockKind::Rule => String::new(),
        }
    }

    fn list(&self, start: Option<u64>, items: &[Item], base: &str) -> String {
        let numbers = start.unwrap_or(1)..;
        let items = numbers.zip(items).map(|(number, item)| {
            let lead = match (start, item.checked) {
                (_, Some(_)) => "□ ".to_owned(),
                (Some(_), None) => format!("{number}. "),
                (None, None) if is_myth(item) => String::new(),
                (None, None) => "· ".to_owned(),
            };
            format!("{lead}{}", self.blocks(&item.blocks, base).join(self.newline))
        });
        items.collect::<Vec<_>>().join(self.newline)
    }

    fn table(&self, header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], base: &str) -> String {
        let row = |cells: &Vec<Vec<Inline>>| {
            let named = cells.iter().enumerate().map(|(column, cell)| {
                let name = header.get(column).map(|name| self.inlines(name, base));
                let cell = self.inlines(cell, base);
                match name.filter(|name| !name.is_empty()) {
                    Some(name) => format!("{name}：{cell}"),
                    None => cell,
                }
            });
            named.collect::<Vec<_>>().join("；")
        };
        rows.iter().map(row).collect::<Vec<_>>().join(self.newline)
    }

    fn inlines(&self, inlines: &[Inline], base: &str) -> String {
        inlines.iter().map(|inline| self.inline(inline, base)).collect()
    }

    fn inline(&self, inline: &Inline, base: &str) -> String {
        match inline {
            Inline::Text(text) | Inline::Code(text) => (self.escape)(text),
            Inline::Strong(inner) => self.around(self.strong, &self.inlines(inner, base)),
            Inline::Emphasis(inner) => self.around(self.emphasis, &self.inlines(inner, base)),
            Inline::Link { target, text } => {
                let text = self.inlines(text, base);
                match target {
                    Target::Phone(_) => text,
                    Target::Anchor(_) => text,
                    target => (self.link)(&text, &absolute(target, base)),
                }
            }
            Inline::Break => self.newline.to_owned(),
        }
    }

    fn around(&self, (open, close): (&str, &str), text: &str) -> String {
        // Marks around nothing visible would make a text that channels refuse.
        if text.trim().is_empty() { text.to_owned() } else { format!("{open}{text}{close}") }
    }
}

/// The whole address of `target`.
pub(super) fn absolute(target: &Target, base: &str) -> String {
    let href = target.href(Lang::Zh);
    if href.starts_with('/') { format!("{base}{href}") } else { href }
}

fn is_myth(item: &Item) -> bool {
    matches!(item.blocks.first(), Some(Block { kind: BlockKind::Myth { .. }, .. }))
}

/// Without control characters; a line stays one line.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { ' ' } else { c }).filter(|c| !c.is_control()).collect()
}

/// `text` for HTML.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Robots know no way to escape: what would be a mark, a mention or a link is shown by its wide twin.
fn flat(text: &str) -> String {
    let twin = |c| match c {
        '<' => '＜',
        '>' => '＞',
        '[' => '［',
        ']' => '］',
        '*' => '＊',
        '`' => '｀',
        '@' => '＠',
        '#' => '＃',
        c => c,
    };
    clean(text).chars().map(twin).collect()
}

#[cfg(test)]
mod tests {
    use fenghuo_content::markdown::Body;
    use proptest::prelude::*;

    use super::*;

    /// What a reader of Telegram's HTML sees; `None` where a tag is unknown, crossed or left open.
    fn seen(html: &str) -> Option<String> {
        let (mut out, mut open, mut rest) = (String::new(), Vec::new(), html);
        while let Some(at) = rest.find(['<', '>', '&']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let end = rest.find(if rest.starts_with('&') { ';' } else { '>' })?;
            match &rest[1..end] {
                "amp" => out.push('&'),
                "lt" => out.push('<'),
                "gt" => out.push('>'),
                "quot" => out.push('"'),
                "b" | "i" => open.push(&rest[1..end]),
                "/b" | "/i" | "/a" => (open.pop()? == &rest[2..end]).then_some(())?,
                tag => {
                    let value = tag.strip_prefix("a href=\"")?.strip_suffix('"')?;
                    (!value.contains(['"', '<'])).then_some(())?;
                    open.push("a");
                }
            }
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        open.is_empty().then_some(out)
    }

    proptest! {
        #[test]
        fn telegram_shows_what_was_counted_whatever_was_written(
            text in prop_oneof![any::<String>(), "[-#>*_`\\[\\]()<&\"|!. \n火1a]{0,200}", "(\\*\\*火\\*\\*|\\[a\\]\\(https://x\\.y/\\?a=\"&b\\)|1\\. 火\n|- 火\n|\n\n){0,20}"]
        ) {
            let blocks = Body::read(&text).intro;
            let html = TELEGRAM.blocks(&blocks, "https://fire.example").join("\n");
            let shown = SEEN.blocks(&blocks, "https://fire.example").join("\n");
            prop_assert_eq!(seen(&html), Some(shown), "{}", html);
        }
    }

    #[test]
    fn robots_are_given_no_mention_and_no_forged_link() {
        let blocks = Body::read("@所有人 \\<@all\\> \\[点这里\\](http) \\*粗\\*").intro;
        let shown = MARKDOWN.blocks(&blocks, "").join("");
        assert_eq!(shown, "＠所有人 ＜＠all＞ ［点这里］(http) ＊粗＊");
    }
}
