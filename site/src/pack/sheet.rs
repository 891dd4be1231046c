//! What is printed for a class: letter to parents, work sheet, quiz paper; on pages of the site and in the A4 file.

use askama::Template;
use fenghuo_content::kind::QuizQuestion;
use fenghuo_content::markdown::{Block, BlockKind, Inline};

use super::{Imprint, Subject};
use crate::frame::render;
use crate::render::{Context, Html, Inlines};

#[derive(Template)]
#[template(path = "pack/letter.html")]
struct Letter<'a> {
    title: &'a str,
    html: Html<'a>,
    imprint: Imprint,
}

#[derive(Template)]
#[template(path = "pack/worksheet.html")]
struct Worksheet<'a> {
    title: &'a str,
    grades: String,
    html: Html<'a>,
    imprint: Imprint,
}

#[derive(Template)]
#[template(path = "pack/paper.html")]
struct Paper<'a> {
    title: &'a str,
    questions: Vec<Question<'a>>,
    imprint: Imprint,
}

/// A question as it is printed, shown and asked.
pub(crate) struct Question<'a> {
    pub(crate) number: usize,
    pub(crate) text: &'a str,
    pub(crate) multiple: bool,
    pub(crate) html: Html<'a>,
    pub(crate) options: Vec<Choice<'a>>,
    /// `A`, or `A、C`.
    pub(crate) answer: String,
    pub(crate) explanation: Html<'a>,
}

pub(crate) struct Choice<'a> {
    pub(crate) letter: char,
    pub(crate) text: Inlines<'a>,
    pub(crate) right: bool,
}

impl<'a> Question<'a> {
    pub(crate) fn all(subject: &Subject<'a>, context: Context<'a>) -> Vec<Self> {
        let questions = subject.quiz.iter().flat_map(|(_, quiz)| &quiz.questions);
        questions.zip(1..).map(|(question, number)| Self::new(question, number, context)).collect()
    }

    fn new(question: &'a QuizQuestion, number: usize, context: Context<'a>) -> Self {
        let options = question.options.iter().zip('A'..='Z').map(|(option, letter)| Choice {
            letter,
            text: Inlines(&option.text, context),
            right: option.right,
        });
        let options: Vec<Choice<'a>> = options.collect();
        let right = options.iter().filter(|choice| choice.right);
        let answer: Vec<String> = right.map(|choice| choice.letter.to_string()).collect();
        Self {
            number,
            text: &question.text,
            multiple: question.is_multiple(),
            html: Html { blocks: &question.blocks, context },
            answer: answer.join("、"),
            explanation: Html { blocks: &question.explanation, context },
            options,
        }
    }
}

/// The letter to parents, with a card to cut off and keep.
pub(crate) fn letter(subject: &Subject<'_>, context: Context<'_>) -> String {
    let blocks = in_lines(&subject.lesson.letter.blocks);
    let html = Html { blocks: &blocks, context };
    render(&Letter { title: subject.title(), html, imprint: subject.imprint() })
}

/// The work sheet, with a strip on which the teacher counts and names nobody.
pub(crate) fn worksheet(subject: &Subject<'_>, context: Context<'_>) -> String {
    render(&Worksheet {
        title: subject.title(),
        grades: subject.lesson.grade_label(),
        html: Html { blocks: &subject.lesson.worksheet.blocks, context },
        imprint: subject.imprint(),
    })
}

/// The quiz on paper; empty for a lesson without one.
pub(crate) fn paper(subject: &Subject<'_>, context: Context<'_>) -> String {
    let Some((document, _)) = subject.quiz else { return String::new() };
    render(&Paper {
        title: &document.meta.title,
        questions: Question::all(subject, context),
        imprint: subject.imprint(),
    })
}

/// Paragraphs in which `一、…二、…` run on, with every point on a line of its own, as letters are written.
fn in_lines(blocks: &[Block]) -> Vec<Block> {
    let in_lines = |block: &Block| match &block.kind {
        BlockKind::Paragraph(inlines) => Block {
            line: block.line,
            kind: BlockKind::Paragraph(inlines.iter().flat_map(break_points).collect()),
        },
        _ => block.clone(),
    };
    blocks.iter().map(in_lines).collect()
}

fn break_points(inline: &Inline) -> Vec<Inline> {
    let Inline::Text(text) = inline else { return vec![inline.clone()] };
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices('、') {
        let begin = text[..at].trim_end_matches(|c| "一二三四五六七八九十".contains(c)).len();
        let after_sentence = text[start..begin].ends_with(['。', '：', '！', '？', '；']);
        if begin < at && after_sentence {
            lines.push(Inline::Text(text[start..begin].to_owned()));
            lines.push(Inline::Break);
            start = begin;
        }
    }
    lines.push(Inline::Text(text[start..].to_owned()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_a_letter_begin_lines() {
        let text = |text: &str| Inline::Text(text.to_owned());
        for (input, expected) in [
            (
                "各位家长：一、收好。二、走一遍、看一遍。",
                vec!["各位家长：", "一、收好。", "二、走一遍、看一遍。"],
            ),
            ("门、窗、一、二", vec!["门、窗、一、二"]),
            ("", vec![""]),
        ] {
            let found = break_points(&text(input));
            let lines: Vec<Inline> = found.into_iter().filter(|i| *i != Inline::Break).collect();
            assert_eq!(lines, expected.into_iter().map(text).collect::<Vec<_>>(), "{input}");
        }
    }
}
