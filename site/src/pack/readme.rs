//! `README.txt`: what is in a ZIP and how a teacher uses it. With a byte order mark and Windows line ends,
//! so that the oldest Notepad shows it right.

use super::{Bundle, Format, Subject};

/// The README of the ZIP of one lesson.
pub(super) fn one(subject: &Subject<'_>) -> String {
    let mut lines = vec![
        format!("《{}》课程包", subject.title()),
        format!("适用：{}", subject.lesson.grade_label()),
        subject.document.meta.summary.clone(),
        String::new(),
    ];
    lines.extend(files(subject, ""));
    lines.push(String::new());
    lines.extend(subject.imprint().lines());
    text(&lines)
}

/// The README of a season.
pub(super) fn season(bundle: &Bundle<'_>) -> String {
    let mut lines = vec![
        bundle.title().to_owned(),
        format!("一共 {} 节课，每节一个文件夹。", bundle.subjects.len()),
        "双击 index.html 看目录。".to_owned(),
        String::new(),
    ];
    for subject in &bundle.subjects {
        lines.push(format!(
            "{}/　{}（{}）",
            subject.folder(),
            subject.title(),
            subject.lesson.grade_label()
        ));
        lines.push(format!("　{}。版本 {}", subject.document.approval(), subject.version()));
    }
    lines.push(String::new());
    lines.push("每个文件夹里：".to_owned());
    if let Some(subject) = bundle.subjects.first() {
        lines.extend(files(subject, "课名"));
    }
    lines.push(String::new());
    lines.push("来源和核对日期见各文件末尾。".to_owned());
    lines.push(super::NO_PUPIL_DATA.to_owned());
    lines.push(format!("版本 {}。出自 {}", bundle.version(), bundle.url()));
    text(&lines)
}

/// A line for each file; `name` stands for the lesson where several are meant.
fn files(subject: &Subject<'_>, name: &str) -> Vec<String> {
    let formats = Format::ALL.into_iter().filter(|format| *format != Format::Zip);
    let present = formats.filter(|format| subject.has(*format));
    let line = |format: Format| {
        let (label, about) = format.label();
        let slug = if name.is_empty() { subject.slug() } else { name };
        format!("· {slug}{}　{label}：{about}", format.ending())
    };
    present.map(line).collect()
}

fn text(lines: &[String]) -> String {
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}
