//! Passages of the library as blocks of a reply.

use fenghuo_content::markdown::{self, BlockKind, plain_text};

use super::Block;

/// `blocks` of a document as blocks of a reply: ordered lists become steps, drawings images, the rest text.
pub(super) fn blocks_of<'a>(blocks: impl IntoIterator<Item = &'a markdown::Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::List { start: Some(_), items } => {
                let items = items.iter().map(|item| one_line(&item.blocks)).collect();
                out.push(Block::Steps { items });
            }
            BlockKind::Figure { src, alt } => {
                out.push(Block::Image { src: format!("/{src}"), alt: alt.clone() });
            }
            _ => push_text(&mut out, plain_text([block])),
        }
    }
    out
}

/// Text that follows text joins it: one bubble, not five.
fn push_text(out: &mut Vec<Block>, more: String) {
    if more.is_empty() {
        return;
    }
    match out.last_mut() {
        Some(Block::Text { text }) => {
            text.push('\n');
            text.push_str(&more);
        }
        _ => out.push(Block::Text { text: more }),
    }
}

fn one_line(blocks: &[markdown::Block]) -> String {
    plain_text(blocks).replace('\n', " ")
}

/// Blocks of a reply that was composed as text: numbered lines become steps.
pub(super) fn blocks_of_text(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        match (numbered(line), out.last_mut()) {
            (Some((1, item)), _) => out.push(Block::Steps { items: vec![item.to_owned()] }),
            (Some((n, item)), Some(Block::Steps { items })) if n == items.len() + 1 => {
                items.push(item.to_owned());
            }
            _ => push_text(&mut out, line.to_owned()),
        }
    }
    out
}

/// `3. 关火` → (3, `关火`)
fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, item) = line.split_once(". ").or_else(|| line.split_once("．"))?;
    Some((number.parse().ok()?, item.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_lines_become_steps_and_others_text() {
        let blocks = blocks_of_text(
            "先这样：\n1. 关火\n2. 盖锅盖\n\n压不住就打119。\n再说一句。\n7. 不是步骤",
        );
        assert_eq!(
            blocks,
            [
                Block::text("先这样："),
                Block::Steps { items: vec!["关火".into(), "盖锅盖".into()] },
                Block::text("压不住就打119。\n再说一句。\n7. 不是步骤"),
            ]
        );
    }
}
