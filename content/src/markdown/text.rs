//! The tree as plain text: what search reads, what a chat without marks shows, what is spoken.

use super::{Block, BlockKind, Inline, Item};

/// Text of `blocks` without marks, one line a paragraph, item or row; ordered items keep their numbers.
pub fn plain_text<'a>(blocks: impl IntoIterator<Item = &'a Block>) -> String {
    let mut out = String::new();
    for block in blocks {
        write_block(block, &mut out);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text of `inlines` without marks.
pub fn inline_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    write_inlines(inlines, &mut out);
    out
}

fn write_block(block: &Block, out: &mut String) {
    match &block.kind {
        BlockKind::Paragraph(inlines) | BlockKind::Heading(inlines) => line(inlines, out),
        BlockKind::List { start, items } => write_list(*start, items, out),
        BlockKind::Myth { wrong, right } => {
            out.push_str("✗ 误区：");
            write_inlines(wrong, out);
            out.push_str(" ✓ 正确：");
            line(right, out);
        }
        BlockKind::Quote(blocks) => blocks.iter().for_each(|inner| write_block(inner, out)),
        BlockKind::Figure { .. } | BlockKind::Rule => {}
        BlockKind::Table { header, rows } => {
            for row in std::iter::once(header).chain(rows) {
                let cells: Vec<String> = row.iter().map(|cell| inline_text(cell)).collect();
                out.push_str(&cells.join("，"));
                out.push('\n');
            }
        }
    }
}

fn write_list(start: Option<u64>, items: &[Item], out: &mut String) {
    for (number, item) in (start.unwrap_or(1)..).zip(items) {
        if start.is_some() {
            out.push_str(&format!("{number}. "));
        } else if !matches!(item.blocks.first().map(|b| &b.kind), Some(BlockKind::Myth { .. })) {
            out.push_str("· ");
        }
        item.blocks.iter().for_each(|block| write_block(block, out));
        if item.blocks.is_empty() {
            out.push('\n');
        }
    }
}

fn line(inlines: &[Inline], out: &mut String) {
    write_inlines(inlines, out);
    out.push('\n');
}

fn write_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) => write_inlines(inner, out),
            Inline::Link { text, .. } => write_inlines(text, out),
            Inline::Break => out.push('\n'),
        }
    }
}
