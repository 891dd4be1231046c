//! Markdown text to the tree; every construct the tree has no place for becomes a diagnostic.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::block::{Block, BlockKind, Body, Inline, Item, Section};
use super::link;
use super::text::inline_text;
use crate::Diagnostic;

/// Lists and quotes nest no deeper than this: nobody can read more aloud.
const MAX_DEPTH: usize = 8;

/// What a parse gives.
pub(crate) struct Parsed {
    pub(crate) body: Body,
    pub(crate) faults: Vec<Diagnostic>,
}

/// Parses `text`, whose first line is line `first_line` of the file `path`.
pub(crate) fn parse(path: &str, text: &str, first_line: u32) -> Parsed {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_HEADING_ATTRIBUTES;
    let newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i).collect();
    let events = Parser::new_ext(text, options)
        .into_offset_iter()
        .map(|(event, range)| (event, range.start))
        .collect::<Vec<_>>()
        .into_iter();
    let mut reader =
        Reader { path, newlines, first_line, events, at: 0, depth: 0, faults: Vec::new() };
    let body = reader.body();
    Parsed { body, faults: reader.faults }
}

struct Reader<'a> {
    path: &'a str,
    newlines: Vec<usize>,
    first_line: u32,
    events: std::vec::IntoIter<(Event<'a>, usize)>,
    at: usize,
    depth: usize,
    faults: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Event<'a>> {
        let (event, at) = self.events.next()?;
        self.at = at;
        Some(event)
    }

    fn line(&self) -> u32 {
        let before = self.newlines.partition_point(|newline| *newline < self.at);
        self.first_line + u32::try_from(before).unwrap_or(u32::MAX / 2)
    }

    fn error(&mut self, rule: &'static str, message: impl Into<String>, help: &str) {
        let line = self.line();
        self.faults.push(Diagnostic::error(self.path, line, rule, message, help));
    }

    fn body(&mut self) -> Body {
        let mut body = Body::default();
        while let Some(event) = self.next() {
            if let Event::Start(Tag::Heading { level, id, .. }) = event {
                self.heading(level, id, &mut body);
            } else if let Some(block) = self.block(event) {
                blocks_of(&mut body).push(block);
            }
        }
        self.name_anchors(&mut body.sections);
        body
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<CowStr<'a>>, body: &mut Body) {
        let line = self.line();
        let title = self.inlines(|end| matches!(end, TagEnd::Heading(_)));
        match level {
            HeadingLevel::H1 => {
                self.error("md-h1", "正文里有一级标题", "标题写在开头的 title 里，正文从 ## 开始");
            }
            HeadingLevel::H2 => body.sections.push(Section {
                explicit: id.is_some(),
                anchor: id.map(|id| id.to_string()).unwrap_or_default(),
                title: inline_text(&title),
                line,
                blocks: Vec::new(),
            }),
            _ => blocks_of(body).push(Block { line, kind: BlockKind::Heading(title) }),
        }
    }

    /// Gives every section an anchor of its own.
    fn name_anchors(&mut self, sections: &mut [Section]) {
        let mut seen = std::collections::HashSet::new();
        for section in sections {
            if !section.explicit {
                section.anchor = anchor_of(&section.title);
            } else if !is_anchor(&section.anchor) {
                let message = format!("锚点 `{}` 不对", section.anchor);
                let help = "只用小写字母、数字和连字符，例如 {#close-valve}";
                self.faults.push(Diagnostic::error(
                    self.path,
                    section.line,
                    "md-anchor",
                    message,
                    help,
                ));
            }
            if !seen.insert(section.anchor.clone()) {
                let message = format!("两节的锚点都是 `{}`", section.anchor);
                let help = "换一个小标题，或写上不同的 {#编号}";
                self.faults.push(Diagnostic::error(
                    self.path,
                    section.line,
                    "md-anchor-twice",
                    message,
                    help,
                ));
                section.anchor = format!("{}-{}", section.anchor, section.line);
                seen.insert(section.anchor.clone());
            }
        }
    }

    /// The block that `event` begins, if it begins one.
    fn block(&mut self, event: Event<'a>) -> Option<Block> {
        let line = self.line();
        let kind = match event {
            Event::Start(Tag::Paragraph) => {
                return self.paragraph(line, |end| matches!(end, TagEnd::Paragraph));
            }
            Event::Start(Tag::List(start)) => self.nested(|r| r.list(start))?,
            Event::Start(Tag::BlockQuote(_)) => self.nested(|r| {
                BlockKind::Quote(r.blocks_until(|end| matches!(end, TagEnd::BlockQuote(_))))
            })?,
            Event::Start(Tag::Table(_)) => self.table(),
            Event::Start(Tag::Heading { .. }) => {
                BlockKind::Heading(self.inlines(|end| matches!(end, TagEnd::Heading(_))))
            }
            Event::Rule => BlockKind::Rule,
            Event::Start(tag) => {
                self.refuse(&tag);
                return None;
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.refuse_html();
                return None;
            }
            _ => return None,
        };
        Some(Block { line, kind })
    }

    /// Runs `read` one level deeper, or skips the construct when that is too deep.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> BlockKind) -> Option<BlockKind> {
        if self.depth == MAX_DEPTH {
            self.error("md-depth", "列表或引用套得太深", "最多套 8 层，拆成几节来写");
            self.skip();
            return None;
        }
        self.depth += 1;
        let kind = read(self);
        self.depth -= 1;
        Some(kind)
    }

    fn refuse_html(&mut self) {
        self.error("md-html", "正文里有 HTML", "改用 Markdown 写；资料里不能放 HTML");
    }

    fn refuse(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::HtmlBlock => self.refuse_html(),
            Tag::CodeBlock(_) => {
                self.error("md-code", "正文里有代码块", "行首少缩进几格，或改成普通段落");
            }
            _ => self.error(
                "md-unsupported",
                "这种 Markdown 写法用不了",
                "改用段落、列表、表格或引用",
            ),
        }
        self.skip();
    }

    /// Skips to the end of the construct that has just begun.
    fn skip(&mut self) {
        let mut open = 1_usize;
        while open > 0 {
            match self.next() {
                Some(Event::Start(_)) => open += 1,
                Some(Event::End(_)) => open -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    fn paragraph(&mut self, line: u32, is_end: impl Fn(&TagEnd) -> bool) -> Option<Block> {
        let inlines = self.inlines(is_end);
        paragraph_block(line, inlines)
    }

    fn blocks_until(&mut self, is_end: impl Fn(&TagEnd) -> bool) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::End(end) if is_end(&end) => break,
                event => blocks.extend(self.block(event)),
            }
        }
        blocks
    }

    fn list(&mut self, start: Option<u64>) -> BlockKind {
        let mut items = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.item()),
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        BlockKind::List { start, items }
    }

    /// An item; in a tight list its text stands in no paragraph and is put into one here.
    fn item(&mut self) -> Item {
        let mut item = Item { line: self.line(), checked: None, blocks: Vec::new() };
        let mut loose = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::End(TagEnd::Item) => break,
                Event::TaskListMarker(checked) => item.checked = Some(checked),
                Event::Start(
                    Tag::Paragraph
                    | Tag::List(_)
                    | Tag::BlockQuote(_)
                    | Tag::Table(_)
                    | Tag::Heading { .. }
                    | Tag::CodeBlock(_)
                    | Tag::HtmlBlock,
                )
                | Event::Rule => {
                    item.blocks.extend(paragraph_block(item.line, std::mem::take(&mut loose)));
                    if let Event::Start(Tag::Paragraph) = event {
                        self.item_paragraph(&mut item);
                    } else {
                        item.blocks.extend(self.block(event));
                    }
                }
                event => self.inline(event, &mut loose),
            }
        }
        item.blocks.extend(paragraph_block(item.line, loose));
        item
    }

    /// A paragraph of a loose item, which may begin with the item's box.
    fn item_paragraph(&mut self, item: &mut Item) {
        let line = self.line();
        let mut inlines = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::End(TagEnd::Paragraph) => break,
                Event::TaskListMarker(checked) => item.checked = Some(checked),
                event => self.inline(event, &mut inlines),
            }
        }
        item.blocks.extend(paragraph_block(line, inlines));
    }

    fn table(&mut self) -> BlockKind {
        let (mut header, mut rows, mut row) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(event) = self.next() {
            match event {
                Event::Start(Tag::TableCell) => {
                    row.push(self.inlines(|end| matches!(end, TagEnd::TableCell)));
                }
                Event::End(TagEnd::TableHead) => header = std::mem::take(&mut row),
                Event::End(TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        BlockKind::Table { header, rows }
    }

    fn inlines(&mut self, is_end: impl Fn(&TagEnd) -> bool) -> Vec<Inline> {
        let mut inlines = Vec::new();
        while let Some(event) = self.next() {
            match event {
                Event::End(end) if is_end(&end) => break,
                event => self.inline(event, &mut inlines),
            }
        }
        inlines
    }

    fn inline(&mut self, event: Event<'a>, out: &mut Vec<Inline>) {
        match event {
            Event::Text(text) => push_text(out, &text),
            Event::Code(text) => out.push(Inline::Code(text.into_string())),
            Event::SoftBreak => push_soft_break(out),
            Event::HardBreak => out.push(Inline::Break),
            Event::Start(Tag::Strong) => {
                let inner = self.inlines(|end| matches!(end, TagEnd::Strong));
                out.push(Inline::Strong(inner));
            }
            Event::Start(Tag::Emphasis) => {
                let inner = self.inlines(|end| matches!(end, TagEnd::Emphasis));
                out.push(Inline::Emphasis(inner));
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.link(&dest_url, out),
            Event::Start(Tag::Image { dest_url, .. }) => self.image(&dest_url, out),
            Event::Html(_) | Event::InlineHtml(_) => self.refuse_html(),
            Event::Start(tag) => self.refuse(&tag),
            _ => {}
        }
    }

    fn link(&mut self, url: &str, out: &mut Vec<Inline>) {
        let text = self.inlines(|end| matches!(end, TagEnd::Link));
        match link::target(url) {
            Ok(target) => out.push(Inline::Link { target, text }),
            Err(help) => {
                self.error("md-link", format!("链接 `{url}` 不对"), help);
                out.extend(text);
            }
        }
    }

    /// An image is kept as a link to its file until its paragraph turns into a figure.
    fn image(&mut self, url: &str, out: &mut Vec<Inline>) {
        let alt = inline_text(&self.inlines(|end| matches!(end, TagEnd::Image)));
        let src = url.trim_start_matches('/');
        if !src.starts_with("media/") || src.contains("..") {
            self.error(
                "md-image",
                format!("图 `{url}` 不在 media/ 里"),
                "图放进资料库的 media/，写成 media/文件名.svg",
            );
        } else if alt.trim().is_empty() {
            self.error(
                "md-image-alt",
                format!("图 `{url}` 没有说明"),
                "方括号里写清图上画的是什么动作",
            );
        } else {
            out.push(Inline::Link {
                target: super::Target::Site(src.to_owned()),
                text: vec![Inline::Text(alt)],
            });
        }
    }
}

fn blocks_of(body: &mut Body) -> &mut Vec<Block> {
    match body.sections.last_mut() {
        Some(section) => &mut section.blocks,
        None => &mut body.intro,
    }
}

/// A paragraph, a figure or a myth, whichever `inlines` make.
fn paragraph_block(line: u32, inlines: Vec<Inline>) -> Option<Block> {
    if inlines.is_empty() {
        return None;
    }
    if let [Inline::Link { target: super::Target::Site(src), text }] = inlines.as_slice()
        && src.starts_with("media/")
    {
        let kind = BlockKind::Figure { src: src.clone(), alt: inline_text(text) };
        return Some(Block { line, kind });
    }
    let kind = myth(&inlines).unwrap_or(BlockKind::Paragraph(inlines));
    Some(Block { line, kind })
}

/// `✗ 误区：… ✓ 正确：…` as its two halves.
fn myth(inlines: &[Inline]) -> Option<BlockKind> {
    let Some(Inline::Text(first)) = inlines.first() else { return None };
    let opening = first.trim_start().strip_prefix("✗ 误区：")?;
    let mut wrong = vec![Inline::Text(opening.to_owned())];
    wrong.extend_from_slice(&inlines[1..]);
    let at = wrong.iter().position(|i| matches!(i, Inline::Text(t) if t.contains("✓ 正确：")))?;
    let rest = wrong.split_off(at + 1);
    let Some(Inline::Text(turn)) = wrong.pop() else { return None };
    let (before, after) = turn.split_once("✓ 正确：")?;
    wrong.push(Inline::Text(before.trim_end().to_owned()));
    let mut right = vec![Inline::Text(after.to_owned())];
    right.extend(rest);
    Some(BlockKind::Myth { wrong, right })
}

fn push_text(out: &mut Vec<Inline>, text: &str) {
    match out.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ => out.push(Inline::Text(text.to_owned())),
    }
}

/// A line end inside a Chinese paragraph joins without a space.
fn push_soft_break(out: &mut Vec<Inline>) {
    let ascii = match out.last() {
        Some(Inline::Text(before)) => before.chars().next_back().is_some_and(|c| c.is_ascii()),
        _ => false,
    };
    if ascii {
        push_text(out, " ");
    }
}

/// A heading as an anchor: letters and digits of any script, the rest hyphens.
fn anchor_of(title: &str) -> String {
    let mut anchor = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            anchor.push(c);
        } else if !anchor.ends_with('-') && !anchor.is_empty() {
            anchor.push('-');
        }
    }
    let trimmed = anchor.trim_end_matches('-');
    if trimmed.is_empty() { "section".to_owned() } else { trimmed.to_owned() }
}

fn is_anchor(anchor: &str) -> bool {
    !anchor.is_empty()
        && anchor.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
