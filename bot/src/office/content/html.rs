//! Blocks as HTML for mails: the few elements every mail program shows, no style and nothing fetched.

use fenghuo_content::markdown::{Block, BlockKind, Inline, Item};

use super::form::{absolute, html};

/// HTML of `blocks`; links begin at `base`.
pub(super) fn blocks(blocks: &[Block], base: &str) -> String {
    blocks.iter().map(|block| self::block(block, base)).collect()
}

fn block(block: &Block, base: &str) -> String {
    match &block.kind {
        BlockKind::Paragraph(text) => format!("<p>{}</p>\n", inlines(text, base)),
        BlockKind::Heading(text) => format!("<h3>{}</h3>\n", inlines(text, base)),
        BlockKind::List { start, items } => list(*start, items, base),
        BlockKind::Myth { wrong, right } => {
            format!("<p>✗ 误区：{}<br>✓ 正确：{}</p>\n", inlines(wrong, base), inlines(right, base))
        }
        BlockKind::Quote(inner) => format!("<blockquote>{}</blockquote>\n", blocks(inner, base)),
        BlockKind::Figure { alt, .. } => format!("<p>〔图：{}〕</p>\n", html(alt)),
        BlockKind::Table { header, rows } => table(header, rows, base),
        BlockKind::Rule => "<hr>\n".to_owned(),
    }
}

fn list(start: Option<u64>, items: &[Item], base: &str) -> String {
    let items: String =
        items.iter().map(|item| format!("<li>{}</li>", blocks(&item.blocks, base))).collect();
    match start {
        Some(first) => format!("<ol start=\"{first}\">{items}</ol>\n"),
        None => format!("<ul>{items}</ul>\n"),
    }
}

fn table(header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], base: &str) -> String {
    let row = |cells: &[Vec<Inline>], tag: &str| {
        let cells = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", inlines(cell, base)));
        format!("<tr>{}</tr>", cells.collect::<String>())
    };
    let body: String = rows.iter().map(|cells| row(cells, "td")).collect();
    format!("<table>{}{body}</table>\n", row(header, "th"))
}

fn inlines(inlines: &[Inline], base: &str) -> String {
    inlines.iter().map(|inline| self::inline(inline, base)).collect()
}

fn inline(inline: &Inline, base: &str) -> String {
    match inline {
        Inline::Text(text) | Inline::Code(text) => html(text),
        Inline::Strong(inner) => format!("<strong>{}</strong>", inlines(inner, base)),
        Inline::Emphasis(inner) => format!("<em>{}</em>", inlines(inner, base)),
        Inline::Link { target, text } => {
            format!("<a href=\"{}\">{}</a>", html(&absolute(target, base)), inlines(text, base))
        }
        Inline::Break => "<br>".to_owned(),
    }
}
