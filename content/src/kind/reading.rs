//! What the readers of several kinds share.

use crate::Diagnostic;
use crate::front::Front;
use crate::markdown::{Block, BlockKind, Body, Inline, Section, inline_text, parse, plain_text};

/// A Markdown value of the front matter as blocks.
pub(super) fn blocks(front: &mut Front<'_>, key: &'static str, limit: usize) -> Option<Vec<Block>> {
    let line = front.line(key);
    let text = front.text(key)?;
    let parsed = parse(front.path(), &text, line);
    for fault in parsed.faults {
        front.error(fault.line, fault.rule, fault.message, fault.help);
    }
    if !parsed.body.sections.is_empty() {
        front.error(line, "front-heading", format!("`{key}` 里有标题"), "这里只写段落和列表");
    }
    check_length(front, line, key, &plain_text(&parsed.body.intro), limit);
    Some(parsed.body.intro)
}

/// Notes when `text` is longer than `limit` characters.
pub(super) fn check_length(front: &mut Front<'_>, line: u32, what: &str, text: &str, limit: usize) {
    let length = text.chars().count();
    if length > limit {
        let message = format!("`{what}` 有 {length} 字，最多 {limit} 字");
        front.error(line, "too-long", message, "删掉次要的话，细节放到正文各节");
    }
}

/// Takes the section `title` out of `body`.
pub(super) fn section(
    front: &mut Front<'_>,
    body: &mut Body,
    title: &'static str,
) -> Option<Section> {
    let Some(at) = body.sections.iter().position(|section| section.title == title) else {
        front.error(
            1,
            "section-missing",
            format!("缺少一节“{title}”"),
            format!("正文里写 ## {title}"),
        );
        return None;
    };
    let section = body.sections.remove(at);
    if section.blocks.is_empty() {
        front.error(section.line, "section-empty", format!("“{title}”是空的"), "写上内容");
    }
    Some(section)
}

/// Notes sections that the kind has no place for.
pub(super) fn no_more_sections(front: &mut Front<'_>, body: &Body) {
    for section in &body.sections {
        let message = format!("这类文章没有“{}”这一节", section.title);
        front.error(section.line, "section-unknown", message, "小标题用 ###，或并入规定的几节");
    }
}

/// Grades, 0 to 12; empty lists are allowed where `may_be_empty`.
pub(super) fn grades(front: &mut Front<'_>, may_be_empty: bool) -> Option<Vec<i8>> {
    let line = front.line("grades");
    let grades: Vec<i8> = front.required("grades")?;
    if grades.iter().any(|grade| !(0..=12).contains(grade)) || (grades.is_empty() && !may_be_empty)
    {
        front.error(line, "grades", "年级不对", "写 0（幼儿园）到 12，例如 grades = [4, 5, 6]");
    }
    Some(grades)
}

/// The inlines of an item's first paragraph.
pub(super) fn first_line(blocks: &[Block]) -> Vec<Inline> {
    match blocks.first().map(|block| &block.kind) {
        Some(BlockKind::Paragraph(inlines)) => inlines.clone(),
        _ => Vec::new(),
    }
}

/// `inlines` without the label `label` they begin with.
pub(super) fn without_label(inlines: &[Inline], label: &str) -> Option<Vec<Inline>> {
    let Some(Inline::Text(first)) = inlines.first() else { return None };
    let rest = first.trim_start().strip_prefix(label)?.trim_start_matches(['：', ':', ' ']);
    let mut inlines = inlines.to_vec();
    inlines[0] = Inline::Text(rest.to_owned());
    (!inline_text(&inlines).trim().is_empty()).then_some(inlines)
}

/// Rows of the CSV beside a document; every faulty row is named with its line.
pub(super) fn csv_rows<T: serde::de::DeserializeOwned>(
    front: &mut Front<'_>,
    csv: Option<&[u8]>,
    columns: &[&str],
) -> Option<Vec<T>> {
    let path = front.path().trim_end_matches(".md").to_owned() + ".csv";
    let Some(bytes) = csv else {
        let help = format!("在旁边放 {path}，第一行写 {}", columns.join(","));
        front.error(1, "csv-missing", "没有数据文件", help);
        return None;
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    let missing: Vec<&str> =
        columns.iter().copied().filter(|column| !header.iter().any(|h| h == *column)).collect();
    if !missing.is_empty() {
        let message = format!("缺少列 {}", missing.join("、"));
        let help = format!("第一行写 {}", columns.join(","));
        front.note(Diagnostic::error(&path, 1, "csv-column", message, help));
        return None;
    }
    let mut rows = Vec::new();
    for record in reader.into_deserialize() {
        match record {
            Ok(row) => rows.push(row),
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                let help = "检查这一行的列数、数字和日期的写法";
                front.note(Diagnostic::error(
                    &path,
                    line,
                    "csv-row",
                    format!("读不懂：{error}"),
                    help,
                ));
            }
        }
    }
    Some(rows)
}
