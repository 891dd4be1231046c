//! The slides of a lesson: few words each for the class, the plan of thirty minutes beside them for the teacher.
//!
//! The table of thirty minutes is the thread. What pupils are told (一分钟) follows the part that explains,
//! what they practise (五分钟) follows it. Every line of the plan stands in the notes of some slide.

use fenghuo_content::markdown::{Block, BlockKind, Inline, inline_text, plain_text};

use super::Subject;
use super::split::{length, pieces};
use crate::render::Escaped;

/// Most characters a class reads on one slide.
pub(crate) const LIMIT: usize = 40;

/// One slide.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slide {
    pub(crate) heading: String,
    pub(crate) lines: Vec<String>,
    /// Path of a drawing and what it shows.
    pub(crate) figure: Option<(String, String)>,
    /// What the teacher says and does, as HTML.
    pub(crate) notes: String,
    /// `title`, `point`, `practice`, `part`, `myth` or `end`: how it looks.
    pub(crate) look: &'static str,
}

impl Slide {
    fn new(look: &'static str, heading: &str, lines: Vec<String>) -> Self {
        Self { heading: heading.to_owned(), lines, look, ..Self::default() }
    }

    fn noted(mut self, notes: &str) -> Self {
        if !notes.is_empty() {
            self.notes.push_str(&format!("<p>{}</p>", Escaped(notes)));
        }
        self
    }

    /// Characters the class has to read.
    pub(crate) fn length(&self) -> usize {
        length(&self.heading) + self.lines.iter().map(|line| length(line)).sum::<usize>()
    }
}

/// A part of the thirty minutes.
struct Part {
    minutes: String,
    name: String,
    how: String,
}

/// The slides of `subject` in order.
pub(crate) fn deck(subject: &Subject<'_>) -> Vec<Slide> {
    let (before, parts, after) = plan(&subject.lesson.thirty_minutes.blocks);
    let mut slides = vec![title(subject).noted(&before)];
    slides.extend(objectives(subject));
    let explaining = parts.iter().position(|part| part.name.contains('讲')).unwrap_or(0);
    if parts.is_empty() {
        slides.extend(content(subject, ""));
    }
    for (position, part) in parts.iter().enumerate() {
        slides.push(part_slide(part));
        if position == explaining {
            slides.extend(content(subject, &part.how));
        }
    }
    if let Some(last) = slides.last_mut() {
        *last = std::mem::take(last).noted(&after);
    }
    slides.push(end());
    slides
}

fn title(subject: &Subject<'_>) -> Slide {
    let grades = subject.lesson.grade_label();
    let room = length(subject.title()) + length(&grades) <= LIMIT;
    let lines = if room { vec![grades] } else { Vec::new() };
    let materials = &subject.lesson.materials;
    let bring = if materials.is_empty() {
        String::new()
    } else {
        format!("要带：{}。", materials.join("、"))
    };
    Slide::new("title", subject.title(), lines).noted(&bring)
}

fn objectives(subject: &Subject<'_>) -> Vec<Slide> {
    const HEADING: &str = "学完会做";
    let room = LIMIT - length(HEADING);
    let mut slides: Vec<Slide> = Vec::new();
    for line in subject.lesson.objectives.iter().flat_map(|objective| pieces(objective, room)) {
        match slides.last_mut() {
            Some(slide) if slide.length() + length(&line) <= LIMIT => slide.lines.push(line),
            _ => slides.push(Slide::new("point", HEADING, vec![line])),
        }
    }
    slides
}

/// What pupils are told, then what they practise.
fn content(subject: &Subject<'_>, how: &str) -> Vec<Slide> {
    let mut slides = blocks(&subject.lesson.one_minute.blocks, "point", "记住");
    slides.extend(blocks(&subject.lesson.five_minutes.blocks, "practice", "练一练"));
    for slide in slides.iter_mut().filter(|slide| slide.look == "point" && slide.notes.is_empty()) {
        *slide = std::mem::take(slide).noted(how);
    }
    slides
}

fn blocks(blocks: &[Block], look: &'static str, heading: &'static str) -> Vec<Slide> {
    blocks.iter().flat_map(|block| block_slides(block, look, heading)).collect()
}

fn block_slides(block: &Block, look: &'static str, heading: &'static str) -> Vec<Slide> {
    match &block.kind {
        BlockKind::Figure { src, alt } => {
            let figure = Some((src.clone(), alt.clone()));
            vec![Slide { figure, ..Slide::new("figure", "", Vec::new()) }.noted(alt)]
        }
        // What is wrong never stands alone, however long the two are together.
        BlockKind::Myth { wrong, right } => {
            let lines = vec![
                format!("✗ 误区：{}", inline_text(wrong)),
                format!("✓ 正确：{}", inline_text(right)),
            ];
            vec![Slide::new("myth", "", lines)]
        }
        BlockKind::List { items, start } => {
            let numbers = start.unwrap_or(1)..;
            let items = items.iter().zip(numbers).flat_map(|(item, number)| {
                let heading = if start.is_some() {
                    format!("{heading} {number}")
                } else {
                    heading.to_owned()
                };
                if let [Block { kind: BlockKind::Myth { .. }, .. }] = item.blocks.as_slice() {
                    return block_slides(&item.blocks[0], look, "");
                }
                text_slides(&plain_text(&item.blocks), look, &heading)
            });
            items.collect()
        }
        BlockKind::Quote(inner) => self::blocks(inner, look, heading),
        _ => text_slides(&plain_text([block]), look, heading),
    }
}

/// Slides for `text`; the whole of it is in the notes where it did not fit on one.
fn text_slides(text: &str, look: &'static str, heading: &str) -> Vec<Slide> {
    let room = LIMIT - length(heading);
    let parts: Vec<String> = text.lines().flat_map(|line| pieces(line, room)).collect();
    let notes = if look == "practice" { text } else { "" };
    let slides = parts.into_iter().map(|line| Slide::new(look, heading, vec![line]).noted(notes));
    slides.collect()
}

fn part_slide(part: &Part) -> Slide {
    let minutes =
        if part.minutes.is_empty() { Vec::new() } else { vec![format!("{} 分钟", part.minutes)] };
    let mut slide = Slide::new("part", &part.name, minutes).noted(&part.how);
    let question = question(&part.how).filter(|text| slide.length() + length(text) <= LIMIT);
    slide.lines.extend(question);
    slide
}

/// `问：先做什么更好？` → `先做什么更好？`
fn question(how: &str) -> Option<String> {
    let (_, rest) = how.split_once("问：")?;
    let (text, _) = rest.split_once('？')?;
    Some(format!("{}？", text.trim_start_matches('“')))
}

fn end() -> Slide {
    let lines = vec!["先出去，再打 119。".to_owned(), "先说地址，让挂再挂。".to_owned()];
    Slide::new("end", "着火了怎么办", lines).noted("请同学们回家讲给家里人听。")
}

/// What stands before the table, its rows, and what follows it.
fn plan(blocks: &[Block]) -> (String, Vec<Part>, String) {
    let table = blocks.iter().enumerate().find_map(|(at, block)| match &block.kind {
        BlockKind::Table { header, rows } => Some((at, header, rows)),
        _ => None,
    });
    let Some((at, header, rows)) = table else {
        return (plain_text(blocks), Vec::new(), String::new());
    };
    let columns: Vec<String> = header.iter().map(|cell| inline_text(cell)).collect();
    let parts = rows.iter().map(|row| part(&columns, row)).collect();
    (plain_text(&blocks[..at]), parts, plain_text(&blocks[at + 1..]))
}

/// A row by the names of its columns; other columns go into the notes.
fn part(columns: &[String], row: &[Vec<Inline>]) -> Part {
    let mut part = Part { minutes: String::new(), name: String::new(), how: String::new() };
    for (column, cell) in columns.iter().zip(row) {
        let text = inline_text(cell).trim().to_owned();
        if column.contains('分') && part.minutes.is_empty() {
            part.minutes = text;
        } else if part.name.is_empty() {
            part.name = text;
        } else {
            part.how.push_str(&text);
        }
    }
    if length(&part.name) > LIMIT - 8 {
        part.how = format!("{}。{}", part.name, part.how);
        part.name = pieces(&part.name, LIMIT - 8).swap_remove(0);
    }
    part
}
