//! A quiz: the answer to each question opens below it; nothing is sent or kept.

use askama::Template;
use fenghuo_content::kind::{Quiz, QuizQuestion};

use super::document::Common;
use crate::frame::render;
use crate::render::{Html, Inlines};

#[derive(Template)]
#[template(path = "quiz.html")]
struct View<'a> {
    common: &'a Common<'a>,
    questions: Vec<QuestionView<'a>>,
}

struct QuestionView<'a> {
    number: usize,
    id: &'a str,
    text: &'a str,
    multiple: bool,
    html: Html<'a>,
    options: Vec<OptionView<'a>>,
    /// `A`, or `A、C`.
    answer: String,
    explanation: Html<'a>,
}

struct OptionView<'a> {
    letter: char,
    text: Inlines<'a>,
    right: bool,
}

pub(super) fn main<'a>(common: &'a Common<'a>, quiz: &'a Quiz) -> String {
    let questions =
        quiz.questions.iter().zip(1..).map(|(question, number)| view(common, question, number));
    render(&View { common, questions: questions.collect() })
}

fn view<'a>(common: &Common<'a>, question: &'a QuizQuestion, number: usize) -> QuestionView<'a> {
    let options: Vec<OptionView<'a>> = question
        .options
        .iter()
        .zip('A'..='Z')
        .map(|(option, letter)| OptionView {
            letter,
            text: Inlines(&option.text, common.context),
            right: option.right,
        })
        .collect();
    let right: Vec<String> =
        options.iter().filter(|o| o.right).map(|o| o.letter.to_string()).collect();
    QuestionView {
        number,
        id: &question.id,
        text: &question.text,
        multiple: question.is_multiple(),
        html: common.html(&question.blocks),
        answer: right.join("、"),
        explanation: common.html(&question.explanation),
        options,
    }
}
