//! The quiz in GIFT, the text format of Moodle's question bank.

use fenghuo_content::kind::{Quiz, QuizQuestion};
use fenghuo_content::markdown::{Block, BlockKind, inline_text, plain_text};

use super::Subject;

/// The GIFT file of `subject`; empty for a lesson without a quiz.
pub(super) fn gift(subject: &Subject<'_>) -> String {
    let Some((document, quiz)) = subject.quiz else { return String::new() };
    let title = &document.meta.title;
    let mut lines = vec![format!("// {}", one_line(title))];
    lines.extend(subject.imprint().lines().iter().map(|line| format!("// {}", one_line(line))));
    // Slashes would make further categories.
    let category = one_line(title).replace('/', "／");
    lines.push(format!("\n$CATEGORY: 消防安全/{category}\n"));
    lines.extend(questions(quiz));
    lines.join("\n") + "\n"
}

fn questions(quiz: &Quiz) -> impl Iterator<Item = String> {
    quiz.questions.iter().zip(1..).map(|(question, number)| write(question, number))
}

fn write(question: &QuizQuestion, number: usize) -> String {
    let name = escape(&format!("{number}. {}", question.text));
    let mut text = question.text.clone();
    for line in shown(&question.blocks) {
        text.push('\n');
        text.push_str(&line);
    }
    // Said to be plain, so that `<` and `[` in a text are never taken for mark-up.
    let mut out = format!("::{name}::[plain]{} {{\n", escape(&text));
    let right = question.options.iter().filter(|option| option.right).count();
    for option in &question.options {
        let mark = match (right, option.right) {
            (0 | 1, true) => "=".to_owned(),
            (0 | 1, false) => "~".to_owned(),
            (_, true) => format!("~%{}%", share(right)),
            (_, false) => "~%-100%".to_owned(),
        };
        out.push_str(&format!("\t{mark}{}\n", escape(&inline_text(&option.text))));
    }
    out.push_str(&format!("\t####{}\n}}\n", escape(&plain_text(&question.explanation))));
    out
}

/// The text of `blocks`, drawings by what they show.
fn shown(blocks: &[Block]) -> Vec<String> {
    let show = |block: &Block| match &block.kind {
        BlockKind::Figure { alt, .. } => format!("（图：{alt}）"),
        _ => plain_text([block]),
    };
    blocks.iter().map(show).filter(|line| !line.is_empty()).collect()
}

/// One part of 100 as Moodle's fixed list of grades writes it.
fn share(parts: usize) -> String {
    let parts = u32::try_from(parts).unwrap_or(u32::MAX);
    let text = format!("{:.5}", 100.0 / f64::from(parts));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `text` with the control characters of GIFT escaped and its lines kept.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.trim().chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => {}
            '\\' | '~' | '=' | '#' | '{' | '}' | ':' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        for (text, expected) in [
            ("盖锅盖", "盖锅盖"),
            ("a~b=c#d{e}f:g", "a\\~b\\=c\\#d\\{e\\}f\\:g"),
            ("C:\\火", "C\\:\\\\火"),
            ("一\n二\r\n", "一\\n二"),
        ] {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn shares_are_those_moodle_knows() {
        for (parts, expected) in [(2, "50"), (3, "33.33333"), (4, "25"), (5, "20"), (6, "16.66667")]
        {
            assert_eq!(share(parts), expected);
        }
    }
}
