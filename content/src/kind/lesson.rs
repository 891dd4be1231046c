//! Lesson: one subject in the three lengths schools use, with letter and work sheet.

use super::reading;
use crate::DocumentId;
use crate::front::Front;
use crate::markdown::{Body, Section};

/// A lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Grades: 0 is kindergarten, 1 to 12 are school years.
    pub grades: Vec<i8>,
    /// What pupils can do afterwards.
    pub objectives: Vec<String>,
    /// What the teacher brings.
    pub materials: Vec<String>,
    /// The quiz that goes with it.
    pub quiz: Option<DocumentId>,
    /// 一分钟
    pub one_minute: Section,
    /// 五分钟
    pub five_minutes: Section,
    /// 三十分钟
    pub thirty_minutes: Section,
    /// 告家长书
    pub letter: Section,
    /// 练习单
    pub worksheet: Section,
}

impl Lesson {
    /// The five parts in reading order.
    pub fn sections(&self) -> [&Section; 5] {
        [&self.one_minute, &self.five_minutes, &self.thirty_minutes, &self.letter, &self.worksheet]
    }

    /// `幼儿园`, `1—3 年级`, `4、6 年级`: the grades as readers see them.
    pub fn grade_label(&self) -> String {
        grade_label(&self.grades)
    }
}

pub(crate) fn grade_label(grades: &[i8]) -> String {
    let mut sorted = grades.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let school: Vec<i8> = sorted.iter().copied().filter(|g| *g > 0).collect();
    let mut parts = Vec::new();
    if sorted.first() == Some(&0) {
        parts.push("幼儿园".to_owned());
    }
    if let (Some(first), Some(last)) = (school.first(), school.last()) {
        let unbroken = usize::try_from(last - first + 1).is_ok_and(|n| n == school.len());
        let text = if first == last {
            first.to_string()
        } else if unbroken {
            format!("{first}—{last}")
        } else {
            school.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
        };
        parts.push(format!("{text} 年级"));
    }
    parts.join("、")
}

impl Lesson {
    pub(crate) fn read(front: &mut Front<'_>, mut body: Body) -> Option<Self> {
        let grades = reading::grades(front, false);
        let objectives = front.list("objectives", 1);
        let materials = front.optional("materials").unwrap_or_default();
        let quiz = quiz_id(front);
        let mut section = |title| reading::section(front, &mut body, title);
        let one_minute = section("一分钟");
        let five_minutes = section("五分钟");
        let thirty_minutes = section("三十分钟");
        let letter = section("告家长书");
        let worksheet = section("练习单");
        reading::no_more_sections(front, &body);
        Some(Self {
            grades: grades?,
            objectives: objectives?,
            materials,
            quiz,
            one_minute: one_minute?,
            five_minutes: five_minutes?,
            thirty_minutes: thirty_minutes?,
            letter: letter?,
            worksheet: worksheet?,
        })
    }
}

fn quiz_id(front: &mut Front<'_>) -> Option<DocumentId> {
    let line = front.line("quiz");
    let text: String = front.optional("quiz")?;
    let id = DocumentId::parse(&text);
    if id.is_none() {
        front.error(
            line,
            "front-value",
            format!("`{text}` 不是测验编号"),
            "写 quiz = \"quizzes/…\"",
        );
    }
    id
}
