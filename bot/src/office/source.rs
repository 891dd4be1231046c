//! The Markdown of a notice of the library, so that an editor can go on writing from it.

use fenghuo_content::kind::Notice;
use fenghuo_content::markdown::{Block, BlockKind, Inline, Item, Section, Target};

/// The text of `notice` as it would be written.
pub(super) fn markdown_of(notice: &Notice) -> String {
    let mut parts = paragraphs(notice.message.iter().chain(&notice.intro));
    for section in std::iter::once(&notice.script).chain(&notice.details) {
        parts.push(heading(section));
        parts.extend(paragraphs(&section.blocks));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn heading(section: &Section) -> String {
    let anchor = if section.explicit { format!(" {{#{}}}", section.anchor) } else { String::new() };
    format!("## {}{anchor}", plain(&section.title))
}

fn paragraphs<'a>(blocks: impl IntoIterator<Item = &'a Block>) -> Vec<String> {
    blocks.into_iter().map(block).collect()
}

fn block(block: &Block) -> String {
    match &block.kind {
        BlockKind::Paragraph(text) => lead(&inlines(text)),
        BlockKind::Heading(text) => format!("### {}", inlines(text)),
        BlockKind::List { start, items } => list(*start, items),
        BlockKind::Myth { wrong, right } => {
            format!("✗ 误区：{} ✓ 正确：{}", inlines(wrong), inlines(right))
        }
        BlockKind::Quote(inner) => prefixed("> ", "> ", &paragraphs(inner).join("\n\n")),
        BlockKind::Figure { src, alt } => format!("![{}]({src})", plain(alt)),
        BlockKind::Table { header, rows } => table(header, rows),
        BlockKind::Rule => "---".to_owned(),
    }
}

fn list(start: Option<u64>, items: &[Item]) -> String {
    let lines = (start.unwrap_or(1)..).zip(items).map(|(number, item)| {
        let mark = match start {
            Some(_) => format!("{number}. "),
            None => "- ".to_owned(),
        };
        let checked = match item.checked {
            Some(true) => "[x] ",
            Some(false) => "[ ] ",
            None => "",
        };
        let indent = " ".repeat(mark.len());
        let text = format!("{checked}{}", paragraphs(&item.blocks).join("\n\n"));
        prefixed(&mark, &indent, &text)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn table(header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) -> String {
    let row = |cells: &[Vec<Inline>]| {
        let cells: Vec<String> =
            cells.iter().map(|cell| inlines(cell).replace('|', "\\|")).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule = format!("|{}", " --- |".repeat(header.len()));
    let rows = rows.iter().map(|cells| row(cells));
    [row(header), rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// `text` with `first` before its first line and `rest` before the others that are not empty.
fn prefixed(first: &str, rest: &str, text: &str) -> String {
    let lines = text.lines().enumerate().map(|(number, line)| match (number, line) {
        (0, line) => format!("{first}{line}"),
        (_, "") => rest.trim_end().to_owned(),
        (_, line) => format!("{rest}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn inlines(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => plain(text),
        Inline::Strong(inner) => format!("**{}**", inlines(inner)),
        Inline::Emphasis(inner) => format!("*{}*", inlines(inner)),
        Inline::Code(text) => format!("`{text}`"),
        Inline::Link { target, text } => format!("[{}]({})", inlines(text), address(target)),
        Inline::Break => "\\\n".to_owned(),
    }
}

/// An address as documents write it.
fn address(target: &Target) -> String {
    match target {
        Target::Document { id, anchor: Some(anchor) } => format!("{id}#{anchor}"),
        Target::Document { id, anchor: None } => id.to_string(),
        Target::Anchor(anchor) => format!("#{anchor}"),
        Target::Phone(number) => format!("tel:{number}"),
        Target::Web(address) | Target::Site(address) => address.clone(),
    }
}

/// `text` with what would be a mark inside a line escaped.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `line` with what would make it a heading or an item at its beginning escaped.
fn lead(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &line[digits..];
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{}\\{rest}", &line[..digits]);
    }
    if digits == 0 && line.starts_with(['#', '-', '+', '>', '=', '|']) {
        return format!("\\{line}");
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use fenghuo_content::markdown::{Body, plain_text};
    use fenghuo_content::{Content, Files, Kind, Library};

    use super::*;

    #[test]
    fn every_notice_of_the_library_reads_back_the_same() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../content/library");
        let files = Files::read(std::path::Path::new(folder)).expect("the library");
        let (library, _) = Library::load_judged(&files);
        let mut read = 0;
        for document in library.of_kind(Kind::Notice) {
            let Content::Notice(notice) = &document.content else { continue };
            let body = Body::read(&markdown_of(notice));
            let blocks = notice.message.iter().chain(&notice.intro);
            assert_eq!(plain_text(&body.intro), plain_text(blocks), "{}", document.id);
            let sections = std::iter::once(&notice.script).chain(&notice.details);
            for (section, again) in sections.zip(&body.sections) {
                assert_eq!((&section.title, &section.anchor), (&again.title, &again.anchor));
                assert_eq!(
                    plain_text(&section.blocks),
                    plain_text(&again.blocks),
                    "{}",
                    document.id
                );
            }
            read += 1;
        }
        assert!(read > 10, "only {read} notices");
    }

    #[test]
    fn every_construct_reads_back_the_same() {
        let text = "1\\. 不是列表 **粗** *斜* `码` [看](knowledge/gas/close-valve#a) \\[不是链接\\]\n\n\
                    \\# 不是标题\n\n> 引用\n>\n> 第二段\n\n1. 一\n2. 二\n   - 里面\n\n- [ ] 没做\n- [x] 做了\n\n\
                    - ✗ 误区：泼水 ✓ 正确：盖锅盖\n\n![门](media/door.svg)\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n---\n\n### 小标题";
        let first = Body::read(text);
        let again = Body::read(&paragraphs(&first.intro).join("\n\n"));
        let kinds = |body: &Body| -> Vec<BlockKind> {
            fn bare(blocks: &[Block]) -> Vec<BlockKind> {
                blocks.iter().map(|block| without_lines(&block.kind)).collect()
            }
            fn without_lines(kind: &BlockKind) -> BlockKind {
                let zero = |blocks: &[Block]| {
                    bare(blocks).into_iter().map(|kind| Block { line: 0, kind }).collect()
                };
                match kind {
                    BlockKind::List { start, items } => BlockKind::List {
                        start: *start,
                        items: items
                            .iter()
                            .map(|item| Item {
                                line: 0,
                                checked: item.checked,
                                blocks: zero(&item.blocks),
                            })
                            .collect(),
                    },
                    BlockKind::Quote(inner) => BlockKind::Quote(zero(inner)),
                    other => other.clone(),
                }
            }
            bare(&body.intro)
        };
        assert!(first.intro.len() >= 9, "{:?}", first.intro);
        assert_eq!(kinds(&first), kinds(&again));
    }
}
