//! Blocks: paragraphs, lists, myths, figures, tables.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use fenghuo_content::markdown::{Block, BlockKind, Inline, Item};

use super::inline::Inlines;
use super::{Context, Escaped};
use crate::text::words;

/// Blocks shown as HTML.
#[derive(Clone, Copy)]
pub struct Html<'a> {
    /// The blocks.
    pub blocks: &'a [Block],
    /// What links and figures are resolved against.
    pub context: Context<'a>,
}

impl HtmlSafe for Html<'_> {}

impl Display for Html<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.blocks.iter().try_for_each(|block| write_block(block, &self.context, f))
    }
}

fn write_block(block: &Block, context: &Context<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    match &block.kind {
        BlockKind::Paragraph(inlines) => write!(f, "<p>{}</p>", Inlines(inlines, *context)),
        BlockKind::Heading(inlines) => write!(f, "<h3>{}</h3>", Inlines(inlines, *context)),
        BlockKind::List { start, items } => write_list(*start, items, context, f),
        BlockKind::Myth { wrong, right } => write_myth(wrong, right, context, f),
        BlockKind::Quote(blocks) => {
            write!(f, "<blockquote>{}</blockquote>", Html { blocks, context: *context })
        }
        BlockKind::Figure { src, alt } => write_figure(src, alt, context, f),
        BlockKind::Table { header, rows } => write_table(header, rows, context, f),
        BlockKind::Rule => f.write_str("<hr>"),
    }
}

fn write_list(
    start: Option<u64>,
    items: &[Item],
    context: &Context<'_>,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    match start {
        Some(1) => f.write_str("<ol>")?,
        Some(first) => write!(f, "<ol start=\"{first}\">")?,
        None if items.iter().all(is_myth) => f.write_str("<ul class=\"myths\">")?,
        None => f.write_str("<ul>")?,
    }
    for item in items {
        f.write_str("<li>")?;
        match item.checked {
            Some(true) => f.write_str("☑ ")?,
            Some(false) => f.write_str("☐ ")?,
            None => {}
        }
        write_item(&item.blocks, context, f)?;
        f.write_str("</li>")?;
    }
    f.write_str(if start.is_some() { "</ol>" } else { "</ul>" })
}

fn is_myth(item: &Item) -> bool {
    matches!(item.blocks.first(), Some(Block { kind: BlockKind::Myth { .. }, .. }))
}

/// The first paragraph of an item stands without `<p>`, as in a tight list.
fn write_item(blocks: &[Block], context: &Context<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    let rest = match blocks {
        [Block { kind: BlockKind::Paragraph(inlines), .. }, rest @ ..] => {
            Inlines(inlines, *context).fmt(f)?;
            rest
        }
        all => all,
    };
    Html { blocks: rest, context: *context }.fmt(f)
}

/// One figure that holds both, so that nothing can quote the wrong belief alone.
fn write_myth(
    wrong: &[Inline],
    right: &[Inline],
    context: &Context<'_>,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let words = words(context.lang);
    write!(
        f,
        "<div class=\"myth\"><p class=\"wrong\"><b>✗ {}</b> {}</p><p class=\"right\"><b>✓ {}</b> {}</p></div>",
        words.wrong,
        Inlines(wrong, *context),
        words.right,
        Inlines(right, *context)
    )
}

fn write_figure(src: &str, alt: &str, context: &Context<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    let Some(drawing) = context.sizes.get(src) else {
        return write!(f, "<p>{}</p>", Escaped(alt));
    };
    write!(
        f,
        "<figure><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{alt}\" loading=\"lazy\" decoding=\"async\">\
         <figcaption aria-hidden=\"true\">{alt}</figcaption></figure>",
        Escaped(&drawing.address),
        drawing.width,
        drawing.height,
        alt = Escaped(alt)
    )
}

fn write_table(
    header: &[Vec<Inline>],
    rows: &[Vec<Vec<Inline>>],
    context: &Context<'_>,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let label = words(context.lang).table;
    write!(
        f,
        "<div class=\"table\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\"><table><thead><tr>"
    )?;
    for cell in header {
        write!(f, "<th scope=\"col\">{}</th>", Inlines(cell, *context))?;
    }
    f.write_str("</tr></thead><tbody>")?;
    for row in rows {
        f.write_str("<tr>")?;
        for cell in row {
            write!(f, "<td>{}</td>", Inlines(cell, *context))?;
        }
        f.write_str("</tr>")?;
    }
    f.write_str("</tbody></table></div>")
}
