//! JSON-LD: what a page is, for machines. Written so that it cannot end its script element.

use fenghuo_content::kind::{Guide, Knowledge, Lesson, Quiz};
use fenghuo_content::markdown::{inline_text, plain_text};
use fenghuo_content::{Content, Document};
use serde_json::{Value, json};

use crate::Site;

/// The page of `document`; empty for pages that are no article.
pub(crate) fn document(site: &Site, document: &Document) -> String {
    let mut value = match &document.content {
        Content::Knowledge(knowledge) => faq(document, knowledge),
        Content::Guide(guide) => how_to(guide),
        Content::Lesson(lesson) => learning(lesson),
        Content::Quiz(quiz) => quiz_value(quiz),
        Content::Page(_) => return String::new(),
        _ => json!({ "@type": "Article" }),
    };
    let meta = &document.meta;
    let common = json!({
        "@context": "https://schema.org",
        "name": meta.title,
        "headline": meta.title,
        "description": meta.summary,
        "inLanguage": document.lang.tag(),
        "dateModified": meta.reviewed.to_string(),
        "url": site.absolute(&document.address()),
        "publisher": { "@type": "Organization", "name": site.library.place.operator },
    });
    if let (Value::Object(value), Value::Object(common)) = (&mut value, common) {
        value.extend(common);
    }
    safe(&value)
}

/// The home page.
pub(crate) fn home(site: &Site) -> String {
    safe(&json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.library.place.title,
        "url": site.absolute("/"),
        "inLanguage": "zh-CN",
        "potentialAction": {
            "@type": "SearchAction",
            "target": site.absolute("/search?q={search_term_string}"),
            "query-input": "required name=search_term_string",
        },
    }))
}

/// `<` never appears, so neither `</script>` nor `<!--` can.
fn safe(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

fn faq(document: &Document, knowledge: &Knowledge) -> Value {
    let answer = json!({ "@type": "Answer", "text": plain_text(&knowledge.answer) });
    json!({
        "@type": "FAQPage",
        "mainEntity": [{ "@type": "Question", "name": document.meta.title, "acceptedAnswer": answer }],
    })
}

fn how_to(guide: &Guide) -> Value {
    let steps = guide.steps.iter().map(|step| {
        json!({ "@type": "HowToStep", "name": step.title, "text": plain_text(&step.blocks), "url": format!("#{}", step.id) })
    });
    json!({ "@type": "HowTo", "step": steps.collect::<Vec<_>>() })
}

fn learning(lesson: &Lesson) -> Value {
    json!({
        "@type": "LearningResource",
        "learningResourceType": "教案",
        "educationalLevel": lesson.grade_label(),
        "teaches": lesson.objectives,
        "timeRequired": "PT30M",
        "isAccessibleForFree": true,
    })
}

fn quiz_value(quiz: &Quiz) -> Value {
    let questions = quiz.questions.iter().map(|question| {
        let (right, wrong): (Vec<_>, Vec<_>) = question.options.iter().partition(|o| o.right);
        let answers = |options: Vec<&fenghuo_content::kind::QuizOption>| {
            let values =
                options.iter().map(|o| json!({ "@type": "Answer", "text": inline_text(&o.text) }));
            values.collect::<Vec<_>>()
        };
        json!({
            "@type": "Question",
            "eduQuestionType": if question.is_multiple() { "Checkbox" } else { "Multiple choice" },
            "text": question.text,
            "acceptedAnswer": answers(right),
            "suggestedAnswer": answers(wrong),
        })
    });
    json!({ "@type": "Quiz", "hasPart": questions.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_the_script_element() {
        let text = safe(&json!({ "name": "</script><script>alert(1)</script><!--" }));
        assert!(!text.contains('<'), "{text}");
    }
}
